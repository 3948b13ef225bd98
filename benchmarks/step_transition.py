"""Completing a step, beside a bare viewflow step node on the same database with the same settings."""

import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from accounts.acting import Acting, acting_for
from accounts.models import Officer, RoleHolding
from benchmarks.backends import backends, empty_database, measured, seeded
from benchmarks.peer.flows import PeerFlow
from benchmarks.peer.models import PeerProcess, PeerTask
from benchmarks.rows import Row, row
from workflow.engine.flows import step_of
from workflow.engine.models import OPEN, StepRun
from workflow.engine.operations.complete import complete_step
from workflow.procedures.schema import Outcome

MOST_STATEMENTS = 18
LEAST_RATIO = 0.5
DOSSIERS, OPEN_CASES = 2000, 1200
ROUNDS, AT_ONCE = 5, 15
_TOLD = {
    "notice_number": "5518/TB-TCS3",
    "proof": "paid",
    "amount": "16.000.000",
    "proven_on": "20/11/2026",
    "receiver_name": "Phùng Thị Ngát",
    "receiver_id": "099174003312",
    "collected": "yes",
    "serial": "AA 00000116",
}


def run() -> list[Row]:
    """Statements of an ordinary transition and of the dearest one, and how many go through in a second."""
    rows: list[Row] = []
    for backend in backends():
        with empty_database(backend) as environment:
            seeded(environment, DOSSIERS, f"--open={OPEN_CASES}")
            rows += _rows(backend.name, measured(environment, __name__))
    return rows


def _rows(where: str, found: dict[str, Any]) -> list[Row]:
    plain, dearest, words = found["plain"], found["dearest"], found["dearest_words"]
    ratio = found["ours"] / found["peer"]
    peer = f"bare viewflow step node, {found['peer_statements']} statements"
    goal = f"at most {MOST_STATEMENTS}"
    return [
        row(
            f"step_transition: statements, {where}",
            plain,
            "statements",
            peer=peer,
            ratio=plain / found["peer_statements"],
            goal=goal,
            holds=plain <= MOST_STATEMENTS,
        ),
        row(f"step_transition: statements with effect {words}, {where}", dearest, "statements", peer=peer),
        row(
            f"step_transition: throughput, {where}",
            found["ours"],
            "transitions/s",
            peer=f"bare viewflow step node, {found['peer']:.0f} transitions/s",
            ratio=ratio,
            goal=f"ratio at least {LEAST_RATIO}",
            holds=ratio >= LEAST_RATIO,
        ),
    ]


def measure() -> dict[str, Any]:
    """Both on the seeded database, round by round in turn, so that a busy machine slows both."""
    statements = _statements()
    ours, peers = _ordinary(), _peer_tasks(ROUNDS * AT_ONCE)
    next(ours)()
    spent: dict[str, list[float]] = {"ours": [], "peer": []}
    for _ in range(ROUNDS):
        spent["ours"].append(_timed(ours))
        spent["peer"].append(_timed(peers))
    dearest = max(statements, key=lambda words: statements[words])
    return {
        "plain": max(count for words, count in statements.items() if not words),
        "dearest": statements[dearest],
        "dearest_words": dearest or "none",
        "peer_statements": _counted(next(_peer_tasks(1))),
        "ours": AT_ONCE / median(spent["ours"]),
        "peer": AT_ONCE / median(spent["peer"]),
    }


def _timed(actions: Iterator[Callable[[], None]]) -> float:
    chosen = [next(actions) for _ in range(AT_ONCE)]
    began = time.perf_counter()
    for action in chosen:
        action()
    return time.perf_counter() - began


def _counted(action: Callable[[], None]) -> int:
    """Every statement the database gets, BEGIN and COMMIT included."""
    with CaptureQueriesContext(connection) as captured:
        action()
    return len(captured)


def _statements() -> dict[str, int]:
    """The statements of a transition by its effect; the empty one is an ordinary step."""
    found: dict[str, int] = {}
    for run, outcome in _ready():
        if outcome.effect not in found:
            found[outcome.effect] = _counted(_completion(run, outcome))
    return found


def _ordinary() -> Iterator[Callable[[], None]]:
    for run, outcome in _ready(Q(finished__isnull=True)):
        if not outcome.effect:
            yield _completion(run, outcome)


def _ready(narrowed: Q | None = None) -> Iterator[tuple[StepRun, Outcome]]:
    """Open steps, each with its way forward."""
    runs = StepRun.objects.filter(narrowed or Q(), status__in=OPEN).exclude(step="").order_by("pk")
    for run in runs.select_related("process__edition_version"):
        step = step_of(run, run.process)
        if not step.needs:
            yield run, next(outcome for outcome in step.outcomes if outcome.manner == "forward")


_ACTING: dict[tuple[str, int | None, int | None], Acting] = {}


def _acting(run: StepRun) -> Acting:
    """Who has the step, or somebody who may take it; asked for once, as a page asks once for each request."""
    key = run.role, run.unit_id, run.owner_id
    if key not in _ACTING:
        holding = RoleHolding.objects.filter(role=run.role, unit=run.unit_id).select_related("officer")
        officer = Officer.objects.get(pk=run.owner_id) if run.owner_id else holding[0].officer
        _ACTING[key] = acting_for(officer)
    return _ACTING[key]


def _completion(run: StepRun, outcome: Outcome) -> Callable[[], None]:
    acting = _acting(run)

    def complete() -> None:
        complete_step(step_run_id=run.pk, outcome=outcome.code, version=run.version, acting=acting, data=_TOLD)

    return complete


def _peer_tasks(number: int) -> Iterator[Callable[[], None]]:
    """Tasks of the bare flow, each of a process of its own."""
    officer = Officer.objects.order_by("pk").first()
    begun = PeerProcess.objects.count()
    for place in range(begun, begun + number):
        PeerFlow.start.run(code=f"PEER-{place:06d}", unit_id=1)
    tasks = PeerTask.objects.filter(process__code__gte=f"PEER-{begun:06d}").exclude(step="").order_by("pk")
    for task in list(tasks):
        yield _peer_completion(task, officer)


def _peer_completion(task: PeerTask, officer: Officer | None) -> Callable[[], None]:
    def complete() -> None:
        with task.activation() as activation:
            activation.assign(officer)
            activation.start(None)
            activation.task.outcome = "ok"
            activation.execute()

    return complete
