"""The case of a seeded dossier: its step runs, their links, and the clock."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from dossiers.selectors import KIND
from portal.scale.desk import Folder
from portal.scale.effects import Course
from portal.scale.life import Passage
from search.text import clean, folded_in_place
from workflow.clock.ledger import Reckoning, reckon
from workflow.engine.flows import CaseFlow
from workflow.models import Case, ClockEntry, StepRun

# viewflow's words for a process and a task; only the engine may import it.
NEW, ASSIGNED, DONE = "NEW", "ASSIGNED", "DONE"
_FLOW = str(Case._meta.get_field("flow_class").get_prep_value(CaseFlow))
_NODES = {
    name: {
        "flow_task": str(StepRun._meta.get_field("flow_task").get_prep_value(node)),
        "flow_task_type": str(node.task_type),
    }
    for name, node in (("start", CaseFlow.start), ("step", CaseFlow.step), ("end", CaseFlow.end))
}
_BLANK = {"token": "start"}  # nosec B105
Link = StepRun.previous.through


class CaseFile:
    """Writes the runs one by one, then the case that ties them together."""

    def __init__(self, folder: Folder) -> None:
        self._folder, self._shelves = folder, folder.desk.shelves
        self.key = self._shelves[Case].next_id()
        at = folder.received_at
        self._before = self._add("start", status=DONE, created=at, started=at, finished=at)
        self._done = 0

    def _add(self, node: str, **columns: Any) -> int:
        return self._shelves[StepRun].add(process_id=self.key, **_NODES[node], **_BLANK, **columns)

    def _follow(self, run_id: int) -> None:
        self._shelves[Link].add(from_steprun_id=run_id, to_steprun_id=self._before)
        self._before = run_id

    def add_run(self, passage: Passage, *, typed: dict[str, Any], note: str) -> int:
        """The run of one passage; its key."""
        step, outcome, person = passage.step, passage.outcome, passage.person
        claims = 1 if passage.claimed_at else 0
        run_id = self._add(
            "step",
            status=DONE if outcome else (ASSIGNED if person else NEW),
            created=passage.began,
            started=passage.ended,
            finished=passage.ended,
            number=passage.number,
            step=step.code,
            title=step.name,
            role=step.role,
            unit_id=passage.place.unit.pk,
            waits_for=step.waits_for,
            due_at=passage.due_at,
            near_at=passage.near_at,
            limit_minutes=passage.limit,
            owner_id=person.officer_id if person else None,
            completed_by_id=person.officer_id if person and outcome else None,
            outcome=outcome.code if outcome else "",
            outcome_name=outcome.name if outcome else "",
            note=note,
            typed=typed,
            minutes_used=passage.used,
            version=claims + (1 if outcome else 0),
        )
        self._follow(run_id)
        self._done += 1 if outcome else 0
        return run_id

    def close(self, course: Course, last: Passage, title: str) -> None:
        """The end, if it was reached, the ledger, and the case with what the ledger comes to."""
        folder = self._folder
        ended = last.ended if last.outcome and not last.outcome.to else None
        if ended:
            self._follow(self._add("end", status=DONE, created=ended, started=ended, finished=ended))
        reckoning = reckon([entry for entry, _ in course.entries], folder.desk.calendar)
        self._write_ledger(course, reckoning)
        self._shelves[Case].add(
            id=self.key,
            flow_class=_FLOW,
            status=DONE if ended else NEW,
            created=folder.received_at,
            finished=ended,
            kind=KIND,
            subject_id=folder.key,
            code=folder.code,
            title=title[:250],
            matter=folder.version.procedure.short_name,
            folded=folded_in_place(clean(f"{folder.code} {title}")),
            edition_version_id=folder.version.pk,
            home_unit_id=folder.shop.unit.pk,
            unit_id=folder.handler.unit.pk,
            due_at=reckoning.due_at,
            clock_state=reckoning.state.value,
            appointment=reckoning.appointment,
            limit_minutes=reckoning.limit,
            version=self._done,
            passages=last.number,
        )

    def _write_ledger(self, course: Course, reckoning: Reckoning) -> None:
        for sequence, ((entry, reference), line) in enumerate(
            zip(course.entries, reckoning.lines, strict=True), start=1
        ):
            self._shelves[ClockEntry].add(
                case_id=self.key,
                sequence=sequence,
                kind=entry.kind.value,
                at=entry.at,
                appointment=entry.appointment,
                limit=entry.limit,
                unit=entry.unit.value,
                cause=entry.cause,
                reference=reference,
                basis=entry.basis,
                due_at=line.due_at,
            )


def first_due(course: Course, folder: Folder) -> datetime | None:
    """What the receipt promises: the first line of the ledger."""
    return reckon([course.entries[0][0]], folder.desk.calendar).due_at


def reached(passages: Sequence[Passage]) -> list[str]:
    """The tokens of the units the case came to, in order."""
    return list(dict.fromkeys(passage.place.token for passage in passages))
