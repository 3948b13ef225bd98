"""A clean office is clean, and each thing broken on purpose is found by its name."""

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.utils import timezone

from accounts.models import NumberSeries
from audit.models import StreamHead
from documents.models import Blob, Document
from documents.vault import put
from dossiers.models import Dossier, DossierResult, FinancialObligation
from jobs.models import OutboxRow
from jobs.worker import drain
from search.engine import Unavailable, engine
from search.state import next_version
from tests.factories.documents import legal_document, paper, pdf
from tests.factories.dossiers import at_step, begun, case_behind, open_step, received
from tests.factories.office import Office, open_office
from tests.house.full_office import undone
from upkeep.integrity import index
from upkeep.integrity.checking import findings
from upkeep.integrity.findings import Finding, chunked
from workflow.models import Case, ClockEntry, StepRun
from worktime.models import WorkingCalendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    """Two dossiers at their end, one on its way, a draft; papers, a decision; and all of it in the index."""
    office = open_office("P6-2025.toml", "P2-2025.toml")
    at_step(office, received(office), "")
    at_step(office, received(office, "P2"), "")
    at_step(office, received(office, scans=("application",)), "check")
    begun(office)
    paper(content=pdf(width=333))
    legal_document(text="Điều 1. Giao đất")
    call_command("rebuild_index", verbosity=0)
    OutboxRow.objects.all().delete()
    return office


def found(*, is_deep: bool = False) -> list[tuple[str, str]]:
    return [(finding.check, finding.about) for finding in findings(is_deep=is_deep)]


def going(office: Office) -> Dossier:
    return Dossier.objects.get(status="in_process")


def ended() -> Case:
    case: Case = Case.objects.filter(finished__isnull=False).order_by("pk")[0]
    return case


def file_of(blob: Blob) -> Path:
    return Path(storages["vault"].path(f"{blob.sha256[:2]}/{blob.sha256[2:4]}/{blob.sha256}"))


def a_blob() -> Blob:
    blob = Blob.objects.order_by("pk").first()
    assert blob is not None
    return blob


@pytest.mark.databases_differ
def test_a_clean_office_is_clean(office: Office) -> None:
    assert Case.objects.filter(finished__isnull=False).count() == 2
    assert FinancialObligation.objects.count() == 1
    assert DossierResult.objects.exclude(document__number="").count() == 2
    assert list(findings()) == []
    assert list(findings(is_deep=True)) == []


def test_an_empty_house_is_clean() -> None:
    assert list(findings(is_deep=True)) == []


def test_what_waits_to_be_indexed_is_excused(office: Office) -> None:
    received(office)
    assert OutboxRow.objects.filter(topic="index").exists()
    assert found() == []
    drain(["index"])
    assert found(is_deep=True) == []


# The vault -------------------------------------------------------------------------------------------


def test_attack_71_a_file_gone_is_named_with_what_needs_it(office: Office) -> None:
    blob = a_blob()
    file_of(blob).unlink()
    [finding] = findings()
    assert (finding.check, finding.about) == ("vault.missing", f"blob:{blob.pk}")
    assert f"document {blob.versions.get().document_id} v1" in finding.what


def test_a_file_cut_short_is_named(office: Office) -> None:
    blob = a_blob()
    file = file_of(blob)
    file.chmod(0o600)
    file.write_bytes(file.read_bytes()[:-1])
    assert found() == [("vault.size", f"blob:{blob.pk}")]


def test_attack_71_a_flipped_bit_is_found_by_who_looks_deep(office: Office) -> None:
    blob = a_blob()
    file = file_of(blob)
    file.chmod(0o600)
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert found() == []
    assert found(is_deep=True) == [("vault.bytes", f"blob:{blob.pk}")]


def test_a_file_no_row_names_is_listed_and_no_fault(office: Office, capsys: Any) -> None:
    sha256 = put(ContentFile(b"left behind"))
    [finding] = findings()
    assert (finding.check, finding.about, finding.is_note) == ("vault.unclaimed", f"blob:{sha256}", True)
    call_command("check_integrity")


# The index -------------------------------------------------------------------------------------------


def _unindexed(key: str) -> None:
    with engine().writing(version=next_version()) as writer:
        writer.remove([key])


def test_attack_69_what_is_missing_in_the_index_is_named(office: Office) -> None:
    key = f"dossier:{going(office).pk}"
    _unindexed(key)
    assert found() == [("index.missing", key)]


def test_attack_69_an_index_that_was_emptied_is_found(office: Office, settings: Any, tmp_path: Path) -> None:
    settings.SEARCH_URL = f"embedded://{tmp_path}/another"
    checks = {check for check, _about in found()}
    assert checks == {"index.missing"}


