"""The hash that ties an event to the one before it."""

import hashlib
import json
from datetime import datetime
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
    """SHA-256 in hex over the event's fields and the previous hash."""
    fields = [moment_text(field) if isinstance(field, datetime) else field for field in link]
    text = json.dumps(fields, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(_DOMAIN + text.encode()).hexdigest()
