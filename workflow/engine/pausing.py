"""Steps for which the clock stands still while they are open (không tính vào thời hạn).

Branches may pause side by side, for the same cause or for others: the ledger counts them, and the clock runs on when
the last one has ended.
"""

from datetime import datetime

from workflow.clock.ledger import ClockState, EntryKind
from workflow.engine.clockwork import ledger_of, pause_clock, resume_clock
from workflow.engine.models import OPEN, OPINION, Case, StepRun
from workflow.procedures.schema import Step


def pause_for(case: Case, step: Step, at: datetime) -> None:
    """Stops the clock for a step that opens, if the edition says so and the clock runs at all."""
    if step.pauses and case.clock_state in (ClockState.RUNNING, ClockState.PAUSED):
        pause_clock(case, at=at, cause=step.pauses, basis=str(step.source or ""))


def pause_beside(case: Case, run: StepRun, at: datetime) -> None:
    """Stops the clock again for what is open beside this run: an appointment that has just begun forgot its pauses."""
    edition = case.edition_version.edition
    if not any(step.pauses for step in edition.steps):
        return
    others = StepRun.objects.filter(process=case, finished__isnull=True, status__in=OPEN).exclude(pk=run.pk)
    for code in others.exclude(step__in=["", OPINION]).order_by("number").values_list("step", flat=True):
        pause_for(case, edition.step(code), at)


def resume_after(case: Case, step: Step, at: datetime) -> None:
    """Lets the clock run on after such a step, unless its pause has ended otherwise (the next appointment began)."""
    if step.pauses and step.pauses in _paused_for(case):
        resume_clock(case, at=at, cause=step.pauses, basis=str(step.source or ""))


def _paused_for(case: Case) -> list[str]:
    causes: list[str] = []
    for line in ledger_of(case):
        if line.kind == EntryKind.PAUSE:
            causes.append(line.cause)
        elif line.kind == EntryKind.RESUME and line.cause in causes:
            causes.remove(line.cause)
        elif line.kind in (EntryKind.START, EntryKind.RESET, EntryKind.STOP):
            causes.clear()
    return causes
