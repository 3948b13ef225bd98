"""Reckoning due dates anew (tính lại thời hạn) after the calendar was changed: ordered by a person, done by the worker.

In chunks, each in one transaction with the outbox row that asked for it and the one that asks for the next: whatever
dies meanwhile, every case is moved once or not yet.
"""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.acting import Acting
from accounts.selectors import leaders_of
from audit.many import record_many
from audit.recording import SYSTEM, record
from jobs.outbox import enqueue
from notices.operations.notify import notify
from pages.domain_errors import Conflict, Invalid
from workflow.clock.ledger import Entry, EntryKind
from workflow.deadlines.models import Recalculation
from workflow.deadlines.moves import Move, look_through, running_cases
from workflow.deadlines.rights import require_calendar_rights
from workflow.deadlines.telling import Told, in_office_words, shown, tell
from workflow.engine.clockwork import line_of, move_steps
from workflow.engine.models import OPEN, OPINION, Case, ClockEntry, StepRun
from workflow.engine.operations.time_out import move_timers
from workflow.kinds import CALENDAR, kind_of
from worktime.models import CalendarChange, WorkingCalendar
from worktime.operations.change import LONGEST_REASON
from worktime.selectors import calendar_in_force

TOPIC = "recalculate"
CHUNK = 250


def stream_of_calendar() -> str:
    return f"calendar:{settings.PROVINCE}"


@transaction.atomic
def recalculate_due_dates(*, reason: str, revision: UUID, acting: Acting) -> Recalculation:
    """Orders it for the calendar of this revision, as the administrator saw it.

    Raises Refused, Invalid without a reason, Conflict when the calendar was changed meanwhile or one is running.
    """
    require_calendar_rights(acting, about=stream_of_calendar())
    why = " ".join(reason.split())
    if not why or len(why) > LONGEST_REASON:
        message = _("Say in up to %(count)s characters why.") % {"count": LONGEST_REASON}
        raise Invalid(message, {"reason": _("Give a reason.")})
    calendar = WorkingCalendar.objects.select_for_update().get(code=settings.PROVINCE)
    if calendar.revision != revision:
        raise Conflict(_("The calendar was changed meanwhile. Look at what would move once more."))
    change = CalendarChange.objects.filter(calendar=calendar, revision=revision).first()
    made = _begin(change, revision, why, acting)
    enqueue(TOPIC, str(made.pk))
    payload = {"recalculation": made.pk, "change": made.change_id, "reason": why}
    record(stream_of_calendar(), "calendar.recalculation_ordered", actor=acting.actor, payload=payload)
    return made


def _begin(change: CalendarChange | None, revision: UUID, reason: str, acting: Acting) -> Recalculation:
    try:
        with transaction.atomic():
            return Recalculation.objects.create(
                change=change,
                revision=revision,
                reason=reason,
                asked_by_id=acting.officer_id,
                asked_at=timezone.now(),
            )
    except IntegrityError as fault:
        raise Conflict(_("Due dates are being reckoned anew already. Wait until that is done.")) from fault


@transaction.atomic
def carry_on(*, recalculation_id: int) -> bool:
    """Does the next chunk and asks for the one after; whether there is more to do. Done twice it does nothing more.

    A calendar changed again ends it: what was ordered was another date. One given up goes on where it was left.
    """
    found = Recalculation.objects.select_for_update(of=("self",)).get(pk=recalculation_id)
    if not _runs(found):
        return False
    if not WorkingCalendar.objects.filter(code=settings.PROVINCE, revision=found.revision).exists():
        _end(found, Recalculation.State.SUPERSEDED)
        return False
    cases = list(running_cases().select_for_update(of=("self",)).filter(pk__gt=found.after_id).order_by("pk")[:CHUNK])
    calendar = calendar_in_force()
    seen = look_through(cases, calendar)
    if seen.moves:
        _write(seen.moves, found)
    move_steps([case for case in cases if case.pk in seen.sound], seen.sound, calendar)
    found.examined, found.moved = found.examined + len(cases), found.moved + len(seen.moves)
    found.set_aside = [*found.set_aside, *(case.code for case in seen.faulty)]
    found.after_id = cases[-1].pk if cases else found.after_id
    if len(cases) < CHUNK:
        move_timers(calendar)
        _end(found, Recalculation.State.DONE)
        return False
    found.save()
    enqueue(TOPIC, str(found.pk))
    return True


