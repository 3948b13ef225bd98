"""Papers looked at in a browser: from a hit of the search to the place on the scan; copies, signatures, telephones."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Officer, Unit
from documents.models import Document, DocumentVersion, ReadPage
from documents.operations.signatures import keep_signatures
from portal.demo.scanner import Seal, as_pdf, damage, print_pages
from signatures import Checked, Found, Verdict
from tests.browser.office import worker
from tests.browser.pictures import take
from tests.browser.screens import DESKTOP, PHONE, SignIn, Violations
from tests.browser.test_viewer import CERTIFICATE, shown_whole
from tests.factories.accounts import OfficerFactory, UnitFactory, officer_at
from tests.factories.documents import DocumentTypeFactory, paper

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def unit() -> Unit:
    call_command("load_calendar", stdout=StringIO())
    return UnitFactory.create(short_name="CN Hải Lộc", name="Chi nhánh Văn phòng Đăng ký đất đai khu vực Hải Lộc")


@pytest.fixture
def officer(unit: Unit) -> Officer:
    return officer_at(unit, officer=OfficerFactory.create(username="khue.vm", full_name="Vũ Minh Khuê"))


def crooked_scan(folder: Path) -> Path:
    """A page of a certificate scanned askew, with a red seal over the text and specks."""
    page = damage(print_pages(CERTIFICATE)[0], seal=Seal(left=0.6, top=0.3), skew=1.4, noise=5, specks=90, seed=7)
    file = folder / "giay-chung-nhan-quet-lech.pdf"
    file.write_bytes(as_pdf([page]))
    return file


def test_a_crooked_stamped_scan_is_brought_read_found_and_lit(
    signed_in: SignIn, officer: Officer, unit: Unit, tmp_path: Path, violations: Violations
) -> None:
    kind = DocumentTypeFactory.create(name="Giấy chứng nhận quyền sử dụng đất")
    document = paper(unit=unit, pages=("Tờ bìa",), title="Giấy chứng nhận DK 248032", document_type=kind)
    page = signed_in(officer.username)
    page.goto(reverse("document", args=[document.pk], query={"panel": "file"}))
    page.locator("#version-file").set_input_files(crooked_scan(tmp_path))
    page.locator(".viewer-add button").click()
    expect(page.locator("#progress")).to_be_visible()
    with worker():
        # The page sees by itself that the reading is over.
        expect(page.locator("#find-in-paper")).to_be_visible(timeout=60_000)
        expect(page.locator("#progress")).to_have_count(0)
        page.locator("#tab-file").click()
        page.locator("#searchable-copy button").click()
        expect(page.locator("#searchable-copy a[download]")).to_be_visible(timeout=60_000)
    with page.expect_download() as copy:
        page.locator("#searchable-copy a[download]").click()
    assert copy.value.suggested_filename == "giay-chung-nhan-quet-lech-tim-duoc.pdf"

    page.goto(reverse("search", query={"q": "321,5 dong vung"}))
    page.locator("main a[href*='/tai-lieu/']").first.click()
    expect(page.locator("rect.w-now").first).to_be_visible()
    assert shown_whole(page, "rect.w-now")
    expect(page.locator("#back")).to_be_visible()
    take(page, "viewer-hit")
    assert violations(page) == []


@pytest.fixture
def opened(signed_in: SignIn, officer: Officer) -> Callable[..., Page]:
    def open_page(document: Document, **query: object) -> Page:
        page = signed_in(officer.username)
        page.goto(reverse("document", args=[document.pk], query=query))
        return page

    return open_page


def test_hits_pages_and_turns_go_by_keys_alone(opened: Callable[..., Page]) -> None:
    page = opened(paper(pages=("Tân Lộc và Tân Lộc", "Trang hai", "xã Tân Lộc")), q="tan loc")
    status = page.locator(".reader-bar [role=status]")
    page.keyboard.press("n")
    expect(status).to_have_text("2/3")
    page.keyboard.press("Shift+N")
    expect(status).to_have_text("1/3")
    page.keyboard.press("Shift+F3")
    expect(status).to_have_text("3/3")
    page.keyboard.press("Home")
    expect(page.locator("#thumb-1")).to_have_attribute("aria-current", "page")
    page.keyboard.press("End")
    expect(page.locator("#thumb-3")).to_have_attribute("aria-current", "page")
    page.keyboard.press("0")
    expect(page.locator(".sheet")).to_have_class("sheet zoom-fit")
    page.keyboard.press("r")
    expect(page.locator(".sheet > svg > g")).to_have_attribute("transform", "translate(1415 0) rotate(90)")
    # Where somebody types, letters are letters.
    page.locator("#find-in-paper").fill("")
    page.locator("#find-in-paper").press_sequentially("nr0")
    expect(page.locator("#find-in-paper")).to_have_value("nr0")


def test_words_of_a_page_on_its_side_lie_over_their_picture(opened: Callable[..., Page]) -> None:
    document = paper(pages=("Thửa đất",))
    ReadPage.objects.update(rotation=90)
    page = opened(document)
    word = page.locator("svg text").first.bounding_box()
    assert word is not None
    picture = page.locator("svg image").bounding_box()
    assert picture is not None
    # The box (0.1, 0.1, 0.07, 0.02) of the page as it lies stands at the right once the page stands upright.
    assert (word["x"] - picture["x"]) / picture["width"] == pytest.approx(0.88, abs=0.01)
    assert (word["y"] - picture["y"]) / picture["height"] == pytest.approx(0.1, abs=0.02)
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.read-words'))")
    assert "Thửa" in str(page.evaluate("getSelection().toString()"))


def test_signatures_and_fields_are_told_on_desk_and_telephone(
    opened: Callable[..., Page], violations: Violations
) -> None:
    rows = [
        {"name": "parcel", "value": "116", "raw": "116", "confidence": 0.97, "page": 1, "box": [0.42, 0.1, 0.07, 0.02]},
        {
            "name": "area",
            "value": "321.5",
            "raw": "321,5",
            "confidence": 0.64,
            "page": 1,
            "box": [0.18, 0.13, 0.07, 0.02],
        },
    ]
    document = paper(pages=("a) Thửa đất số: 116\nc) Diện tích: 321,5 m²", "Hết"), fields={"extracted": rows})
    version = DocumentVersion.objects.get()
    assert version.reading is not None
    found = (Found(Verdict.EXTENDED, signer="Văn phòng Đăng ký đất đai", issuer="Cơ quan chứng thực Yên Giang"),)
    version.signing = keep_signatures(version.reading, Checked(found))
    version.save()
    page = opened(document, field="area")
    expect(page.locator(".desk .say.late")).to_be_visible()
    expect(page.locator("rect.w-chosen")).to_have_count(1)
    page.locator("#tab-file").click()
    expect(page.locator(".viewer-signatures")).to_contain_text("Cơ quan chứng thực Yên Giang")
    take(page, "viewer-signatures")
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert violations(page) == []
    page.set_viewport_size(DESKTOP)
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    page.goto(reverse("document", args=[document.pk], query={"panel": "fields"}))
    page.locator("#field-parcel").click()
    expect(page.locator("rect.w-chosen")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert violations(page) == []
