"""The search page under the hand: keys, filters, more hits, nothing lost without the mouse."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import RoleSlot
from tests.browser.screens import PHONE, Violations
from tests.factories.accounts import UnitFactory, officer_at
from tests.factories.shelf import Shelf, entry, restored_kinds

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = (
    "Điều 1. Giao đất không qua đấu giá 18,4 ha tại xã Tân Lộc để xây dựng cảng cạn Đá Bạc; ranh giới theo trích đo "
    "số 112, kèm bản vẽ tỷ lệ 1/500 đã được thẩm định; giấy chứng nhận cấp sau khi hoàn thành nghĩa vụ tài chính."
)


@pytest.fixture
def open_search(page: Page, client: Client, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    """A look-up officer before his first search; 23 things are there to be found."""
    for _nothing in restored_kinds(monkeypatch):
        shelf = Shelf()
        shelf.index(
            *(
                entry(
                    f"Về việc giao đất đợt {number} dự án Cảng cạn Đá Bạc",
                    id=str(number),
                    kind="dossier" if number > 20 else "decision",
                    number=f"{1000 + number}/QĐ-UBND",
                    text=TEXT,
                    document_type="" if number > 20 else "Quyết định",
                    status="in_force",
                    issuer="UBND tỉnh" if number % 2 else "Sở Xây dựng",
                    dated=date(2026 - number % 4, 3, 18),
                )
                for number in range(1, 24)
            )
        )
        client.force_login(officer_at(UnitFactory.create(), RoleSlot.Kind.LOOKUP))
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        page.goto("/tim/")
        yield page


def test_words_are_found_walked_through_and_opened_by_keys(open_search: Page, violations: Violations) -> None:
    page = open_search
    expect(page.locator("#search-words")).to_be_focused()
    assert violations(page) == []
    page.keyboard.type("giao dat cang can")
    page.keyboard.press("Enter")
    expect(page.locator("[data-hit]")).to_have_count(10)
    assert violations(page) == []
    expect(page.locator("#search-words")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-hit]").nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#search-words")).to_be_focused()
    page.keyboard.press("ArrowDown")
    url = page.locator("[data-hit]").first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{url}")


def test_more_hits_follow_below_and_the_first_new_one_has_the_focus(open_search: Page) -> None:
    page = open_search
    page.goto("/tim/?q=giao+dat")
    page.locator("#more a").click()
    expect(page.locator("[data-hit]")).to_have_count(20)
    expect(page.locator("[data-hit]").nth(10)).to_be_focused()
    expect(page.locator("#search-said")).to_contain_text("10")
    page.locator("#more a").click()
    expect(page.locator("[data-hit]")).to_have_count(23)
    expect(page.locator("#more a")).to_have_count(0)


def test_a_filter_works_at_once_and_is_taken_off_with_one_click(open_search: Page) -> None:
    page = open_search
    page.goto("/tim/?q=giao+dat")
    page.locator("input[name=kind][value=dossier]").check()
    expect(page.locator("[data-hit]")).to_have_count(3)
    expect(page.locator("#search-said")).to_contain_text("3")
    assert "kind=dossier" in page.url
    page.go_back()
    expect(page.locator("[data-hit]")).to_have_count(10)
    page.locator("input[name=kind][value=dossier]").check()
    page.locator(".chip").click()
    expect(page.locator("[data-hit]")).to_have_count(10)
    assert "kind=dossier" not in page.url


def test_the_order_can_be_changed(open_search: Page) -> None:
    page = open_search
    page.goto("/tim/?q=giao+dat")
    page.locator("#search-sort").select_option("oldest")
    expect(page.locator("time").first).to_have_text("18/03/2023")
    page.locator("#search-sort").select_option("newest")
    expect(page.locator("time").first).to_have_text("18/03/2026")


def test_on_a_phone_the_hits_fit(open_search: Page) -> None:
    page = open_search
    page.set_viewport_size(PHONE)
    page.goto("/tim/?q=giao+dat")
    expect(page.locator("[data-hit]")).to_have_count(10)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
