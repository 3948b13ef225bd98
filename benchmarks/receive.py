"""Receiving a dossier, beside a transaction that inserts one row."""

import time
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.acting import Acting, acting_for
from accounts.models import RoleHolding, Unit
from benchmarks.backends import backends, empty_database, measured, seeded
from benchmarks.peer.models import PlainRow
from benchmarks.rows import Row, row
from benchmarks.typed import RENEWAL
from dossiers.models import Dossier
from dossiers.operations.draft import begin_draft
from dossiers.operations.receive import receive_dossier

DOSSIERS = 1000
TIMES = 60


def run() -> list[Row]:
    """Statements and milliseconds of a receipt."""
    rows: list[Row] = []
    for backend in backends():
        with empty_database(backend) as environment:
            seeded(environment, DOSSIERS)
            found = measured(environment, __name__)
        peer = f"one INSERT in a transaction, {found['plain_ms']:.2f} ms, 3 statements"
        ratio = found["ms"] / found["plain_ms"]
        rows += [
            row(f"receive: statements, {backend.name}", found["statements"], "statements", peer=peer),
            row(f"receive: time, {backend.name}", found["ms"], "ms", peer=peer, ratio=ratio),
        ]
    return rows


def measure() -> dict[str, Any]:
    """The median of many, in turn with the plain row."""
    holding = RoleHolding.objects.filter(role__receives=True).select_related("officer")[0]
    acting, branch = acting_for(holding.officer), Unit.objects.get(code="cn-hai-loc")
    drafts = [begin_draft(procedure="P6", acting=acting) for _ in range(TIMES + 1)]
    with CaptureQueriesContext(connection) as captured:
        _receive(drafts[0], acting, branch)
    ours, plain = [], []
    for number, draft in enumerate(drafts[1:]):
        ours.append(_timed_receipt(draft, acting, branch))
        plain.append(_timed_row(number))
    return {"statements": len(captured), "ms": 1000 * median(ours), "plain_ms": 1000 * median(plain)}


def _receive(draft: Dossier, acting: Acting, branch: Unit) -> None:
    typed = QueryDict(mutable=True)
    typed.update({**RENEWAL, "unit": str(branch.pk)})
    receive_dossier(dossier_id=draft.pk, typed=typed, acting=acting)


def _timed_receipt(draft: Dossier, acting: Acting, branch: Unit) -> float:
    began = time.perf_counter()
    _receive(draft, acting, branch)
    return time.perf_counter() - began


def _timed_row(number: int) -> float:
    began = time.perf_counter()
    with transaction.atomic():
        PlainRow.objects.create(
            code=f"PLAIN-{number}",
            name=RENEWAL["name"],
            address=RENEWAL["address"],
            values=dict(RENEWAL),
            received_at=timezone.now(),
        )
    return time.perf_counter() - began
