"""A package holds what was approved and nothing that must not leave; a list nobody can carry out comes back."""

import csv
import io
import json
from collections.abc import Sequence
from typing import IO

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from audit.models import AuditEvent
from documents.models import DocumentVersion
from documents.operations.quarantine import quarantine
from documents.reasons import CLASSIFIED, MALWARE
from documents.states import ReadingState
from dossiers.records.operations import packages
from dossiers.records.operations.carry_out import end_list
from dossiers.records.operations.lists import DISPOSAL, PACKAGE, drop_list
from dossiers.records.operations.packages import pack_list, release_shut_packages
from dossiers.records.package import Packed, write_package
from dossiers.records_models import RecordFile, RecordsLine, RecordsList
from dossiers.records_states import FileState, ListKind, ListState
from jobs.models import OutboxRow
from jobs.registry import TOPICS, NotNow
from jobs.worker import drain
from notices.models import Notice
from pages.domain_errors import Conflict
from tests.factories.moments import stop_the_clock
from tests.factories.office import Office
from tests.factories.records import LATER, again, approved, bag_of, closed, disposed, listed, short, transferred

pytestmark = pytest.mark.django_db


def scan_of(file: RecordFile) -> DocumentVersion:
    rows = DocumentVersion.objects.select_related("document__unit")
    return rows.get(document__component__dossier=file.dossier)


def shut(version: DocumentVersion, reason: str) -> None:
    with transaction.atomic():
        quarantine(version, reason)


def rows_in(found: RecordsList) -> Sequence[dict[str, str]]:
    bag = bag_of(RecordsList.objects.get(pk=found.pk))
    top = bag.namelist()[0].split("/")[0]
    return list(csv.DictReader(io.StringIO(bag.read(f"{top}/muc-luc.csv").decode("utf-8-sig"))))


def asked(client: Client, found: RecordsList) -> int:
    """What asking for the package comes to."""
    response = client.post(reverse("records_package", args=[found.pk]))
    if response.streaming:
        response.getvalue()
    return response.status_code


def told(found: RecordsList, verb: str) -> dict[str, object]:
    payload: dict[str, object] = json.loads(AuditEvent.objects.get(stream=found.stream, verb=verb).payload)
    return payload


# What must not leave the house ------------------------------------------------------------------------


def test_a_file_nobody_has_read_yet_stops_the_transfer(office: Office) -> None:
    version = scan_of(closed(office))
    DocumentVersion.objects.filter(pk=version.pk).update(reading_state=ReadingState.WAITING)
    found = listed(office)
    assert found.lines.get().faults == [["being_read", version.document.title]]
    with pytest.raises(Conflict):
        approved(office, found)


def test_what_turns_out_to_be_secret_is_not_given_out_in_a_package_and_leaves_it(office: Office) -> None:
    version, client = scan_of(closed(office)), Client()
    found = transferred(office)
    client.force_login(office.specialist)
    assert asked(client, found) == 200
    shut(version, CLASSIFIED)
    assert asked(client, found) == 409
    release_shut_packages()
    assert RecordsList.objects.get(pk=found.pk).package is None
    assert told(found, "records.package_released")["why"] == "quarantine"
    drain([PACKAGE])
    hashes = [row["sha256"] for row in rows_in(found)]
    assert hashes
    assert version.blob_id not in hashes
    assert asked(client, found) == 200


def test_a_package_packed_before_its_files_were_written_down_is_held_back_too(office: Office) -> None:
    version = scan_of(closed(office))
    found = transferred(office)
    RecordsLine.objects.update(packed=None)
    shut(version, CLASSIFIED)
    client = Client()
    client.force_login(office.head)
    assert asked(client, found) == 409


def test_packages_without_anything_shut_away_stay(office: Office) -> None:
    closed(office)
    found = transferred(office)
    shut(scan_of(closed(office)), MALWARE)
    release_shut_packages()
    assert RecordsList.objects.get(pk=found.pk).package_id == found.package_id


# What is approved is what goes ------------------------------------------------------------------------


