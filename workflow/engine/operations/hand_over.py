"""Handing over all open work (bàn giao): listed by one, accepted by another. The machine carries it out."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.acting import Acting
from accounts.models import Officer, Unit
from accounts.rights import require_update
from accounts.selectors import leaders_of, units_in_force
from audit.recording import record
from documents.operations.give_number import give_number
from jobs.outbox import enqueue
from notices.operations.notify import notify
from pages.domain_errors import Conflict, Invalid, Refused
from workflow.engine.hand_overs import may_accept, one_hand_over
from workflow.engine.minutes import outgoing_minutes
from workflow.engine.models import Case, StepRun
from workflow.engine.operations.hand import able_officers
from workflow.engine.selectors import open_work
from workflow.engine.work_models import HandOver, HandOverLine, HandOverState

TOPIC = "hand_over"
LONGEST_REASON = 250
_AT_ONCE = 500
_UNSETTLED = (HandOverState.DRAFTED, HandOverState.ACCEPTED)


@transaction.atomic
def hand_over_officer(*, officer_id: int, to_officer_id: int | None, reason: str, acting: Acting) -> HandOver:
    """Lists what an officer has in hand in the unit acted for, to go to a colleague, or back into the unit's queue.

    By himself or by who leads the unit. The colleague must do such steps in the unit. Raises Refused, Invalid, and
    Conflict when there is nothing to hand over or a list of his waits already.
    """
    require_update(acting)
    if officer_id != acting.officer_id and not acting.is_leading:
        raise Refused(_("Only the officer himself or who leads the unit hands his work over."))
    if acting.unit_id is None:
        raise Invalid(_("Choose whose work is handed over."), {"officer": _("Choose one.")})
    unit = Unit.objects.select_for_update().get(pk=acting.unit_id)
    officer = Officer.objects.filter(pk=officer_id).first()
    runs = list(open_work().filter(owner=officer_id, unit__in=acting.units).order_by("due_at", "id"))
    if officer is None or officer_id == to_officer_id:
        raise Invalid(_("Choose whose work is handed over, and to whom."), {"to_officer": _("Choose one.")})
    taker = _taker(to_officer_id, runs, unit.pk)
    made = HandOver(from_unit=unit, to_unit=unit, from_officer=officer, to_officer=taker)
    return _draft(made, runs, [], reason=reason, acting=acting)


@transaction.atomic
def hand_over_unit(*, from_unit_id: int, to_unit_id: int, reason: str, acting: Acting) -> HandOver:
    """Lists everything open in a unit, steps and dossiers, to go to another unit.

    By who leads the unit, one that took over from it, or one above it. Raises as `hand_over_officer`.
    """
    require_update(acting)
    if not acting.is_leading or from_unit_id not in acting.overseen:
        raise Refused(_("Only who leads the unit, or one above it, hands its work over."))
    unit = Unit.objects.select_for_update().get(pk=from_unit_id)
    other = units_in_force().exclude(pk=from_unit_id).filter(pk=to_unit_id).first()
    if other is None:
        raise Invalid(_("Choose a unit that exists today."), {"to_unit": _("Choose one.")})
    runs = list(open_work().filter(unit=unit).order_by("due_at", "id"))
    made = HandOver(from_unit=unit, to_unit=other)
    return _draft(made, runs, list(_others_of(unit)), reason=reason, acting=acting)


def _others_of(unit: Unit) -> QuerySet[Case]:
    """Open cases it handles, or took in and will give back, of which nothing is open in it just now."""
    here = open_work().filter(process=OuterRef("pk"), unit=unit)
    its_own = Q(unit=unit) | Q(home_unit=unit)
    return Case.objects.filter(its_own, ~Exists(here), finished__isnull=True).order_by("due_at", "id")


def _taker(officer_id: int | None, runs: Sequence[StepRun], unit_id: int) -> Officer | None:
    """The colleague, if he does every one of these steps. Raises Invalid, naming those he doesn't."""
    if officer_id is None:
        return None
    able = {role for role in {run.role for run in runs} if able_officers(role, unit_id).filter(pk=officer_id)}
    wanting = sorted({run.title for run in runs if run.role not in able})
    officer = Officer.objects.filter(pk=officer_id, is_active=True).first()
    if officer is None or wanting:
        message = _("Choose a colleague who does all of these steps: %(steps)s.")
        raise Invalid(message % {"steps": ", ".join(wanting) or "–"}, {"to_officer": _("Choose one.")})
    return officer


