"""A specialist's day without a mouse: his list, a step and all that may be done at it, its clock, the land register."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from dossiers.models import Dossier
from land.models import Parcel
from tests.browser.hands import choose, here, look_at, press, reach, sign_in, skip_to_content, write
from tests.browser.pictures import take
from tests.browser.screens import Violations
from tests.factories.dossiers import at_step, case_behind, open_step, received
from tests.factories.land import KHOI, NGAT, certified, mortgaged, parcel_at
from tests.factories.office import Office, open_office
from workflow.engine.selectors import open_opinions_of, open_runs
from workflow.models import StepRun

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(transactional_db: None) -> Office:
    opened = open_office("P2-2025.toml", "P6-2025.toml")
    named = {opened.clerk: "Vũ Minh Khuê", opened.specialist: "Lê Thu Hằng", opened.head: "Trần Quốc Bảo"}
    for officer, name in named.items():
        officer.full_name = name
        officer.save()
    return opened


@pytest.fixture
def renewals(office: Office) -> list[Dossier]:
    """Two at the branch that nobody has claimed."""
    return [at_step(office, received(office), "check") for _dossier in range(2)]


@pytest.fixture
def transfer(office: Office) -> Dossier:
    """One to be examined at the branch, claimed by nobody."""
    return at_step(office, received(office, "P2"), "appraise")


@pytest.fixture
def parcel(office: Office) -> Parcel:
    """A mortgaged parcel of two people, with its certificate."""
    keeper = office.acting(office.specialist)
    parcel = parcel_at(keeper, people=[NGAT, KHOI])
    certified(parcel, keeper)
    mortgaged(parcel, keeper, party="Quỹ tín dụng nhân dân Tân Lộc")
    return parcel


def days_ahead(days: int) -> str:
    day: date = timezone.localdate() + timedelta(days=days)
    return f"{day:%d/%m/%Y}"


def open_steps(dossier: Dossier) -> list[str]:
    return [run.step for run in open_runs(case_behind(dossier))]


def said(page: Page, words: str) -> None:
    expect(page.locator("#messages")).to_contain_text(words)


def test_his_list_is_filtered_ticked_claimed_and_looked_through(
    office: Office, renewals: list[Dossier], transfer: Dossier, page: Page, violations: Violations
) -> None:
    sign_in(page, office.specialist.username)
    skip_to_content(page)
    press(page, "Việc cần xử lý")
    press(page, "Của đơn vị")
    look_at(page, violations)
    take(page, "guide-work-unit")

    write(page, "Lọc theo mã, tên hoặc thửa", str(transfer.code)[-4:])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#work tbody tr")).to_have_count(1)
    press(page, "Bỏ lọc")
    choose(page, "Thủ tục", "Cấp đổi")
    press(page, "Lọc")
    expect(page.locator("#work tbody tr")).to_have_count(len(renewals))

    reach(page, "H99")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#quick-look")).to_contain_text(page.locator("#work tbody .code").nth(1).inner_text())
    assert "H99" in here(page)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    take(page, "guide-work-ticked")
    with page.expect_navigation():
        page.keyboard.press("F9")
    said(page, "Bạn đã nhận 2 việc.")
    assert StepRun.objects.filter(owner=office.specialist, finished__isnull=True).count() == 2

    for tab in ("Theo dõi", "Đã xong"):
        press(page, tab)
        look_at(page, violations)


def test_a_step_is_taken_asked_about_sent_back_undone_and_ended(
    office: Office, transfer: Dossier, page: Page, violations: Violations
) -> None:
    sign_in(page, office.specialist.username)
    page.goto(reverse("work_unit"))
    press(page, str(transfer.code))
    look_at(page, violations)

    press(page, "Nhận việc")
    said(page, "Đã nhận bước")
    _asks_and_takes_back(office, transfer, page, violations)
    _sends_back_and_undoes(transfer, page)

    # Something is missing: the part comes back with the focus on it, what was typed is still there.
    reach(page, "Trả lại một cửa")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Ý kiến")).to_be_focused()
    assert "Ý kiến" in here(page)
    page.keyboard.type("Đủ điều kiện chuyển nhượng.")
    with page.expect_navigation():
        page.keyboard.press("F9")
    said(page, "Đủ điều kiện, lập phiếu chuyển thuế")
    with page.expect_navigation():
        page.keyboard.press("F9")
    assert open_steps(transfer) == ["await_tax"]
    _reads_the_clock(page, violations)


def _asks_and_takes_back(office: Office, transfer: Dossier, page: Page, violations: Violations) -> None:
    press(page, "Lấy ý kiến, trả lại, rút lại")
    look_at(page, violations)
    choose(page, "Đơn vị trong hệ thống", office.other_branch.name)
    write(page, "Trả lời trước ngày", days_ahead(7))
    write(page, "Nội dung hỏi", "Đề nghị xác nhận ranh giới thửa đất.")
    take(page, "guide-further")
    press(page, "Gửi hỏi")
    said(page, "Đã gửi lấy ý kiến")
    look_at(page, violations)
    take(page, "guide-asked")
    assert [run.unit for run in open_opinions_of(case_behind(transfer))] == [office.other_branch]
    reach(page, "Thu hồi phiếu hỏi")
    page.keyboard.press("Enter")
    write(page, "Lý do", "Đã có văn bản xác nhận.")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    said(page, "Đã thu hồi phiếu hỏi")
    assert not open_opinions_of(case_behind(transfer))


def _sends_back_and_undoes(transfer: Dossier, page: Page) -> None:
    press(page, "Lấy ý kiến, trả lại, rút lại")
    choose(page, "Đến bước", "Tiếp nhận")
    write(page, "Lý do", "Đơn thiếu chữ ký của bên nhận.")
    press(page, "Trả lại")
    assert open_steps(transfer) == ["receive"]
    press(page, "Thao tác khác")
    write(page, "Lý do", "Bên nhận đã ký bổ sung.")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    said(page, "được mở lại")
    assert open_steps(transfer) == ["appraise"]


def _reads_the_clock(page: Page, violations: Violations) -> None:
    press(page, "Thời hạn")
    expect(page.locator("#tab")).to_contain_text("Tạm dừng: đã gửi phiếu chuyển thông tin")
    look_at(page, violations)
    take(page, "guide-clock")
    press(page, "Các bước")
    look_at(page, violations)
    for _stop in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.diagram')"):
            break
    expect(page.locator(".diagram")).to_be_focused()
    expect(page.locator(".diagram .step.now .name").first).to_contain_text("4.")
    take(page, "guide-diagram")


def test_the_land_register_is_looked_up(office: Office, parcel: Parcel, page: Page, violations: Violations) -> None:
    sign_in(page, office.specialist.username)
    press(page, "Thửa đất")
    look_at(page, violations)
    write(page, "Thửa đất số", "9999")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    look_at(page, violations)
    expect(page.locator(".empty .btn")).to_have_text("Bỏ lọc")
    write(page, "Thửa đất số", "116")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press(page, "Thửa 116")
    expect(page.locator("main")).to_contain_text("Quỹ tín dụng nhân dân Tân Lộc")
    look_at(page, violations)
    take(page, "guide-parcel")
    press(page, "DK 248032")
    expect(page.locator("h1")).to_contain_text("Giấy chứng nhận DK 248032")
    look_at(page, violations)


def test_only_an_administrator_sets_a_dossier_on_another_step_and_is_asked_first(
    office: Office, transfer: Dossier, page: Page, violations: Violations
) -> None:
    run = open_step(transfer)
    sign_in(page, office.administrator.username)
    page.goto(reverse("step_further", args=[run.pk]))
    look_at(page, violations)
    choose(page, "Đến bước", "Dự thảo kết quả")
    write(page, "Lý do", "Nhập lại theo bản giấy đã giải quyết.")
    reach(page, "Chuyển đến bước này")
    page.keyboard.press("Enter")
    expect(page.locator("#confirm [value=no]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("main [data-confirm]")).to_be_focused()
    assert here(page) == "Chuyển đến bước này"
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    said(page, "Hồ sơ nay ở bước")
    assert open_steps(transfer) == ["draft"]
