"""Types, papers, files, what was read from them, and legal documents for tests; and small files of every kind."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import factory
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from factory.django import DjangoModelFactory
from PIL import Image
from pypdf import PdfWriter
from pypdf.actions import JavaScript

from accounts.acting import EVERYONE
from accounts.models import Unit
from accounts.sight import allow
from documents.models import (
    Blob,
    Document,
    DocumentToken,
    DocumentType,
    DocumentVersion,
    LegalDocument,
    LegalDocumentToken,
    LegalText,
    Reading,
    ReadPage,
)
from documents.states import ReadingState, Register, State
from documents.vault import put, register_blob
from documents.words import pack
from ocr.reading import Word
from tests.factories.accounts import UnitFactory


class DocumentTypeFactory(DjangoModelFactory[DocumentType]):
    class Meta:
        model = DocumentType
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda number: f"loai_{number}")
    name = factory.LazyAttribute(lambda kind: f"Loại giấy {kind.code}")
    group = DocumentType.Group.LAND
    valid_from = date(2014, 7, 1)


class DocumentFactory(DjangoModelFactory[Document]):
    """A received paper without a file; see `paper` for one with a file and what was read from it."""

    class Meta:
        model = Document

    document_type = factory.SubFactory(DocumentTypeFactory)
    title = "Đơn đăng ký biến động"
    unit = factory.SubFactory(UnitFactory)
    state = State.RECEIVED
    created_at = factory.LazyFunction(timezone.now)


class LegalDocumentFactory(DjangoModelFactory[LegalDocument]):
    class Meta:
        model = LegalDocument

    kind = Register.DECISION
    number = factory.Sequence(lambda number: f"{number + 1}/2026/QĐ-UBND")
    document_type = "Quyết định"
    issuer = "Ủy ban nhân dân tỉnh Yên Giang"
    subject = "Quy định trình tự, thời gian giải quyết thủ tục hành chính về đất đai"
    issued_on = date(2026, 6, 22)
    effective_on = date(2026, 7, 1)
    status = "Còn hiệu lực"
    registered_at = factory.LazyFunction(timezone.now)


def add_version_to(document: Document, content: bytes, *, pages: Sequence[str] = (), **values: Any) -> DocumentVersion:
    """A file of the document, in the vault, made current; with `pages` it was read and says that."""
    sha256 = put(ContentFile(content))
    with transaction.atomic():
        register_blob(sha256=sha256, size=len(content), media_type="application/pdf")
    version = DocumentVersion.objects.create(
        document=document,
        number=document.versions.count() + 1,
        blob=Blob.objects.get(pk=sha256),
        uploaded_at=timezone.now(),
        page_count=len(pages) or None,
        **{
            "file_name": "don-dang-ky.pdf",
            "reading_state": ReadingState.READ if pages else ReadingState.WAITING,
            **values,
        },
    )
    if pages:
        version.reading = _reading(version, pages)
        version.save()
    document.current = version
    document.save()
    return version


def paper(
    *,
    unit: Unit | None = None,
    tokens: Iterable[str] = (EVERYONE,),
    pages: Sequence[str] = ("Kính gửi: Chi nhánh Văn phòng Đăng ký đất đai",),
    content: bytes | None = None,
    fields: dict[str, Any] | None = None,
    **values: Any,
) -> Document:
    """A received paper with a file that was read; `tokens` say who sees it."""
    document = DocumentFactory.create(**({"unit": unit} if unit else {}), **values)
    allow(DocumentToken, document.pk, tokens)
    version = add_version_to(document, content or pdf(pages=max(1, len(pages))), pages=pages)
    if fields is not None and version.reading:
        Reading.objects.filter(pk=version.reading.pk).update(fields=fields)
    return Document.objects.get(pk=document.pk)


def legal_document(*, text: str = "", tokens: Iterable[str] = (EVERYONE,), **values: Any) -> LegalDocument:
    """A legal document and, unless empty, its wording."""
    legal = LegalDocumentFactory.create(**values)
    allow(LegalDocumentToken, legal.pk, tokens)
    if text:
        LegalText.objects.create(legal_document=legal, text=text)
    return legal


def _reading(version: DocumentVersion, pages: Sequence[str]) -> Reading:
    reading = Reading.objects.create(version=version, read_at=timezone.now())
    ReadPage.objects.bulk_create(
        ReadPage(
            reading=reading,
            number=number,
            source="ocr",
            text=text,
            confidence=0.94,
            width=595,
            height=842,
            words=pack(laid_out(text)),
        )
        for number, text in enumerate(pages, 1)
    )
    return reading


def laid_out(text: str) -> list[Word]:
    """The words of a text as a page would hold them: a line of the text on a line of the page."""
    return [
        Word(word, (0.1 + 0.08 * column, 0.1 + 0.03 * row, 0.07, 0.02), 0.94)
        for row, line in enumerate(text.splitlines())
        for column, word in enumerate(line.split())
    ]


# Files ---------------------------------------------------------------------------------------------


def pdf(*, pages: int = 1, width: float = 595, height: float = 842) -> bytes:
    """A sound PDF of blank A4 pages; another width makes other bytes."""
    return _written(_blank(pages, width, height))


def locked_pdf() -> bytes:
    """A PDF nobody opens without its password."""
    writer = _blank()
    writer.encrypt(user_password="mat-khau", owner_password="chu-so-huu", algorithm="RC4-128")
    return _written(writer)


def restricted_pdf() -> bytes:
    """A PDF everybody may open and nobody may print."""
    writer = _blank()
    writer.encrypt(user_password="", owner_password="chu-so-huu", algorithm="RC4-128")
    return _written(writer)


def scripted_pdf() -> bytes:
    writer = _blank()
    writer.add_open_action(JavaScript("app.alert('x')"))
    return _written(writer)


def pdf_with_attachment() -> bytes:
    writer = _blank()
    writer.add_attachment("kem-theo.txt", b"noi dung")
    return _written(writer)


def picture(kind: str = "JPEG", *, size: tuple[int, int] = (120, 160)) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise(size, 60).save(buffer, kind)
    return buffer.getvalue()


def _blank(pages: int = 1, width: float = 595, height: float = 842) -> PdfWriter:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(width=width, height=height)
    return writer


def _written(writer: PdfWriter) -> bytes:
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()
