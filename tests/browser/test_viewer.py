"""The viewer in a browser: a scanned paper is read, sought through, lit, turned and zoomed, by keyboard alone."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import Officer
from documents.models import Document, DocumentVersion
from documents.operations.read import read_version
from notices.operations.notify import notify
from portal.demo.scanner import Seal, as_pdf, damage, print_pages
from tests.browser.screens import PHONE, SignIn, Violations
from tests.factories.accounts import OfficerFactory, UnitFactory, officer_at
from tests.factories.documents import DocumentTypeFactory, legal_document, paper

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CERTIFICATE = """II. THỬA ĐẤT, NHÀ Ở VÀ TÀI SẢN KHÁC GẮN LIỀN VỚI ĐẤT
1. Thửa đất:
a) Thửa đất số: 116, tờ bản đồ số: 24;
b) Địa chỉ: thôn Đồng Vừng, xã Tân Lộc, tỉnh Yên Giang;
c) Diện tích: 321,5 m² (bằng chữ: ba trăm hai mươi mốt phẩy năm mét vuông);
đ) Mục đích sử dụng: đất ở tại nông thôn: 200,0 m²; đất trồng cây lâu năm: 121,5 m²;
e) Thời hạn sử dụng: đất ở: lâu dài; đất trồng cây lâu năm: đến ngày 15/10/2063;
g) Nguồn gốc sử dụng: Nhà nước giao đất có thu tiền sử dụng đất.
4. Ghi chú: Thửa đất được tách từ thửa số 52, tờ bản đồ số 6, xã Lộc Hạ (nay là Tân Lộc)."""
DECISION = """ỦY BAN NHÂN DÂN
TỈNH YÊN GIANG
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 41/2026/QĐ-UBND
Yên Giang, ngày 22 tháng 6 năm 2026
QUYẾT ĐỊNH
Quy định trình tự, thời gian giải quyết thủ tục hành chính về đất đai
Căn cứ Luật Đất đai số 31/2024/QH15;
Điều 1. Ban hành kèm theo Quyết định này Quy định áp dụng tại xã Tân Lộc.
Điều 2. Quyết định này có hiệu lực từ ngày 01 tháng 7 năm 2026."""


@pytest.fixture
def officer() -> Officer:
    call_command("load_calendar", stdout=StringIO())
    unit = UnitFactory.create(short_name="CN Hải Lộc", name="Chi nhánh Văn phòng Đăng ký đất đai khu vực Hải Lộc")
    return officer_at(unit, officer=OfficerFactory.create(username="khue.vm", full_name="Vũ Minh Khuê"))


@pytest.fixture
def viewer(signed_in: SignIn, officer: Officer) -> Callable[..., Page]:
    """Opens a paper's viewer as a signed-in officer."""

    def opened(document: Document, **query: object) -> Page:
        page = signed_in(officer.username)
        page.goto(reverse("document", args=[document.pk], query=query))
        return page

    return opened


def scanned() -> Document:
    """A decision and a page of a certificate as a scanner hands them over, with a red seal, not read yet."""
    pages = [
        damage(print_pages(text)[0], seal=Seal(left=0.7, top=0.6), skew=0.6, noise=4, specks=60, seed=seed)
        for seed, text in enumerate((DECISION, CERTIFICATE))
    ]
    kind = DocumentTypeFactory.create(name="Giấy chứng nhận quyền sử dụng đất")
    return paper(pages=(), content=as_pdf(pages), title="Giấy chứng nhận DK 248032", document_type=kind)


def shown_whole(page: Page, selector: str) -> bool:
    """Whether the first such box lies inside the desk as it is scrolled."""
    return bool(
        page.evaluate(
            """(selector) => {
                const box = document.querySelector(selector).getBoundingClientRect();
                const desk = document.getElementById("desk").getBoundingClientRect();
                return box.top >= desk.top && box.bottom <= desk.bottom && box.width > 0;
            }""",
            selector,
        )
    )


def test_a_scan_is_read_while_one_waits_and_sought_through_by_keyboard(viewer: Callable[..., Page]) -> None:
    document = scanned()
    page = viewer(document)
    expect(page.locator("#progress")).to_be_visible()
    read_version(version_id=document.current_id or 0)
    # The page asks by itself, sees that the reading is over and shows it.
    expect(page.locator("#find-in-paper")).to_be_visible()
    expect(page.locator("#progress")).to_have_count(0)

    page.locator("#find-in-paper").fill("tan loc")
    page.keyboard.press("Enter")
    expect(page.locator("rect.w-now")).to_have_count(1)
    expect(page.locator(".reader-bar [role=status]")).to_have_text("1/3")
    expect(page.locator("#desk")).to_be_focused()

    page.keyboard.press("F3")
    expect(page.locator(".reader-bar [role=status]")).to_have_text("2/3")
    expect(page.locator("#thumb-2")).to_have_attribute("aria-current", "page")
    expect(page.locator("rect.w-hit, rect.w-now")).to_have_count(3)  # the second of them breaks at the line's end
    assert shown_whole(page, "rect.w-now")

    page.keyboard.press("PageUp")
    expect(page.locator("#thumb-1")).to_have_attribute("aria-current", "page")
    page.keyboard.press("PageDown")
    expect(page.locator("#thumb-2")).to_have_attribute("aria-current", "page")


