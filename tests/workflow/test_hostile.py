"""Hostile input of the new deeds: days nobody lives to see, texts nobody reads, files that are bombs."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Officer, RoleHolding
from pages.domain_errors import Invalid
from tests.factories.moments import MORNING, stop_the_clock
from tests.factories.office import EDITIONS
from tests.workflow.ferry import FERRY, River, only_open
from tests.workflow.giving import accepted, of_officer, owners
from tests.workflow.leave import colleague_of
from tests.workflow.lists import at_inspection, in_hands
from tests.workflow.test_validator import faults, with_
from tests.workflow.untouched import untouched
from workflow.engine.operations.complete import complete_step
from workflow.engine.operations.consult import FARTHEST, LONGEST, consult
from workflow.engine.operations.hand import reassign_step
from workflow.engine.operations.jump import jump_to_step
from workflow.engine.operations.locked import LONGEST_NOTE
from workflow.engine.operations.send_back import send_back
from workflow.models import Case
from workflow.procedures.draft_models import EditionDraft
from workflow.procedures.reading import FaultyEdition, read_edition

P6 = (EDITIONS / "P6-2025.toml").read_text("utf-8")


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def case(river: River) -> Case:
    case = at_inspection(river)
    in_hands(river, case)
    return case


# Days ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [date.max, date(2100, 1, 1), MORNING.date() + FARTHEST + FARTHEST, date.min])
def test_an_opinion_is_asked_for_within_a_year(river: River, case: Case, day: date) -> None:
    run, acting = only_open(case), river.acting(river.office.specialist)
    with untouched(), pytest.raises(Invalid):
        consult(
            step_run_id=run.pk,
            content="Có bồi không?",
            due_on=day,
            version=run.version,
            acting=acting,
            unit_id=river.office.other_branch.pk,
            at=MORNING,
        )


@pytest.mark.parametrize("days", ["-1", "0", "3651", "999999999999", "1e308", "1e-300"])
@pytest.mark.parametrize("place", ["days = 0.5", "days = 4"])
def test_a_limit_no_calendar_could_reckon_with_is_a_fault_in_words(place: str, days: str) -> None:
    if (place, days) != ("days = 4", "0"):
        assert [fault for fault in faults(with_(place, f"days = {days}")) if "days" in fault]


def test_so_is_a_timer() -> None:
    timer = '[steps.timer]\ndays = 1e300\noutcome = "pass"\n\n[[steps.outcomes]]'
    assert "0 is no number of whole days" in " ".join(faults(with_("[[steps.outcomes]]", timer)))


# Texts -----------------------------------------------------------------------------------------------


def deeds(river: River, case: Case, long: str) -> dict[str, Callable[[], object]]:
    run, specialist = only_open(case), river.acting(river.office.specialist)
    head, administrator = river.acting(river.office.head), river.acting(river.office.administrator)
    the_step: dict[str, Any] = {"step_run_id": run.pk, "version": run.version}
    colleague = colleague_of(river)
    return {
        "completed": lambda: complete_step(**the_step, outcome="fits", note=long, acting=specialist, at=MORNING),
        "sent back": lambda: send_back(**the_step, to_step="counter", note=long, acting=specialist),
        "jumped": lambda: jump_to_step(**the_step, to_step="counter", reason=long, acting=administrator),
        "handed on": lambda: reassign_step(**the_step, to_officer_id=colleague.pk, reason=long, acting=head),
        "asked": lambda: consult(
            **the_step,
            content=long * 3,
            due_on=date(2026, 12, 4),
            acting=specialist,
            unit_id=river.office.other_branch.pk,
            at=MORNING,
        ),
    }


@pytest.mark.parametrize("deed", ["completed", "sent back", "jumped", "handed on", "asked"])
def test_a_text_nobody_would_read_stays_out_of_the_trail(river: River, case: Case, deed: str) -> None:
    todo = deeds(river, case, "x" * (LONGEST_NOTE + 1))
    with untouched(), pytest.raises(Invalid, match=str(LONGEST if deed == "asked" else LONGEST_NOTE)):
        todo[deed]()


# Files -----------------------------------------------------------------------------------------------


BOMBS = {
    "arrays within arrays": "a = " + "[" * 100_000,
    "tables within tables": "a = " + "{a = " * 5_000 + "1" + "}" * 5_000,
    "a number of thousands of digits": "days = " + "9" * 5_000,
    "the same by sixteens": "days = 0x" + "f" * 5_000,
    "a key of thousands of parts": "a." * 20_000 + "a = 1",
    "a head of thousands of parts": "[" + '"a" . ' * 20_000 + "a]",
    "not a number": P6.replace("days = 5", "days = nan", 1),
    "without end": P6.replace("days = 5", "days = inf", 1),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_no_edition(bomb: str) -> None:
    with pytest.raises(FaultyEdition):
        read_edition(BOMBS[bomb])


def test_of_a_file_full_of_faults_the_first_are_told() -> None:
    with pytest.raises(FaultyEdition) as caught:
        read_edition("[[steps]]\n" * 500)
    assert len(caught.value.faults) == 101
    assert caught.value.faults[-1].startswith("… ")


@pytest.mark.django_db
def test_a_bomb_brought_as_a_file_is_refused_and_nothing_is_kept(client: Client, river: River) -> None:
    client.force_login(river.office.administrator)
    for bomb in ("arrays within arrays", "a number of thousands of digits", "a key of thousands of parts"):
        file = SimpleUploadedFile("../../x.toml", BOMBS[bomb].encode())
        assert client.post(reverse("procedure_draft_begin"), {"file": file}).status_code == 422
    assert not EditionDraft.objects.exists()


def test_every_shipped_edition_is_still_read() -> None:
    for path in EDITIONS.glob("*.toml"):
        read_edition(path.read_text("utf-8"))
    assert read_edition(FERRY).steps


# Work that goes to somebody who is gone --------------------------------------------------------------


@pytest.mark.parametrize("why", ["left", "lost the role"])
def test_attack_51_work_handed_to_who_is_gone_by_then_lies_in_the_units_queue(
    river: River, case: Case, why: str
) -> None:
    colleague: Officer = colleague_of(river)
    made = of_officer(river, colleague)
    if why == "left":
        Officer.objects.filter(pk=colleague.pk).update(is_active=False)
    else:
        RoleHolding.objects.filter(officer=colleague).delete()
    assert accepted(river, made, colleague_of(river, "head")).state == "done"
    assert owners([case]) == [None]
