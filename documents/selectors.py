"""Papers and legal documents, as far as the acting officer may see them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.acting import EVERYONE, Acting, unit_token
from accounts.selectors import units_seen_by
from accounts.sight import NotVisible, one_visible
from documents.models import (
    Document,
    DocumentToken,
    DocumentVersion,
    LegalDocument,
    LegalDocumentToken,
    ReadPage,
    SearchableCopy,
    Signature,
)
from documents.outgoing import RegisterEntry
from documents.reasons import CLASSIFIED, MALWARE, SCANNER_DOWN
from documents.signing import NONE
from documents.states import Screening, State
from documents.words import unpack
from ocr.reading import Word


def one_document(acting: Acting, document_id: int) -> Document:
    """The document with its type, unit and current file. Raises NotVisible, the same for hidden and for missing."""
    rows = Document.objects.select_related("document_type", "unit", "current__blob", "current__reading")
    return one_visible(rows, DocumentToken, acting, stream="document", pk=document_id)


def one_legal_document(acting: Acting, legal_id: int) -> LegalDocument:
    """The legal document with its scan. Raises NotVisible."""
    rows = LegalDocument.objects.select_related("wording", "document__current__reading")
    return one_visible(rows, LegalDocumentToken, acting, stream="legal_document", pk=legal_id)


def register_for(acting: Acting) -> QuerySet[RegisterEntry]:
    """The outgoing registers of the agencies whose own papers show to him (sổ đăng ký văn bản đi)."""
    rows = RegisterEntry.objects.all()
    # By the units' keys, not by a question about them: only then a year's page is read from the end of its index.
    return rows if acting.is_superuser else rows.filter(unit__in=[unit.pk for unit in units_seen_by(acting)])


def entry_in_register(acting: Acting, entry_id: int) -> RegisterEntry:
    """One number of such a register. Raises NotVisible, the same for hidden and for missing."""
    related = ("unit", "document_type", "given_by", "cancelled_by", "successor", "document")
    entry = RegisterEntry.objects.select_related(*related).filter(pk=entry_id).first()
    if entry is None:
        raise NotVisible
    if not (acting.is_superuser or unit_token(entry.unit_id) in acting.tokens):
        raise NotVisible(about=entry.stream)
    return entry


def one_version(document: Document, number: int | None) -> DocumentVersion:
    """A version of a document that was seen; the current one without a number. Raises NotVisible."""
    current = document.current
    if current is None:
        raise NotVisible
    if number is None or number == current.number:
        return current
    version = document.versions.select_related("blob", "reading").filter(number=number).first()
    if version is None:
        raise NotVisible
    return version


def versions_of(document: Document) -> QuerySet[DocumentVersion]:
    """All versions, newest first, with who brought them."""
    return document.versions.select_related("uploaded_by", "blob").order_by("-number")


def is_public(document: Document) -> bool:
    """Whether every officer may see it anyway."""
    return DocumentToken.objects.filter(holder=document, token=EVERYONE).exists()


def may_replace(document: Document, acting: Acting) -> bool:
    """Whether the page offers to add a version: see `add_version`."""
    is_open = document.state in (State.RECEIVED, State.DRAFT) and document.held_at is None
    return acting.may_update and acting.acts_in(document.unit_id) and is_open


def may_read_again(document: Document, version: DocumentVersion, acting: Acting) -> bool:
    """Whether the page offers another reading: see `ask_for_reading`."""
    is_idle = not version.is_in_hand and version.screening != Screening.DISPOSED
    is_open = version.quarantine_reason not in (CLASSIFIED, MALWARE, SCANNER_DOWN)
    return acting.may_update and is_idle and is_open and document.current_id == version.pk


@dataclass(frozen=True, slots=True)
class PageText:
    """What is needed of every page at once: its number and its words as text."""

    number: int
    text: str


def texts_of(version: DocumentVersion, *, numbers: Collection[int] | None = None) -> list[PageText]:
    """The text of each page that was read, or of these pages, in order; none for what lies in quarantine."""
    if version.reading_id is None or version.is_quarantined:
        return []
    rows = ReadPage.objects.filter(reading=version.reading_id).order_by("number")
    if numbers is not None:
        rows = rows.filter(number__in=numbers)
    return [PageText(number, text) for number, text in rows.values_list("number", "text")]


def read_page(version: DocumentVersion, number: int) -> ReadPage | None:
    """One page with its words; None when it wasn't read or lies in quarantine."""
    if version.reading_id is None or version.is_quarantined:
        return None
    return ReadPage.objects.filter(reading=version.reading_id, number=number).first()


def words_of(version: DocumentVersion, numbers: Collection[int]) -> Iterator[tuple[int, tuple[Word, ...]]]:
    """Number and words of these pages; none for what wasn't read or lies in quarantine."""
    if version.reading_id is None or version.is_quarantined:
        return
    rows = ReadPage.objects.filter(reading=version.reading_id, number__in=numbers).order_by("number")
    for number, words in rows.values_list("number", "words"):
        yield number, unpack(words)


def copy_of(version: DocumentVersion) -> SearchableCopy | None:
    """The searchable copy of what was last read, if one was asked for; none of what lies in quarantine."""
    if version.reading_id is None or version.is_quarantined:
        return None
    return SearchableCopy.objects.select_related("blob").filter(pk=version.reading_id).first()


def was_recognised(version: DocumentVersion) -> bool:
    """Whether any page was read from its picture, so that a copy would say more than the original."""
    if version.reading_id is None or version.is_quarantined:
        return False
    return ReadPage.objects.filter(reading=version.reading_id, source="ocr").exists()


def signatures_of(version: DocumentVersion) -> list[Signature]:
    """The digital signatures of a file, as they stood when it was last read."""
    if version.reading_id is None or version.is_quarantined or version.signing in ("", NONE):
        return []
    return list(Signature.objects.filter(reading=version.reading_id).order_by("number"))