def test_a_file_shut_away_between_check_and_packing_sends_the_list_back(office: Office) -> None:
    file = closed(office)
    found = approved(office, listed(office))
    shut(scan_of(file), MALWARE)
    Notice.objects.all().delete()
    pack_list(list_id=found.pk)
    back = RecordsList.objects.get(pk=found.pk)
    assert (back.state, back.approved_by, back.checked_at, back.package) == (ListState.PROPOSED, None, None, None)
    assert [code for code, _about in back.lines.get().faults] == ["shut_away"]
    assert again(file).state == FileState.LISTED
    assert set(Notice.objects.values_list("recipient_id", flat=True)) == {office.specialist.pk, office.head.pk}
    assert told(found, "records.sent_back")["why"] == "not_whole"
    drain(["records_check"])
    with pytest.raises(Conflict):
        approved(office, found)


def test_a_file_shut_away_while_it_is_packed_is_not_left_out_silently(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = closed(office)
    found = approved(office, listed(office))

    def write_and_shut(one: RecordsList, target: IO[bytes]) -> Packed:
        packed = write_package(one, target)
        shut(scan_of(file), MALWARE)
        return packed

    monkeypatch.setattr(packages, "write_package", write_and_shut)
    with pytest.raises(NotNow):
        pack_list(list_id=found.pk)
    assert RecordsList.objects.get(pk=found.pk).package is None
    assert again(file).state == FileState.LISTED


# What can't be carried out ----------------------------------------------------------------------------


def fail_list(*, list_id: int) -> None:
    raise OSError(f"no room for {list_id}")


@pytest.mark.parametrize(("kind", "topic"), [(ListKind.TRANSFER, PACKAGE), (ListKind.DISPOSAL, DISPOSAL)])
def test_a_list_the_machine_gave_up_freezes_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch, kind: ListKind, topic: str
) -> None:
    file = short(closed(office))
    stop_the_clock(monkeypatch, LATER)
    found = approved(office, listed(office, kind))
    monkeypatch.setattr(f"dossiers.tasks.{'pack_list' if topic == PACKAGE else 'end_list'}", fail_list)
    OutboxRow.objects.filter(topic=topic).update(attempts=TOPICS[topic].attempts - 1)
    Notice.objects.all().delete()
    drain([topic])
    assert OutboxRow.objects.get(topic=topic).died_at is not None
    back = RecordsList.objects.get(pk=found.pk)
    assert (back.state, back.approved_by, back.checked_at) == (ListState.PROPOSED, None, None)
    assert told(found, "records.sent_back")["why"] == "failed"
    assert set(Notice.objects.values_list("recipient_id", flat=True)) == {office.specialist.pk, office.head.pk}
    drop_list(list_id=found.pk, reason="Lập lại", acting=office.acting(office.specialist))
    assert again(file).state == FileState.CURRENT


# What is left of a package ----------------------------------------------------------------------------


def test_what_is_left_of_a_package_is_packed_anew_and_the_trail_of_its_list_says_so(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, stays = closed(office), closed(office)
    found = transferred(office)
    assert {row["ma_ho_so"] for row in rows_in(found)} == {gone.dossier.code, stays.dossier.code}
    short(gone)
    disposed(office, monkeypatch)
    assert {row["ma_ho_so"] for row in rows_in(found)} == {stays.dossier.code}
    released = told(found, "records.package_released")
    assert (released["why"], released["left"], released["sha256"]) == ("disposal", 1, found.package_id)
    assert told(found, "records.repacked")["files"] == 1
    assert again(stays).state == FileState.TRANSFERRED


def test_a_package_packed_anew_while_its_files_end_is_not_kept(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = closed(office), closed(office), closed(office)
    found = transferred(office)
    short(first)
    stop_the_clock(monkeypatch, LATER)
    end_list(list_id=approved(office, listed(office, ListKind.DISPOSAL)).pk)
    short(second)
    ending = approved(office, listed(office, ListKind.DISPOSAL))

    def write_and_end(one: RecordsList, target: IO[bytes]) -> Packed:
        packed = write_package(one, target)
        end_list(list_id=ending.pk)
        return packed

    monkeypatch.setattr(packages, "write_package", write_and_end)
    with pytest.raises(NotNow):
        pack_list(list_id=found.pk)
    assert RecordsList.objects.get(pk=found.pk).package is None
    monkeypatch.setattr(packages, "write_package", write_package)
    drain([PACKAGE])
    assert {row["ma_ho_so"] for row in rows_in(found)} == {third.dossier.code}
