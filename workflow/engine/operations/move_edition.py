"""Moving a running case to another edition of its procedure (chuyển phiên bản thủ tục): never by itself."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from viewflow.workflow.status import STATUS

from accounts.acting import Acting
from accounts.models import Officer
from accounts.rights import require_update
from accounts.selectors import officers_with_role, units_at_work_for
from audit.recording import record
from notices.operations.notify import notify
from pages.domain_errors import Conflict, Invalid, Refused
from workflow.engine.breaking_off import open_opinions
from workflow.engine.clockwork import add_entry, as_entries, ledger_of, move_steps
from workflow.engine.edition_move import EditionMove, edition_move, since_beginning
from workflow.engine.flows import step_of
from workflow.engine.models import OPINION, Case, StepRun
from workflow.engine.opening import set_limit
from workflow.engine.operations.ending import keep_case
from workflow.engine.operations.locked import demand_reason, locked_case, stream_of
from workflow.engine.pausing import pause_for, resume_after
from workflow.engine.places import unit_for
from workflow.engine.selectors import open_runs
from workflow.engine.timers import timer_ends
from workflow.kinds import kind_of
from workflow.procedures.models import ProcedureVersion
from workflow.procedures.schema import Step
from worktime.calendar import Calendar
from worktime.selectors import calendar_in_force

_CHANGED = ("title", "role", "waits_for", "version", "unit", "owner", "status", "assigned")


def move_to_edition(
    *, case_id: int, version_id: int, reason: str, version: int, acting: Acting, at: datetime | None = None
) -> EditionMove:
    """Lets a running case go on under another published edition of its procedure; what that has changed.

    Steps passed stay as they were. Open ones get their new name, role, unit and limit, in the hands they are in as far
    as these may do them, and a due date under another limit is
    reckoned from the appointment's beginning with all its pauses. `version` is the case's own when the change was
    shown. By who leads the competent unit, or an administrator, with a reason. Raises NotVisible, Refused, Conflict
    when the case went on meanwhile, and Invalid with what stands in the way.
    """
    moment = at or timezone.now()
    with locked_case(case_id, acting) as case:
        _demand_right(case, acting)
        if case.version != version:
            raise Conflict(_("The dossier has moved on meanwhile. Look again at what would change."))
        why = demand_reason(reason)
        target = _demand_target(case, version_id)
        calendar = calendar_in_force()
        move = move_shown(case, target)
        if move.obstacles:
            raise Invalid(" ".join(move.obstacles))
        before = case.edition_version
        due_before = case.due_at
        _carry_over(case, target, move, moment, calendar)
        keep_case(case, moment, also=["edition_version"])
        payload = {
            "before": before.code,
            "after": target.code,
            "due_before": due_before,
            "due_after": case.due_at,
            "reason": why,
            "changed": [step.name for step in move.changed],
        }
        record(stream_of(case), "case.moved_to_edition", actor=acting.actor, payload=payload, at=moment)
        kind_of(case.kind).moved(case.subject_id)
        return move


def may_move(case: Case, acting: Acting) -> bool:
    """Whether a page should offer it to him."""
    return case.finished is None and (acting.is_superuser or acting.leads(case.unit_id))


def move_shown(case: Case, target: ProcedureVersion) -> EditionMove:
    """What moving the case there would change."""
    runs = open_runs(case)
    return edition_move(
        case.edition_version.edition,
        target.edition,
        open_steps=[run.step for run in runs],
        came=_came(case, runs),
        appointment=case.appointment,
        entries=as_entries(ledger_of(case)),
        values=kind_of(case.kind).values(case.subject_id),
        calendar=calendar_in_force(),
        effects=kind_of(case.kind).effects,
    )


def _came(case: Case, runs: list[StepRun]) -> list[tuple[str, str]]:
    """The steps ended in the forks that are open, with their outcomes."""
    forks = {run.branch.partition("/")[0].rpartition(".")[0] for run in runs if run.branch}
    if not forks:
        return []
    done = StepRun.objects.filter(process=case, status=STATUS.DONE).exclude(step__in=["", OPINION]).exclude(branch="")
    known = {step.code for step in case.edition_version.edition.steps}
    rows = done.values_list("branch", "step", "outcome")
    return [(step, outcome) for branch, step, outcome in rows if step in known and branch.partition(".")[0] in forks]


def editions_beside(case: Case) -> list[ProcedureVersion]:
    """The other published editions of the case's procedure, newest first."""
    own = case.edition_version
    found = ProcedureVersion.objects.filter(
        procedure=own.procedure_id, province=own.province, status=ProcedureVersion.Status.PUBLISHED
    )
    return list(found.exclude(pk=own.pk).order_by("-effective_from"))


