"""What follows when a step ends, whoever ends it: effect, clock, what opens next, the event."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.acting import Acting
from jobs.outbox import enqueue
from notices.operations.notify import notify
from pages.domain_errors import Invalid
from workflow.engine.clockwork import PROJECTED
from workflow.engine.flows import CaseFlow, step_of
from workflow.engine.models import Case, StepRun
from workflow.engine.operations.locked import record_done
from workflow.engine.pausing import pause_beside, resume_after
from workflow.kinds import Occasion, kind_of
from workflow.procedures.schema import Outcome
from worktime.calendar import Calendar
from worktime.selectors import calendar_in_force

SUB_ENDED = "sub_case_ended"
_CHANGED = ("version", "passages", "status", "finished", *PROJECTED)


def end_run(
    run: StepRun,
    chosen: Outcome,
    *,
    acting: Acting,
    at: datetime,
    verb: str = "step.completed",
    about: Mapping[str, Any] | None = None,
) -> None:
    """Ends a run that is filled in: its effect, what comes next, one event with `verb` and what is told `about` it.

    When other runs are broken off by it the verb is `step.broke_off`, and their titles are told. Each verb has its
    twin for who stands in for a colleague. The caller holds the lock of the case.
    """
    calendar, case = calendar_in_force(), run.process
    run.minutes_used = calendar.minutes_between(run.created, at)
    occasion = _occasion(run, chosen, acting, at)
    if chosen.effect:
        effect = kind_of(case.kind).effects[chosen.effect]
        effect.run(occasion)
        if effect.opens_appointment:
            pause_beside(case, run, at)
    resume_after(case, occasion.step, at)
    opened, broken_off = _run_on(run, chosen, acting, at, calendar)
    told = _told(run) | dict(about or {})
    if chosen.opens:
        told["opened"] = _open_sub(occasion, chosen, opened[0])
    keep_case(case, at)
    if broken_off:
        verb, told["cancelled"] = "step.broke_off", [one.title for one in broken_off]
        tell_broken_off(case, broken_off, acting)
    record_done(run, verb, told, acting=acting, at=at)
    kind_of(case.kind).moved(case.subject_id)


def _occasion(run: StepRun, chosen: Outcome, acting: Acting, at: datetime) -> Occasion:
    case = run.process
    following = case.edition_version.edition.step(chosen.to) if chosen.to else None
    return Occasion(case, run, step_of(run, case), following, acting, at=at, note=run.note, data=run.typed)


def _run_on(
    run: StepRun, chosen: Outcome, acting: Acting, at: datetime, calendar: Calendar
) -> tuple[list[StepRun], list[StepRun]]:
    """Moves the case on; the runs opened, and those broken off."""
    activation = CaseFlow.step.activation_class(run)
    activation.at, activation.calendar = at, calendar
    activation.officer_id, activation.chosen = acting.officer_id, chosen
    activation.start(None)
    activation.execute()
    return activation.opened, activation.broken_off


def keep_case(case: Case, at: datetime, *, also: Sequence[str] = ()) -> None:
    """Saves a case that has changed, with what stands in `also`; whoever waits for it learns when it has ended."""
    case.version += 1
    case.finished = at if case.finished else None
    case.save(update_fields=[*_CHANGED, *also])
    if case.finished and case.opened_from_id is not None:
        # Its own transaction, after this one: two cases are never locked together.
        enqueue(SUB_ENDED, str(case.pk))


def _told(run: StepRun) -> dict[str, Any]:
    return {
        "step": run.title,
        "step_run": run.pk,
        "outcome": run.outcome_name,
        "note": run.note,
        "typed": run.typed,
        "minutes_used": run.minutes_used,
    }


def _open_sub(occasion: Occasion, chosen: Outcome, waiting: StepRun) -> str:
    """Opens the case of its own that the next step waits for (hồ sơ con); its code."""
    kind = kind_of(occasion.case.kind)
    if kind.open_sub is None:
        raise Invalid(_("No case of its own can be opened from here."))
    code = kind.open_sub(occasion, chosen.opens, waiting)
    waiting.awaited += 1
    waiting.save(update_fields=["awaited"])
    return code


def tell_broken_off(case: Case, broken_off: Iterable[StepRun], acting: Acting) -> None:
    """Lets those know whose work was cancelled, in the office's language."""
    for run in broken_off:
        if run.owner_id is None or run.owner_id == acting.officer_id:
            continue
        with override(settings.LANGUAGE_CODE):
            message = _("The step “%(step)s” of %(code)s was cancelled: %(why)s")
            words = message % {"step": run.title, "code": case.code, "why": run.note}
        notify([run.owner_id], message=words, url=kind_of(case.kind).url(case.subject_id))
