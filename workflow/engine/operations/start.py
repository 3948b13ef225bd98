"""Setting a case on its way."""

from datetime import datetime

from django.db import transaction

from accounts.acting import Acting
from search.text import clean, folded_in_place
from workflow.engine.clockwork import start_clock
from workflow.engine.flows import CaseFlow
from workflow.engine.models import Case, StepRun
from workflow.engine.pausing import pause_for
from workflow.engine.places import unit_for
from workflow.procedures.models import ProcedureVersion


@transaction.atomic
def start_case(
    *,
    kind: str,
    subject_id: int,
    code: str,
    title: str,
    version: ProcedureVersion,
    home_unit_id: int,
    unit_id: int,
    acting: Acting,
    at: datetime,
    opened_from: StepRun | None = None,
) -> Case:
    """Starts a case at the first step of its edition, in the receiving officer's hands if he may do that step.

    The clock of the first appointment starts at `at`. `opened_from` is the step of another case that waits for this one
    (hồ sơ con). Part of the action that receives the subject: that action records the event.
    """
    case = Case(
        kind=kind,
        subject_id=subject_id,
        code=code,
        title=title,
        folded=folded_in_place(clean(f"{code} {title}")),
        matter=version.procedure.short_name,
        edition_version=version,
        home_unit_id=home_unit_id,
        unit_id=unit_id,
        created=at,
        opened_from=opened_from,
    )
    first = version.edition.steps[0]
    first_unit = unit_for(case, first)
    owner_id = acting.officer_id if acting.holds(first.role, first_unit) else None
    CaseFlow.start.run(case=case, owner_id=owner_id)
    start_clock(case, at=at, appointment=1, cause="complete")
    # When the step opened there was no clock yet to stop.
    pause_for(case, first, at)
    case.save()
    return case
