"""Files of the past as an officer brings them: in parcels, with the progress moving, paused and gone on by keys."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Officer
from documents.batch_models import Batch, BatchItem
from documents.models import DocumentVersion
from tests.browser.office import worker
from tests.browser.pictures import take
from tests.browser.screens import PHONE, SignIn, Violations
from tests.factories.batches import importer, opened, zipped
from tests.factories.documents import locked_pdf, pdf
from tests.factories.readings import outcome

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MANY = 23


@pytest.fixture
def batch(settings: Any) -> Batch:
    settings.LOGIN_REDIRECT_URL = "batches"
    acting = importer()
    Officer.objects.filter(pk=acting.officer_id).update(username="khue.vm", full_name="Vũ Minh Khuê")
    return opened(acting, "Kệ 12, sổ mục kê năm 2009")


def scans(folder: Path) -> list[Path]:
    paths = [folder / f"trang-{number:02}.pdf" for number in range(MANY)]
    for number, path in enumerate(paths):
        path.write_bytes(pdf(width=600 + number))
    (folder / "khoa.pdf").write_bytes(locked_pdf())
    (folder / "doc.exe").write_bytes(b"MZ" * 99)
    (folder / "ke-13.zip").write_bytes(zipped({"cu/so.pdf": pdf(width=900)}))
    (folder / "thoat-ra.zip").write_bytes(zipped({"../so.pdf": pdf(width=901)}))
    named = [folder / name for name in ("khoa.pdf", "doc.exe", "ke-13.zip")]
    # An archive that isn't taken, in the middle of them all, stops nothing.
    return [*paths[:9], folder / "thoat-ra.zip", *paths[9:], *named]


def test_many_files_go_up_in_parcels_and_the_page_follows_them_to_the_end(
    signed_in: SignIn, batch: Batch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, violations: Violations
) -> None:
    monkeypatch.setattr("documents.operations.read.read_file", lambda path, **_: outcome("Sổ mục kê"))
    page = signed_in("khue.vm")
    assert violations(page) == []
    page.goto(reverse("batch", args=[batch.pk]))
    expect(page.locator(".empty")).to_be_visible()
    assert violations(page) == []
    page.locator("#batch-files").set_input_files(scans(tmp_path))
    page.locator("[data-parcels] button").click()
    expect(page.locator("#troubles ~ form button")).to_be_visible(timeout=30_000)
    assert BatchItem.objects.count() == MANY + 3
    _paused_and_resumed_by_keys(page, batch)
    with worker():
        expect(page.locator("#batch-progress [role=progressbar]")).to_have_attribute(
            "aria-valuenow", "100", timeout=30_000
        )
        expect(page.locator("#batch-progress [hx-get]")).to_have_count(0)
    page.reload()
    expect(page.locator(".list")).to_contain_text("thoat-ra.zip")
    expect(page.locator(".list")).to_contain_text("doc.exe")
    expect(page.locator(".list")).to_contain_text("khoa.pdf")
    assert DocumentVersion.objects.filter(reading_state="read").count() == MANY + 1
    take(page, "batch")
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert violations(page) == []


def _paused_and_resumed_by_keys(page: Page, batch: Batch) -> None:
    page.keyboard.press("F8")
    expect(page.locator("button[data-key=F9]")).to_be_visible()
    assert Batch.objects.get(pk=batch.pk).is_paused
    take(page, "batch-paused")
    page.keyboard.press("F9")
    expect(page.locator("button[data-key=F8]")).to_be_visible()
