"""What cases, clocks and numbers say against each other is found by the integrity check, each fault by its name."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import NumberSeries
from documents.models import Document
from dossiers.models import Dossier, DossierResult
from tests.factories.dossiers import case_behind, open_step
from tests.factories.office import Office
from tests.house.full_office import undone
from tests.upkeep.checked import ended, going, office_to_check
from upkeep.integrity.checking import findings
from workflow.models import Case, ClockEntry, StepRun
from worktime.models import WorkingCalendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return office_to_check()


# Cases, steps, clock ---------------------------------------------------------------------------------

Break = Callable[[Office], Any]


def told_of(breaks: Iterable[Break], office: Office) -> dict[Break, set[str]]:
    """The faults each of these makes by itself; that the index is behind what was broken isn't asked here."""
    told = {}
    for break_it in breaks:
        with undone():
            break_it(office)
            told[break_it] = {
                finding.check
                for finding in findings()
                if not finding.check.startswith("index.") and not finding.is_note
            }
    return told


def _case_to_nowhere(office: Office) -> None:
    Case.objects.filter(pk=case_behind(going(office)).pk).update(subject_id=987_654)


def _other_code(office: Office) -> None:
    Case.objects.filter(pk=case_behind(going(office)).pk).update(code="H99.15-000000-9999")


def _closed_step(office: Office) -> None:
    StepRun.objects.filter(pk=open_step(going(office)).pk).update(status="DONE")


def _open_step_at_the_end(office: Office) -> None:
    run = StepRun.objects.filter(process=ended()).order_by("-number").exclude(step="").first()
    assert run is not None
    StepRun.objects.filter(pk=run.pk).update(status="NEW")


def _two_steps_open(office: Office) -> None:
    done = StepRun.objects.filter(process=case_behind(going(office))).exclude(status="NEW").exclude(step="").first()
    assert done is not None
    StepRun.objects.filter(pk=done.pk).update(status="NEW")


def _promise_moved(office: Office) -> None:
    case = case_behind(going(office))
    assert case.due_at is not None
    Case.objects.filter(pk=case.pk).update(due_at=case.due_at + timedelta(days=1))


def _state_moved(office: Office) -> None:
    Case.objects.filter(pk=case_behind(going(office)).pk).update(clock_state="paused")


def _line_gone(office: Office) -> None:
    ClockEntry.objects.filter(case=case_behind(going(office))).update(sequence=2)


def _line_out_of_order(office: Office) -> None:
    ClockEntry.objects.filter(case=case_behind(going(office))).update(kind="resume")


def _promise_and_line_moved(office: Office) -> None:
    case = case_behind(going(office))
    assert case.due_at is not None
    later = case.due_at + timedelta(days=1)
    Case.objects.filter(pk=case.pk).update(due_at=later)
    ClockEntry.objects.filter(case=case).update(due_at=later)


OF_CASES: dict[Break, set[str]] = {
    _case_to_nowhere: {"dossier.no_case", "case.no_dossier"},
    _other_code: {"dossier.code"},
    _closed_step: {"case.no_step"},
    _open_step_at_the_end: {"case.open_step"},
    _two_steps_open: {"case.open_step"},
    _promise_moved: {"clock.due"},
    _state_moved: {"clock.state"},
    _line_gone: {"clock.sequence"},
    _line_out_of_order: {"clock.order"},
    _promise_and_line_moved: {"clock.reckoning"},
}


def test_what_contradicts_itself_about_a_case_is_named(office: Office) -> None:
    assert told_of(OF_CASES, office) == OF_CASES


def test_a_promise_given_under_an_older_calendar_is_a_note(office: Office) -> None:
    _promise_and_line_moved(office)
    ClockEntry.objects.filter(case=case_behind(going(office))).update(at=timezone.now() - timedelta(days=900))
    assert WorkingCalendar.objects.exists()
    told = [(finding.check, finding.is_note) for finding in findings()]
    assert told == [("clock.reckoning", True)]


def test_a_calendar_without_office_hours_is_told_once_and_nothing_after_it_is_lost(office: Office) -> None:
    WorkingCalendar.objects.update(hours="", revision=uuid4())
    _series_gone(office)
    told = [(finding.check, finding.about) for finding in findings()]
    assert told == [("calendar.hours", "calendar:yen-giang"), *[pair for pair in told if pair[0] == "code.foreign"]]
    assert len(told) > 1


# Numbers ---------------------------------------------------------------------------------------------


def _series(kind: str) -> Any:
    return NumberSeries.objects.filter(kind__startswith=kind)


def _raise(kind: str) -> Break:
    def raise_it(office: Office) -> None:
        row = _series(kind).get()
        _series(kind).update(last=row.last + 1)

    return raise_it


def _lower(kind: str) -> Break:
    def lower_it(office: Office) -> None:
        row = _series(kind).get()
        _series(kind).update(last=row.last - 1)

    return lower_it


def _recoded(office: Office) -> None:
    dossier = going(office)
    assert dossier.code
    code = dossier.code[:-4] + "0777"
    Dossier.objects.filter(pk=dossier.pk).update(code=code)
    Case.objects.filter(subject_id=dossier.pk).update(code=code)


def _series_gone(office: Office) -> None:
    _series("dossier-").delete()


def _result_renumbered(office: Office) -> None:
    result = DossierResult.objects.exclude(document__number="").order_by("pk").last()
    assert result is not None
    Document.objects.filter(pk=result.document_id).update(number="VP 00077")


OF_NUMBERS: dict[Break, set[str]] = {
    _raise("dossier-"): {"code.gap"},
    _lower("dossier-"): {"code.foreign"},
    _recoded: {"code.gap", "code.foreign"},
    _series_gone: {"code.foreign"},
    _raise("tax-slip"): {"number.gap"},
    _lower("tax-slip"): {"number.foreign"},
    _raise("certificate"): {"number.gap"},
    _result_renumbered: {"number.unregistered"},
}


def test_a_gap_and_a_number_nobody_gave_are_named(office: Office) -> None:
    assert told_of(OF_NUMBERS, office) == OF_NUMBERS


# What is told ----------------------------------------------------------------------------------------


def test_no_finding_tells_anything_of_a_person(office: Office, capsys: Any) -> None:
    for break_it in (_recoded, _closed_step, _promise_moved):
        break_it(office)
    with pytest.raises(SystemExit):
        call_command("check_integrity", "--deep")
    assert "Ngát" not in capsys.readouterr().out
