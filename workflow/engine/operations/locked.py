"""A step run under the lock of its case: how every operation on a step begins."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.acting import Acting
from accounts.sight import NotVisible
from pages.domain_errors import Conflict
from workflow.engine.locking import lock_case
from workflow.engine.models import Case, StepRun
from workflow.kinds import kind_of


@contextmanager
def locked_run(step_run_id: int, acting: Acting) -> Iterator[StepRun]:
    """The run as it is once nobody else can change its case, in one transaction.

    Raises NotVisible for a run that isn't there or belongs to a case the officer may not see.
    """
    with transaction.atomic():
        # Start and end of a case are runs too, but no steps. A run never changes its case.
        case_id = StepRun.objects.filter(pk=step_run_id).exclude(step="").values("process_id")
        # The run is read once the lock is held: read along with it, it could be the run from before the wait.
        if not lock_case(Subquery(case_id)):
            raise NotVisible
        related = ("process__edition_version",)
        run = StepRun.objects.select_related(*related).get(pk=step_run_id)
        _demand_sight(run.process, acting)
        yield run


def _demand_sight(case: Case, acting: Acting) -> None:
    # Whoever works in one of the case's units sees it anyway; asking costs a query.
    is_at_work = acting.acts_in(case.unit_id) or acting.acts_in(case.home_unit_id)
    if not is_at_work and not kind_of(case.kind).sees(acting, case.subject_id):
        raise NotVisible(about=stream_of(case))


def stream_of(case: Case) -> str:
    """The audit stream of the case's subject."""
    return kind_of(case.kind).stream(case.subject_id)


def demand_open(run: StepRun, version: int) -> None:
    """Raises Conflict, saying who did what, unless the step is as the officer saw it when he opened the page."""
    if not run.is_open:
        who = run.completed_by.full_name if run.completed_by else _("the system")
        when = date_format(timezone.localtime(run.finished), "DATETIME_FORMAT") if run.finished else ""
        message = _("%(who)s already completed the step “%(step)s” at %(when)s: %(outcome)s.")
        raise Conflict(message % {"who": who, "step": run.title, "when": when, "outcome": run.outcome_name})
    if run.version != version:
        if run.owner:
            message = _("The step “%(step)s” went to %(who)s meanwhile. Open the dossier again to see how it stands.")
            raise Conflict(message % {"step": run.title, "who": run.owner.full_name})
        raise Conflict(_("The step changed meanwhile. Open the dossier again to see how it stands."))
