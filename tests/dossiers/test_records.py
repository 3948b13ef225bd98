"""Retention, transfer, disposal: what is kept for good stays, what goes to the archive is whole, nobody acts alone."""

import csv
import hashlib
import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.sight import NotVisible
from audit.models import AuditEvent
from audit.recording import SYSTEM
from audit.verifier import verify
from documents.models import Blob, Document, DocumentVersion, LegalDocument, ReadPage, SearchableCopy
from documents.operations.quarantine import quarantine
from documents.operations.release import drop_bytes, is_held
from documents.reasons import MALWARE
from documents.states import Screening
from documents.vault import BlobMissing, open_blob, put, register_blob, stored_hashes
from dossiers.models import Dossier
from dossiers.records.operations.carry_out import check_list, end_list, pack_list
from dossiers.records.operations.lists import approve_list, drop_list, make_list, ready_files, take_off
from dossiers.records.operations.load_retention import FaultyRetention, load_retention
from dossiers.records.package import Row, as_csv, write_package
from dossiers.records_models import RecordFile, RecordsList, RetentionClass, RetentionRule
from dossiers.records_states import FileState, ListKind, ListState
from jobs.worker import drain
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.accounts import RoleHoldingFactory, StepRoleFactory
from tests.factories.documents import DocumentFactory, add_version_to
from tests.factories.dossiers import at_step, received
from tests.factories.moments import moment, stop_the_clock
from tests.factories.office import Office
from upkeep.integrity.vault import vault_findings

pytestmark = pytest.mark.django_db
LATER = moment("2040-01-05 09:00")


def closed(office: Office, procedure: str = "P6", *, scans: tuple[str, ...] = ("application",)) -> RecordFile:
    dossier = at_step(office, received(office, procedure, scans=scans), "")
    return RecordFile.objects.get(dossier=dossier)


def short(file: RecordFile, years: int = 5) -> RecordFile:
    """To be kept for some years alone."""
    kept_as, _ = RetentionClass.objects.get_or_create(
        code=f"years-{years}", defaults={"name": f"{years} năm", "years": years, "source": "thử"}
    )
    RecordFile.objects.filter(pk=file.pk).update(retention=kept_as, keep_until=date(file.year + years, 12, 31))
    return again(file)


def again(file: RecordFile) -> RecordFile:
    return RecordFile.objects.get(pk=file.pk)


def listed(office: Office, kind: str = ListKind.TRANSFER, year: int = 2026) -> RecordsList:
    made = make_list(kind=kind, year=year, acting=office.acting(office.specialist))
    check_list(list_id=made.pk)
    return RecordsList.objects.get(pk=made.pk)


def approved(office: Office, found: RecordsList) -> RecordsList:
    return approve_list(list_id=found.pk, acting=office.acting(office.head))


def transferred(office: Office) -> RecordsList:
    found = approved(office, listed(office))
    pack_list(list_id=found.pk)
    return RecordsList.objects.get(pk=found.pk)


def disposed(office: Office, monkeypatch: pytest.MonkeyPatch) -> RecordsList:
    stop_the_clock(monkeypatch, LATER)
    found = approved(office, listed(office, ListKind.DISPOSAL))
    end_list(list_id=found.pk)
    drain()
    return RecordsList.objects.get(pk=found.pk)


def documents_of(dossier: Dossier) -> Iterable[Document]:
    found = Document.objects.filter(component__dossier=dossier) | Document.objects.filter(result__dossier=dossier)
    return found.distinct()


def damage(sha256: str) -> None:
    """Past the vault, as a broken disk would."""
    with open_blob(sha256) as file:
        Path(str(file.name)).write_bytes(b"khac")


def bag_of(found: RecordsList) -> ZipFile:
    assert found.package_id
    with open_blob(found.package_id) as file:
        return ZipFile(io.BytesIO(file.read()))


# Retention --------------------------------------------------------------------------------------------


