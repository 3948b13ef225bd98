"""A procedure no code knows, loaded from TOML, goes from the counter to *returned* by keyboard and page alone."""

import pytest
from playwright.sync_api import Page, expect

from dossiers.models import Dossier
from dossiers.states import Status
from tests.browser.pictures import take
from tests.browser.screens import SignIn, Violations
from tests.factories.office import INVENTED, Office, open_office, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office() -> Office:
    office = open_office("P6-2025.toml")
    publish(INVENTED.read_text("utf-8"))
    return office


def test_an_invented_procedure_is_carried_to_returned(
    office: Office, signed_in: SignIn, violations: Violations
) -> None:
    page = signed_in(office.clerk.username)
    _receive(page, violations)
    url = page.url
    dossier = Dossier.objects.get()
    expect(page.locator("h1")).to_have_text(dossier.code or "")
    page.keyboard.press("F9")
    expect(page.locator("#messages")).to_contain_text("Đã xong: Nhận đơn, Chuyển đi.")

    page = _change_officer(page, signed_in, office.specialist.username)
    _open_from_the_queue(page, dossier, violations)
    page.get_by_label("Ý kiến").fill("Chỗ đặt thoáng, xa nhà dân.")
    page.keyboard.press("F9")
    expect(page.locator("#messages")).to_contain_text("Chỗ phù hợp")
    page.get_by_label("Tạnh từ ngày").fill("20/11/2026")
    page.keyboard.press("F9")
    expect(page.locator("#messages")).to_contain_text("Đã tạnh")

    page = _change_officer(page, signed_in, office.head.username)
    page.goto(url)
    page.keyboard.press("F9")
    expect(page.locator(".dossier-head .badge")).to_have_text("Đã xử lý xong")

    page = _change_officer(page, signed_in, office.clerk.username)
    page.get_by_role("link", name="Trả kết quả").first.click()
    page.wait_for_url(f"{url}#step-panel")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("F9")
    expect(page.locator("#step-panel .help.bad").first).to_be_visible()
    page.get_by_label("Người nghe").fill("Trần Thị Mận")
    page.get_by_label("Số CCCD").fill("099185004417")
    page.keyboard.press("F9")
    expect(page.locator(".dossier-head .badge")).to_have_text("Đã trả kết quả")
    assert Dossier.objects.get().status == Status.RETURNED


def _receive(page: Page, violations: Violations) -> None:
    """The whole intake by keys: choose, type, tick, receive."""
    page.keyboard.press("F2")
    expect(page.locator("[data-picker-text]")).to_be_focused()
    take(page, "intake-procedures")
    assert violations(page) == []
    page.keyboard.type("dat dan ong")
    page.keyboard.press("Enter")
    expect(page.locator("#intake")).to_be_visible()
    page.get_by_label("Đơn vị giải quyết").select_option(label="Chi nhánh Văn phòng Đăng ký đất đai khu vực Hải Lộc")
    page.get_by_label("Số CCCD, mã số thuế").focus()
    for text in ("099185004417", "Trần Thị Mận", "14/06/1985", "0900 555 018", "Thôn Đồng Vừng, xã Tân Lộc"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Nơi đặt", exact=True).fill("Đồi Mây")
    page.get_by_role("textbox", name="Số đàn", exact=True).first.fill("12,5")
    page.get_by_role("combobox", name="Mùa").select_option(label="Xuân")
    page.get_by_label("Đã nhận Đơn đặt đàn ong").check()
    expect(page.locator("#intake-missing")).to_contain_text("Đủ giấy tờ")
    take(page, "intake")
    assert violations(page) == []
    page.keyboard.press("F9")
    expect(page.locator("#messages")).to_contain_text("Đã tiếp nhận với mã")


def _open_from_the_queue(page: Page, dossier: Dossier, violations: Violations) -> None:
    """The unit's list by arrow keys: the quick look follows, Enter opens."""
    page.goto("/viec/don-vi/")
    row = page.locator("table[data-grid] tbody tr").first
    row.focus()
    expect(page.locator("#quick-look h2")).to_have_text(dossier.code or "")
    page.wait_for_load_state("networkidle")
    take(page, "work-list")
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(dossier.code or "")
    take(page, "dossier-open")


def _change_officer(page: Page, signed_in: SignIn, username: str) -> Page:
    page.context.clear_cookies()
    return signed_in(username)
