"""Asking for an opinion from an open step (lấy ý kiến, NĐ 61/2018 Art. 19.5): asked, answered, taken back."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from viewflow.workflow.status import STATUS

from accounts.acting import Acting, Principal
from accounts.models import Unit
from accounts.selectors import acted_as_one, units_in_force
from notices.operations.notify import notify
from pages.domain_errors import Invalid, Refused, Words
from workflow.engine.branches import opinion_under
from workflow.engine.breaking_off import break_off
from workflow.engine.flows import CaseFlow
from workflow.engine.models import OPINION, Case, Consultation, StepRun
from workflow.engine.opening import near_from
from workflow.engine.operations.complete import demand_hands, is_repeated
from workflow.engine.operations.ending import keep_case, tell_broken_off
from workflow.engine.operations.locked import (
    demand_doing,
    demand_open,
    demand_reason,
    demand_short,
    locked_run,
    may_do,
    record_in_place,
    stream_of,
    take_over,
)
from workflow.engine.operations.time_out import recount
from workflow.kinds import kind_of
from worktime.calendar import Calendar
from worktime.selectors import calendar_in_force

# An outside agency writes back on paper; the unit that asked records what it says.
OUTSIDE = "opinion"
# Nobody waits longer for an opinion, and to reckon with the year 9999 would hold the case for minutes.
FARTHEST = timedelta(days=366)
LONGEST = 10_000


def consult(
    *,
    step_run_id: int,
    content: str,
    due_on: date,
    version: int,
    acting: Acting,
    unit_id: int | None = None,
    agency: str = "",
    at: datetime | None = None,
) -> Consultation:
    """Asks a unit, or an agency outside by its name, for its opinion until the close of `due_on`.

    The question stands on the list of the unit asked, which sees the subject from now on; of an agency outside the
    asking unit records the reply. Until it is answered or taken back the step doesn't go forward. By who has the step.
    Raises NotVisible, Refused, Conflict, and Invalid for what is missing or a day that is over.
    """
    moment = at or timezone.now()
    with locked_run(step_run_id, acting) as run:
        demand_doing(run, acting)
        demand_open(run, version)
        demand_hands(run, acting)
        calendar = calendar_in_force()
        unit = _demand_asked(run, unit_id, agency.strip(), content)
        due_at = _deadline(due_on, moment, calendar)
        asked = _asked_run(run, unit, agency.strip(), due_at, moment, calendar)
        question = Consultation.objects.create(
            asking=run,
            asked=asked,
            unit=unit,
            agency=agency.strip(),
            content=content.strip(),
            asked_by_id=acting.officer_id,
            asked_at=moment,
            due_at=due_at,
        )
        _take_in_hand(run, acting)
        keep_case(run.process, moment)
        principal = acting.principal(run.owner_id, run.role)
        told: dict[str, str | datetime] = {"content": question.content, "due_at": due_at}
        _record(question, run, "consultation.asked", acting, moment, principal, **told)
        return question


def _demand_asked(run: StepRun, unit_id: int | None, agency: str, content: str) -> Unit | None:
    faults: dict[str, Words] = {}
    unit = units_in_force().filter(pk=unit_id).first() if unit_id else None
    if (unit is None) == (not agency) or len(agency) > 200 or (unit_id and unit is None):
        faults["unit"] = _("Choose a unit, or name an agency outside.")
    if unit is not None and unit.pk == run.unit_id:
        faults["unit"] = _("This is the unit that has the step.")
    if not content.strip():
        faults["content"] = _("Fill this in.")
    if run.is_opinion:
        raise Invalid(_("An opinion is answered; it asks nobody else."))
    demand_short(content, field="content", most=LONGEST)
    if faults:
        raise Invalid(_("The question is not complete yet."), faults)
    return unit


def _deadline(due_on: date, at: datetime, calendar: Calendar) -> datetime:
    """The close of that day, or of the next working day when it is off (Civil Code Art. 148.5)."""
    if due_on > timezone.localdate(at) + FARTHEST:
        raise Invalid(_("An opinion is asked for within a year."), {"due_on": _("Choose an earlier day.")})
    due_at = calendar.closing(calendar.next_working_day(due_on))
    if due_at <= at:
        raise Invalid(_("The day for the answer is over already."), {"due_on": _("Choose a later day.")})
    return due_at


def _asked_run(
    run: StepRun, unit: Unit | None, agency: str, due_at: datetime, at: datetime, calendar: Calendar
) -> StepRun:
    """The run on the list of who is asked, in a branch of its own beneath the step that asks."""
    case, limit = run.process, calendar.minutes_between(at, due_at)
    case.passages += 1
    asked = StepRun(
        process=case,
        flow_task=CaseFlow.step,
        token=run.token,
        number=case.passages,
        step=OPINION,
        title=_opinion_title(unit.short_name if unit else agency),
        role="" if unit else run.role,
        unit_id=unit.pk if unit else run.unit_id,
        branch=opinion_under(run.branch, run.number, case.passages),
        waits_for="" if unit else OUTSIDE,
        created=at,
        due_at=due_at,
        limit_minutes=limit,
        status=STATUS.NEW,
    )
    asked.near_at = near_from(asked, calendar)
    asked.save()
    asked.previous.add(run)
    if unit is not None:
        kind_of(case.kind).reached(case.subject_id, unit.pk)
    return asked


def _opinion_title(whom: str) -> str:
    with override(settings.LANGUAGE_CODE):
        return (_("Opinion of %(whom)s") % {"whom": whom})[:160]


def _take_in_hand(run: StepRun, acting: Acting) -> None:
    """Who asks has the step: nobody else takes it from under his question.

    Unless he stands in for a colleague: it stays that one's, whose work he does meanwhile.
    """
    if acting.principal(run.owner_id, run.role) is None:
        run.owner_id = acting.officer_id
    run.status, run.version = STATUS.ASSIGNED, run.version + 1
    run.awaited += 1
    run.save(update_fields=["owner", "status", "version", "awaited"])


def answer_consultation(
    *, step_run_id: int, answer: str, version: int, acting: Acting, receipt_key: str = "", at: datetime | None = None
) -> Consultation:
    """Answers the question that stands on this run (trả lời ý kiến); for an agency outside, records its reply.

    By an updating officer of the unit asked, who has it or takes it from the queue; after its deadline too, which is
    told. Raises NotVisible, Refused, Conflict when it was answered or taken back meanwhile, Invalid without a text.
    """
    moment = at or timezone.now()
    with locked_run(step_run_id, acting) as run:
        question = _question_of(run)
        if is_repeated(run, acting, receipt_key):
            return question
        demand_doing(run, acting)
        demand_open(run, version)
        demand_hands(run, acting)
        _demand_other_eyes(question, run, acting)
        if not answer.strip():
            raise Invalid(_("Write the answer."), {"answer": _("Fill this in.")})
        demand_short(answer, field="answer", most=LONGEST)
        question.answer, question.answered_at = answer.strip(), moment
        question.answered_by_id = acting.officer_id
        question.save(update_fields=["answer", "answered_at", "answered_by"])
        _end_asked(run, acting, moment, receipt_key)
        _go_on(question, run.process, moment)
        verb = "consultation.answered_late" if question.is_late else "consultation.answered"
        principal = acting.principal(run.stood_in_for_id, run.role)
        _record(question, run, verb, acting, moment, principal, answer=question.answer, due_at=question.due_at)
        _tell_asker(question, run, acting)
        return question


def _question_of(run: StepRun) -> Consultation:
    if not run.is_opinion:
        raise Refused(_("Nobody's opinion is asked for here."), about=stream_of(run.process))
    return Consultation.objects.select_related("unit", "asking").get(asked=run)


def _demand_other_eyes(question: Consultation, run: StepRun, acting: Acting) -> None:
    """Who asks a unit doesn't answer for it, if he works there too; what an agency outside wrote he records.

    Nor does who stood in for the one who asked, or the other way round: the two count as one.
    """
    if _is_own(question, acting):
        message = _("You asked this question yourself; a colleague of the unit answers it.")
        raise Refused(message, about=stream_of(run.process))


def _is_own(question: Consultation, acting: Acting) -> bool:
    if question.unit_id is None:
        return False
    since = timezone.localdate(question.asked_at)
    is_his = question.asked_by_id == acting.officer_id
    return is_his or acted_as_one(acting.officer_id, [question.asked_by_id], since=since)


def may_answer(run: StepRun, acting: Acting) -> bool:
    """Whether a page should offer him to answer the question on this run."""
    if not run.is_opinion or not run.is_open or not may_do(run, acting) or not acting.may_take(run.owner_id, run.role):
        return False
    return not _is_own(run.consultation, acting)


def may_take_back(question: Consultation, acting: Acting) -> bool:
    """Whether he has the step that asks, or leads its unit."""
    asking = question.asking
    is_asker = may_do(asking, acting) and acting.may_take(asking.owner_id, asking.role)
    return is_asker or acting.leads(asking.unit_id)


def _end_asked(run: StepRun, acting: Acting, at: datetime, receipt_key: str) -> None:
    with override(settings.LANGUAGE_CODE):
        run.outcome_name = _("Answered")
    run.outcome, run.status, run.finished = "answered", STATUS.DONE, at
    take_over(run, acting)
    run.minutes_used = calendar_in_force().minutes_between(run.created, at)
    run.version, run.receipt_key = run.version + 1, receipt_key
    run.save()


def _go_on(question: Consultation, case: Case, at: datetime) -> None:
    """The asking step waits for one answer less."""
    recount(question.asking)
    keep_case(case, at)


def take_back_consultation(
    *, step_run_id: int, reason: str, version: int, acting: Acting, at: datetime | None = None
) -> Consultation:
    """Takes the question on this run back (thu hồi): nobody has to answer it any more, and the step may go on.

    By who has the step that asks, or leads its unit. Raises NotVisible, Refused, Conflict, Invalid without a reason.
    """
    moment = at or timezone.now()
    with locked_run(step_run_id, acting) as run:
        question = _question_of(run)
        if not may_take_back(question, acting):
            message = _("Only who has the step that asks, or leads its unit, takes the question back.")
            raise Refused(message, about=stream_of(run.process))
        demand_open(run, version)
        why, calendar = demand_reason(reason), calendar_in_force()
        broken_off = break_off(
            run.process, [run], at=moment, officer_id=acting.officer_id, note=why, calendar=calendar, with_run=None
        )
        question.refresh_from_db()
        _go_on(question, run.process, moment)
        tell_broken_off(run.process, broken_off, acting)
        principal = acting.principal(question.asking.owner_id, question.asking.role)
        _record(question, run, "consultation.taken_back", acting, moment, principal, reason=why)
        return question


def _record(
    question: Consultation,
    run: StepRun,
    verb: str,
    acting: Acting,
    at: datetime,
    principal: Principal | None,
    **about: str | datetime,
) -> None:
    payload = {"step": question.asking.title, "step_run": question.asked_id, "whom": question.whom, **about}
    record_in_place(run.process, principal, verb, payload, acting=acting, at=at)


def _tell_asker(question: Consultation, run: StepRun, acting: Acting) -> None:
    """Who asked, and whose step it is, when these are two."""
    case, asking = run.process, question.asking
    who = [pk for pk in dict.fromkeys([question.asked_by_id, asking.owner_id]) if pk and pk != acting.officer_id]
    if not who:
        return
    with override(settings.LANGUAGE_CODE):
        message = _("%(whom)s answered your question about %(code)s.")
        words = message % {"whom": question.whom, "code": case.code}
    notify(who, message=words, url=kind_of(case.kind).url(case.subject_id))