def test_the_words_lie_exactly_over_the_picture(viewer: Callable[..., Page]) -> None:
    page = viewer(paper(pages=("Thửa đất số 116",)))
    word, picture = page.locator("svg text").first, page.locator("svg image")
    expect(word).to_have_text("Thửa")
    across = page.evaluate("(e) => e.getBoundingClientRect().width", picture.element_handle())
    left = page.evaluate(
        "([a, b]) => a.getBoundingClientRect().left - b.getBoundingClientRect().left",
        [word.element_handle(), picture.element_handle()],
    )
    assert left / across == pytest.approx(0.1, abs=0.002)


def test_a_chosen_field_is_lit_and_brought_into_sight(viewer: Callable[..., Page]) -> None:
    far_down = "\n" * 25 + "Yên Giang, ngày 14 tháng 6 năm 2021"
    page = viewer(paper(pages=("Trang một", far_down), fields={"issued_on": "2021-06-14"}), panel="fields")
    page.locator("#field-issued_on").press("Enter")
    expect(page.locator("rect.w-chosen")).to_have_count(1)
    expect(page.locator("#thumb-2")).to_have_attribute("aria-current", "page")
    assert shown_whole(page, "rect.w-chosen")
    expect(page.locator("#field-issued_on")).to_be_focused()


def test_zoom_stays_from_page_to_page_and_a_turn_does_not(viewer: Callable[..., Page]) -> None:
    page = viewer(paper(pages=("Trang một", "Trang hai")))
    sheet = page.locator(".sheet > svg")
    upright = sheet.get_attribute("viewBox")
    page.keyboard.press("+")
    expect(page.locator("#zoom")).to_have_text("125%")
    expect(page.locator(".sheet")).to_have_class("sheet zoom-125")
    page.locator("[data-turn]").click()
    _, _, across, down = str(upright).split()
    expect(sheet).to_have_attribute("viewBox", f"0 0 {down} {across}")
    page.keyboard.press("PageDown")
    expect(page.locator("#thumb-2")).to_have_attribute("aria-current", "page")
    expect(page.locator("#zoom")).to_have_text("125%")
    expect(sheet).to_have_attribute("viewBox", str(upright))
    page.keyboard.press("-")
    expect(page.locator("#zoom")).to_have_text("100%")


def test_escape_leads_back_where_one_came_from(viewer: Callable[..., Page]) -> None:
    page = viewer(paper(), **{"from": reverse("notices")})
    page.keyboard.press("Escape")
    page.wait_for_url("**" + reverse("notices"))


def test_the_viewer_is_open_to_all(viewer: Callable[..., Page], violations: Violations) -> None:
    document = paper(pages=("Thửa đất số 116", "Tân Lộc"), fields={"number": "116"})
    page = viewer(document, panel="fields", q="thua dat")
    assert violations(page) == []
    for panel in ("text", "file"):
        page.goto(reverse("document", args=[document.pk], query={"panel": panel, "q": "thua dat"}))
        assert violations(page) == []
    DocumentVersion.objects.update(screening="quarantined", quarantine_reason="broken")
    page.reload()
    expect(page.locator(".desk .say.late")).to_be_visible()
    assert violations(page) == []


def test_the_viewer_fits_a_telephone(viewer: Callable[..., Page], violations: Violations) -> None:
    page = viewer(paper(pages=("Thửa đất số 116", "Tân Lộc"), fields={"number": "116"}), q="thua dat")
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert violations(page) == []


def test_a_legal_document_and_the_notices_are_open_to_all(
    signed_in: SignIn, officer: Officer, violations: Violations
) -> None:
    legal = legal_document(text="Điều 9. Tạm dừng tính thời hạn", document=paper())
    notify([officer.pk], "Tệp nằm trong khu cách ly", reverse("legal_document", args=[legal.pk]))
    page = signed_in(officer.username)
    page.goto(reverse("notices"))
    assert violations(page) == []
    page.locator(".notice-open").click()
    expect(page.locator("h1")).to_contain_text(legal.number)
    page.locator("#find-in-text").fill("tam dung")
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_have_text("Tạm dừng")
    assert violations(page) == []
