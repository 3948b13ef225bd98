"""A step under two hands: one wins, the other keeps what he typed; who may only look sees no controls."""

import pytest
from django.urls import reverse
from playwright.sync_api import ViewportSize, expect

from tests.browser.pictures import take
from tests.browser.screens import DESKTOP, PHONE, SignIn, Violations
from tests.factories.dossiers import at_step, open_step, received
from tests.factories.office import Office, open_office
from tests.house.things import later
from workflow.engine.operations.complete import complete_step
from workflow.engine.selectors import case_of, open_runs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office() -> Office:
    return open_office("P2-2025.toml", "P6-2025.toml")


@pytest.fixture
def dossier_url(office: Office) -> str:
    """A transfer waiting for the specialist's examination."""
    dossier = received(office, procedure="P2")
    at_step(office, dossier, "appraise")
    return f"/ho-so/{dossier.pk}/"


def test_attack_45_who_comes_second_learns_who_was_first_and_keeps_his_note(
    office: Office, signed_in: SignIn, dossier_url: str, violations: Violations
) -> None:
    page = signed_in(office.specialist.username)
    page.goto(dossier_url)
    page.get_by_label("Ý kiến").fill("Tên bên nhận ở trang 3 khớp CCCD.")
    _completed_elsewhere(office, dossier_url)

    page.keyboard.press("F9")

    answer = page.locator("#messages")
    expect(answer).to_contain_text("đã hoàn thành bước")
    expect(answer).to_contain_text("Tên bên nhận ở trang 3 khớp CCCD.")
    take(page, "conflict")
    assert violations(page) == []


def test_a_missing_note_is_asked_for_where_it_belongs(office: Office, signed_in: SignIn, dossier_url: str) -> None:
    page = signed_in(office.specialist.username)
    page.goto(dossier_url)

    page.get_by_role("button", name="Trả lại một cửa").click()

    expect(page.get_by_label("Ý kiến")).to_be_focused()
    expect(page.locator("#step-panel")).to_contain_text("Cần nhập mục này.")
    page.get_by_label("Ý kiến").fill("Thiếu chữ ký ở đơn.")
    page.get_by_role("button", name="Trả lại một cửa").click()
    expect(page.locator("#messages")).to_contain_text("Trả lại một cửa")


def test_attack_35_a_look_up_account_sees_the_dossier_without_its_controls(
    office: Office, signed_in: SignIn, dossier_url: str, violations: Violations
) -> None:
    page = signed_in(office.look_up.username)
    page.goto(dossier_url)

    expect(page.locator(".topbar .me")).to_contain_text("Chỉ tra cứu")
    expect(page.locator("#step-panel")).to_be_visible()
    assert page.locator("#step-panel button, #step-panel textarea").count() == 0
    assert violations(page) == []


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_what_another_edition_would_change_is_accessible_and_fits(
    office: Office, signed_in: SignIn, violations: Violations, size: ViewportSize
) -> None:
    dossier = at_step(office, received(office), "check")
    edition = later(dossier)
    page = signed_in(office.administrator.username)
    page.set_viewport_size(size)
    page.goto(reverse("case_edition", args=[open_step(dossier).pk, edition.pk]))
    field, panel = page.get_by_label("Lý do").bounding_box(), page.locator("form.body").bounding_box()
    assert field is not None
    assert panel is not None
    assert field["x"] > panel["x"]
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def _completed_elsewhere(office: Office, url: str) -> None:
    """A colleague completes the step while the page is open."""
    case = case_of("dossier", int(url.strip("/").split("/")[-1]))
    assert case is not None
    run = open_runs(case)[0]
    complete_step(step_run_id=run.pk, outcome="eligible", version=run.version, acting=office.acting(office.specialist))
