"""Cases, their step runs and their clock, on viewflow's process and task.

Everything lists read is a real, indexed column; nothing means anything inside a JSON field. Of viewflow's own two
tables nothing is used.
"""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import AbstractProcess, AbstractTask
from viewflow.workflow.status import STATUS

from accounts.models import Unit
from workflow.clock.ledger import ClockState, EntryKind
from workflow.procedures.models import ProcedureVersion

OPEN = (STATUS.NEW, STATUS.ASSIGNED, STATUS.STARTED)


class Case(AbstractProcess):
    """What the engine carries (vụ việc): a subject of some kind on its way through the steps of a pinned edition.

    `home_unit` took the subject in, `unit` handles it; `matter` and `title` are what lists show, `folded` is code and
    title without tone marks and capitals, by which lists are narrowed. `due_at`, `clock_state`, `appointment` and
    `limit_minutes` are projections of the clock ledger, written with it.
    `version` rises with every change of the case.
    """

    kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    code = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=250)
    matter = models.CharField(max_length=80)
    folded = models.CharField(max_length=320, default="")
    edition_version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="+")
    home_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(null=True)
    clock_state = models.CharField(max_length=10, default=ClockState.NONE)
    appointment = models.PositiveSmallIntegerField(default=0)
    limit_minutes = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        app_label = "workflow"
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="workflow_one_case_a_subject")]
        indexes = [
            models.Index(fields=["unit", "due_at"], condition=Q(finished__isnull=True), name="workflow_open_by_unit")
        ]

    def __str__(self) -> str:
        return self.code


class StepRun(AbstractTask):
    """One passage through a step: who has it, until when, and how it ended.

    number       counts the passages of a case from 1
    title, role, unit  as they were, whatever becomes of the edition or the unit
    near_at      from here on the step is near its end (amber)
    version      rises with every claim and hand-over, so that a stale form is noticed
    receipt_key  what the completing form carried: the same form sent twice is recognised by it
    """

    if TYPE_CHECKING:
        flow_task: models.Field[Any, Any]
        token: models.Field[Any, Any]

    process = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="step_runs")
    # Officers are never deleted: viewflow's own cascade must not be able to.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="step_runs"
    )
    number = models.PositiveIntegerField(default=0)
    step = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=160, blank=True)
    role = models.CharField(max_length=40, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    waits_for = models.CharField(max_length=40, blank=True)
    branch = models.CharField(max_length=60, blank=True)
    due_at = models.DateTimeField(null=True)
    near_at = models.DateTimeField(null=True)
    limit_minutes = models.PositiveIntegerField(default=0)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="completed_steps"
    )
    outcome = models.CharField(max_length=40, blank=True)
    outcome_name = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    typed = models.JSONField(default=dict)
    minutes_used = models.PositiveIntegerField(null=True)
    version = models.PositiveIntegerField(default=0)
    receipt_key = models.CharField(max_length=40, blank=True)

    class Meta:
        app_label = "workflow"
        constraints = [
            # One step of one branch is open once: a second passage while the first is open is a fault.
            models.UniqueConstraint(
                fields=["process", "step", "branch"],
                condition=Q(status__in=OPEN) & ~Q(step=""),
                name="workflow_step_open_once",
            )
        ]
        indexes = [
            # By `finished`: SQLite uses no partial index whose condition is an IN that comes with parameters.
            models.Index(
                fields=["unit", "due_at", "id"], condition=Q(finished__isnull=True), name="workflow_open_in_unit"
            ),
            models.Index(
                fields=["owner", "due_at", "id"], condition=Q(finished__isnull=True), name="workflow_open_of_owner"
            ),
            models.Index(
                fields=["completed_by", "finished", "id"],
                condition=Q(completed_by__isnull=False),
                name="workflow_done_by",
            ),
            models.Index(fields=["process", "number"], name="workflow_passages"),
        ]

    def __str__(self) -> str:
        return f"{self.process_id} {self.number} {self.step}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


class ClockEntry(models.Model):
    """One line of a case's clock ledger (nhật ký thời hạn); never changed, a correction is a new line.

    cause          why, by a code the case's kind has words for; `reference` is the number of the paper behind it
    limit_minutes  goes with start and reset
    due_at         what the ledger came to with this line
    """

    KINDS = [
        (EntryKind.START, _("Started")),
        (EntryKind.PAUSE, _("Paused")),
        (EntryKind.RESUME, _("Resumed")),
        (EntryKind.RESET, _("Started anew")),
        (EntryKind.STOP, _("Ended")),
    ]

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clock_entries")
    sequence = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=KINDS)
    at = models.DateTimeField()
    appointment = models.PositiveSmallIntegerField()
    limit_minutes = models.PositiveIntegerField(default=0)
    cause = models.CharField(max_length=40)
    reference = models.CharField(max_length=80, blank=True)
    basis = models.CharField(max_length=250, blank=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "workflow"
        constraints = [models.UniqueConstraint(fields=["case", "sequence"], name="workflow_one_clock_line")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.sequence} {self.kind}"