def test_a_returned_dossier_has_a_file_with_class_and_date(office: Office) -> None:
    file = closed(office)
    assert (file.state, file.year, file.unit) == (FileState.CURRENT, 2026, office.branch)
    assert (file.retention_id, file.keep_until) == ("permanent", None)


def test_a_dossier_going_on_has_none(office: Office) -> None:
    at_step(office, received(office), "hand_over")
    assert not RecordFile.objects.exists()


def test_a_procedure_nobody_has_a_rule_for_is_kept_for_good(office: Office) -> None:
    RetentionRule.objects.all().delete()
    file = closed(office)
    assert (file.retention, file.keep_until) == (None, None)


@pytest.mark.parametrize(
    ("procedure", "paper", "kept_as", "until"),
    [
        ("years-5", "", "years-5", date(2031, 12, 31)),
        ("years-5", "years-10", "years-10", date(2036, 12, 31)),
        ("years-10", "years-5", "years-10", date(2036, 12, 31)),
        ("years-5", "permanent", "permanent", None),
    ],
)
def test_a_paper_can_only_lengthen_what_the_procedure_says(
    office: Office, procedure: str, paper: str, kept_as: str, until: date | None
) -> None:
    RetentionRule.objects.all().delete()
    since = {"valid_from": date(2014, 7, 1), "source": "thử"}
    RetentionRule.objects.create(procedure="P6", retention_id=procedure, **since)
    if paper:
        RetentionRule.objects.create(document_type="giay_chung_nhan", retention_id=paper, **since)
    file = closed(office)
    assert (file.retention_id, file.keep_until) == (kept_as, until)


def test_rules_count_as_of_the_day_of_closing(office: Office) -> None:
    RetentionRule.objects.all().delete()
    ended = {"valid_from": date(2014, 7, 1), "valid_to": date(2026, 11, 30), "source": "thử"}
    RetentionRule.objects.create(procedure="P6", retention_id="years-5", **ended)
    assert closed(office).keep_until is None


def test_loading_classes_again_changes_nothing_and_faults_are_told(office: Office) -> None:
    text = '[[classes]]\ncode = "y2"\nname = "2 năm"\nyears = 2\nsource = "[?]"\n'
    assert load_retention(text=text, actor=SYSTEM)
    assert not load_retention(text=text, actor=SYSTEM)
    rule = '[[rules]]\nclass = "y2"\nsource = "x"\nvalid_from = 2020-01-01\n'
    for faulty in (
        rule,
        f'{rule}procedure = "P6"\nword = 1\n',
        text.replace("2\ns", "0\ns"),
        "[[",
        '[[classes]]\ncode="a"',
    ):
        with pytest.raises(FaultyRetention):
            load_retention(text=faulty, actor=SYSTEM)


# Transfer ---------------------------------------------------------------------------------------------


def test_a_list_takes_the_years_closed_files_of_the_unit_once(office: Office) -> None:
    file = closed(office)
    found = listed(office)
    assert again(file).state == FileState.LISTED
    assert [line.file for line in found.lines.all()] == [file]
    with pytest.raises(Conflict):
        listed(office)
    with pytest.raises(Conflict):
        make_list(kind=ListKind.TRANSFER, year=2025, acting=office.acting(office.specialist))


def test_a_paper_that_was_not_scanned_is_noted_and_does_not_stop_the_transfer(office: Office) -> None:
    closed(office)
    line = listed(office).lines.get()
    assert line.faults == []
    assert [code for code, _about in line.notes] == ["paper_only"]


def test_a_changed_or_lost_file_stops_the_transfer(office: Office) -> None:
    file = closed(office)
    document = Document.objects.get(component__dossier=file.dossier)
    assert document.current is not None
    damage(document.current.blob_id)
    found = listed(office)
    assert found.lines.get().faults == [["missing", document.title]]
    with pytest.raises(Conflict):
        approved(office, found)


def test_a_file_in_quarantine_stops_the_transfer(office: Office) -> None:
    file = closed(office)
    document = Document.objects.select_related("current__document").get(component__dossier=file.dossier)
    assert document.current is not None
    with transaction.atomic():
        quarantine(document.current, MALWARE)
    assert [code for code, _about in listed(office).lines.get().faults] == ["shut_away"]


