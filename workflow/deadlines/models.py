"""What the clock's own machinery keeps: warnings that were given, and recalculations on their way."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflow.engine.models import Case, StepRun
from worktime.models import CalendarChange


class WarningLevel(models.TextChoices):
    NEAR = "near", _("Due soon")
    LATE = "late", _("Overdue")


class DeadlineWarning(models.Model):
    """Somebody was told that a deadline is near or has passed (cảnh báo thời hạn): once for each deadline and level.

    step_run  whose own deadline it is about; none: the case's appointment
    due_at    the deadline as it stood then; another one, after an extension, is warned of anew
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="warnings")
    step_run = models.ForeignKey(StepRun, on_delete=models.PROTECT, null=True, related_name="warnings")
    level = models.CharField(max_length=4, choices=WarningLevel.choices)
    due_at = models.DateTimeField()
    told_at = models.DateTimeField()

    class Meta:
        app_label = "workflow"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "level", "due_at"],
                condition=Q(step_run__isnull=True),
                name="workflow_warned_of_case_once",
            ),
            models.UniqueConstraint(
                fields=["step_run", "level", "due_at"],
                condition=Q(step_run__isnull=False),
                name="workflow_warned_of_step_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step_run_id or ''} {self.level}"


class Recalculation(models.Model):
    """Due dates reckoned anew by the calendar in force (tính lại thời hạn), chunk by chunk.

    revision         the calendar it was ordered for; a calendar changed again ends it
    after_id         the last case looked at: where the next chunk begins
    examined, moved  how many cases were looked at, and how many of them got another due date
    set_aside        codes of cases whose ledger can't be reckoned: they stay as they are and hold nobody up
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        SUPERSEDED = "superseded", _("Ended: the calendar was changed again")
        GIVEN_UP = "given_up", _("Given up: look at the failed jobs")

    change = models.ForeignKey(CalendarChange, on_delete=models.PROTECT, null=True, related_name="+")
    revision = models.UUIDField()
    reason = models.CharField(max_length=250)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    after_id = models.BigIntegerField(default=0)
    examined = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    set_aside = models.JSONField(default=list)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "workflow"
        constraints = [
            # Two at once would tell handlers twice of the same move.
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="running"), name="workflow_one_recalculation_runs"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state} {self.moved}/{self.examined}"

    @property
    def reference(self) -> str:
        """The number of the change, as the ledger's lines name their ground."""
        return str(self.change_id or "–")
