"""A step run under the lock of its case: how every operation on a step begins."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.acting import Acting, Principal
from accounts.rights import require_role
from accounts.sight import NotVisible
from audit.recording import record
from pages.domain_errors import Conflict, Invalid
from workflow.engine.locking import lock_case
from workflow.engine.models import Case, StepRun
from workflow.kinds import kind_of

LONGEST_NOTE = 4000


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
        demand_sight(run.process, acting)
        yield run


@contextmanager
def locked_case(case_id: int, acting: Acting) -> Iterator[Case]:
    """The case as it is once nobody else can change it, in one transaction. Raises NotVisible."""
    with transaction.atomic():
        if not lock_case(case_id):
            raise NotVisible
        case = Case.objects.select_related("edition_version__procedure", "unit").get(pk=case_id)
        demand_sight(case, acting)
        yield case


def demand_sight(case: Case, acting: Acting) -> None:
    """Raises NotVisible unless the officer works in one of the case's units or may see its subject."""
    # Whoever works in one of the case's units sees it anyway; asking costs a query.
    is_at_work = acting.acts_in(case.unit_id) or acting.acts_in(case.home_unit_id)
    if not is_at_work and not kind_of(case.kind).sees(acting, case.subject_id):
        raise NotVisible(about=stream_of(case))


def may_do(run: StepRun, acting: Acting) -> bool:
    """Whether such steps of this unit are his to do; an opinion without a role is any updating officer's there."""
    if run.role:
        return acting.holds(run.role, run.unit_id)
    return acting.may_update and acting.acts_in(run.unit_id)


def demand_doing(run: StepRun, acting: Acting) -> None:
    """Raises Refused unless such steps of this unit are his to do."""
    if not may_do(run, acting):
        require_role(acting, run.role, run.unit_id, about=stream_of(run.process))


def demand_reason(reason: str, *, field: str = "reason") -> str:
    """The reason without blanks around it. Raises Invalid when there is none, or too much of it."""
    if not reason.strip():
        raise Invalid(_("Say why: who gets it back needs to know."), {field: _("Fill this in.")})
    demand_short(reason, field=field)
    return reason.strip()


def demand_short(text: str, *, field: str, most: int = LONGEST_NOTE) -> None:
    """Raises Invalid for a text nobody would read on a dossier's page; it stands in the trail for good."""
    if len(text) > most:
        message = _("Up to %(count)s characters; what is longer goes into a paper.") % {"count": most}
        raise Invalid(message, {field: _("Make it shorter.")})


def stream_of(case: Case) -> str:
    """The audit stream of the case's subject."""
    return kind_of(case.kind).stream(case.subject_id)


def demand_open(run: StepRun, version: int) -> None:
    """Raises Conflict, saying who did what, unless the step is as the officer saw it when he opened the page."""
    if run.is_cancelled:
        who = run.cancelled_by.full_name if run.cancelled_by else _("the system")
        when = date_format(timezone.localtime(run.finished), "DATETIME_FORMAT") if run.finished else ""
        message = _("%(who)s cancelled the step “%(step)s” at %(when)s: %(why)s.")
        raise Conflict(message % {"who": who, "step": run.title, "when": when, "why": run.note})
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


def take_over(run: StepRun, acting: Acting) -> None:
    """Writes into the run who ends it, and in whose place when its owner is away."""
    principal = acting.principal(run.owner_id, run.role)
    run.stood_in_for_id = principal.officer_id if principal else None
    run.owner_id = run.completed_by_id = acting.officer_id


def record_done(
    run: StepRun, verb: str, payload: Mapping[str, object], *, acting: Acting, at: datetime | None = None
) -> None:
    """The event of something done with a step; who did it in a colleague's place says so (thay …), under his own name.

    `verb` has a twin of the same name with `_for`, whose words name the principal.
    """
    record_in_place(run.process, acting.principal(run.stood_in_for_id, run.role), verb, payload, acting=acting, at=at)


def record_in_place(
    case: Case,
    principal: Principal | None,
    verb: str,
    payload: Mapping[str, object],
    *,
    acting: Acting,
    at: datetime | None = None,
) -> None:
    """The event of something done in the place of this colleague, or in nobody's; of the verbs as `record_done`."""
    told = {**payload, "principal": principal.full_name, "principal_id": principal.officer_id} if principal else payload
    record(stream_of(case), f"{verb}_for" if principal else verb, actor=acting.actor, payload=told, at=at)
