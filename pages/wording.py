"""Dates and hours as an officer says them."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import pgettext_lazy

# Django's own Vietnamese says "Thứ 6"; offices write it out.
_IN_FULL = (
    pgettext_lazy("weekday in full", "Monday"),
    pgettext_lazy("weekday in full", "Tuesday"),
    pgettext_lazy("weekday in full", "Wednesday"),
    pgettext_lazy("weekday in full", "Thursday"),
    pgettext_lazy("weekday in full", "Friday"),
    pgettext_lazy("weekday in full", "Saturday"),
    pgettext_lazy("weekday in full", "Sunday"),
)
_IN_SHORT = (
    pgettext_lazy("weekday in short", "Mo"),
    pgettext_lazy("weekday in short", "Tu"),
    pgettext_lazy("weekday in short", "We"),
    pgettext_lazy("weekday in short", "Th"),
    pgettext_lazy("weekday in short", "Fr"),
    pgettext_lazy("weekday in short", "Sa"),
    pgettext_lazy("weekday in short", "Su"),
)


def weekday_in_full(day: date) -> str:
    """thứ Hai … Chủ nhật."""
    return str(_IN_FULL[day.weekday()])


def weekday_in_short(day: date) -> str:
    """T2 … CN."""
    return str(_IN_SHORT[day.weekday()])


def day_in_full(day: date) -> str:
    """thứ Sáu 27/11/2026"""
    return f"{weekday_in_full(day)} {date_format(day, 'd/m/Y')}"


def moment_in_full(moment: datetime) -> str:
    """thứ Sáu 27/11/2026, 17:00, in the province's time."""
    local = localtime(moment)
    return f"{day_in_full(local.date())}, {date_format(local, 'H:i')}"
