"""Open steps follow the rule of warnings (quy tắc cảnh báo): changed, it counts for what is open too."""

from django.db import transaction

from jobs.outbox import enqueue
from workflow.deadlines.moves import with_ledgers
from workflow.engine.clockwork import as_entries, move_steps
from workflow.engine.models import OPEN, OPINION, Case, StepRun
from workflow.engine.opening import near_from
from worktime.selectors import calendar_in_force

TOPIC = "near_rule"
CHUNK = 250


@transaction.atomic
def follow_rule(*, after_id: int = 0) -> bool:
    """Has the next open cases' steps near their end when the calendar in force says, and asks for those after them.

    Whether there are more. Done twice it changes nothing more; a rule changed again meanwhile is the one that counts.
    """
    open_cases = Case.objects.filter(finished__isnull=True, pk__gt=after_id).order_by("pk")
    cases = list(open_cases.select_for_update(of=("self",))[:CHUNK])
    calendar = calendar_in_force()
    ledgers = {case.pk: as_entries(lines) for case, lines in with_ledgers(cases)}
    move_steps([case for case in cases if case.pk in ledgers], ledgers, calendar)
    asked = list(StepRun.objects.filter(process__in=cases, step=OPINION, status__in=OPEN, finished__isnull=True))
    for run in asked:
        run.near_at = near_from(run, calendar)
    StepRun.objects.bulk_update(asked, ["near_at"])
    if len(cases) < CHUNK:
        return False
    enqueue(TOPIC, str(cases[-1].pk))
    return True
