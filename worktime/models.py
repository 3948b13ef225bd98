"""The working calendar (lịch làm việc) of a province as dated data."""

from uuid import uuid4

from django.db import models


class WorkingCalendar(models.Model):
    """Office hours of a province; `revision` is new whenever they or one of its days change.

    Weekends and public holidays come from the `holidays` package; a `CalendarDay` wins over them.
    """

    code = models.CharField(max_length=40, primary_key=True)
    hours = models.CharField(max_length=80)
    late_after = models.TimeField()
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
