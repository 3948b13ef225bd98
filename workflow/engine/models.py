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
from workflow.clock.ledger import ClockState, EntryKind, LimitUnit
from workflow.procedures.models import ProcedureVersion

OPEN = (STATUS.NEW, STATUS.ASSIGNED, STATUS.STARTED)
# Stands in a run's `step` where an opinion is asked for: no code an edition could have.
OPINION = "@opinion"


class Case(AbstractProcess):
    """What the engine carries (vụ việc): a subject of some kind on its way through the steps of a pinned edition.

    `home_unit` took the subject in, or has taken over from who did; `unit` handles it; `matter` and `title` are what
    lists show, `folded` is code and title without tone marks and capitals, by which lists are narrowed. `due_at`,
    `clock_state`, `appointment` and `limit_minutes` are projections of the clock ledger, written with it.
    `version` rises with every change of the case; `passages` is how many steps it has opened so far. `opened_from` is
    the step of another case that waits for this one to end (hồ sơ con).
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
    passages = models.PositiveIntegerField(default=0, db_default=0)
    opened_from = models.ForeignKey("StepRun", on_delete=models.PROTECT, null=True, related_name="sub_cases")

    class Meta:
        app_label = "workflow"
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="workflow_one_case_a_subject")]
        indexes = [
            models.Index(fields=["unit", "due_at"], condition=Q(finished__isnull=True), name="workflow_open_by_unit"),
            # Whoever goes through all open cases piece by piece begins each piece where the last one ended.
            models.Index(fields=["id"], condition=Q(finished__isnull=True), name="workflow_open_in_order"),
        ]

    def __str__(self) -> str:
        return self.code


class StepRun(AbstractTask):
    """One passage through a step: who has it, until when, and how it ended.

    number       counts the passages of a case from 1
    title, role, unit  as they were, whatever becomes of the edition or the unit; no role: anybody who updates there
    branch       the path of the branch it stands in, see `workflow.engine.branches`; empty on the trunk
    scheduled    when its timer ends it by itself
    awaited      opinions and cases of their own it still waits for: until then it goes no further
    cancelled_by, cancelled_with  who broke it off, and by completing or undoing which step; `note` says why
    near_at      from here on the step is near its end (amber)
    stood_in_for  who was away, when a colleague completed the step in his place
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
    stood_in_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    outcome = models.CharField(max_length=40, blank=True)
    outcome_name = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    typed = models.JSONField(default=dict)
    minutes_used = models.PositiveIntegerField(null=True)
    awaited = models.PositiveSmallIntegerField(default=0, db_default=0)
    cancelled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_with = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="broken_off")
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
            models.Index(
                fields=["scheduled"],
                condition=Q(finished__isnull=True, scheduled__isnull=False),
                name="workflow_timers",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process_id} {self.number} {self.step}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_cancelled(self) -> bool:
        return bool(self.status == STATUS.CANCELED)

    @property
    def is_opinion(self) -> bool:
        """Whether it is no step of the edition but an opinion somebody was asked for."""
        return self.step == OPINION


class Consultation(models.Model):
    """An opinion asked for from an open step (lấy ý kiến, NĐ 61/2018 Art. 19.5), beside the run it stands on.

    asking   the step that waits for it; asked: the run on the list of the unit asked, or for an outside agency on that
             of the unit that asks, which records the reply
    due_at   the deadline it was given, whatever the step's own is
    """

    asking = models.ForeignKey(StepRun, on_delete=models.PROTECT, related_name="consultations")
    asked = models.OneToOneField(StepRun, on_delete=models.PROTECT, related_name="consultation")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    agency = models.CharField(max_length=200, blank=True)
    content = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=250, blank=True)

    class Meta:
        app_label = "workflow"
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=True) & ~Q(agency="") | Q(unit__isnull=False, agency=""),
                name="workflow_one_is_asked",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(taken_back_at__isnull=True),
                name="workflow_answered_or_taken_back",
            ),
        ]
        indexes = [models.Index(fields=["unit", "due_at"], name="workflow_opinions_of_unit")]

    def __str__(self) -> str:
        return f"{self.asking_id} asks {self.whom}"

    @property
    def whom(self) -> str:
        """Whose opinion it is, in words."""
        return self.unit.short_name if self.unit else self.agency

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.taken_back_at is None

    @property
    def is_late(self) -> bool:
        """Whether the reply came after its deadline."""
        return self.answered_at is not None and self.answered_at > self.due_at


class ClockEntry(models.Model):
    """One line of a case's clock ledger (nhật ký thời hạn); never changed, a correction is a new line.

    cause        why, by a code the case's kind has words for; `reference` is the number of the paper behind it
    limit, unit  go with start and reset: how much, in working minutes or days of the calendar
    due_at       what the ledger came to with this line; of an extension the day that was named
    """

    KINDS = [
        (EntryKind.START, _("Started")),
        (EntryKind.PAUSE, _("Paused")),
        (EntryKind.RESUME, _("Resumed")),
        (EntryKind.RESET, _("Started anew")),
        (EntryKind.STOP, _("Ended")),
        (EntryKind.EXTENDED, _("Extended")),
        (EntryKind.RECALCULATED, _("Reckoned anew")),
    ]
    UNITS = [(LimitUnit.MINUTES, _("working minutes")), (LimitUnit.DAYS, _("days"))]

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clock_entries")
    sequence = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=KINDS)
    at = models.DateTimeField()
    appointment = models.PositiveSmallIntegerField()
    limit = models.PositiveIntegerField(default=0)
    unit = models.CharField(max_length=7, choices=UNITS, default=LimitUnit.MINUTES, db_default=LimitUnit.MINUTES)
    cause = models.CharField(max_length=40)
    reference = models.CharField(max_length=80, blank=True)
    basis = models.CharField(max_length=250, blank=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "workflow"
        constraints = [models.UniqueConstraint(fields=["case", "sequence"], name="workflow_one_clock_line")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.sequence} {self.kind}"
