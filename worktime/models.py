"""The working calendar (lịch làm việc) of a province as dated data."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkingCalendar(models.Model):
    """Office hours of a province; `revision` is new whenever they or one of its days change.

    Weekends and public holidays come from the `holidays` package; a `CalendarDay` wins over them. `near_days`,
    `near_percent` and `apology_days` are the calendar's `NearRule`.
    """

    code = models.CharField(max_length=40, primary_key=True)
    hours = models.CharField(max_length=80)
    late_after = models.TimeField()
    near_days = models.PositiveSmallIntegerField(default=1, db_default=1)
    near_percent = models.PositiveSmallIntegerField(default=20, db_default=20)
    apology_days = models.PositiveSmallIntegerField(default=2, db_default=2)
    revision = models.UUIDField(default=uuid4)

    def __str__(self) -> str:
        return self.code


class CalendarDay(models.Model):
    """A day that differs: off, worked instead of another (hoán đổi), or with other hours."""

    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.PROTECT, related_name="days")
    date = models.DateField()
    hours = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=200)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "date"], name="worktime_one_per_day")]

    def __str__(self) -> str:
        return f"{self.date} {self.hours or 'off'}"


class CalendarHours(models.Model):
    """Office hours from a day on (giờ làm việc), until the next ones."""

    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.PROTECT, related_name="later_hours")
    valid_from = models.DateField()
    hours = models.CharField(max_length=80)
    late_after = models.TimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "valid_from"], name="worktime_hours_once")]

    def __str__(self) -> str:
        return f"{self.hours} from {self.valid_from}"


class ChangeKind(models.TextChoices):
    DAY = "day", _("Day")
    DROP = "drop", _("Day as usual again")
    HOURS = "hours", _("Office hours")
    RULE = "rule", _("Warning rule")


class CalendarChange(models.Model):
    """One change somebody made to a calendar (thay đổi lịch), never changed itself.

    date           the day it is about, or from which hours count; none for the rule of warnings
    before, after  in words of data: hours of a day, hours and late hour, the three figures of the rule
    officer_id     who made it, without a foreign key: this package stands below the accounts
    revision       the calendar's revision with this change
    """

    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=8, choices=ChangeKind.choices)
    date = models.DateField(null=True)
    before = models.CharField(max_length=120, blank=True)
    after = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=250)
    made_at = models.DateTimeField()
    officer_id = models.BigIntegerField(null=True)
    officer_name = models.CharField(max_length=160)
    revision = models.UUIDField()

    def __str__(self) -> str:
        return f"{self.calendar_id} {self.kind} {self.date or ''} {self.after}"
