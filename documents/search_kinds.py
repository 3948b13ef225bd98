"""Papers, decisions and certificates as they are found."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.sight import tokens_of
from documents.models import Document, DocumentToken, LegalDocument, LegalDocumentToken, ReadPage
from documents.reasons import DISPOSED
from documents.states import Register, Screening, State
from documents.validity import VERDICTS, validity_on
from search.kinds import Badge, Entry, SearchKind, register

_STATE_BADGES: dict[str, Badge] = {
    State.RECEIVED: Badge(State.RECEIVED.label, "info", "file-earmark-arrow-down"),
    State.DRAFT: Badge(State.DRAFT.label, "pause", "pencil"),
    State.IN_REVIEW: Badge(State.IN_REVIEW.label, "near", "hourglass-split"),
    State.SIGNED: Badge(State.SIGNED.label, "ok", "pen"),
    State.ISSUED: Badge(State.ISSUED.label, "ok", "check-circle-fill"),
    State.SUPERSEDED: Badge(State.SUPERSEDED.label, "pause", "files"),
    State.REVOKED: Badge(State.REVOKED.label, "late", "x-octagon-fill"),
}
_VALIDITY_BADGES = {code: Badge(verdict.words, verdict.tone, verdict.icon) for code, verdict in VERDICTS.items()}


def _shut_away(version: str) -> Q:
    """The file lies in quarantine, or lay there when it was disposed of."""
    is_shut = Q(**{f"{version}__screening__in": (Screening.QUARANTINED, Screening.DISPOSED)})
    return is_shut & ~Q(**{f"{version}__quarantine_reason": DISPOSED})


def document_entries(ids: Sequence[str]) -> Iterator[Entry]:
    """Papers that are in no register; nothing of one whose current file lies in quarantine."""
    rows = list(
        Document.objects.filter(pk__in=ids, legal_document__isnull=True)
        .exclude(_shut_away("current"))
        .select_related("document_type", "unit", "current__reading")
    )
    tokens = tokens_of(DocumentToken, [document.pk for document in rows])
    texts = _scan_texts(rows)
    for document in rows:
        fields = _fields_of(document)
        yield Entry(
            kind="document",
            id=str(document.pk),
            number=document.number or fields.get("number") or "",
            title=document.title,
            text=texts.get(document.pk, ""),
            tokens=frozenset(tokens.get(document.pk, ())),
            unit=document.unit.name if document.unit else "",
            document_type=document.document_type.name,
            status=document.state,
            issuer=fields.get("issuer") or "",
            dated=document.issued_on or _day(fields.get("issued_on")),
        )


def legal_entries(kind: str, ids: Sequence[str]) -> Iterator[Entry]:
    """Decisions or certificates; nothing of one whose scan lies in quarantine."""
    rows = list(
        LegalDocument.objects.filter(pk__in=ids, kind=kind)
        .exclude(_shut_away("document__current"))
        .select_related("wording", "document__current", "document__unit")
    )
    tokens = tokens_of(LegalDocumentToken, [legal.pk for legal in rows])
    texts = _scan_texts([legal.document for legal in rows if legal.document and not hasattr(legal, "wording")])
    for legal in rows:
        scan = legal.document
        yield Entry(
            kind=kind,
            id=str(legal.pk),
            number=legal.number,
            title=legal.subject,
            text=legal.wording.text if hasattr(legal, "wording") else texts.get(scan.pk if scan else 0, ""),
            tokens=frozenset(tokens.get(legal.pk, ())),
            unit=scan.unit.name if scan and scan.unit else "",
            document_type=legal.document_type,
            status=validity_on(legal, timezone.localdate()).code,
            issuer=legal.issuer,
            dated=legal.issued_on,
        )


def _scan_texts(documents: Sequence[Document]) -> dict[int, str]:
    """The text of each document's current file, by the document's key, in one query."""
    readings = {
        document.current.reading_id: document.pk
        for document in documents
        if document.current and document.current.reading_id
    }
    pages: dict[int, list[str]] = {}
    rows = ReadPage.objects.filter(reading__in=readings).order_by("reading", "number")
    for reading_id, text in rows.values_list("reading_id", "text"):
        pages.setdefault(readings[reading_id], []).append(text)
    return {document_id: "\n\n".join(texts) for document_id, texts in pages.items()}


def _fields_of(document: Document) -> dict[str, Any]:
    reading = document.current.reading if document.current else None
    return reading.fields if reading else {}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _all_documents() -> Iterator[str]:
    ids = Document.objects.filter(legal_document__isnull=True).order_by("pk").values_list("pk", flat=True)
    return map(str, ids.iterator())


def _all_legal(kind: str) -> Iterator[str]:
    ids = LegalDocument.objects.filter(kind=kind).order_by("pk").values_list("pk", flat=True)
    return map(str, ids.iterator())


def _page(url_name: str, object_id: str) -> str:
    return reverse(url_name, args=[object_id])


def _legal_kind(kind: Register, icon: str) -> SearchKind:
    return SearchKind(
        code=kind.value,
        label=kind.label,
        icon=icon,
        load=partial(legal_entries, kind.value),
        all_ids=partial(_all_legal, kind.value),
        url=partial(_page, "legal_document"),
        statuses=_VALIDITY_BADGES,
        lights=True,
    )


register(
    SearchKind(
        code="document",
        label=_("Papers"),
        icon="file-earmark-text",
        load=document_entries,
        all_ids=_all_documents,
        url=partial(_page, "document"),
        statuses=_STATE_BADGES,
        lights=True,
    )
)
register(_legal_kind(Register.DECISION, "journal-text"))
register(_legal_kind(Register.CERTIFICATE, "award"))
