"""A month at the office, told once: some sixty dossiers of all procedures, and all that happens to a house meanwhile.

The house goes through the script by its real operations and its own worker; a tally goes through it beside the house,
in simple arithmetic of its own (`tests.month`). At the end both are asked the same, dossier by dossier.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from audit.verifier import Verdict, verify
from dossiers.apologies import FORM as APOLOGY
from dossiers.models import IssuedForm
from tests.factories.moments import stop_the_clock
from tests.month import house_told, slip_by_hand
from tests.month.answers import Answer, Row
from tests.month.house import House
from tests.month.roster import STANDS_IN
from tests.month.rules import APPOINTMENTS, WAYS
from tests.month.script import DIARY, GIVES_UP, TAKES_OVER, Course, courses, on, play
from tests.month.stays import OPINION
from tests.month.tally import Tally

pytestmark = pytest.mark.django_db

EVENING = on(25, "18:00")


@dataclass(frozen=True)
class Month:
    """The month once it is over: what house and tally say of each dossier, by its number in the script.

    apologies  how often form 04 was issued for a dossier; trail: what the verifier makes of all that was done
    """

    script: list[Course]
    house: dict[int, Answer]
    tally: dict[int, Answer]
    apologies: Counter[int]
    trail: Verdict

    def differences(self, question: str) -> list[str]:
        """Where the two don't answer this question alike, and what each says that the other doesn't."""
        found = []
        for course in self.script:
            house, tally = getattr(self.house[course.number], question), getattr(self.tally[course.number], question)
            if house != tally:
                found.append(f"{course.number} {course.procedure}: {_apart(house, tally)}")
        return found

    def rows(self) -> Iterator[Row]:
        return chain.from_iterable(answer.slip for answer in self.house.values())


Rule = Callable[[Month], None]
RULES: list[Rule] = []


def rule(held: Rule) -> Rule:
    """One of the rules the month is held to."""
    RULES.append(held)
    return held


def _apart(house: Any, tally: Any) -> str:
    if isinstance(house, list):
        house, tally = [one for one in house if one not in tally], [one for one in tally if one not in house]
    return f"the house says {house}, the tally {tally}"


def _own_places(path: Path) -> dict[str, Any]:
    vault = {"BACKEND": "documents.storage.WholeFileStorage", "OPTIONS": {"location": str(path / "vault")}}
    return {"STORAGES": {**settings.STORAGES, "vault": vault}, "SEARCH_URL": f"embedded://{path}/index"}


def _played(patch: pytest.MonkeyPatch) -> Month:
    turns_to = partial(stop_the_clock, patch)
    turns_to(on(26))
    script, house, tally = courses(), House(turns_to), Tally()
    play(house, script)
    play(tally, script)
    turns_to(EVENING)
    numbers = {dossier.pk: number for number, dossier in house.dossiers.items()}
    signed = IssuedForm.objects.filter(code=APOLOGY).values_list("dossier", flat=True)
    return Month(
        script=script,
        house={number: house_told.answer_of(pk, EVENING) for pk, number in numbers.items()},
        tally={number: slip_by_hand.answer_of(one, EVENING, tally.days) for number, one in tally.dossiers.items()},
        apologies=Counter(numbers[pk] for pk in signed),
        trail=verify(),
    )


# The month -----------------------------------------------------------------------------------------


@rule
def the_month_has_all_procedures_and_two_editions(month: Month) -> None:
    assert 55 <= len(month.script) <= 65
    assert {course.procedure for course in month.script} == set(WAYS)
    assert {answer.edition for answer in month.house.values()} == set(APPOINTMENTS)


@rule
def everything_that_may_happen_happens(month: Month) -> None:
    deeds = [deed.words for course in month.script for deed in course.deeds]
    for word, least in {"short": 5, "whole": 4, "asks": 4, "answers": 3, "back": 2, "claim": 3, "apology": 4}.items():
        assert sum(word in words for words in deeds) >= least, word
    assert sum(words == ("await_tax",) for words in deeds) >= 15
    assert sum(row.step == "posting" for row in month.rows()) >= 6
    assert sum(course.arrives.hour >= 15 for course in month.script) >= 10


@rule
def most_dossiers_are_through_and_some_go_on(month: Month) -> None:
    assert month.differences("is_finished") == []
    finished = [answer.is_finished for answer in month.house.values()]
    assert (finished.count(True) >= 50, finished.count(False) >= 5) == (True, True)


# Due dates -----------------------------------------------------------------------------------------


@rule
def each_dossier_comes_under_the_edition_of_its_day(month: Month) -> None:
    assert month.differences("edition") == []


@rule
def each_case_is_due_when_the_tally_says(month: Month) -> None:
    """As its receipt promises it."""
    assert month.differences("promised") == []


@rule
def each_clock_runs_stands_and_starts_anew_as_the_tally_says(month: Month) -> None:
    """Line by line with the date promised by each: tax, postings, supplements, the swap, apologies, the result."""
    assert month.differences("ledger") == []


@rule
def the_holiday_swap_moves_dates_both_ways(month: Month) -> None:
    """A Friday off puts off what was due after it; on a Saturday worked something may be due."""
    moved = [
        line[2] - before[2]
        for answer in month.house.values()
        for before, line in pairwise(answer.ledger)
        if line[0] == "recalculated"
    ]
    assert any(move > timedelta() for move in moved)
    assert any(move < timedelta() for move in moved)


@rule
def the_holiday_swap_moves_no_date_while_the_clock_stands(month: Month) -> None:
    reckoned = DIARY["dates_are_reckoned_anew"]
    standing = [
        {kind for kind, _at, _due in answer.ledger}
        for answer in month.house.values()
        if [kind for kind, at, _due in answer.ledger if at < reckoned][-1:] == ["pause"]
    ]
    assert len(standing) >= 5
    assert not any("recalculated" in kinds for kinds in standing)


# Slips and units -----------------------------------------------------------------------------------


@rule
def each_slip_says_who_had_it_from_when_to_when(month: Month) -> None:
    assert month.differences("slip") == []


@rule
def each_unit_used_what_the_tally_says(month: Month) -> None:
    assert month.differences("units") == []


@rule
def a_unit_that_handed_over_answers_for_its_own_days_alone(month: Month) -> None:
    """What it gave away stands twice on the slip, its own time in the first row and the taker's in the next."""
    handed_on = f"{DIARY['unit_hands_over']:%H:%M, %d/%m/%Y}"
    given = [row for row in month.rows() if row.unit == GIVES_UP and row.handed_on == handed_on]
    taken = [row for row in month.rows() if row.unit == TAKES_OVER and row.received == handed_on]
    assert len(given) >= 8
    assert [row.step for row in given] == [row.step for row in taken]
    assert not any(row.handed_on == "" for row in month.rows() if row.unit == GIVES_UP)


