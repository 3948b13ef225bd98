"""Transfer to the archive: whole, checked, approved by another, in bytes that can be made again."""

import csv
import hashlib
import io
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.operations.delegate import delegate_work
from accounts.sight import NotVisible
from audit.models import AuditEvent
from documents.models import Document
from documents.operations.quarantine import quarantine
from documents.reasons import MALWARE
from dossiers.records.operations.lists import approve_list, drop_list, make_list, take_off
from dossiers.records.operations.packages import pack_list
from dossiers.records.package import Row, as_csv, write_package
from dossiers.records_models import RecordsList
from dossiers.records_states import FileState, ListKind, ListState
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.accounts import RoleHoldingFactory, StepRoleFactory
from tests.factories.moments import stop_the_clock
from tests.factories.office import Office
from tests.factories.records import (
    LATER,
    again,
    approved,
    bag_of,
    closed,
    damage,
    documents_of,
    listed,
    transferred,
)

pytestmark = pytest.mark.django_db


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


def test_attack_53_who_stood_in_for_who_made_the_list_since_does_not_approve_it(office: Office) -> None:
    closed(office)
    found = listed(office)
    RoleHoldingFactory.create(officer=office.head, unit=office.branch, role=StepRoleFactory.create(code="specialist"))
    today = timezone.localdate()
    delegate_work(
        principal_id=office.specialist.pk,
        delegate_id=office.head.pk,
        role="specialist",
        valid_from=today,
        valid_to=today,
        reason="Nghỉ phép",
        acting=office.acting(office.specialist),
    )
    with pytest.raises(Refused):
        approve_list(list_id=found.pk, acting=office.acting(office.head))


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
    pack_list(list_id=found.pk)
    assert again(file).state == FileState.LISTED
    sent_back = RecordsList.objects.get(pk=found.pk)
    assert (sent_back.state, sent_back.package) == (ListState.PROPOSED, None)
    assert [code for code, _about in sent_back.lines.get().faults] == ["missing"]


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