def test_what_changed_behind_the_index_is_named_with_its_fields(office: Office) -> None:
    Dossier.objects.filter(pk=going(office).pk).update(summary="thửa 999")
    [finding] = findings()
    assert (finding.check, finding.about) == ("index.stale", f"dossier:{going(office).pk}")
    assert "title" in finding.what


def test_a_text_that_changed_is_found_by_who_looks_deep(office: Office) -> None:
    Dossier.objects.filter(pk=going(office).pk).update(applicant_address="xóm Mới")
    assert found() == []
    assert found(is_deep=True) == [("index.stale", f"dossier:{going(office).pk}")]


def test_what_is_in_the_index_and_nowhere_else_is_named(office: Office) -> None:
    extra = paper(content=pdf(width=334))
    call_command("rebuild_index", verbosity=0)
    # A quarantined paper is not to be found at all.
    extra.versions.update(screening="quarantined")
    assert found() == [("index.surplus", f"document:{extra.pk}")]


def test_an_engine_that_does_not_answer_is_a_finding(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise Unavailable

    monkeypatch.setattr(index, "engine", fail)
    assert found() == [("index.unavailable", "index")]


# The trail -------------------------------------------------------------------------------------------


def test_a_trail_that_does_not_verify_is_a_finding(office: Office) -> None:
    head = StreamHead.objects.get(stream=f"dossier:{going(office).pk}")
    StreamHead.objects.filter(pk=head.pk).update(sequence=head.sequence + 1)
    [(check, about)] = found()
    assert check == "audit.head"
    assert about.startswith(f"{head.stream}#")


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


def _no_office_hours_at_all(office: Office) -> None:
    WorkingCalendar.objects.update(hours="", revision=uuid4())


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
    _no_office_hours_at_all: {"clock.order"},
}


def test_what_contradicts_itself_about_a_case_is_named(office: Office) -> None:
    assert told_of(OF_CASES, office) == OF_CASES


def test_a_promise_given_under_an_older_calendar_is_a_note(office: Office) -> None:
    _promise_and_line_moved(office)
    ClockEntry.objects.filter(case=case_behind(going(office))).update(at=timezone.now() - timedelta(days=900))
    assert WorkingCalendar.objects.exists()
    told = [(finding.check, finding.is_note) for finding in findings()]
    assert told == [("clock.reckoning", True)]


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


# The outbox ------------------------------------------------------------------------------------------


def _row(**values: Any) -> OutboxRow:
    now = timezone.now()
    return OutboxRow.objects.create(**{"topic": "read", "key": "1", "created_at": now, "available_at": now, **values})


@pytest.mark.parametrize(
    ("values", "checks"),
    [
        ({"topic": "nobody.does.this"}, ["outbox.topic"]),
        ({"leased_until": timezone.now()}, ["outbox.lease"]),
        ({"died_at": timezone.now(), "last_error": ""}, ["outbox.untold", "outbox.dead"]),
        ({"died_at": timezone.now(), "last_error": "ValueError"}, ["outbox.dead"]),
        ({}, []),
    ],
)
def test_rows_no_worker_can_end_are_named(values: dict[str, Any], checks: list[str]) -> None:
    _row(**values)
    assert [finding.check for finding in findings()] == checks


# The command, and its reach --------------------------------------------------------------------------


def test_the_command_tells_each_finding_on_a_line_and_fails(office: Office, capsys: Any) -> None:
    blob = a_blob()
    file_of(blob).unlink()
    with pytest.raises(SystemExit) as ended:
        call_command("check_integrity", "--json")
    assert ended.value.code == 1
    *told, summed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["check"], line["about"]) for line in told] == [("vault.missing", f"blob:{blob.pk}")]
    assert set(told[0]) == {"check", "about", "what"}
    assert summed == {"ok": False, "findings": 1, "notes": 0}


def test_no_finding_tells_anything_of_a_person(office: Office, capsys: Any) -> None:
    for break_it in (_recoded, _closed_step, _promise_moved):
        break_it(office)
    with pytest.raises(SystemExit):
        call_command("check_integrity", "--deep")
    assert "Ngát" not in capsys.readouterr().out


def test_rows_are_walked_a_handful_at_a_time() -> None:
    for number in range(7):
        _row(key=str(number))
    sizes = [len(rows) for rows in chunked(OutboxRow.objects.all(), 3)]
    assert sizes == [3, 3, 1]


def test_findings_come_as_they_are_found() -> None:
    _row(topic="nobody.does.this")
    walk: Iterable[Finding] = findings()
    assert next(iter(walk)).check == "outbox.topic"
