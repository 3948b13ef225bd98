"""What may be brought in a day: over it a file is refused in clear words, and nothing of it stays."""

import contextlib
import threading
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.acting import Acting, acting_for, unit_token
from accounts.models import Officer, Unit
from documents.batch_models import BatchItem
from documents.models import Blob, Document, DocumentVersion, UploadedBytes
from documents.operations.import_file import import_file
from documents.operations.quota import NoRoom, counted, forget_uploads
from documents.operations.store import take_in
from jobs.models import OutboxRow
from pages.domain_errors import Invalid
from tests.documents.shelter import FileShelter
from tests.factories.accounts import UnitFactory, acting_at, officer_at
from tests.factories.batches import importer, opened, put_in
from tests.factories.documents import DocumentTypeFactory, paper, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return UnitFactory.create()


@pytest.fixture
def acting(unit: Unit) -> Acting:
    return acting_at(unit)


def brought(acting: Acting, width: int = 700) -> int:
    """A file taken in; its size."""
    content = pdf(width=width)
    take_in(ContentFile(content), "don.pdf", acting=acting)
    return len(content)


def used() -> dict[str, int]:
    return dict(UploadedBytes.objects.values_list("holder", "bytes"))


def test_attack_22_over_the_day_a_file_is_refused_over_the_web_and_nothing_of_it_stays(
    client: Client, unit: Unit, own_vault: Path, tmp_path: Path, settings: Any
) -> None:
    document = paper(unit=unit, tokens=[unit_token(unit.pk)])
    client.force_login(officer_at(unit))
    content = pdf(width=700)
    settings.UPLOAD_BYTES_A_DAY = len(content)
    address = reverse("document_version_added", args=[document.pk])

    def bring(width: int) -> Any:
        return client.post(address, {"file": SimpleUploadedFile("don.pdf", pdf(width=width))})

    assert bring(700).status_code == 302
    before = (FileShelter(own_vault).names(), Blob.objects.count(), OutboxRow.objects.count(), used())
    answer = bring(701)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert (FileShelter(own_vault).names(), Blob.objects.count(), OutboxRow.objects.count(), used()) == before
    assert DocumentVersion.objects.count() == 2
    assert not list((tmp_path / "incoming").iterdir())


def test_attack_22_the_last_byte_of_the_day_is_taken_and_no_more(acting: Acting, settings: Any) -> None:
    size = len(pdf(width=700))
    settings.UPLOAD_BYTES_A_DAY = 2 * size
    brought(acting)
    brought(acting)
    with pytest.raises(NoRoom):
        take_in(ContentFile(b"x"), "don.pdf", acting=acting)
    assert used() == {f"officer:{acting.officer_id}": 2 * size, f"unit:{acting.unit_id}": 2 * size}


def test_attack_22_what_was_refused_for_another_reason_counts_nothing(acting: Acting) -> None:
    with pytest.raises(Invalid):
        take_in(ContentFile(b"MZ" * 99), "lai.exe", acting=acting)
    assert not any(used().values())


def test_attack_22_what_is_given_back_takes_no_row_from_another_that_is_about_to_count(
    acting: Acting, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other upload fails between this one's finding of the row and its counting in it."""
    other = ExitStack()
    other.enter_context(counted(acting, 100))
    found = UploadedBytes.objects.get_or_create

    def then_the_other_fails(**place: Any) -> Any:
        row = found(**place)
        failing = other.pop_all()
        with contextlib.suppress(OSError), failing:
            raise OSError
        return row

    monkeypatch.setattr(UploadedBytes.objects, "get_or_create", then_the_other_fails)
    with counted(acting, 50):
        pass
    assert used() == {f"officer:{acting.officer_id}": 50, f"unit:{acting.unit_id}": 50}


def test_attack_22_a_unit_has_a_bound_too(unit: Unit, acting: Acting, settings: Any) -> None:
    settings.UNIT_UPLOAD_BYTES_A_DAY = brought(acting)
    colleague, stranger = acting_at(unit), acting_at(UnitFactory.create())
    with pytest.raises(NoRoom):
        brought(colleague)
    assert brought(stranger)
    assert f"officer:{colleague.officer_id}" not in used()


def test_attack_22_the_next_day_has_room_again(acting: Acting, settings: Any) -> None:
    settings.UPLOAD_BYTES_A_DAY = brought(acting)
    UploadedBytes.objects.update(day="2026-01-01")
    assert brought(acting)
    forget_uploads()
    assert set(UploadedBytes.objects.values_list("day__year", "day__month")) != {(2026, 1)}
    assert UploadedBytes.objects.count() == 2


def test_attack_22_a_full_day_stops_a_batch_and_blames_no_file(settings: Any) -> None:
    acting = importer()
    batch = opened(acting)
    settings.UPLOAD_BYTES_A_DAY = 10
    with pytest.raises(NoRoom):
        put_in(batch, acting)
    assert not BatchItem.objects.exists()
    settings.UPLOAD_BYTES_A_DAY = 10_000_000
    assert put_in(batch, acting).is_new


def test_what_a_command_imports_is_not_counted(tmp_path: Path, settings: Any) -> None:
    settings.UPLOAD_BYTES_A_DAY = 0
    DocumentTypeFactory.create(code="giay_to_khac")
    (tmp_path / "cu.pdf").write_bytes(pdf())
    assert import_file(path=tmp_path / "cu.pdf") is not None
    assert Document.objects.count() == 1


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
def test_attack_22_of_uploads_at_once_none_goes_over_together(settings: Any) -> None:
    unit = UnitFactory.create()
    officer: Officer = officer_at(unit)
    settings.UPLOAD_BYTES_A_DAY = 250
    start, done, refused = threading.Barrier(4), threading.Semaphore(0), []

    def bring() -> None:
        try:
            acting = acting_for(officer)
            start.wait()
            with counted(acting, 100):
                done.release()
        except NoRoom:
            refused.append(1)
        finally:
            connection.close()

    threads = [threading.Thread(target=bring) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 2
    assert used() == {f"officer:{officer.pk}": 200, f"unit:{unit.pk}": 200}
