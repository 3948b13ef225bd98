"""A work list taken out of the house as a file: who took which list, and how many rows of it."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Acting
from audit.recording import record
from pages.domain_errors import Invalid
from workflow.engine.models import StepRun

MOST_ROWS = 5000


@transaction.atomic
def export_work(*, runs: QuerySet[StepRun], which: str, narrowed: Mapping[str, str], acting: Acting) -> list[StepRun]:
    """The rows of a list the officer sees, recorded in his own stream (Law on personal data: log of access).

    Never a part of them: of more than `MOST_ROWS` none is given. Raises Invalid then.
    """
    found = list(runs[: MOST_ROWS + 1])
    if len(found) > MOST_ROWS:
        message = _("This list has more than %(most)s rows. Narrow it down before you download it.")
        raise Invalid(message % {"most": MOST_ROWS})
    payload = {"list": which, "count": len(found), "narrowed": dict(narrowed)}
    record(f"account:{acting.officer_id}", "work.exported", actor=acting.actor, payload=payload)
    return found
