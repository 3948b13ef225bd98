"""The pages of batches: who opens them, what they offer, and how a parcel of files is answered."""

from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from accounts.models import Officer
from documents.batch_models import Batch, BatchArchive, BatchItem
from documents.operations.quarantine import quarantine
from documents.reasons import CLASSIFIED
from tests.factories.accounts import OfficerFactory, UnitFactory, officer_at
from tests.factories.batches import filled, importer, opened, put_in, zipped
from tests.factories.documents import locked_pdf, pdf

pytestmark = pytest.mark.django_db

FILE_PANEL = {"panel": "file"}


@pytest.fixture
def batch(client: Client) -> Batch:
    acting = importer()
    client.force_login(Officer.objects.get(pk=acting.officer_id))
    return opened(acting, "Kệ 12, năm 2009")


def sent(client: Client, batch: Batch, *files: tuple[str, bytes], **headers: Any) -> Any:
    uploads = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(reverse("batch_bring", args=[batch.pk]), {"files": uploads}, **headers)


def page(client: Client, batch: Batch) -> str:
    return client.get(reverse("batch", args=[batch.pk])).content.decode()


def test_a_batch_is_opened_on_the_page_and_stands_on_the_list(client: Client, batch: Batch) -> None:
    answer = client.post(reverse("batch_open"), {"name": "Kệ 13"})
    assert answer.status_code == 303
    assert answer["Location"] == reverse("batch", args=[Batch.objects.get(name="Kệ 13").pk])
    listed = client.get(reverse("batches")).content.decode()
    assert "Kệ 12, năm 2009" in listed
    assert "Kệ 13" in listed


def test_the_list_shows_no_other_units_batch(client: Client, batch: Batch) -> None:
    opened(importer(), "Kệ của đơn vị khác")
    assert "Kệ của đơn vị khác" not in client.get(reverse("batches")).content.decode()


def test_many_files_and_archives_come_in_one_parcel(client: Client, batch: Batch) -> None:
    files = [("a.pdf", pdf(width=601)), ("b.pdf", pdf(width=602)), ("lai.exe", b"MZ" * 9)]
    assert sent(client, batch, *files, ("ke.zip", zipped({"c.pdf": pdf()}))).status_code == 303
    assert BatchItem.objects.count() == 3
    assert BatchArchive.objects.count() == 1
    shown = page(client, batch)
    assert "lai.exe" in shown
    assert "ke.zip" in shown


