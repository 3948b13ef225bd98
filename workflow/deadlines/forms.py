"""What an administrator types to change the working calendar."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from workflow.deadlines.operations.change_calendar import words_of_fault
from workflow.deadlines.year import FIRST, LAST, hours_in_words
from worktime.calendar import Calendar, NearRule
from worktime.models import ChangeKind
from worktime.operations.change import LONGEST_NOTE, Change, FaultyChange, changed_by

_MOST = 130


class ChangeForm(forms.Form):
    """A change of the calendar; `change` is what it comes to once it is valid. Names of fields are those of faults."""

    kind: ChangeKind
    change: Change
    use_required_attribute = False

    def __init__(self, data: Any = None, *, calendar: Calendar, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id=f"{self.kind}_%s")
        self.calendar = calendar

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if self.errors:
            return typed
        self.change = self.read(typed)
        try:
            changed_by(self.change, self.calendar)
        except FaultyChange as fault:
            self.add_error(fault.field if fault.field in self.fields else None, words_of_fault(fault))
        return typed

    def read(self, typed: dict[str, Any]) -> Change:
        """The change these values come to; every form of a change says how."""
        raise NotImplementedError

    def told(self) -> list[tuple[Any, str]]:
        """What was typed, as labels with values a person reads."""
        lines = []
        for bound in self:
            choices = dict(getattr(bound.field, "choices", ()))
            lines.append((bound.label, str(choices.get(bound.data, bound.data or ""))))
        return [(label, value) for label, value in lines if value]


def within_years(day: date) -> None:
    """Raises ValidationError for a day the calendar knows no holidays of."""
    if not FIRST <= day.year <= LAST:
        raise ValidationError(_("Choose a day between 2014 and 2099."))


def _day(label: Any) -> forms.DateField:
    placeholder = forms.DateInput(attrs={"placeholder": "dd/mm/yyyy"}, format="%d/%m/%Y")
    return forms.DateField(label=label, widget=placeholder, validators=[within_years])


class DayForm(ChangeForm):
    """One day: off, worked as usual, worked at other hours, or as weekends and holidays have it."""

    kind = ChangeKind.DAY
    OFF, USUAL, OTHER, DROP = "off", "usual", "other", "drop"
    day = _day(_("Day"))
    worked = forms.ChoiceField(
        label=_("What is worked"),
        choices=[
            (OFF, _("Day off")),
            (USUAL, _("Worked as an ordinary day")),
            (OTHER, _("Worked at other hours")),
            (DROP, _("As weekends and public holidays have it")),
        ],
        initial=OFF,
    )
    hours = forms.CharField(label=_("Other hours"), max_length=80, required=False)
    note = forms.CharField(label=_("What day it is"), max_length=LONGEST_NOTE, required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean()
        if typed.get("worked") == self.OTHER and not typed.get("hours"):
            self.add_error("hours", _("Write hours as 07:30-11:30, 13:00-17:00."))
        if typed.get("worked") != self.DROP and not typed.get("note") and "note" not in self.errors:
            self.add_error("note", _("Say what day it is, such as “Nghỉ bù”."))
        return typed

    def read(self, typed: dict[str, Any]) -> Change:
        day, worked = typed["day"], typed["worked"]
        if worked == self.DROP:
            return Change(kind=ChangeKind.DROP, day=day)
        usual = hours_in_words(self.calendar.hours_on(day))
        hours = {self.OFF: "", self.USUAL: usual, self.OTHER: typed["hours"]}[worked]
        return Change(kind=ChangeKind.DAY, day=day, hours=hours, note=typed["note"])


class HoursForm(ChangeForm):
    """Office hours from a day on."""

    kind = ChangeKind.HOURS
    day = _day(_("From"))
    hours = forms.CharField(label=_("Office hours"), max_length=80)
    late_after = forms.TimeField(
        label=_("A receipt counts as the next day's after"), widget=forms.TimeInput(format="%H:%M")
    )

    def read(self, typed: dict[str, Any]) -> Change:
        return Change(kind=ChangeKind.HOURS, day=typed["day"], hours=typed["hours"], late_after=typed["late_after"])


class RuleForm(ChangeForm):
    """When a deadline counts as near, and when an apology is drafted."""

    kind = ChangeKind.RULE
    near_days = forms.IntegerField(label=_("Near when so many days are left"), min_value=0, max_value=_MOST)
    near_percent = forms.IntegerField(label=_("or this share of the limit, %"), min_value=0, max_value=100)
    apology_days = forms.IntegerField(label=_("Apology drafted so many days before"), min_value=1, max_value=_MOST)

    def read(self, typed: dict[str, Any]) -> Change:
        rule = NearRule(typed["near_days"], typed["near_percent"], typed["apology_days"])
        return Change(kind=ChangeKind.RULE, rule=rule)


FORMS: dict[str, type[ChangeForm]] = {form.kind: form for form in (DayForm, HoursForm, RuleForm)}
