"""How fast the whole trail is verified from the database."""

import hashlib
import os
import time
from typing import Any

from audit.models import AuditEvent
from audit.side_by_side import verify_side_by_side
from benchmarks.backends import backends, empty_database, measured, seeded
from benchmarks.rows import Row, row

LEAST_PER_SECOND = 50_000
DOSSIERS = int(os.environ.get("BENCH_AUDIT_DOSSIERS", "12000"))
TRIES = 3


def run() -> list[Row]:
    """Events in a second, beside reading the payloads and hashing them with nothing else done."""
    rows: list[Row] = []
    for backend in backends():
        with empty_database(backend) as environment:
            seeded(environment, DOSSIERS)
            found = measured(environment, __name__)
        rows.append(
            row(
                f"audit_verify: processor, {found['events']:,} events, {backend.name}",
                found["processor"],
                "events/s of a core",
            )
        )
        rows.append(
            row(
                f"audit_verify: {found['events']:,} events, {backend.name}",
                found["rate"],
                "events/s",
                peer=f"payloads read and hashed, {found['bare']:,.0f} events/s",
                ratio=found["rate"] / found["bare"],
                goal=f"at least {LEAST_PER_SECOND:,}/s",
                holds=found["rate"] >= LEAST_PER_SECOND,
            )
        )
    return rows


def measure() -> dict[str, Any]:
    """The best of some tries, each in turn with its peer's: a busy machine only ever slows."""
    ours, used, bare = [], [], []
    events = 0
    for _ in range(TRIES):
        began, processor = time.perf_counter(), _processor()
        verdict = verify_side_by_side(os.cpu_count() or 1)
        ours.append(time.perf_counter() - began)
        used.append(_processor() - processor)
        if not verdict.is_ok:
            raise RuntimeError(str(verdict))
        events = verdict.events
        bare.append(_bare())
    return {"events": events, "rate": events / min(ours), "processor": events / min(used), "bare": events / min(bare)}


def _processor() -> float:
    """Seconds of processor time of this process and of those it has started and seen end."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _bare() -> float:
    began = time.perf_counter()
    for (payload,) in AuditEvent.objects.order_by("stream", "sequence").values_list("payload").iterator(5000):
        hashlib.sha256(payload.encode()).hexdigest()
    return time.perf_counter() - began
