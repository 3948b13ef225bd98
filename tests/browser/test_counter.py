"""The counter under the hand: nothing typed is lost, what is missing is named, a refused file says why."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from dossiers.models import Dossier
from portal.demo.scanner import as_pdf, damage, print_pages
from tests.browser.office import worker
from tests.browser.pictures import take
from tests.browser.screens import SignIn, Violations
from tests.factories.office import Office, open_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office() -> Office:
    return open_office("P6-2025.toml")


@pytest.fixture
def intake(office: Office, signed_in: SignIn) -> Page:
    """A clerk with a new renewal before him."""
    page = signed_in(office.clerk.username)
    page.goto("/tiep-nhan/")
    page.keyboard.type("P6")
    page.keyboard.press("Enter")
    page.wait_for_selector("#intake")
    # What listens for typing is there once everything is loaded.
    page.wait_for_load_state()
    return page


def test_the_draft_is_kept_as_typed_and_comes_back(intake: Page) -> None:
    intake.get_by_label("Họ và tên").fill("Lò Văn Pành")
    expect(intake.locator("[data-draft-status]")).to_contain_text("Đã lưu")

    intake.reload()

    expect(intake.get_by_label("Họ và tên")).to_have_value("Lò Văn Pành")


def test_what_is_typed_without_a_connection_is_sent_when_it_is_back(intake: Page) -> None:
    def cut(route: Route) -> None:
        route.abort("connectionfailed")

    intake.route("**/luu/", cut)
    intake.get_by_label("Họ và tên").fill("Giàng A Chớ")
    expect(intake.locator("[data-draft-status]")).to_contain_text("Mất kết nối")
    intake.unroute("**/luu/", cut)
    intake.evaluate("window.dispatchEvent(new Event('online'))")

    expect(intake.locator("[data-draft-status]")).to_contain_text("Đã lưu")
    assert Dossier.objects.get().draft["name"] == ["Giàng A Chớ"]


def test_the_first_fault_has_the_focus_and_everything_typed_is_still_there(
    intake: Page, violations: Violations
) -> None:
    intake.get_by_label("Số CCCD, mã số thuế").fill("12")
    intake.get_by_label("Họ và tên").fill("Hà Thị Sen")
    intake.keyboard.press("F9")
    expect(intake.get_by_role("alert").first).to_contain_text("Hồ sơ chưa đủ")

    expect(intake.locator("[aria-invalid=true]").first).to_be_focused()
    expect(intake.get_by_label("Họ và tên")).to_have_value("Hà Thị Sen")
    expect(intake.locator("#intake")).to_contain_text("CCCD có 12 chữ số")
    take(intake, "intake-faults")
    assert violations(intake) == [], violations(intake)


def test_a_scan_is_read_while_the_clerk_goes_on_typing(intake: Page, tmp_path: Path) -> None:
    scan = tmp_path / "quet-0001.pdf"
    pages = print_pages("ĐƠN ĐĂNG KÝ BIẾN ĐỘNG ĐẤT ĐAI\nThửa đất số: 128; tờ bản đồ số: 24")
    scan.write_bytes(as_pdf([damage(page, specks=50) for page in pages]))
    with worker():
        intake.get_by_label("Bản quét của Đơn đăng ký").set_input_files(scan)
        line = intake.locator("#paper-application")
        expect(line).to_contain_text("quet-0001.pdf")
        intake.get_by_label("Họ và tên").fill("Mai Xuân Tạo")
        expect(line).to_contain_text("đã nhận dạng, 1 trang", timeout=60_000)

    expect(intake.get_by_label("Họ và tên")).to_have_value("Mai Xuân Tạo")
    expect(line.get_by_role("checkbox")).to_be_checked()


def test_a_refused_file_says_why_in_its_own_line(intake: Page, tmp_path: Path) -> None:
    fake = tmp_path / "don.pdf"
    fake.write_bytes(b"PK\x03\x04 this is no PDF")
    intake.get_by_label("Bản quét của Đơn đăng ký").set_input_files(fake)

    refusal = intake.locator("#paper-application [role=alert]")
    expect(refusal).to_be_visible()
    assert intake.locator("#paper-certificate [role=alert]").count() == 0


def test_the_representative_is_asked_for_only_when_somebody_else_came(intake: Page) -> None:
    representative = intake.get_by_label("Người được ủy quyền", exact=True)
    expect(representative).to_be_hidden()

    intake.get_by_label("Nộp thay, có ủy quyền").check()

    expect(representative).to_be_visible()
    expect(intake.locator("#paper-authorisation-status")).to_contain_text("còn thiếu")
