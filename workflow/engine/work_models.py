"""Who follows which case, and work handed over from one to another with minutes."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy
from django_fsm import FSMField, FSMModelMixin, transition

from accounts.models import Officer, Unit
from workflow.engine.models import Case, StepRun


class Follow(models.Model):
    """An officer keeps an eye on a case (theo dõi); it gives him no right he doesn't have."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="follows")
    since = models.DateTimeField()

    class Meta:
        app_label = "workflow"
        constraints = [models.UniqueConstraint(fields=["officer", "case"], name="workflow_followed_once")]

    def __str__(self) -> str:
        return f"{self.officer_id} → {self.case_id}"


class HandOverState(models.TextChoices):
    """Drafted by one, accepted by another, carried out by the machine; or dropped."""

    DRAFTED = "drafted", pgettext_lazy("hand-over", "To be accepted")
    ACCEPTED = "accepted", pgettext_lazy("hand-over", "Accepted, being carried out")
    DONE = "done", pgettext_lazy("hand-over", "Carried out")
    DROPPED = "dropped", pgettext_lazy("hand-over", "Dropped")


class LineOutcome(models.TextChoices):
    """What became of a dossier on the list."""

    WAITING = "", pgettext_lazy("hand-over", "Waiting")
    MOVED = "moved", pgettext_lazy("hand-over", "Handed over")
    GONE = "gone", pgettext_lazy("hand-over", "Done or handed on before")


class HandOver(FSMModelMixin, models.Model):
    """All open work of an officer or of a unit given to another (bàn giao), with minutes two people answer for.

    from_officer  whose work goes, where it isn't the whole unit's
    to_officer    who gets it; without him it goes into the queue of `to_unit`
    runs, cases   how many there were on the list when it was drafted
    """

    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    from_officer = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    to_officer = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    state = FSMField(max_length=10, choices=HandOverState.choices, default=HandOverState.DRAFTED, protected=True)
    reason = models.CharField(max_length=250)
    runs = models.PositiveIntegerField(default=0)
    cases = models.PositiveIntegerField(default=0)
    drafted_by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    accepted_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "workflow"
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True) | ~Q(accepted_by=F("drafted_by")),
                name="workflow_hand_over_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[HandOverState.ACCEPTED, HandOverState.DONE])
                | Q(accepted_by__isnull=False, accepted_at__isnull=False),
                name="workflow_hand_over_accepted_first",
            ),
        ]
        indexes = [
            models.Index(fields=["from_unit", "-id"], name="workflow_hand_over_from"),
            models.Index(fields=["to_unit", "-id"], name="workflow_hand_over_to"),
        ]

    def __str__(self) -> str:
        return f"{self.from_unit_id} → {self.to_unit_id}: {self.state}"

    @property
    def stream(self) -> str:
        return f"hand-over:{self.pk}"

    @property
    def state_words(self) -> str:
        return str(HandOverState(self.state).label)

    @property
    def giver(self) -> str:
        """Who gives, by name: the officer with his unit, or the unit."""
        return f"{self.from_officer.full_name}, {self.from_unit.name}" if self.from_officer else self.from_unit.name

    @property
    def taker(self) -> str:
        """Who takes, by name."""
        return f"{self.to_officer.full_name}, {self.to_unit.name}" if self.to_officer else self.to_unit.name

    @transition(field=state, source=HandOverState.DRAFTED, target=HandOverState.ACCEPTED)
    def accept(self, officer_id: int, at: datetime) -> None:
        """Nhận bàn giao."""
        self.accepted_by_id, self.accepted_at = officer_id, at

    @transition(field=state, source=HandOverState.DRAFTED, target=HandOverState.DROPPED)
    def drop(self) -> None:
        """Bỏ bàn giao."""

    @transition(field=state, source=HandOverState.ACCEPTED, target=HandOverState.DONE)
    def finish(self, at: datetime) -> None:
        """Đã bàn giao xong."""
        self.done_at = at


class HandOverLine(models.Model):
    """An open step handed over with its dossier, as it stood when the list was made.

    run   none where the unit handles the dossier but no step of it was open there, as while tax is awaited
    """

    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(StepRun, on_delete=models.PROTECT, null=True, related_name="+")
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=250)
    matter = models.CharField(max_length=80)
    step = models.CharField(max_length=160, blank=True)
    owner_name = models.CharField(max_length=160, blank=True)
    step_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=5, choices=LineOutcome.choices, default=LineOutcome.WAITING, blank=True)

    class Meta:
        app_label = "workflow"
        constraints = [
            models.UniqueConstraint(fields=["hand_over", "position"], name="workflow_hand_over_place"),
        ]
        indexes = [
            models.Index(fields=["hand_over", "case"], condition=Q(outcome=""), name="workflow_to_hand_over"),
        ]

    def __str__(self) -> str:
        return f"{self.hand_over_id} line {self.position}"

    @property
    def outcome_words(self) -> str:
        return str(LineOutcome(self.outcome).label)
