"""The house itself going through the month: every deed is the operation an officer's page or the worker would call."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction

from accounts.acting import Acting, acting_for
from accounts.models import Officer, Unit
from accounts.operations.delegate import delegate_work
from dossiers.operations.draft import begin_draft
from dossiers.operations.draft_result import draft_result
from dossiers.operations.receive import receive_dossier
from dossiers.operations.sign_apology import sign_apology
from jobs.worker import SCHEDULE_TOPIC, drain, tick
from tests.factories.accounts import OfficerFactory, officer_at
from tests.factories.counter import typed_for
from tests.factories.documents import pdf
from tests.factories.dossiers import case_behind, told_for
from tests.factories.office import EDITIONS, publish
from tests.month.roster import AWAY, STAFF, STANDS_IN, on_duty
from tests.month.script import GIVES_UP, LEAVE_FROM, LEAVE_TO, MADE_UP, OFF, TAKES_OVER, Course
from workflow.deadlines.operations import recalculate
from workflow.deadlines.operations.change_calendar import change_working_calendar
from workflow.engine.clockwork import pause_clock, reset_clock
from workflow.engine.locking import lock_case
from workflow.engine.models import OPEN, OPINION
from workflow.engine.operations import hand_over
from workflow.engine.operations.complete import complete_step
from workflow.engine.operations.consult import answer_consultation, consult
from workflow.engine.operations.hand import claim_step
from workflow.engine.operations.time_out import TIMER
from workflow.models import StepRun
from workflow.procedures.schema import Outcome
from worktime.models import ChangeKind
from worktime.operations.change import Change
from worktime.selectors import calendar_row

if TYPE_CHECKING:
    from dossiers.models import Dossier

_LOADED = ("load_calendar", "load_organisation", "load_document_types", "load_retention")
_SWAP = "Công văn 2118/UBND-NC về hoán đổi ngày làm việc"
_HOURS = "07:30-11:30, 13:00-17:00"


class House:
    """The province's data, its officers, and what they do; `turns_to` stops its clock at a moment."""

    def __init__(self, turns_to: Callable[[datetime], None]) -> None:
        self.turns_to = turns_to
        self.dossiers: dict[int, Dossier] = {}
        for command in _LOADED:
            call_command(command, verbosity=0)
        for edition in sorted({*EDITIONS.glob("*-2024.toml"), *EDITIONS.glob("*-2025.toml")}):
            publish(edition.read_text("utf-8"))
        self.units = {unit.code: unit for unit in Unit.objects.all()}
        self.officers: dict[str, Officer] = {}
        for (unit, role), name in [*STAFF.items(), (("cn-hai-loc", "specialist"), STANDS_IN)]:
            officer = OfficerFactory.create(full_name=name)
            self.officers[name] = officer_at(self.units[unit], "update", [role] if role else [], officer=officer)
        self.administrator = OfficerFactory.create(full_name="Quản trị hệ thống", is_superuser=True)

    # What happens to a dossier ---------------------------------------------------------------------

    def arrives(self, course: Course, at: datetime) -> None:
        acting = self._on_duty("tt-pvhcc", "clerk", at)
        draft = begin_draft(procedure=course.procedure, acting=acting)
        typed = typed_for(
            draft.version.edition,
            unit=self.units[course.unit],
            person={"name": course.applicant, "id_number": f"0991740{course.number:05d}"},
            values=_land_of(course) | {"is_hard_area": "no", "extension": "no"} | _ticked(course),
            rows={"new_parcels": _new_parcels_of(course)},
        )
        self.dossiers[course.number] = receive_dossier(dossier_id=draft.pk, typed=typed, acting=acting)

    def ends(self, course: Course, step: str, at: datetime) -> None:
        run = self._open(course, step)
        self._draft_results(course, run, at)
        self._complete(course, run, lambda outcome: outcome.manner == "forward", at)

    def goes_back(self, course: Course, step: str, to: str, at: datetime) -> None:
        run = self._open(course, step)
        self._complete(course, run, lambda outcome: outcome.manner == "back" and outcome.to == to, at)

    def claims(self, course: Course, step: str, at: datetime) -> None:
        run = self._open(course, step)
        claim_step(step_run_id=run.pk, version=run.version, acting=self._doer(run, at))

    def asks(self, course: Course, step: str, unit: str, until: date, at: datetime) -> None:
        run = self._open(course, step)
        consult(
            step_run_id=run.pk,
            content="Đề nghị cho ý kiến về hiện trạng công trình",
            due_on=until,
            version=run.version,
            acting=self._doer(run, at),
            unit_id=self.units[unit].pk,
        )

    def answers(self, course: Course, unit: str, at: datetime) -> None:
        run = self._open(course, OPINION)
        acting = self._on_duty(unit, "", at)
        answer_consultation(step_run_id=run.pk, answer="Không có ý kiến khác", version=run.version, acting=acting)

    def is_short(self, course: Course, at: datetime) -> None:
        """No operation asks for a supplement yet: this is the line in the ledger it will write."""
        with transaction.atomic():
            case = case_behind(self.dossiers[course.number])
            lock_case(case.pk)
            pause_clock(case, at=at, cause="supplement", reference=f"{course.number}/PBS", basis="NĐ 118/2025/NĐ-CP")
            case.save()

    def is_whole(self, course: Course, at: datetime) -> None:
        with transaction.atomic():
            case = case_behind(self.dossiers[course.number])
            lock_case(case.pk)
            reset_clock(case, at=at, cause="supplemented", basis="NĐ 118/2025/NĐ-CP")
            case.save()

    def apologises(self, course: Course, until: date, at: datetime) -> None:
        dossier = self.dossiers[course.number]
        unit = case_behind(dossier).unit.code
        reason = "Chưa có kết quả đo đạc bổ sung"
        sign_apology(dossier_id=dossier.pk, until=until, reason=reason, acting=self._on_duty(unit, "head", at))

    # What happens to the house ---------------------------------------------------------------------

    def leave_begins(self, at: datetime) -> None:
        principal, delegate = self.officers[AWAY], self.officers[STANDS_IN]
        delegate_work(
            principal_id=principal.pk,
            delegate_id=delegate.pk,
            role="specialist",
            valid_from=LEAVE_FROM,
            valid_to=LEAVE_TO,
            reason="Nghỉ phép năm",
            acting=acting_for(principal),
        )

    def calendar_changes(self, at: datetime) -> None:
        for change in (
            Change(kind=ChangeKind.DAY, day=OFF, note="Nghỉ hoán đổi"),
            Change(kind=ChangeKind.DAY, day=MADE_UP, hours=_HOURS, note="Làm bù"),
        ):
            acting = acting_for(self.administrator)
            change_working_calendar(change=change, reason=_SWAP, revision=calendar_row().revision, acting=acting)

    def dates_are_reckoned_anew(self, at: datetime) -> None:
        acting = acting_for(self.administrator)
        recalculate.recalculate_due_dates(reason=_SWAP, revision=calendar_row().revision, acting=acting)
        drain([recalculate.TOPIC])

    def unit_hands_over(self, at: datetime) -> None:
        made = hand_over.hand_over_unit(
            from_unit_id=self.units[GIVES_UP].pk,
            to_unit_id=self.units[TAKES_OVER].pk,
            reason="Sắp xếp lại tổ chức",
            acting=self._on_duty(GIVES_UP, "head", at),
        )
        hand_over.accept_hand_over(hand_over_id=made.pk, acting=self._on_duty(TAKES_OVER, "head", at))
        drain([hand_over.TOPIC])

    def worker_sweeps(self, at: datetime) -> None:
        """Whatever of the schedule is due, steps that end by themselves among it; scans, printing and the index have
        tests of their own."""
        tick()
        drain([SCHEDULE_TOPIC])
        drain([TIMER])

    # How ---------------------------------------------------------------------------------------------

    def _on_duty(self, unit: str, role: str, at: datetime) -> Acting:
        return acting_for(self.officers[on_duty(unit, role, at.date())])

    def _doer(self, run: StepRun, at: datetime) -> Acting:
        assert run.unit is not None
        return self._on_duty(run.unit.code, run.role, at)

    def _open(self, course: Course, step: str) -> StepRun:
        runs = StepRun.objects.filter(process=case_behind(self.dossiers[course.number]), status__in=OPEN)
        found: StepRun = runs.select_related("unit", "process__edition_version").get(step=step)
        return found

    def _draft_results(self, course: Course, run: StepRun, at: datetime) -> None:
        dossier, acting = self.dossiers[course.number], self._doer(run, at)
        for place, result in enumerate(run.process.edition_version.edition.step(run.step).drafts):
            file = ContentFile(pdf(width=300 + 10 * course.number + place, height=400 + run.number))
            draft_result(dossier_id=dossier.pk, result=result, acting=acting, file=file, name="du-thao.pdf")

    def _complete(self, course: Course, run: StepRun, is_meant: Callable[[Outcome], bool], at: datetime) -> None:
        step = run.process.edition_version.edition.step(run.step)
        chosen = next(outcome for outcome in step.outcomes if is_meant(outcome))
        complete_step(
            step_run_id=run.pk,
            outcome=chosen.code,
            version=run.version,
            acting=self._doer(run, at),
            note="Cần xem lại" if chosen.is_note_required else "",
            data={**told_for(chosen), "serial": f"AA {course.number:08d}", "proven_on": f"{at:%d/%m/%Y}"},
            ticked=range(len(step.checklist)),
        )


def _land_of(course: Course) -> dict[str, str]:
    """A parcel and a certificate of its own: nothing of one dossier keeps another from going on."""
    return {
        "parcel": str(1000 + course.number),
        "certificate_serial": f"DK {248000 + course.number}",
        "register_number": f"CH {3000 + course.number:05d}",
        "contract_date": "12/05/2025",
        "lost_on": "02/06/2025",
    }


def _ticked(course: Course) -> dict[str, str]:
    return {{"hard": "is_hard_area"}.get(remark, remark): "yes" for remark in course.remarks}


def _new_parcels_of(course: Course) -> list[dict[str, str]]:
    return [
        {"number": str(2000 + 2 * course.number), "area": "100"},
        {"number": str(2001 + 2 * course.number), "area": "212,5"},
    ]