def test_a_list_that_is_not_checked_is_not_approved(office: Office) -> None:
    closed(office)
    made = make_list(kind=ListKind.TRANSFER, year=2026, acting=office.acting(office.specialist))
    with pytest.raises(Conflict):
        approved(office, made)


def test_attack_53_who_made_a_list_does_not_approve_it(office: Office) -> None:
    closed(office)
    found = listed(office)
    RoleHoldingFactory.create(officer=office.specialist, unit=office.branch, role=StepRoleFactory.create(code="head"))
    with pytest.raises(Refused):
        approve_list(list_id=found.pk, acting=office.acting(office.specialist))
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordsList.objects.filter(pk=found.pk).update(approved_by=office.specialist)


def test_only_keepers_make_lists_and_only_heads_approve_them(office: Office) -> None:
    closed(office)
    for officer in (office.clerk, office.head, office.look_up):
        with pytest.raises(Refused):
            make_list(kind=ListKind.TRANSFER, year=2026, acting=office.acting(officer))
    found = listed(office)
    with pytest.raises(Refused):
        approve_list(list_id=found.pk, acting=office.acting(office.look_up))
    for officer in (office.clerk, office.stranger):
        with pytest.raises(NotVisible):
            approve_list(list_id=found.pk, acting=office.acting(officer))


def test_what_is_taken_off_or_dropped_stands_where_it_stood(office: Office) -> None:
    file, keeper = closed(office), office.acting(office.specialist)
    found = listed(office)
    take_off(list_id=found.pk, line_id=found.lines.get().pk, acting=keeper)
    assert again(file).state == FileState.CURRENT
    with pytest.raises(Conflict):
        approved(office, found)
    with pytest.raises(Invalid):
        drop_list(list_id=found.pk, reason=" ", acting=keeper)
    drop_list(list_id=found.pk, reason="Trống", acting=keeper)
    second = listed(office)
    drop_list(list_id=second.pk, reason="Lập lại", acting=office.acting(office.head))
    assert again(file).state == FileState.CURRENT
    with pytest.raises(Conflict):
        approved(office, second)


def test_a_transfer_is_packed_with_every_byte_as_it_came(office: Office) -> None:
    file = closed(office)
    found = transferred(office)
    assert (found.state, again(file).state) == (ListState.DONE, FileState.TRANSFERRED)
    bag = bag_of(found)
    top = bag.namelist()[0].split("/")[0]
    versions = {v.blob_id for d in documents_of(file.dossier) for v in d.versions.all()}
    lines = [line.split("  ") for line in bag.read(f"{top}/manifest-sha256.txt").decode().splitlines()]
    assert {sha256 for sha256, _path in lines} == versions
    assert all(hashlib.sha256(bag.read(f"{top}/{path}")).hexdigest() == sha256 for sha256, path in lines)
    tags = [line.split("  ") for line in bag.read(f"{top}/tagmanifest-sha256.txt").decode().splitlines()]
    assert all(hashlib.sha256(bag.read(f"{top}/{path}")).hexdigest() == sha256 for sha256, path in tags)
    rows = list(csv.DictReader(io.StringIO(bag.read(f"{top}/muc-luc.csv").decode("utf-8-sig"))))
    assert [row["sha256"] for row in rows] == [sha256 for sha256, _path in lines]
    assert {row["ma_ho_so"] for row in rows} == {file.dossier.code}
    listed_in_xml = ET.fromstring(bag.read(f"{top}/muc-luc.xml")).findall("tep/sha256")  # noqa: S314 our own
    assert [one.text for one in listed_in_xml] == [row["sha256"] for row in rows]


