"""Limits of an edition in working days and in days of the calendar: what can be compared, and what can't."""

import pytest

from tests.workflow.ferry import FERRY
from tests.workflow.test_validator import faults, with_

FOUR = "days = 4\n"


def in_calendar_days(days: str = "4", text: str = FERRY) -> str:
    """The first appointment of the ferry, whose steps take four working days, counted in days of the calendar."""
    return with_(FOUR, f'days = {days}\nunit = "days"\n', text)


def test_as_many_working_days_as_days_of_the_calendar_may_fit_where_every_day_is_worked() -> None:
    assert faults(in_calendar_days()) == []


def test_more_working_days_than_days_of_the_calendar_never_fit_and_the_fault_says_what_it_compares() -> None:
    [fault] = faults(in_calendar_days("3"))
    assert fault.startswith("appointments.1: its steps take 4.0 working days of 3 days of the calendar")
    assert "can't be compared" in fault


def test_working_days_are_compared_with_working_days_one_by_one() -> None:
    assert faults(with_(FOUR, "days = 3.75\n")) == ["appointments.1: its steps take 4.0 of 3.75 days"]


def test_of_no_days_is_the_same_working_day_in_either_unit() -> None:
    assert faults(in_calendar_days("0")) == ["appointments.1: its steps take 4.0 of 0 days"]


@pytest.mark.parametrize("days", ["4.5", "4.25"])
def test_days_of_the_calendar_are_whole(days: str) -> None:
    """The clock would count four of four and a half."""
    assert faults(in_calendar_days(days)) == ["appointments.1: days of the calendar are whole ones"]
