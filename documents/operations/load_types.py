"""Loading types of papers from TOML files."""

import tomllib
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.recording import Actor, record
from documents.models import DocumentType
from documents.numbers import FaultyNumberPattern, check_pattern

_FIELDS = ("name", "group", "valid_from")
_OPTIONAL = {"register": "", "number_series": "", "number_pattern": "", "valid_to": None}


class FaultyTypes(ValueError):
    """The file holds no types of papers; the message says where."""


@transaction.atomic
def load_document_types(*, texts: Iterable[str], actor: Actor) -> bool:
    """Adds and updates the types the files name, as one action; False when nothing differed.

    Each file has `[[types]]` with code, name, group, valid_from and, if need be, register, number_series,
    number_pattern and valid_to. What no file names stays: a type ends by a date, never by leaving it out.
    """
    wanted = _read(texts)
    stored = {kind.code: kind for kind in DocumentType.objects.all()}
    changed = [kind for kind in wanted if not _is_same(kind, stored.get(kind.code))]
    if not changed:
        return False
    DocumentType.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[*_FIELDS, *_OPTIONAL],
    )
    payload = {"types": len(wanted), "changed": sorted(kind.code for kind in changed)}
    record("document-types", "document_types.loaded", actor=actor, payload=payload)
    return True


def _read(texts: Iterable[str]) -> list[DocumentType]:
    found: dict[str, DocumentType] = {}
    for text in texts:
        try:
            rows = tomllib.loads(text).get("types", [])
        except tomllib.TOMLDecodeError as fault:
            raise FaultyTypes(str(fault)) from fault
        for row in rows:
            kind = _type_of(row)
            if kind.code in found:
                message = f"{kind.code}: named twice"
                raise FaultyTypes(message)
            found[kind.code] = kind
    return list(found.values())


def _type_of(row: dict[str, Any]) -> DocumentType:
    code = row.get("code", "?")
    unknown = sorted(row.keys() - {"code", *_FIELDS, *_OPTIONAL})
    missing = sorted({"code", *_FIELDS} - row.keys())
    if unknown or missing:
        message = f"{code}: unknown {', '.join(unknown) or '–'}, missing {', '.join(missing) or '–'}"
        raise FaultyTypes(message)
    kind = DocumentType(**{**_OPTIONAL, **row})
    try:
        kind.clean_fields()
        check_pattern(kind.number_pattern)
    except FaultyNumberPattern as fault:
        raise FaultyTypes(f"{code}: {fault}") from fault
    except ValidationError as fault:
        message = f"{code}: {fault.message_dict}"
        raise FaultyTypes(message) from fault
    return kind


def _is_same(wanted: DocumentType, stored: DocumentType | None) -> bool:
    names = (*_FIELDS, *_OPTIONAL)
    return stored is not None and all(getattr(wanted, name) == getattr(stored, name) for name in names)
