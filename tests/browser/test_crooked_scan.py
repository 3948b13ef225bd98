"""A crooked, stamped scan from the counter to the decision: read while one types, found, lit, held against the form."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dossiers.models import Dossier, MismatchRuling
from dossiers.states import Ruling
from portal.demo.scanner import as_pdf, damage
from tests.browser.office import worker
from tests.browser.pictures import take
from tests.browser.screens import PHONE, SignIn, Violations
from tests.factories.office import Office, open_office
from tests.scans.generator import Sample, print_head_page, wear

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The counter will type 312,5 m².
CERTIFICATE = Sample(
    text="""ỦY BAN NHÂN DÂN HUYỆN HẢI LỘC
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT
Số phát hành: DK 248032
I. Người sử dụng đất
Ông (bà): Phùng Thị Ngát, sinh năm 1974. Số định danh: 099174003312.
Địa chỉ thường trú: thôn Đồng Vừng, xã Tân Lộc, tỉnh Yên Giang.
II. Thửa đất được quyền sử dụng
a) Thửa đất số: 116; tờ bản đồ số: 24;
b) Địa chỉ: xã Tân Lộc, huyện Hải Lộc, tỉnh Yên Giang;
c) Diện tích: 321,5 m²;
d) Mục đích sử dụng: đất ở tại nông thôn; đất trồng cây lâu năm;
đ) Thời hạn sử dụng: đất ở lâu dài;
e) Nguồn gốc sử dụng: Nhà nước công nhận quyền sử dụng đất.
Ghi chú: thửa đất giáp kênh Bến Đoan.
Hải Lộc, ngày 14 tháng 6 năm 2011
TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH
Số vào sổ cấp GCN: CH 03288""",
    number="",
    issued_on=date(2011, 6, 14),
    document_type="Giấy chứng nhận",
)
TYPED = {
    "Số CCCD, mã số thuế": "099174003312",
    "Họ và tên": "Phùng Thị Ngát",
    "Ngày sinh": "14/06/1974",
    "Điện thoại": "0900 555 018",
    "Địa chỉ thường trú": "thôn Đồng Vừng, xã Tân Lộc, tỉnh Yên Giang",
    "Thửa số": "116",
    "Tờ bản đồ": "24",
    "Xã, phường": "xã Tân Lộc",
    "Diện tích, m²": "312,5",
    "Loại đất": "CLN+ONT",
    "Số phát hành GCN": "DK 248032",
    "Số vào sổ": "CH 03288",
}


@pytest.fixture
def office() -> Office:
    return open_office("P6-2025.toml")


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """Sealed, specked and turned by three degrees and a half."""
    page = damage(wear(print_head_page(CERTIFICATE).picture, seed=7), skew=2.5, noise=4, seed=7)
    path = tmp_path / "quet-0007.pdf"
    path.write_bytes(as_pdf([page]))
    return path


def test_a_crooked_scan_is_read_found_lit_and_held_against_the_form(
    office: Office, signed_in: SignIn, scan: Path, violations: Violations
) -> None:
    page = signed_in(office.clerk.username)
    with worker():
        _bring(page, scan)
        _receive(page)
        _find_and_light(page, violations)
    _compare(page, violations)
    ruling = MismatchRuling.objects.get()
    assert (ruling.fact, ruling.ruling, ruling.proposed) == ("area", Ruling.PAPER_RIGHT, "321.5")
    assert ruling.dossier.values["area"] == "312.5"


def _bring(page: Page, scan: Path) -> None:
    """The scan goes up; how far the reader is stands in its line while the clerk goes on typing."""
    page.goto("/tiep-nhan/")
    page.keyboard.type("P6")
    page.keyboard.press("Enter")
    page.wait_for_selector("#intake")
    page.wait_for_load_state()
    page.get_by_label("Bản quét của Giấy chứng nhận").set_input_files(scan)
    line = page.locator("#paper-certificate")
    expect(line).to_contain_text("đang nhận dạng")
    for label, text in TYPED.items():
        page.get_by_label(label).first.fill(text)
    expect(line).to_contain_text("đã nhận dạng, 1 trang", timeout=90_000)
    take(page, "crooked-intake")


def _receive(page: Page) -> None:
    page.get_by_label("Đơn vị giải quyết").select_option(label="Chi nhánh Văn phòng Đăng ký đất đai khu vực Hải Lộc")
    page.get_by_label("Lý do", exact=False).first.select_option(value="damaged")
    page.get_by_label("Đã nhận Đơn đăng ký").check()
    page.keyboard.press("F9")
    expect(page.locator("#messages")).to_contain_text("Đã tiếp nhận với mã")
    expect(page.locator(".say.near")).to_contain_text("khác với giấy tờ")


def _find_and_light(page: Page, violations: Violations) -> None:
    """A word that stands on the scan alone is found without its marks; its hit opens lit on the picture."""
    hit = page.locator("[data-hit]")
    for _try in range(30):
        page.goto("/tim/?q=giap+kenh+ben+doan")
        if hit.count():
            break
        page.wait_for_timeout(500)
    expect(page.locator("article mark").first).to_be_visible()
    hit.first.click()
    expect(page.locator("rect.w-now")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    take(page, "crooked-hit")
    assert violations(page) == []


def _compare(page: Page, violations: Violations) -> None:
    """Form and paper side by side, decided by keys alone."""
    dossier = Dossier.objects.get()
    page.goto(f"/ho-so/{dossier.pk}/")
    tab = page.locator(".nav-tabs").get_by_role("link", name="Đối chiếu")
    expect(tab.locator(".n")).to_have_text("1")
    take(page, "crooked-dossier")
    page.locator(".say.near").get_by_role("link", name="Đối chiếu").press("Enter")
    row = page.locator("tr[data-fact=area]")
    expect(row).to_be_focused()
    expect(row).to_contain_text("Khác")
    expect(page.locator("#mismatch")).to_contain_text("321,5 m²")
    expect(page.locator("#mismatch .clip image")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    take(page, "cross-check")
    assert violations(page) == []
    _walk(page)

    # The scan itself, with the field lit, and back again.
    row.press("Enter")
    expect(page.locator("rect.w-chosen")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    take(page, "cross-check-field")
    page.keyboard.press("Escape")
    expect(row).to_be_focused()

    # Against the paper nobody decides without saying why; what was typed stays.
    row.press("1")
    expect(page.locator("#mismatch-note")).to_be_focused()
    expect(page.locator("#mismatch .help.bad")).to_contain_text("F9")
    assert violations(page) == []
    assert not MismatchRuling.objects.exists()
    page.keyboard.type("Thử 2 lần")
    expect(page.locator("#mismatch-note")).to_have_value("Thử 2 lần")
    page.locator("#mismatch button[data-digit='2']").press("Enter")
    expect(page.locator("#messages")).to_contain_text("Mọi sai khác đã được kết luận")
    expect(row).to_contain_text("Giấy đúng")
    expect(tab.locator(".n")).to_have_count(0)
    take(page, "cross-check-decided")
    assert violations(page) == []
    page.set_viewport_size(PHONE)
    take(page, "cross-check-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert violations(page) == []


def _walk(page: Page) -> None:
    """Arrows walk from value to value, and what is beside follows; a digit away from the rows decides nothing."""
    page.keyboard.press("ArrowUp")
    expect(page.locator("#mismatch")).to_have_attribute("data-fact", "commune")
    page.keyboard.press("2")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#mismatch")).to_have_attribute("data-fact", "area")
    page.locator(".topbar .brand").focus()
    page.keyboard.press("2")
    # F9 belongs to the step beside it: in the reason's field it asks for a choice and sends nothing on.
    page.locator("#mismatch-note").focus()
    page.keyboard.press("F9")
    expect(page.locator("#mismatch button[data-digit='1']")).to_be_focused()
    page.locator("tr[data-fact=area]").focus()
    assert not MismatchRuling.objects.exists()