@rule
def who_stands_in_does_the_steps_of_who_is_on_leave(month: Month) -> None:
    assert month.differences("stood_in") == []
    assert sum(answer.stood_in for answer in month.house.values()) >= 3
    days = {row.handed_on.split(", ")[1] for row in month.rows() if row.who == STANDS_IN}
    assert days == {"01/07/2025", "02/07/2025", "03/07/2025"}


@rule
def an_opinion_is_on_the_slip_of_who_was_asked(month: Month) -> None:
    opinions = [row for row in month.rows() if row.step == OPINION]
    assert {row.unit for row in opinions} == {"so-xay-dung", "thue-co-so-3"}
    assert {"Quá hạn", "Đúng hạn"} <= {row.verdict for row in opinions}


# Who was late --------------------------------------------------------------------------------------


@rule
def those_are_late_whom_the_tally_calls_late(month: Month) -> None:
    assert month.differences("is_late") == []
    assert any(answer.is_late for answer in month.house.values())


@rule
def each_deadline_was_warned_of_once_when_near_and_once_when_late(month: Month) -> None:
    assert month.differences("warnings") == []
    told = [warning[:3] for answer in month.house.values() for warning in answer.warnings]
    assert {level for level, _number, _due in told} == {"near", "late"}
    for answer in month.house.values():
        assert max(Counter(warning[:3] for warning in answer.warnings).values(), default=1) == 1


@rule
def an_apology_was_drafted_for_each_date_that_came_near_and_never_after_one_was_signed(month: Month) -> None:
    assert month.differences("apologies") == []


@rule
def one_apology_went_to_each_late_case(month: Month) -> None:
    """To each the script has its head apologise for; each names the date the tally says."""
    assert month.differences("new_date") == []
    excused = [course.number for course in month.script if any("apology" in deed.words for deed in course.deeds)]
    assert month.apologies == Counter(excused)
    late = [answer for answer in month.house.values() if answer.is_late]
    assert all(answer.apologies or answer.new_date for answer in late)


# The trail -----------------------------------------------------------------------------------------


@rule
def the_trail_is_whole_after_the_month(month: Month) -> None:
    assert month.trail.first_bad is None
    assert month.trail.events >= 12 * len(month.script)


def test_a_month_at_the_office_is_what_the_tally_says(
    subtests: pytest.Subtests, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """One test, so that the month is played once however tests are dealt out; each rule fails by itself."""
    with override_settings(**_own_places(tmp_path)):
        month = _played(monkeypatch)
    assert len(RULES) > 15
    for held in RULES:
        with subtests.test(held.__name__):
            held(month)
