"""A bundle as a clerk splits it: separator sheets found, cuts moved and confirmed by keys alone."""

from pathlib import Path

import numpy as np
import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Officer
from dossiers.models import Bundle, BundlePart
from dossiers.separators import print_separators
from portal.demo.scanner import Page as Scan
from portal.demo.scanner import as_pdf, damage, print_pages, rasterise
from tests.browser.office import worker
from tests.browser.pictures import take
from tests.browser.screens import PHONE, SignIn, Violations
from tests.factories.dossiers import begun
from tests.factories.office import Office, open_office
from tests.scans.kinds import paper_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office() -> Office:
    office = open_office("P6-2025.toml")
    Officer.objects.filter(pk=office.clerk.pk).update(username="mai.dt", full_name="Đặng Thị Mai")
    return office


def scanned(sheet: Scan, folder: Path) -> Path:
    """A sheet for the application, the application, an empty sheet, and a page nobody can tell the kind of."""
    application = print_pages(paper_of("don_cap_doi_cap_lai", 3001).text, dpi=150)[0]
    other = print_pages("Ghi chú kèm theo\nĐã đối chiếu", dpi=150, layout="plain")[0]
    blank = damage(np.full((1754, 1240, 3), 246, dtype=np.uint8), dpi=150, noise=3, specks=20, seed=2)
    crooked = damage(sheet, dpi=150, skew=1.2, noise=4, seed=4)
    path = folder / "tap-quet.pdf"
    path.write_bytes(as_pdf([crooked, application, blank, other], dpi=150))
    return path


def test_a_bundle_is_brought_looked_through_and_split_by_keys(
    signed_in: SignIn, office: Office, tmp_path: Path, violations: Violations
) -> None:
    dossier = begun(office)
    sheet = rasterise(print_separators(dossier), dpi=150)[0]
    page = signed_in("mai.dt")
    page.goto(reverse("intake", args=[dossier.pk]))
    page.locator("input[name=bundle]").set_input_files(scanned(sheet, tmp_path))
    page.wait_for_url("**/tap-quet/*/")
    assert violations(page) == []
    with worker():
        expect(page.locator("[data-bundle] select")).to_have_count(4, timeout=90_000)
    assert Bundle.objects.get().proposal == ["-", "application", "-", "?"]
    assert violations(page) == []
    take(page, "bundle")
    _confirmed_by_keys(page)
    assert list(BundlePart.objects.order_by("first_page").values_list("first_page", "component")) == [
        (2, "application"),
        (4, "certificate"),
    ]
    page.goto(reverse("intake_bundle", args=[dossier.pk, Bundle.objects.get().pk]))
    expect(page.locator(".list a")).to_have_count(2)
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def _confirmed_by_keys(page: Page) -> None:
    page.keyboard.press("F9")
    expect(page.locator("[aria-invalid=true]")).to_be_focused()
    expect(page.locator("#mark-4")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#mark-3")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.locator("#mark-4").select_option("certificate")
    expect(page.locator("li:has(#mark-4)")).to_have_class("bundle-page begins")
    page.keyboard.press("F9")
    page.wait_for_url("**/tiep-nhan/*/")
    expect(page.locator("#paper-certificate .t-ok")).to_be_visible()
