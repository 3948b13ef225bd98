"""What a step offers the officer who looks at it: the panel beside a dossier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from accounts.acting import Acting
from accounts.models import Officer
from workflow.engine.flows import step_of
from workflow.engine.further import may_do_more
from workflow.engine.models import Case, Consultation, StepRun
from workflow.engine.operations.complete import may_complete, missing_files
from workflow.engine.operations.consult import may_answer, may_take_back
from workflow.engine.operations.hand import officers_for
from workflow.engine.selectors import questions_of, step_deadline
from workflow.kinds import Words, kind_of
from workflow.procedures.eforms import EForm, form_for, posted_values
from workflow.procedures.schema import Outcome, ResultKind, Step
from worktime.deadline import Deadline
from worktime.selectors import calendar_in_force

# What a ticked line of the checklist is posted as, with its number behind; no list has lines of so many digits.
TICK, _LONGEST = "tick-", 4


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must be done before the step may go forward."""

    label: Words
    is_met: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """An outcome with the form it asks for, none when it asks for nothing."""

    outcome: Outcome
    form: EForm | None


@dataclass(frozen=True, slots=True)
class Panel:
    """An open step as the acting officer may deal with it.

    receipt_key  goes with the form, so that sending it twice does nothing the second time
    colleagues   to whom he may hand it; none for who doesn't lead the unit
    principal    the colleague who is away and in whose place he would complete it
    ticked       the lines of the step's checklist that were ticked, counted from 0
    questions    opinions asked for from here, answered or not; `question` is the one this run itself is to answer
    typed_note, faults  what was typed and found wrong, when the form comes back
    """

    run: StepRun
    step: Step
    deadline: Deadline
    choices: Sequence[Choice]
    checks: Sequence[Check]
    drafts: Sequence[ResultKind]
    may_complete: bool
    may_claim: bool
    colleagues: Sequence[Officer]
    receipt_key: str
    principal: str = ""
    ticked: frozenset[int] = frozenset()
    question: Consultation | None = None
    may_answer: bool = False
    may_take_back: bool = False
    may_do_more: bool = False
    questions: Sequence[Consultation] = ()
    typed_note: str = ""
    faults: Mapping[str, Any] | None = None
    message: Words = ""


def outcome_prefix(code: str) -> str:
    """The prefix of an outcome's fields, so that two outcomes may ask for the same thing."""
    return f"to-{code}"


def ticked_in(data: Mapping[str, Any]) -> frozenset[int]:
    """The lines of a checklist that were ticked in a post."""
    names = (name.removeprefix(TICK) for name in data if name.startswith(TICK))
    return frozenset(int(name) for name in names if name.isdecimal() and len(name) < _LONGEST)


def panel_for(
    run: StepRun,
    acting: Acting,
    *,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    faults: Mapping[str, Any] | None = None,
    message: Words = "",
) -> Panel:
    """The panel of an open step; `data` and `faults` are a post that wasn't accepted."""
    case, step = run.process, step_of(run, run.process)
    principal = acting.principal(run.owner_id, run.role)
    chosen = (data or {}).get("outcome", "")
    return Panel(
        run=run,
        step=step,
        deadline=step_deadline(run, now, calendar_in_force()),
        choices=[_choice(outcome, data or {}, is_chosen=outcome.code == chosen) for outcome in step.outcomes],
        checks=_checks(run, case, step),
        drafts=[case.edition_version.edition.result(code) for code in step.drafts],
        may_complete=may_complete(run, acting),
        may_claim=run.owner_id is None and (may_complete(run, acting) or may_answer(run, acting)),
        colleagues=_colleagues(run, acting),
        receipt_key=(data or {}).get("receipt_key", "") or str(uuid4()),
        principal=principal.full_name if principal else "",
        ticked=ticked_in(data or {}),
        question=run.consultation if run.is_opinion else None,
        may_answer=may_answer(run, acting),
        may_take_back=run.is_opinion and may_take_back(run.consultation, acting),
        questions=questions_of(run) if run.version and not run.is_opinion else (),
        may_do_more=not run.is_opinion and may_do_more(run, acting),
        typed_note=(data or {}).get("note", ""),
        faults=faults,
        message=message,
    )


def _choice(outcome: Outcome, data: Mapping[str, Any], *, is_chosen: bool) -> Choice:
    """Only the chosen outcome is judged; what was typed for another stays as it is."""
    if not outcome.fields:
        return Choice(outcome, None)
    prefix = outcome_prefix(outcome.code)
    if is_chosen:
        return Choice(outcome, form_for(outcome.fields, data, prefix=prefix))
    posted = posted_values(outcome.fields, data, prefix=prefix)
    return Choice(outcome, form_for(outcome.fields, posted=posted, prefix=prefix))


def _checks(run: StepRun, case: Case, step: Step) -> list[Check]:
    requirements, missing = kind_of(case.kind).requirements, missing_files(run, step)
    met = [Check(requirements[name].label, requirements[name].is_met(case.subject_id)) for name in step.needs]
    return met + [Check(file.name, file.name not in missing) for file in step.files if file.is_required]


def _colleagues(run: StepRun, acting: Acting) -> list[Officer]:
    if not acting.leads(run.unit_id) or acting.unit_id is None:
        return []
    return [who for who in officers_for(run, acting.unit_id) if who.pk != run.owner_id]
