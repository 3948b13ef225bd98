"""A clean office is clean; what is wrong with vault, index, trail or outbox is found by its name."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.utils import timezone

from audit.models import StreamHead
from documents.models import Blob
from documents.vault import put
from dossiers.models import Dossier, DossierResult, FinancialObligation
from jobs.models import OutboxRow
from jobs.worker import drain
from search.engine import Unavailable, engine
from search.state import next_version
from tests.factories.documents import paper, pdf
from tests.factories.dossiers import received
from tests.factories.office import Office
from tests.upkeep.checked import going, office_to_check
from upkeep.integrity import index
from upkeep.integrity.checking import findings
from upkeep.integrity.findings import Finding, chunked
from workflow.models import Case

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return office_to_check()


def found(*, is_deep: bool = False) -> list[tuple[str, str]]:
    return [(finding.check, finding.about) for finding in findings(is_deep=is_deep)]


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


def test_rows_are_walked_a_handful_at_a_time() -> None:
    for number in range(7):
        _row(key=str(number))
    sizes = [len(rows) for rows in chunked(OutboxRow.objects.all(), 3)]
    assert sizes == [3, 3, 1]


def test_findings_come_as_they_are_found() -> None:
    _row(topic="nobody.does.this")
    walk: Iterable[Finding] = findings()
    assert next(iter(walk)).check == "outbox.topic"
