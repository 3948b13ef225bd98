"""The page of failed jobs as an administrator meets it: empty, full, sent again, set aside."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, ViewportSize, expect

from jobs.models import OutboxRow
from tests.browser.screens import DESKTOP, PHONE, SignIn, Violations
from tests.factories.accounts import OfficerFactory
from tests.house.things import given_up
from upkeep.topics import words_of_topic

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def administrator(signed_in: SignIn, settings: Any) -> Page:
    OfficerFactory.create(username="khue.vm", full_name="Vũ Minh Khuê", is_superuser=True)
    settings.LOGIN_REDIRECT_URL = "dead_letters"
    return signed_in("khue.vm")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_is_accessible_empty_and_full(administrator: Page, violations: Violations, size: ViewportSize) -> None:
    administrator.set_viewport_size(size)
    administrator.goto(reverse("dead_letters"))
    expect(administrator.locator(".empty")).to_be_visible()
    assert violations(administrator) == []
    for _row in range(3):
        given_up()
    administrator.reload()
    administrator.locator("details:has(input[name=reason]) summary").first.click()
    expect(administrator.locator("input[name=reason]").first).to_be_visible()
    assert violations(administrator) == []
    assert administrator.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_one_is_sent_again_and_the_other_set_aside(administrator: Page) -> None:
    first, second = given_up(), given_up()
    OutboxRow.objects.filter(pk=second.pk).update(key="1")
    administrator.goto(reverse("dead_letters"))
    administrator.locator(f"form[action$='/{first.pk}/gui-lai/'] button").click()
    expect(administrator.locator("#messages")).to_contain_text(f"{words_of_topic('read')} 0")
    administrator.locator("details:has(input[name=reason]) summary").click()
    administrator.locator("input[name=reason]").fill("Đã quét lại")
    administrator.locator("input[name=reason]").press("Enter")
    expect(administrator.locator("#messages")).to_contain_text(f"{words_of_topic('read')} 1")
    expect(administrator.locator(".empty")).to_be_visible()
    assert list(OutboxRow.objects.values_list("key", "died_at")) == [("0", None)]
