"""Recording an action in the transaction that does it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from audit.canonical import canonical
from audit.chain import FIRST, Link, link_hash
from audit.models import AuditEvent, StreamHead
from audit.verbs import declared


class OutsideTransaction(RuntimeError):
    """An event was to be recorded without the action's transaction around it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as a snapshot; `slot` is "update", "lookup" or empty, `address` the client's IP."""

    officer_id: int | None
    officer_name: str
    unit_id: int | None = None
    unit_name: str = ""
    slot: str = ""
    address: str = ""


SYSTEM = Actor(officer_id=None, officer_name="hosodat")

# One statement locks the head, makes it if need be, and hands back the old hash beside the new place.
_NEXT_PLACE = """
INSERT INTO audit_streamhead (stream, sequence, hash) VALUES (%s, 1, '')
ON CONFLICT (stream) DO UPDATE SET sequence = audit_streamhead.sequence + 1
RETURNING sequence, hash
"""


def record(
    stream: str, verb: str, *, actor: Actor, payload: Mapping[str, object], at: datetime | None = None
) -> AuditEvent:
    """Appends one event to `stream`, in three statements; it stands or falls with the caller's transaction.

    `payload` may hold strings, integers, booleans, Decimals, dates, aware datetimes, lists and dicts of these.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(verb)
    if at is not None and timezone.is_naive(at):
        message = "a naive moment is not the same everywhere"
        raise TypeError(message)
    declared(verb)
    text = canonical(payload)
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_PLACE, [stream])
        sequence, previous = cursor.fetchone()
    link = Link(
        stream=stream,
        sequence=sequence,
        verb=verb,
        occurred_at=at or timezone.now(),
        officer_id=actor.officer_id,
        officer_name=actor.officer_name,
        unit_id=actor.unit_id,
        unit_name=actor.unit_name,
        slot=actor.slot,
        address=actor.address,
        payload=text,
        previous_hash=previous or FIRST,
    )
    event = AuditEvent.objects.create(**link._asdict(), hash=link_hash(link))
    StreamHead.objects.filter(stream=stream).update(hash=event.hash)
    return event
