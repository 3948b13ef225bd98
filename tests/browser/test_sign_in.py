"""The sign-in page as an officer meets it: with the keyboard, after a mistake, on a phone."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from pages import navigation
from tests.browser.pictures import take
from tests.browser.screens import DESKTOP, PHONE, SignIn, Violations
from tests.factories.accounts import PASSWORD, OfficerFactory, UnitFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.browser.urls"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(autouse=True)
def khue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_ENTRIES", {})
    UnitFactory.create(name="Ủy ban nhân dân tỉnh Yên Giang", kind="people_committee")
    OfficerFactory.create(username="khue.vm", full_name="Vũ Minh Khuê")


def type_in(page: Page, username: str, password: str) -> None:
    page.goto("/dang-nhap/")
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def test_signing_in_needs_the_keyboard_alone(page: Page) -> None:
    type_in(page, "khue.vm", PASSWORD)
    expect(page.locator(".topbar .me b")).to_have_text("Vũ Minh Khuê")


def test_after_a_mistake_the_password_is_typed_next(page: Page) -> None:
    type_in(page, "khue.vm", "sai")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#id_username")).to_have_value("khue.vm")
    expect(page.locator("#id_password")).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".topbar .me b")).to_have_text("Vũ Minh Khuê")


def test_the_password_can_be_looked_at(page: Page) -> None:
    page.goto("/dang-nhap/")
    page.locator("#id_password").fill("Dat-dai")
    toggle = page.locator("[data-show-password]")
    toggle.press("Enter")
    expect(page.locator("#id_password")).to_have_attribute("type", "text")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    toggle.press("Enter")
    expect(page.locator("#id_password")).to_have_attribute("type", "password")


def test_caps_lock_is_told(page: Page) -> None:
    page.goto("/dang-nhap/")
    hint = page.locator("[data-caps] > span")
    expect(hint).to_be_hidden()
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'A', modifierCapsLock: true}))")
    expect(hint).to_be_visible()
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keyup', {key: 'a'}))")
    expect(hint).to_be_hidden()


def test_attack_100_the_way_back_after_sign_out_shows_no_private_page(page: Page, signed_in: SignIn) -> None:
    signed_in("khue.vm")
    page.locator(".topbar .me").click()
    page.locator(".topbar [data-sign-out] button").first.click()
    expect(page.locator("#id_username")).to_be_visible()
    page.go_back()
    expect(page.locator("#id_username")).to_be_visible()
    assert "Vũ Minh Khuê" not in page.content()


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_is_accessible_before_and_after_a_mistake(
    page: Page, violations: Violations, size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    page.goto("/dang-nhap/")
    take(page, "sign-in" if size == DESKTOP else "sign-in-phone")
    assert violations(page) == []
    type_in(page, "khue.vm", "sai")
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
