"""A case with branches side by side: a harbour, surveyed from the water by the branch and from the shore by the office
above it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from accounts.models import Officer, RoleSlot, Unit
from audit.models import AuditEvent
from jobs.worker import drain
from tests.factories.accounts import officer_at
from tests.factories.office import publish
from tests.workflow.ferry import River
from workflow.engine.operations.complete import complete_step
from workflow.engine.operations.time_out import TIMER, sweep_timers
from workflow.engine.selectors import open_runs
from workflow.models import Case, StepRun

HARBOUR = (Path(__file__).parent / "editions" / "harbour.toml").read_text("utf-8")
_NOTED = {"ask_again", "again", "no"}


@dataclass(frozen=True)
class Harbour(River):
    """The river's office, and who measures the shore for the office above the branch."""

    surveyor: Officer

    @property
    def above(self) -> Unit:
        return Unit.objects.get(code="vpdkdd")

    def officer_for(self, run: StepRun) -> Officer:
        return self.surveyor if run.unit_id == self.above.pk else super().officer_for(run)

    def end(self, case: Case, outcome: str, *, at: datetime, by: Officer | None = None, **asked: Any) -> StepRun:
        """Ends the open step that has such an outcome; there must be one of them."""
        edition = case.edition_version.edition
        [run] = [one for one in open_runs(case) if edition.step(one.step).outcome(outcome)]
        note = {"note": "Xem lại."} if outcome in _NOTED else {}
        acting = self.acting(by or self.officer_for(run))
        return complete_step(
            step_run_id=run.pk, outcome=outcome, version=run.version, acting=acting, at=at, **{**note, **asked}
        )

    def go(self, case: Case, *outcomes: str, at: datetime) -> dict[str, StepRun]:
        """Ends one step after the other this way; the steps that are open then, by their codes."""
        for outcome in outcomes:
            self.end(case, outcome, at=at)
        return open_by_code(case)

    def divided(self, *, at: datetime) -> Case:
        """A case that has come to its two branches."""
        case = self.start(at=at)
        self.go(case, "pass", "divide", at=at)
        return case


def at_the_harbour(river: River) -> Harbour:
    surveyor = officer_at(Unit.objects.get(code="vpdkdd"), RoleSlot.Kind.UPDATE, ["specialist"])
    return Harbour(river.office, publish(HARBOUR), river.landing, surveyor)


def open_by_code(case: Case) -> dict[str, StepRun]:
    return {run.step: run for run in open_runs(case)}


def timed_out(at: datetime) -> int:
    """How many steps ended by their timers in a sweep at this moment, once its work is done."""
    before = _ended_by_timers()
    sweep_timers(at)
    drain([TIMER])
    return _ended_by_timers() - before


def _ended_by_timers() -> int:
    return AuditEvent.objects.filter(verb="step.timed_out").count()