def test_the_same_list_makes_the_same_bytes(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    closed(office)
    found = transferred(office)
    stop_the_clock(monkeypatch, LATER)
    built = io.BytesIO()
    write_package(RecordsList.objects.get(pk=found.pk), built)
    assert hashlib.sha256(built.getvalue()).hexdigest() == found.package_id


def test_nothing_is_transferred_when_a_file_is_lost_after_the_check(office: Office) -> None:
    file = closed(office)
    found = approved(office, listed(office))
    damage(next(iter(documents_of(file.dossier))).versions.all()[0].blob_id)
    with pytest.raises(BlobMissing):
        pack_list(list_id=found.pk)
    assert again(file).state == FileState.LISTED


def test_no_cell_of_the_index_begins_a_formula() -> None:
    texts: dict[str, Any] = dict.fromkeys(Row.__dataclass_fields__, "=1+1")
    written = as_csv([Row(**{**texts, "so_thu_tu": 1, "phien_ban": 1, "kich_thuoc": 1})]).decode("utf-8-sig")
    assert ",=1+1" not in written
    assert ",'=1+1," in written


def test_the_package_is_taken_away_by_who_keeps_or_leads_and_the_trail_says_so(office: Office) -> None:
    closed(office)
    found = transferred(office)
    address = reverse("records_package", args=[found.pk])
    for officer, status in ((office.specialist, 200), (office.head, 200), (office.look_up, 403), (office.clerk, 404)):
        client = Client()
        client.force_login(officer)
        response = client.post(address)
        assert response.status_code == status
        if status == 200:
            assert hashlib.sha256(response.getvalue()).hexdigest() == found.package_id
    assert AuditEvent.objects.filter(verb="records.downloaded").count() == 2


# Disposal ---------------------------------------------------------------------------------------------


def test_what_is_kept_for_good_is_never_on_a_disposal_list(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = closed(office)
    stop_the_clock(monkeypatch, moment("2190-01-05 09:00"))
    with pytest.raises(Conflict):
        listed(office, ListKind.DISPOSAL)
    with pytest.raises(IntegrityError), transaction.atomic():
        RecordFile.objects.filter(pk=file.pk).update(state=FileState.DISPOSED)


def test_what_has_not_passed_its_last_day_is_not_listed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = short(closed(office))
    keeper = office.acting(office.specialist)
    stop_the_clock(monkeypatch, moment("2031-12-31 17:00"))
    assert not ready_files(ListKind.DISPOSAL, keeper).exists()
    stop_the_clock(monkeypatch, moment("2032-01-01 08:00"))
    assert list(ready_files(ListKind.DISPOSAL, keeper)) == [file]


def test_a_class_made_longer_after_the_list_was_made_keeps_the_file(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = short(closed(office))
    stop_the_clock(monkeypatch, LATER)
    found = listed(office, ListKind.DISPOSAL)
    RecordFile.objects.filter(pk=file.pk).update(keep_until=date(2060, 12, 31))
    with pytest.raises(Conflict):
        approved(office, found)
    RecordFile.objects.filter(pk=file.pk).update(keep_until=date(2031, 12, 31))
    approved(office, found)
    RecordFile.objects.filter(pk=file.pk).update(keep_until=None)
    end_list(list_id=found.pk)
    assert again(file).state == FileState.CURRENT
    assert not DocumentVersion.objects.filter(screening=Screening.DISPOSED).exists()


def test_disposal_lets_the_bytes_go_and_keeps_every_row(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = short(closed(office))
    drain()
    dossier, documents = file.dossier, list(documents_of(file.dossier))
    hashes = {version.blob_id for document in documents for version in document.versions.all()}
    found = disposed(office, monkeypatch)
    assert (found.state, again(file).state) == (ListState.DONE, FileState.DISPOSED)
    assert hashes & set(stored_hashes()) == set()
    assert Blob.objects.filter(pk__in=hashes, released_at__isnull=False).count() == len(hashes)
    assert Dossier.objects.get(pk=dossier.pk).code == dossier.code
    assert LegalDocument.objects.filter(document__in=documents).exists()
    assert not ReadPage.objects.exists()
    assert verify().is_ok
    assert AuditEvent.objects.filter(stream=f"dossier:{dossier.pk}", verb="dossier.disposed").count() == 1
    assert list(vault_findings(is_deep=True)) == []


def test_bytes_something_else_holds_stay(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = short(closed(office))
    document = Document.objects.get(component__dossier=file.dossier)
    assert document.current is not None
    sha256 = document.current.blob_id
    with open_blob(sha256) as content:
        add_version_to(DocumentFactory.create(), content.read())
    disposed(office, monkeypatch)
    assert sha256 in set(stored_hashes())
    assert Blob.objects.get(pk=sha256).released_at is None
    assert list(vault_findings(is_deep=True)) == []


def test_a_package_goes_with_the_first_file_in_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = short(closed(office))
    packed = transferred(office)
    assert again(file).state == FileState.TRANSFERRED
    disposed(office, monkeypatch)
    assert RecordsList.objects.get(pk=packed.pk).package is None
    assert packed.package_id not in set(stored_hashes())


def test_a_dropped_disposal_leaves_what_was_transferred_transferred(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = short(closed(office))
    transferred(office)
    stop_the_clock(monkeypatch, LATER)
    found = listed(office, ListKind.DISPOSAL)
    drop_list(list_id=found.pk, reason="Giữ lại", acting=office.acting(office.specialist))
    assert again(file).state == FileState.TRANSFERRED


def test_a_disposed_paper_is_told_of_and_not_given_out(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = short(closed(office))
    document = Document.objects.get(component__dossier=file.dossier)
    disposed(office, monkeypatch)
    client = Client()
    client.force_login(office.specialist)
    assert client.get(reverse("document", args=[document.pk])).status_code == 200
    assert client.get(reverse("document_original", args=[document.pk])).status_code == 403
    assert client.get(reverse("dossier", args=[file.dossier_id])).status_code == 200
    assert client.post(reverse("document_reread", args=[document.pk])).status_code == 403
    assert not SearchableCopy.objects.exists()


@pytest.mark.databases_differ
def test_bytes_that_come_again_are_held_again(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    file = short(closed(office))
    document = Document.objects.get(component__dossier=file.dossier)
    assert document.current is not None
    sha256 = document.current.blob_id
    with open_blob(sha256) as kept:
        content = kept.read()
    disposed(office, monkeypatch)
    with pytest.raises(Conflict), transaction.atomic():
        register_blob(sha256=sha256, size=len(content), media_type="application/pdf")
    assert put(ContentFile(content)) == sha256
    add_version_to(DocumentFactory.create(), content)
    assert Blob.objects.get(pk=sha256).released_at is None
    assert not drop_bytes(sha256)
    assert is_held(Blob.objects.get(pk=sha256))


# Pages ------------------------------------------------------------------------------------------------


def test_a_list_is_made_approved_and_taken_away_on_its_pages(office: Office) -> None:
    closed(office)
    keeper, head = Client(), Client()
    keeper.force_login(office.specialist)
    head.force_login(office.head)
    assert reverse("records_make") in keeper.get(reverse("records")).content.decode()
    assert reverse("records_make") not in head.get(reverse("records")).content.decode()
    page = keeper.post(reverse("records_make"), {"kind": "transfer", "year": "2026"}, follow=True)
    found = RecordsList.objects.get()
    approve = reverse("records_approve", args=[found.pk])
    assert approve not in page.content.decode()
    drain()
    assert approve in head.get(reverse("records_list", args=[found.pk])).content.decode()
    head.post(approve)
    drain()
    page = keeper.get(reverse("records_list", args=[found.pk]))
    assert reverse("records_package", args=[found.pk]) in page.content.decode()


def test_an_archive_without_lists_says_what_to_do(office: Office, client: Client) -> None:
    client.force_login(office.specialist)
    assert 'class="empty"' in client.get(reverse("records")).content.decode()


def test_a_list_of_an_unknown_kind_is_refused(office: Office) -> None:
    with pytest.raises(Invalid):
        make_list(kind="burn", year=2026, acting=office.acting(office.specialist))
