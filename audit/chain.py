"""The hash that ties an event to the one before it."""

import hashlib
from datetime import datetime
from json.encoder import encode_basestring
from typing import NamedTuple

from audit.canonical import moment_text

FIRST = ""
_DOMAIN = b"hosodat audit event 1\n"


class Link(NamedTuple):
    """What is hashed of an event, in this order; `previous_hash` is empty for the first of a stream."""

    stream: str
    sequence: int
    verb: str
    occurred_at: datetime
    officer_id: int | None
    officer_name: str
    unit_id: int | None
    unit_name: str
    slot: str
    address: str
    payload: str
    previous_hash: str


def link_hash(link: Link) -> str:
    """SHA-256 in hex over the event's fields and the previous hash, written as a JSON array without blanks."""
    text = f"[{','.join(map(_written, link))}]"
    return hashlib.sha256(_DOMAIN + text.encode()).hexdigest()


def _written(field: object) -> str:
    """A field as JSON; by hand, because a verifier that reads millions would spend half its time making encoders."""
    if isinstance(field, str):
        return encode_basestring(field)
    if field is None:
        return "null"
    if isinstance(field, datetime):
        return f'"{moment_text(field)}"'
    return str(field)