def _runs(found: Recalculation) -> bool:
    """Whether it is under way; one given up is taken up again, unless another runs by now."""
    state = Recalculation.State
    if found.state == state.GIVEN_UP:
        if Recalculation.objects.filter(state=state.RUNNING).exists():
            return False
        found.state, found.ended_at = state.RUNNING, None
        found.save()
    return found.state == state.RUNNING


@transaction.atomic
def give_up(*, recalculation_id: int) -> None:
    """Says that the worker couldn't go on; what was moved stays moved, and another one may be ordered."""
    found = Recalculation.objects.select_for_update(of=("self",)).get(pk=recalculation_id)
    if found.state == Recalculation.State.RUNNING:
        _end(found, Recalculation.State.GIVEN_UP)


def _end(found: Recalculation, state: Recalculation.State) -> None:
    found.state, found.ended_at = state, timezone.now()
    found.save()
    payload = {
        "recalculation": found.pk,
        "change": found.change_id,
        "moved": found.moved,
        "examined": found.examined,
        "set_aside": found.set_aside,
    }
    record(stream_of_calendar(), f"calendar.recalculation_{state.value}", actor=SYSTEM, payload=payload)
    with in_office_words():
        words = _("Due dates reckoned anew: %(moved)s of %(examined)s moved (%(state)s).")
        message = words % {"moved": found.moved, "examined": found.examined, "state": found.get_state_display()}
        if found.set_aside:
            says = {"codes": ", ".join(found.set_aside)}
            message = f"{message} {_('Set aside, because they cannot be reckoned: %(codes)s') % says}"
    notify([found.asked_by_id], message=message)


def _write(moves: Sequence[Move], found: Recalculation) -> None:
    """A line in each ledger, the projections, an event of each subject and a word to each handler."""
    now = timezone.now()
    lines = []
    for move in moves:
        case, last = move.case, move.lines[-1]
        entry = Entry(EntryKind.RECALCULATED, now, case.appointment, cause=CALENDAR, basis=found.reason)
        lines.append(line_of(case, entry, sequence=last.sequence + 1, reference=found.reference, due_at=move.after))
        case.due_at, case.version = move.after, case.version + 1
    ClockEntry.objects.bulk_create(lines)
    Case.objects.filter(pk__in=[move.case.pk for move in moves]).update(version=F("version") + 1)
    Case.objects.bulk_update([move.case for move in moves], ["due_at"])
    # In days of the calendar a limit has other minutes then; in working days it stays what it was.
    other = [move for move in moves if move.limit != move.case.limit_minutes]
    for move in other:
        move.case.limit_minutes = move.limit
    Case.objects.bulk_update([move.case for move in other], ["limit_minutes"])
    payloads = {
        kind_of(move.case.kind).stream(move.case.subject_id): {
            "code": move.case.code,
            "before": move.before,
            "after": move.after,
            "change": found.change_id,
            "recalculation": found.pk,
            "reason": found.reason,
        }
        for move in moves
    }
    record_many("case.recalculated", actor=SYSTEM, payloads=payloads, at=now)
    _tell(moves)


def _tell(moves: Sequence[Move]) -> None:
    """Who has an open step of the case in hand, or else who leads the unit that handles it."""
    cases = {move.case.pk: move for move in moves}
    runs = StepRun.objects.filter(process__in=list(cases), status__in=OPEN, finished__isnull=True)
    runs = runs.exclude(step__in=["", OPINION])
    owners: dict[int, set[int]] = {}
    for case_id, owner_id in runs.exclude(owner=None).values_list("process_id", "owner_id"):
        owners.setdefault(case_id, set()).add(owner_id)
    leaders = leaders_of({move.case.unit_id for move in moves if move.case.pk not in owners})
    told = []
    with in_office_words():
        for move in moves:
            words = _("The due date of %(code)s moved from %(before)s to %(after)s: the working calendar was changed.")
            message = words % {"code": move.case.code, "before": shown(move.before), "after": shown(move.after)}
            url = kind_of(move.case.kind).url(move.case.subject_id)
            people = owners.get(move.case.pk) or leaders.get(move.case.unit_id, [])
            told += [Told(officer_id, move.case.code, message, url) for officer_id in people]
        tell(told, summary=_many)


def _many(count: int, codes: str) -> str:
    words = ngettext(
        "The due date of %(count)s case moved, because the working calendar was changed: %(codes)s",
        "The due dates of %(count)s cases moved, because the working calendar was changed: %(codes)s",
        count,
    )
    return words % {"count": count, "codes": codes}
