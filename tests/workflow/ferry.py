"""A kind of case no package of ours owns: ferry landings. The engine must carry it without knowing what it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from django.urls import reverse

from accounts.acting import Acting
from accounts.models import Officer, Unit
from audit.models import AuditEvent
from jobs.outbox import enqueue
from pages.domain_errors import Invalid
from tests.factories.office import Office, open_office, publish
from workflow.engine.clockwork import pause_clock, start_clock, stop_clock
from workflow.engine.operations.complete import complete_step
from workflow.engine.operations.start import start_case
from workflow.engine.selectors import open_runs
from workflow.kinds import CaseKind, Effect, Occasion, Requirement
from workflow.models import Case, ProcedureVersion, StepRun

FERRY = (Path(__file__).parent / "editions" / "ferry.toml").read_text("utf-8")
_subjects = count(1)


@dataclass
class Landing:
    """What the engine told this kind, and what the kind answers.

    sight        units that see a landing since it reached them
    is_measured  whether the requirement of the step `inspect` is met
    is_begun     whether something was drafted since, so that nothing can be undone
    """

    occasions: list[tuple[str, Occasion]] = field(default_factory=list)
    undone: list[tuple[str, Occasion]] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)
    sight: set[tuple[int, int]] = field(default_factory=set)
    is_measured: bool = True
    is_begun: bool = False

    def sees(self, acting: Acting, subject_id: int) -> bool:
        return acting.is_superuser or (subject_id, acting.unit_id) in self.sight

    def kind(self) -> CaseKind:
        return CaseKind(
            code="ferry",
            label="Bến đò",
            url=lambda subject_id: f"{reverse('work_mine')}?ben={subject_id}",
            stream=stream_of,
            sees=self.sees,
            reached=lambda subject_id, unit_id: self.sight.add((subject_id, unit_id)),
            moved=self.moved.append,
            effects={
                name: Effect(
                    self._told(name, deed),
                    name,
                    opens_appointment=name == "water_is_low",
                    undo=(lambda occasion: self.undone.append(("note_down", occasion)))
                    if name == "note_down"
                    else None,
                    is_final=name == "license",
                    by_officer=name == "license",
                )
                for name, deed in _DEEDS.items()
            },
            requirements={"measured": Requirement(lambda _subject_id: self.is_measured, "Bản đo bến")},
            causes={
                "complete": "hồ sơ đầy đủ",
                "flood": "nước lớn, tin số %(reference)s",
                "low_water": "nước rút",
                "licence": "đã có giấy phép",
                "posting": "niêm yết công khai",
            },
            open_sub=self.open_sub,
            worked_on=lambda _subject_id, _since: self.is_begun,
        )

    def open_sub(self, occasion: Occasion, procedure: str, waiting: StepRun) -> str:
        """A landing of its own under the other procedure, where this one is."""
        version = ProcedureVersion.objects.filter(procedure=procedure).latest("effective_from")
        case, number = occasion.case, next(_subjects)
        start_case(
            kind="ferry",
            subject_id=number,
            code=f"BD-{number:04d}",
            title=case.title,
            version=version,
            home_unit_id=case.home_unit_id,
            unit_id=case.unit_id,
            acting=occasion.acting,
            at=occasion.at,
            opened_from=waiting,
        )
        return f"BD-{number:04d}"

    def _told(self, name: str, deed: Callable[[Occasion], None]) -> Callable[[Occasion], None]:
        def run(occasion: Occasion) -> None:
            self.occasions.append((name, occasion))
            deed(occasion)

        return run


def stream_of(subject_id: int) -> str:
    return f"ferry:{subject_id}"


def _note_down(occasion: Occasion) -> None:
    """Changes nothing."""


def _wait_for_low_water(occasion: Occasion) -> None:
    pause_clock(occasion.case, at=occasion.at, cause="flood", reference="17/TL")


def _water_is_low(occasion: Occasion) -> None:
    start_clock(occasion.case, at=occasion.at, appointment=2, cause="low_water")


def _license(occasion: Occasion) -> None:
    stop_clock(occasion.case, at=occasion.at, cause="licence")


def _sink(occasion: Occasion) -> None:
    """Fails after it has asked for work and written to the ledger."""
    enqueue("ferry_sunk", str(occasion.case.subject_id))
    pause_clock(occasion.case, at=occasion.at, cause="flood")
    raise Invalid("Đò chìm.")


_DEEDS: dict[str, Callable[[Occasion], None]] = {
    "note_down": _note_down,
    "wait_for_low_water": _wait_for_low_water,
    "water_is_low": _water_is_low,
    "license": _license,
    "sink": _sink,
}


# The office at the river ---------------------------------------------------------------------------


@dataclass(frozen=True)
class River:
    """An office that licenses ferry landings: its people, the edition, and what the engine told the kind."""

    office: Office
    edition: ProcedureVersion
    landing: Landing

    @property
    def branch(self) -> Unit:
        return self.office.branch

    def acting(self, officer: Officer) -> Acting:
        return self.office.acting(officer)

    def start(self, *, by: Officer | None = None, at: datetime, title: str = "Sầm Văn Đò · bến Cây Gạo") -> Case:
        """A case at its first step, in the clerk's hands unless somebody else takes it in."""
        number = next(_subjects)
        return start_case(
            kind="ferry",
            subject_id=number,
            code=f"BD-{number:04d}",
            title=title,
            version=self.edition,
            home_unit_id=self.office.one_stop.pk,
            unit_id=self.office.branch.pk,
            acting=self.acting(by or self.office.clerk),
            at=at,
        )

    def officer_for(self, run: StepRun) -> Officer:
        people = {"clerk": self.office.clerk, "specialist": self.office.specialist, "head": self.office.head}
        return people[run.role]

    def end(self, case: Case, outcome: str, *, at: datetime, by: Officer | None = None, **asked: Any) -> StepRun:
        """Ends the case's open step; fields and note are filled in where the edition asks for them."""
        run = only_open(case)
        return complete_step(
            step_run_id=run.pk,
            outcome=outcome,
            version=run.version,
            acting=self.acting(by or self.officer_for(run)),
            at=at,
            **{**_RIGHT.get(outcome, {}), **asked},
        )

    def walk(self, case: Case, *outcomes: str, at: datetime) -> StepRun:
        """Ends one step after the other this way; the step that is open then."""
        for outcome in outcomes:
            self.end(case, outcome, at=at)
        return only_open(case)


def boats(*names: str, **cells: str) -> dict[str, str]:
    """The posted table of boats; `cells` are posted beside the names."""
    named = {f"boats-{number}-name": name for number, name in enumerate(names)}
    return {"boats-TOTAL_FORMS": str(max(1, len(names))), "boats-INITIAL_FORMS": "0", **named, **cells}


_RIGHT: Mapping[str, dict[str, Any]] = {
    "deep": {"data": {"depth": "2,4", **boats()}},
    "low": {"data": {"since": "20/11/2026"}},
    "ask_again": {"note": "Thiếu bản vẽ bến."},
    "no": {"note": "Đo lại luồng."},
}


def at_the_river(landing: Landing) -> River:
    return River(open_office("P6-2025.toml"), publish(FERRY), landing)


def only_open(case: Case) -> StepRun:
    [run] = open_runs(case)
    return run


def verbs_of(case: Case) -> list[str]:
    """What the trail of the case's subject tells, in order."""
    events = AuditEvent.objects.filter(stream=stream_of(case.subject_id)).order_by("sequence")
    return list(events.values_list("verb", flat=True))