def _draft(made: HandOver, runs: Sequence[StepRun], others: Sequence[Case], *, reason: str, acting: Acting) -> HandOver:
    made.reason = " ".join(reason.split())
    if not made.reason or len(made.reason) > LONGEST_REASON:
        message = _("Say in up to %(count)s characters why the work is handed over.") % {"count": LONGEST_REASON}
        raise Invalid(message, {"reason": _("Give a reason.")})
    waiting = HandOver.objects.filter(
        from_unit=made.from_unit, from_officer=made.from_officer, state__in=_UNSETTLED
    ).first()
    if waiting is not None:
        raise Conflict(_("A hand-over of this work waits already. Open it, or drop it first."))
    if not runs and not others:
        raise Conflict(_("There is no open work to hand over."))
    made.runs, made.cases = len(runs), len({run.process_id for run in runs}) + len(others)
    made.drafted_by_id, made.drafted_at = acting.officer_id, timezone.now()
    made.save()
    HandOverLine.objects.bulk_create(_lines(made, runs, others), batch_size=_AT_ONCE)
    payload = {**_told(made), "reason": made.reason, "steps": made.runs, "dossiers": made.cases}
    record(made.stream, "hand_over.drafted", actor=acting.actor, payload=payload)
    _tell(made, acting)
    return made


def _lines(made: HandOver, runs: Iterable[StepRun], others: Iterable[Case]) -> list[HandOverLine]:
    rows: list[tuple[Case, StepRun | None]] = [(run.process, run) for run in runs]
    rows += [(case, None) for case in others]
    return [
        HandOverLine(
            hand_over=made,
            position=position,
            case=case,
            run=run,
            code=case.code,
            title=case.title,
            matter=case.matter,
            step=run.title if run else "",
            owner_name=run.owner.full_name if run and run.owner else "",
            step_due_at=run.due_at if run else None,
            due_at=case.due_at,
        )
        for position, (case, run) in enumerate(rows, start=1)
    ]


def _told(made: HandOver) -> dict[str, object]:
    return {
        "hand_over": made.pk,
        "from": made.giver,
        "to": made.taker,
        "from_unit_id": made.from_unit_id,
        "to_unit_id": made.to_unit_id,
    }


def _tell(made: HandOver, acting: Acting) -> None:
    """Whoever may accept it, in the office's language."""
    with override(settings.LANGUAGE_CODE):
        message = _("%(from)s hands over %(count)s dossiers to %(to)s. Read the list and accept it.")
        words = message % {"from": made.giver, "to": made.taker, "count": made.cases}
    takers = {made.to_officer_id} if made.to_officer_id else set(leaders_of([made.to_unit_id])[made.to_unit_id])
    notify(takers - {acting.officer_id}, words, reverse("hand_over", args=[made.pk]))


@transaction.atomic
def accept_hand_over(*, hand_over_id: int, acting: Acting) -> HandOver:
    """Accepts a list (nhận bàn giao); from now on its work is the taker's, and the machine moves it. Its minutes get
    their number in the outgoing register of who gives.

    By who leads the unit that takes it or by the officer who does, never by who listed it: two people answer for it.
    Raises NotVisible, Refused, and Conflict when it is accepted or dropped already.
    """
    found = _locked(hand_over_id, acting)
    require_update(acting, about=found.stream)
    if found.drafted_by_id == acting.officer_id:
        raise Refused(_("You made this list; somebody else has to accept it."), about=found.stream)
    if not may_accept(found, acting):
        raise Refused(_("Only who takes this work over accepts it."), about=found.stream)
    _demand_drafted(found)
    found.accept(acting.officer_id, timezone.now())
    found.save()
    enqueue(TOPIC, str(found.pk))
    entry = give_number(unit=found.from_unit, paper=outgoing_minutes(found, acting.officer_name), acting=acting)
    payload = {**_told(found), "steps": found.runs, "dossiers": found.cases, "number": entry.written}
    record(found.stream, "hand_over.accepted", actor=acting.actor, payload=payload)
    return found


@transaction.atomic
def drop_hand_over(*, hand_over_id: int, acting: Acting) -> HandOver:
    """Drops a list nobody has accepted yet: by who made it or who may accept it. Nothing has moved."""
    found = _locked(hand_over_id, acting)
    require_update(acting, about=found.stream)
    if found.drafted_by_id != acting.officer_id and not may_accept(found, acting):
        raise Refused(_("Only who made this list or takes the work over drops it."), about=found.stream)
    _demand_drafted(found)
    found.drop()
    found.save()
    record(found.stream, "hand_over.dropped", actor=acting.actor, payload=_told(found))
    return found


def _locked(hand_over_id: int, acting: Acting) -> HandOver:
    one_hand_over(acting, hand_over_id)
    rows = HandOver.objects.select_for_update(of=("self",))
    return rows.select_related("from_unit", "to_unit", "from_officer", "to_officer", "drafted_by").get(pk=hand_over_id)


def _demand_drafted(found: HandOver) -> None:
    if found.state != HandOverState.DRAFTED:
        message = _("This hand-over is already %(state)s. Open it again to see how it stands.")
        raise Conflict(message % {"state": found.state_words.lower()})
