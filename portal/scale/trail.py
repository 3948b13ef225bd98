"""Audit events in bulk, chained and hashed exactly as `audit.recording.record` does it."""

from collections.abc import Mapping
from datetime import datetime

from audit.canonical import canonical
from audit.chain import FIRST, Link, link_hash
from audit.models import AuditEvent, StreamHead
from audit.recording import Actor
from audit.verbs import declared
from portal.scale.shelves import Shelves


class Trail:
    """Streams nobody else has written to: each is begun, filled and headed within one batch."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves
        self._heads: dict[str, tuple[int, str]] = {}

    def record(self, stream: str, verb: str, *, actor: Actor, payload: Mapping[str, object], at: datetime) -> None:
        """The next event of the stream."""
        declared(verb)
        sequence, previous = self._heads.get(stream, (0, FIRST))
        link = Link(
            stream=stream,
            sequence=sequence + 1,
            verb=verb,
            occurred_at=at,
            officer_id=actor.officer_id,
            officer_name=actor.officer_name,
            unit_id=actor.unit_id,
            unit_name=actor.unit_name,
            slot=actor.slot,
            address=actor.address,
            payload=canonical(payload),
            previous_hash=previous,
        )
        own_hash = link_hash(link)
        self._shelves[AuditEvent].add(**link._asdict(), hash=own_hash)
        self._heads[stream] = sequence + 1, own_hash

    def close(self) -> None:
        """Puts up the heads of the streams begun since the last time."""
        heads = self._shelves[StreamHead]
        for stream, (sequence, own_hash) in self._heads.items():
            heads.add(stream=stream, sequence=sequence, hash=own_hash)
        self._heads.clear()