def edition_beside(case: Case, version_id: int, acting: Acting) -> ProcedureVersion:
    """One of the other editions, for who may move the case there. Raises Refused, Conflict and Invalid otherwise."""
    _demand_right(case, acting)
    return _demand_target(case, version_id)


def _demand_right(case: Case, acting: Acting) -> None:
    if acting.is_superuser:
        return
    require_update(acting, about=stream_of(case))
    if not acting.leads(case.unit_id):
        message = _("Only who leads the competent unit, or an administrator, moves a case to another edition.")
        raise Refused(message, about=stream_of(case))


def _demand_target(case: Case, version_id: int) -> ProcedureVersion:
    target = next((one for one in editions_beside(case) if one.pk == version_id), None)
    if target is None:
        raise Invalid(_("Choose another published edition of this procedure."), {"edition": _("Choose one.")})
    if case.finished:
        raise Conflict(_("The dossier has ended; it keeps the edition it ended under."))
    return target


def _carry_over(case: Case, target: ProcedureVersion, move: EditionMove, at: datetime, calendar: Calendar) -> None:
    runs = [(run, step_of(run, case)) for run in open_runs(case)]
    case.edition_version = target
    if move.added:
        # What is repeated under the new limit keeps the number of the paper behind it.
        since = since_beginning(ledger_of(case))[1:]
        for entry, reference in zip(move.added, [target.code, *(line.reference for line in since)], strict=True):
            add_entry(case, entry, reference=reference)
    for run, before in runs:
        _under_new(case, run, before, calendar)
        after = step_of(run, case)
        if before.pauses != after.pauses:
            resume_after(case, before, at)
            pause_for(case, after, at)
    # Under its new limit too a step is due as much later as the clock has stood still since it was opened.
    move_steps([case], {case.pk: as_entries(ledger_of(case))}, calendar)


def _under_new(case: Case, run: StepRun, before: Step, calendar: Calendar) -> None:
    step = step_of(run, case)
    run.title, run.role, run.waits_for, run.version = step.name, step.role, step.waits_for, run.version + 1
    if (before.place, before.unit_kind) != (step.place, step.unit_kind):
        run.unit_id = unit_for(case, step)
        kind_of(case.kind).reached(case.subject_id, run.unit_id)
    if (before.role, before.place, before.unit_kind) != (step.role, step.place, step.unit_kind):
        _into_able_hands(run)
    set_limit(run, step, calendar)
    run.scheduled = timer_ends(step.timer, run.created, calendar) if step.timer else None
    run.save(update_fields=[*_CHANGED, "limit_minutes", "due_at", "near_at", "scheduled"])


def _into_able_hands(run: StepRun) -> None:
    """Who no longer does the step doesn't keep it, nor what an agency outside is asked from it: to the queue."""
    able = officers_with_role(run.role, units_at_work_for(run.unit_id)) if run.unit_id else Officer.objects.none()
    if run.owner_id is not None and not able.filter(pk=run.owner_id).exists():
        with override(settings.LANGUAGE_CODE):
            message = _("The step “%(step)s” of %(code)s is in the queue again: under its new edition others do it.")
            words = message % {"step": run.title, "code": run.process.code}
        notify([run.owner_id], message=words, url=kind_of(run.process.kind).url(run.process.subject_id))
        run.owner_id, run.status, run.assigned = None, STATUS.NEW, timezone.now()
    for reply in open_opinions(run).exclude(waits_for=""):
        reply.role, reply.unit_id, reply.version = run.role, run.unit_id, reply.version + 1
        reply.owner_id, reply.status = None, STATUS.NEW
        reply.save(update_fields=["role", "unit", "version", "owner", "status"])
