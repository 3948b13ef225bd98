"""Importing legal documents that come as data: one JSON object each, with their text."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.acting import EVERYONE
from audit.recording import SYSTEM, record
from documents.models import DocumentType, LegalDocument, LegalDocumentToken, LegalText
from documents.states import Register
from search.indexing import index_later
from search.text import clean

_LONGEST = {"number": 80, "type": 200, "issuer": 200, "subject": 1000, "status": 60}


class FaultyRecord(ValueError):
    """The record is no legal document; the message says why."""


@dataclass(slots=True)
class Tally:
    """What became of what was to be imported; `failed` holds what it was and why."""

    imported: int = 0
    skipped: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)


def import_records(*, records: Sequence[tuple[str, Mapping[str, Any]]]) -> Tally:
    """Registers these records, each named for the list of failures, for every officer to see; all in one transaction.

    A record has `type` and `text` and, where known, `id`, `number`, `subject`, `issuer`, `issued_on`,
    `effective_on`, `status`. It is known by its `id`, else by the SHA-256 of what it says: what is there already is
    skipped. A faulty record fails alone.
    """
    tally = Tally()
    read: dict[str, tuple[LegalDocument, str]] = {}
    kinds = _registers()
    for name, row in records:
        try:
            legal, text = _read(row, kinds)
        except FaultyRecord as fault:
            tally.failed.append((name, str(fault)))
            continue
        tally.skipped += legal.source_id in read
        read.setdefault(legal.source_id or "", (legal, text))
    try:
        fresh = _register(read)
    except IntegrityError:
        # Somebody imported some of them at this very moment: by now they can be seen and are passed over.
        fresh = _register(read)
    tally.imported += fresh
    tally.skipped += len(read) - fresh
    return tally


@transaction.atomic
def _register(read: Mapping[str, tuple[LegalDocument, str]]) -> int:
    known = set(LegalDocument.objects.filter(source_id__in=read).values_list("source_id", flat=True))
    fresh = [pair for source_id, pair in read.items() if source_id not in known]
    legals = [legal for legal, _ in fresh]
    for legal in legals:
        legal.pk = None
    LegalDocument.objects.bulk_create(legals)
    LegalText.objects.bulk_create(LegalText(legal_document=legal, text=text) for legal, text in fresh)
    LegalDocumentToken.objects.bulk_create(LegalDocumentToken(holder=legal, token=EVERYONE) for legal in legals)
    for legal in legals:
        payload = {"type": legal.document_type, "number": legal.number, "source_id": legal.source_id or ""}
        record(f"legal_document:{legal.pk}", "legal_document.imported", actor=SYSTEM, payload=payload)
        index_later(legal.kind, str(legal.pk))
    return len(legals)


def _read(row: Mapping[str, Any], kinds: Mapping[str, str]) -> tuple[LegalDocument, str]:
    values = {name: _words(row, name, longest) for name, longest in _LONGEST.items()}
    text = row.get("text")
    if not isinstance(text, str) or not values["type"]:
        message = "type and text are needed"
        raise FaultyRecord(message)
    legal = LegalDocument(
        kind=_register_of(values["type"], kinds),
        number=values["number"],
        document_type=values["type"],
        issuer=values["issuer"],
        subject=values["subject"],
        issued_on=_day(row, "issued_on"),
        effective_on=_day(row, "effective_on"),
        status=values["status"],
        source_id=_identity(row),
        registered_at=timezone.now(),
    )
    return legal, clean(text)


def _words(row: Mapping[str, Any], name: str, longest: int) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > longest:
        message = f"{name} is no text of at most {longest} characters"
        raise FaultyRecord(message)
    return " ".join(clean(value).split())


def _day(row: Mapping[str, Any], name: str) -> date | None:
    value = row.get(name)
    try:
        return None if value is None else date.fromisoformat(value)
    except (TypeError, ValueError) as fault:
        message = f"{name} is no date YYYY-MM-DD"
        raise FaultyRecord(message) from fault


def _identity(row: Mapping[str, Any]) -> str:
    named = row.get("id")
    if isinstance(named, str | int) and 0 < len(str(named)) <= 70:
        return f"id:{named}"
    said = json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(said.encode()).hexdigest()}"


def _registers() -> dict[str, str]:
    return dict(DocumentType.objects.exclude(register="").order_by("code").values_list("name", "register"))


def _register_of(name: str, kinds: Mapping[str, str]) -> str:
    """By the type's name, also a shortened one (“Giấy chứng nhận”); whatever else was published is an act."""
    if name in kinds:
        return kinds[name]
    is_certificate = any(
        register == Register.CERTIFICATE and (known.startswith(name) or name.startswith(known))
        for known, register in kinds.items()
    )
    return Register.CERTIFICATE if is_certificate else Register.DECISION
