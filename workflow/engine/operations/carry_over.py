"""What the machine does with an accepted hand-over: moves its dossiers, so many at a time, each once."""

from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from viewflow.workflow.status import STATUS

from accounts.acting import held_today
from accounts.models import RoleHolding
from accounts.selectors import officers_updating
from audit.recording import SYSTEM, record
from notices.operations.notify import notify
from workflow.engine.models import OPEN, Case, StepRun
from workflow.engine.operations.hand import able_officers
from workflow.engine.operations.locked import stream_of
from workflow.engine.work_models import HandOver, HandOverLine, HandOverState, LineOutcome
from workflow.kinds import kind_of

AT_ONCE = 50
_RELATED = ("from_unit", "to_unit", "from_officer", "to_officer", "accepted_by")


def carry_over(*, hand_over_id: int) -> None:
    """Moves every dossier of an accepted hand-over that has not been moved, and ends it.

    Killed at any moment and run again it goes on where it stopped: a dossier's move, its line and its event are one
    transaction.
    """
    while _carry_some(hand_over_id):
        pass


@transaction.atomic
def _carry_some(hand_over_id: int) -> bool:
    """The next dossiers; False once there are none and the hand-over has ended."""
    rows = HandOver.objects.select_for_update(of=("self",)).select_related(*_RELATED)
    found = rows.filter(pk=hand_over_id, state=HandOverState.ACCEPTED).first()
    if found is None:
        return False
    waiting = found.lines.filter(outcome=LineOutcome.WAITING).order_by("case_id")
    case_ids = list(waiting.values_list("case_id", flat=True).distinct()[:AT_ONCE])
    if not case_ids:
        _finish(found)
        return False
    cases = list(Case.objects.select_for_update().filter(pk__in=case_ids).order_by("pk"))
    lines = list(found.lines.filter(outcome=LineOutcome.WAITING, case__in=case_ids))
    moved = _moved(found, cases, lines)
    for line in lines:
        line.outcome = LineOutcome.MOVED if line.case_id in moved else LineOutcome.GONE
    HandOverLine.objects.bulk_update(lines, ["outcome"])
    return True


def _moved(found: HandOver, cases: Sequence[Case], lines: Sequence[HandOverLine]) -> set[int]:
    """Moves the cases' work, and says which of them had any left to move."""
    runs = list(_runs(found, cases, lines).order_by("number"))
    taken = {run.process_id for run in runs}
    if found.from_officer_id is None:
        cases_there = [case for case in cases if case.finished is None and _is_of(case, found.from_unit_id)]
        taken |= {case.pk for case in cases_there}
        _move_cases(found, cases_there)
        # A step of another unit's dossier, such as an opinion it was asked for: the dossier stays where it is.
        _show(found, [case for case in cases if case.pk in taken and case not in cases_there])
        _move_to_unit(found, runs)
    else:
        _move_to_officer(found, runs)
    for case in cases:
        if case.pk in taken:
            _tell_trail(found, case, [run for run in runs if run.process_id == case.pk])
            kind_of(case.kind).moved(case.subject_id)
    return taken


def _runs(found: HandOver, cases: Sequence[Case], lines: Sequence[HandOverLine]) -> QuerySet[StepRun]:
    """What is still open where it was: of an officer the listed steps, of a unit whatever its dossiers have come to."""
    runs = StepRun.objects.filter(process__in=cases, status__in=OPEN).exclude(step="")
    if found.from_officer_id is None:
        return runs.filter(unit=found.from_unit_id)
    listed = [line.run_id for line in lines]
    return runs.filter(pk__in=listed, owner=found.from_officer_id)


def _is_of(case: Case, unit_id: int) -> bool:
    return unit_id in (case.unit_id, case.home_unit_id)


def _move_cases(found: HandOver, cases: Sequence[Case]) -> None:
    """The engine's columns, then whoever owns the subjects: sight for the new unit, and what he keeps himself."""
    old, new = found.from_unit_id, found.to_unit_id
    ids = [case.pk for case in cases]
    Case.objects.filter(pk__in=ids).update(version=F("version") + 1)
    Case.objects.filter(pk__in=ids, unit=old).update(unit=new)
    Case.objects.filter(pk__in=ids, home_unit=old).update(home_unit=new)
    by_kind: dict[str, list[int]] = {}
    for case in cases:
        by_kind.setdefault(case.kind, []).append(case.subject_id)
        kind_of(case.kind).reached(case.subject_id, new)
    for kind, subjects in by_kind.items():
        kind_of(kind).handed_over(subjects, old, new)


def _show(found: HandOver, cases: Sequence[Case]) -> None:
    for case in cases:
        kind_of(case.kind).reached(case.subject_id, found.to_unit_id)


def _move_to_unit(found: HandOver, runs: Sequence[StepRun]) -> None:
    """Whoever had a step and does such steps in the new unit keeps it; the rest goes into its queue."""
    held = RoleHolding.objects.filter(held_today(timezone.localdate()), unit=found.to_unit_id)
    able = set(held.filter(officer__is_active=True).values_list("officer_id", "role_id"))
    if any(not run.role for run in runs):
        able |= {(officer.pk, "") for officer in officers_updating([found.to_unit_id])}
    kept = [run.pk for run in runs if (run.owner_id, run.role) in able]
    moving = StepRun.objects.filter(pk__in=[run.pk for run in runs])
    moving.exclude(pk__in=kept).update(owner=None, status=STATUS.NEW)
    moving.update(unit=found.to_unit_id, version=F("version") + 1, assigned=timezone.now())


def _move_to_officer(found: HandOver, runs: Sequence[StepRun]) -> None:
    """What he no longer does, having left or lost the role since the list was made, goes into the unit's queue."""
    taker, roles = found.to_officer_id or 0, {run.role for run in runs}
    able = {role for role in roles if able_officers(role, found.to_unit_id).filter(pk=taker).exists()} if taker else ()
    for is_able in (True, False):
        moving = StepRun.objects.filter(pk__in=[run.pk for run in runs if (run.role in able) is is_able])
        owner, status = (found.to_officer_id, STATUS.ASSIGNED) if is_able else (None, STATUS.NEW)
        moving.update(owner=owner, status=status, version=F("version") + 1, assigned=timezone.now())


def _tell_trail(found: HandOver, case: Case, runs: Sequence[StepRun]) -> None:
    """One event a dossier, with the names both sides had then: units are renamed and end."""
    payload = {
        "hand_over": found.pk,
        "from": found.giver,
        "to": found.taker,
        "from_unit_id": found.from_unit_id,
        "to_unit_id": found.to_unit_id,
        "steps": [run.title for run in runs],
        "step_runs": [run.pk for run in runs],
        "accepted_by": found.accepted_by.full_name if found.accepted_by else "",
        "reason": found.reason,
    }
    record(stream_of(case), "case.handed_over", actor=SYSTEM, payload=payload)


def _finish(found: HandOver) -> None:
    found.finish(timezone.now())
    found.save()
    counts = found.lines.values_list("outcome", flat=True)
    moved = sum(1 for outcome in counts if outcome == LineOutcome.MOVED)
    payload = {"hand_over": found.pk, "from": found.giver, "to": found.taker, "lines": moved}
    record(found.stream, "hand_over.done", actor=SYSTEM, payload=payload)
    with override(settings.LANGUAGE_CODE):
        message = _("The work of %(from)s is with %(to)s now.") % {"from": found.giver, "to": found.taker}
    notify([found.drafted_by_id, found.accepted_by_id], message, reverse("hand_over", args=[found.pk]))
