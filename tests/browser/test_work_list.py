"""The work list by keyboard alone, and every page of the work on a desk and on a phone."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, ViewportSize, expect

from accounts.models import Officer
from accounts.operations.delegate import delegate_work
from tests.browser.pictures import take
from tests.browser.screens import DESKTOP, PHONE, SignIn, Violations
from tests.factories.accounts import officer_at
from tests.factories.dossiers import at_step, open_step, received
from tests.factories.moments import moment
from tests.factories.office import Office, open_office
from workflow.engine.operations.hand import claim_step
from workflow.engine.operations.hand_over import hand_over_officer
from workflow.models import Follow, StepRun
from workflow.views import work_list

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ENTRIES = 4


@pytest.fixture
def office(transactional_db: None) -> Office:
    """Four dossiers at the branch's specialists: an overdue one in the specialist's hands, three nobody has claimed."""
    opened = open_office("P6-2025.toml")
    late = at_step(opened, received(opened, at=moment("2026-10-05 09:00")), "check")
    run = open_step(late)
    claim_step(step_run_id=run.pk, version=run.version, acting=opened.acting(opened.specialist))
    for _dossier in range(ENTRIES - 1):
        at_step(opened, received(opened), "check")
    return opened


@pytest.fixture
def colleague(office: Office) -> Officer:
    return officer_at(office.branch, "update", ["specialist"])


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_pages_of_the_work_are_accessible_and_fit(
    office: Office, colleague: Officer, signed_in: SignIn, violations: Violations, size: ViewportSize, settings: Any
) -> None:
    settings.LOGIN_REDIRECT_URL = "work_unit"
    today = timezone.localdate()
    delegate_work(
        principal_id=office.specialist.pk,
        delegate_id=colleague.pk,
        role="specialist",
        valid_from=today,
        valid_to=today + timedelta(days=7),
        reason="Nghỉ phép năm",
        acting=office.acting(office.specialist),
    )
    made = hand_over_officer(
        officer_id=office.specialist.pk,
        to_officer_id=colleague.pk,
        reason="Chuyển công tác",
        acting=office.acting(office.specialist),
    )
    overdue = timezone.now() - timedelta(days=1)
    StepRun.objects.filter(owner=office.specialist, finished__isnull=True).update(due_at=overdue)
    page = signed_in(office.head.username)
    page.set_viewport_size(size)
    for name in ("work_mine", "work_unit", "work_followed", "work_late", "delegations", "hand_overs", "hand_over"):
        page.goto(reverse(name, args=[made.pk] if name == "hand_over" else []))
        for summary in page.locator("main details > summary").all():
            summary.click()
        if name not in ("work_mine", "work_unit", "work_followed"):
            take(page, f"{name.replace('_', '-')}-{size['width']}")
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], name


def test_what_opens_the_dossier_stands_above_the_bar_of_keys(office: Office, signed_in: SignIn) -> None:
    page = signed_in(office.head.username)
    for name in ("work_mine", "work_unit"):
        page.goto(reverse(name))
        look, bar = page.locator("#quick-look").bounding_box(), page.locator(".actionbar").bounding_box()
        assert look is not None
        assert bar is not None
        assert look["y"] + look["height"] <= bar["y"], name


def rows(page: Page) -> list[str]:
    """The codes on the list, from above."""
    return page.locator("#work tbody .code").all_inner_texts()


def test_the_list_is_worked_by_keyboard_alone(office: Office, signed_in: SignIn, violations: Violations) -> None:
    """Walked with the arrows, ticked with Space, unticked with Esc, claimed with F9, opened with Enter."""
    page = signed_in(office.specialist.username)
    page.goto(reverse("work_unit"))
    chosen, look = page.locator("#chosen"), page.locator("#quick-look")
    page.locator("#work tbody tr").first.focus()
    shown = rows(page)
    expect(chosen).to_be_hidden()

    page.keyboard.press("ArrowDown")
    expect(look).to_contain_text(shown[1])
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(chosen).to_contain_text("Đã chọn: 2")
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(chosen).to_be_hidden()
    assert page.locator("#work input:checked").count() == 0

    for key in ("Space", "ArrowUp", "Space", "F9"):
        page.keyboard.press(key)
    expect(page.locator("#messages")).to_contain_text("Bạn đã nhận 2 việc.")
    mine = StepRun.objects.filter(owner=office.specialist, finished__isnull=True)
    assert {run.process.code for run in mine.select_related("process")} == {*shown[:1], *shown[1:3]}

    page.goto(reverse("work_mine"))
    page.locator("#work tbody tr").first.focus()
    page.keyboard.press("End")
    last = rows(page)[-1]
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(last)


def test_pages_are_turned_by_keyboard_and_the_way_back_is_the_same(
    office: Office, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_list, "ROWS", 3)
    page = signed_in(office.specialist.username)
    page.goto(reverse("work_unit"))
    page.locator("#work tbody tr").first.focus()
    first = rows(page)
    page.keyboard.press("PageDown")
    expect(page.locator("#work tbody tr")).to_have_count(1)
    assert set(rows(page)).isdisjoint(first)
    page.locator("#work tbody tr").first.focus()
    page.keyboard.press("PageUp")
    expect(page.locator("#work tbody tr")).to_have_count(3)
    assert rows(page) == first


def test_ticks_all_and_follows_them_by_keyboard_alone(office: Office, signed_in: SignIn) -> None:
    page = signed_in(office.head.username)
    page.goto(reverse("work_unit"))
    page.get_by_label("Chọn tất cả").focus()
    page.keyboard.press("Space")
    expect(page.locator("#chosen")).to_contain_text(f"Đã chọn: {ENTRIES}")
    page.get_by_role("button", name="Theo dõi").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text(f"{ENTRIES} hồ sơ")
    assert Follow.objects.filter(officer=office.head).count() == ENTRIES


def test_attack_46_what_a_colleague_took_meanwhile_stays_his_and_the_row_says_so(
    office: Office, colleague: Officer, signed_in: SignIn, violations: Violations
) -> None:
    page = signed_in(office.specialist.username)
    page.goto(reverse("work_unit"))
    page.get_by_label("Chọn tất cả").check()
    taken = StepRun.objects.filter(owner=None, finished__isnull=True).exclude(step="").order_by("pk").first()
    assert taken is not None
    claim_step(step_run_id=taken.pk, version=taken.version, acting=office.acting(colleague))

    page.keyboard.press("F9")

    results = page.get_by_role("alert")
    expect(results).to_contain_text(f"Đã làm {ENTRIES - 1} việc, giữ nguyên 1 việc")
    expect(results).to_contain_text(colleague.full_name)
    expect(page.locator("#chosen")).to_contain_text("Đã chọn: 1")
    take(page, "work-results")
    assert violations(page) == []


def test_who_leads_hands_ticked_rows_to_one(office: Office, colleague: Officer, signed_in: SignIn) -> None:
    page = signed_in(office.head.username)
    page.goto(reverse("work_unit"))
    page.get_by_label("Chọn tất cả").check()
    take(page, "work-ticked")
    page.get_by_label("Lý do").fill("Chia lại việc")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Chọn người được giao")
    expect(page.get_by_label("Lý do")).to_have_value("Chia lại việc")
    page.get_by_label("Giao cho").select_option(label=colleague.full_name)
    page.get_by_role("button", name="Giao việc").click()
    expect(page.locator("#messages")).to_contain_text(f"Đã giao {ENTRIES} việc.")
    assert StepRun.objects.filter(owner=colleague, finished__isnull=True).count() == ENTRIES
