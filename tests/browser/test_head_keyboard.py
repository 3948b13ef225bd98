"""A head's day without a mouse: work handed out, delays, approval, a stand-in, a unit handed over; the calendar."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import Delegation, Officer
from dossiers.models import Dossier
from jobs.worker import drain
from tests.browser.hands import choose, here, look_at, open_row, press, reach, sign_in, skip_to_content, write
from tests.browser.pictures import take
from tests.browser.screens import Violations
from tests.factories.accounts import OfficerFactory, officer_at
from tests.factories.dossiers import at_step, case_behind, open_step, received
from tests.factories.office import Office, open_office
from workflow.engine.selectors import open_runs
from workflow.models import StepRun
from worktime.models import CalendarChange

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(transactional_db: None) -> Office:
    opened = open_office("P6-2025.toml")
    named = {
        opened.clerk: "Vũ Minh Khuê",
        opened.specialist: "Lê Thu Hằng",
        opened.head: "Trần Quốc Bảo",
        opened.stranger: "Đỗ Văn Lực",
        opened.administrator: "Phạm Thị Yến",
    }
    for officer, name in named.items():
        officer.full_name = name
        officer.save()
    return opened


@pytest.fixture
def colleague(office: Office) -> Officer:
    officer = OfficerFactory.create(full_name="Hoàng Đức Thiện")
    return officer_at(office.branch, "update", ["specialist"], officer=officer)


@pytest.fixture
def overdue(office: Office) -> Dossier:
    """One at the branch's specialists whose appointment has passed."""
    return at_step(office, received(office, at=timezone.now() - timedelta(days=20)), "check")


@pytest.fixture
def drafted(office: Office) -> Dossier:
    """One whose result waits for the head's signature."""
    return at_step(office, received(office), "sign")


def said(page: Page, words: str) -> None:
    expect(page.locator("#messages")).to_contain_text(words)


def test_work_is_handed_out_delays_are_seen_and_a_result_is_approved(
    office: Office, colleague: Officer, overdue: Dossier, drafted: Dossier, page: Page, violations: Violations
) -> None:
    sign_in(page, office.head.username)
    look_at(page, violations)
    skip_to_content(page)
    press(page, "Việc cần xử lý")
    press(page, "Của đơn vị")
    reach(page, "Chọn tất cả")
    page.keyboard.press("Space")
    choose(page, "Giao cho", colleague.full_name)
    write(page, "Lý do", "Chia lại việc trong tuần")
    take(page, "guide-head-assign")
    press(page, "Giao việc")
    # The signature is the head's own: that row stays and says why.
    expect(page.get_by_role("alert")).to_contain_text(str(drafted.code))
    assert open_step(overdue).owner == colleague
    look_at(page, violations)

    press(page, "Trễ hạn")
    look_at(page, violations)
    take(page, "guide-head-late")
    press(page, colleague.full_name)
    open_row(page, str(overdue.code))
    expect(page.locator(".dossier-head")).to_contain_text("Quá hạn")

    page.goto(reverse("work_unit"))
    open_row(page, str(drafted.code))
    look_at(page, violations)
    take(page, "guide-head-approve")
    with page.expect_navigation():
        page.keyboard.press("F9")
    said(page, "Ký duyệt")
    assert [run.step for run in open_runs(case_behind(drafted))] == ["register"]


def test_a_stand_in_is_named_for_a_leave_and_ended(
    office: Office, colleague: Officer, page: Page, violations: Violations
) -> None:
    sign_in(page, office.head.username)
    press(page, "Việc cần xử lý")
    press(page, "Ủy quyền khi nghỉ")
    look_at(page, violations)
    choose(page, "Người vắng mặt", office.specialist.full_name)
    choose(page, "Người xử lý thay", colleague.full_name)
    write(page, "Đến hết ngày", f"{timezone.localdate() + timedelta(days=4):%d/%m/%Y}")
    write(page, "Lý do", "Nghỉ phép năm")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    said(page, colleague.full_name)
    look_at(page, violations)
    take(page, "guide-head-delegation")

    reach(page, "Kết thúc ngay")
    page.keyboard.press("Enter")
    expect(page.locator("#confirm [value=no]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("main [data-confirm]")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    assert here(page) == "Đồng ý, thực hiện"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert Delegation.objects.get().ended_at is not None


def test_all_work_of_a_unit_is_handed_over_with_minutes(
    office: Office, overdue: Dossier, page: Page, violations: Violations
) -> None:
    sign_in(page, office.head.username)
    page.goto(reverse("hand_overs"))
    look_at(page, violations)
    reach(page, "Bàn giao toàn bộ việc của một đơn vị")
    page.keyboard.press("Enter")
    choose(page, "Đơn vị nhận", office.other_branch.name)
    write(page, "Lý do", "Sắp xếp lại địa bàn")
    take(page, "guide-head-hand-over")
    press(page, "Lập danh mục")
    said(page, "Đã lập danh mục")
    look_at(page, violations)
    assert page.request.get(str(page.locator("a[href$='.pdf']").get_attribute("href"))).ok

    sign_in(page, office.stranger.username)
    page.goto(reverse("hand_overs"))
    press(page, office.branch.name)
    page.keyboard.press("F9")
    expect(page.locator("#confirm [value=no]")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    said(page, "Đã nhận")
    drain()
    page.reload()
    expect(page.locator("main")).to_contain_text("Đã bàn giao")
    look_at(page, violations)
    take(page, "guide-head-minutes")
    assert StepRun.objects.get(process=case_behind(overdue), finished__isnull=True).unit == office.other_branch


def test_a_day_off_is_looked_at_before_it_is_made(
    office: Office, drafted: Dossier, page: Page, violations: Violations
) -> None:
    sign_in(page, office.administrator.username)
    press(page, "Lịch làm việc")
    look_at(page, violations)
    due_at = timezone.localtime(case_behind(drafted).due_at)
    write(page, "Ngày", f"{due_at:%d/%m/%Y}")
    write(page, "Tên ngày", "Nghỉ bù")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(str(drafted.code))
    look_at(page, violations)
    take(page, "guide-calendar-preview")
    write(page, "Lý do", "Quyết định 12/QĐ-UBND")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    said(page, "Đã sửa lịch")
    look_at(page, violations)
    take(page, "guide-calendar-moves")
    assert CalendarChange.objects.get().reason == "Quyết định 12/QĐ-UBND"
    # Nothing moved by it: what was promised stands.
    assert timezone.localtime(case_behind(drafted).due_at) == due_at

    write(page, "Lý do", "Theo Quyết định 12/QĐ-UBND")
    page.keyboard.press("Enter")
    expect(page.locator("#confirm [value=no]")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    drain()
    assert timezone.localtime(case_behind(drafted).due_at) > due_at
    page.reload()
    expect(page.locator("main")).to_contain_text("Theo Quyết định 12/QĐ-UBND")
    look_at(page, violations)
