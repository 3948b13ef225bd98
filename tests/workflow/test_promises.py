"""What is added to an appointment, and what it is counted in."""

import pytest

from tests.workflow.ferry import FERRY
from workflow.procedures.promises import promise_faults
from workflow.procedures.reading import read_edition

CHOICE = """[[form.fields]]
code = "bank"
label = "Bờ"
type = "choice"
choices = [{ code = "left", label = "Tả" }, { code = "right", label = "Hữu" }]

[[form.fields]]
code = "width"
label = "Rộng"
type = "number"

[[components]]"""


def faults(
    days: str = "4", unit: str = "working_days", more: str = "2", only_if: str = '"bank", ["left"]'
) -> list[str]:
    name, values = only_if.split(", ", 1)
    condition = f"{{ field = {name}, is_one_of = {values} }}"
    added = f'{{ days = {more}, label = "Lũ", only_if = {condition}, source = {{ document = "QĐ 1" }} }}'
    text = FERRY.replace("days = 4", f'days = {days}\nunit = "{unit}"\nmore = [{added}]', 1)
    return list(promise_faults(read_edition(text.replace("[[components]]", CHOICE, 1))))


@pytest.mark.parametrize(("unit", "days"), [("working_days", "4.25"), ("days", "4"), ("days", "0")])
def test_a_limit_counts_working_days_or_days_of_the_calendar(unit: str, days: str) -> None:
    assert faults(days, unit) == []


def test_days_of_the_calendar_are_whole_ones() -> None:
    assert faults("4.5", "days") == ["appointments.1: days of the calendar are whole ones"]


@pytest.mark.parametrize(
    ("unit", "more"), [("working_days", "0"), ("working_days", "-1"), ("working_days", "1.1"), ("days", "0.5")]
)
def test_what_is_added_is_a_number_of_days(unit: str, more: str) -> None:
    assert faults(unit=unit, more=more) == [f"appointments.1.more: {more} is no number of days to add"]


@pytest.mark.parametrize(
    ("only_if", "fault"),
    [
        ('"moon", ["left"]', "only_if names the unknown field moon"),
        ('"width", ["7"]', "only_if asks about width, which is no text and no choice"),
        ('"bank", ["left", "middle"]', "only_if names the unknown choice middle"),
        ('"landing", ["Cây Gạo"]', None),
    ],
)
def test_it_is_added_by_a_text_or_choice_of_the_form(only_if: str, fault: str | None) -> None:
    assert faults(only_if=only_if) == ([f"appointments.1.more: {fault}"] if fault else [])