def test_htmx_gets_the_progress_of_the_parcel(client: Client, batch: Batch) -> None:
    files = [("a.pdf", pdf(width=601)), ("lai.exe", b"MZ" * 9)]
    answer = sent(client, batch, *files, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.content.decode().lstrip().startswith("<section")


def test_a_parcel_without_a_file_is_said(client: Client, batch: Batch) -> None:
    assert sent(client, batch).status_code == 422
    assert not BatchItem.objects.exists()


def test_archives_that_are_not_taken_stand_in_the_batch_each_with_its_reason_and_the_rest_goes_on(
    client: Client, batch: Batch
) -> None:
    hostile, empty = zipped({"../a.pdf": b"x"}), zipped({})
    files = [("ke.zip", hostile), ("a.pdf", pdf(width=601)), ("rong.zip", empty), ("b.pdf", pdf(width=602))]
    assert sent(client, batch, *files).status_code == 303
    fates = list(BatchItem.objects.order_by("pk").values_list("name", "fate"))
    assert fates == [("ke.zip", "refused"), ("a.pdf", "brought"), ("rong.zip", "refused"), ("b.pdf", "brought")]
    shown = page(client, batch)
    for item in BatchItem.objects.filter(fate="refused"):
        assert escape(item.refusal) in shown
    assert not BatchArchive.objects.exists()


@pytest.mark.parametrize("content", [b"MZ" * 9, locked_pdf()])
def test_a_batch_in_which_nothing_succeeded_does_not_say_that_nothing_was_brought(
    client: Client, batch: Batch, content: bytes
) -> None:
    with translation.override("en"):
        nothing = "Nothing was brought in yet."
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert nothing in page(client, batch)
    sent(client, batch, ("khoa.pdf", content))
    shown = page(client, batch)
    assert nothing not in shown
    assert "bi-check-circle-fill" in shown


def test_attack_17_the_name_of_a_secret_paper_is_not_shown(client: Client, batch: Batch) -> None:
    sent(client, batch, ("ke-hoach-mat-2026.pdf", pdf(width=601)))
    version = BatchItem.objects.get().version
    assert version is not None
    with transaction.atomic():
        quarantine(version, CLASSIFIED)
    address = reverse("document", args=[version.document_id])
    for shown in (page(client, batch), *(client.get(address, query).content.decode() for query in ({}, FILE_PANEL))):
        assert "ke-hoach-mat-2026" not in shown
        assert str(version.document_id) in shown
    assert reverse("batch_retry", args=[batch.pk]) not in page(client, batch), "no reading changes it"


def test_the_progress_asks_again_while_something_waits_and_then_says_so(client: Client, batch: Batch) -> None:
    address = reverse("batch_progress", args=[batch.pk])
    still = client.get(address)
    assert still["HX-Trigger"] == "batch-through"
    assert "hx-trigger" not in still.content.decode()
    sent(client, batch, ("a.pdf", pdf(width=601)))
    moving = client.get(address)
    assert "HX-Trigger" not in moving
    assert 'hx-trigger="every 3s"' in moving.content.decode()


def test_pausing_and_resuming_are_offered_when_they_make_sense(client: Client, batch: Batch) -> None:
    pause, resume = (reverse(name, args=[batch.pk]) for name in ("batch_pause", "batch_resume"))
    assert pause not in page(client, batch)
    sent(client, batch, ("a.pdf", pdf(width=601)))
    assert pause in page(client, batch)
    assert client.post(pause).status_code == 303
    shown = page(client, batch)
    assert resume in shown
    assert pause not in shown
    assert client.post(resume).status_code == 303
    assert pause in page(client, batch)


def test_what_failed_stands_with_its_reason_and_can_be_read_again(client: Client, batch: Batch) -> None:
    sent(client, batch, ("khoa.pdf", locked_pdf()))
    shown = page(client, batch)
    retry = reverse("batch_retry", args=[batch.pk])
    assert "khoa.pdf" in shown
    assert retry in shown
    assert client.post(retry).status_code == 303
    assert client.post(retry).status_code == 409


def test_a_administrator_looks_and_is_offered_nothing(client: Client, batch: Batch) -> None:
    client.force_login(OfficerFactory.create(is_superuser=True))
    shown = page(client, batch)
    assert "Kệ 12, năm 2009" in shown
    assert reverse("batch_bring", args=[batch.pk]) not in shown
    assert sent(client, batch, ("a.pdf", pdf())).status_code == 403


def test_who_is_not_named_for_it_sees_neither_list_nor_batch(client: Client, batch: Batch) -> None:
    client.force_login(officer_at(batch.unit, "update", ["specialist"]))
    assert client.get(reverse("batches")).status_code == 403
    assert client.get(reverse("batch", args=[batch.pk])).status_code == 404
    client.force_login(officer_at(UnitFactory.create(), "lookup"))
    assert client.get(reverse("batches")).status_code == 403


def test_attack_95_a_name_full_of_markup_is_text(client: Client) -> None:
    acting = importer()
    client.force_login(Officer.objects.get(pk=acting.officer_id))
    batch = filled(acting, 0)
    Batch.objects.update(name="<script>alert(1)</script>")
    put_in(batch, acting, b"MZ" * 9, "<img src=x>.exe")
    for shown in (page(client, batch), client.get(reverse("batches")).content.decode()):
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
