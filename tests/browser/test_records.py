"""The outgoing register and the archive as the records clerk meets them: on both screens, and by keyboard alone."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, ViewportSize, expect

from documents.operations.cancel_number import cancel_number
from documents.outgoing import RegisterEntry
from dossiers.records.operations.lists import make_list
from dossiers.records_models import RecordFile, RecordsList
from jobs.worker import drain
from tests.browser.pictures import take
from tests.browser.screens import DESKTOP, PHONE, SignIn, Violations
from tests.factories.dossiers import at_step, received
from tests.factories.office import Office, open_office

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def office(transactional_db: None) -> Office:
    """One result waits to be fetched under its second number, one dossier is closed."""
    opened = open_office("P6-2025.toml")
    waiting = at_step(opened, received(opened), "hand_over")
    at_step(opened, received(opened, scans=("application",)), "")
    entry = RegisterEntry.objects.get(origin_id=waiting.pk)
    cancel_number(entry_id=entry.pk, reason="Ghi nhầm số", acting=opened.acting(opened.specialist))
    return opened


@pytest.fixture
def keeper(office: Office, signed_in: SignIn, settings: Any) -> Page:
    settings.LOGIN_REDIRECT_URL = "register"
    return signed_in(office.specialist.username)


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_pages_are_accessible_and_fit(keeper: Page, violations: Violations, size: ViewportSize) -> None:
    keeper.set_viewport_size(size)
    cancelled = RegisterEntry.objects.get(state="cancelled")
    for address in (reverse("register"), reverse("register_entry", args=[cancelled.pk]), reverse("records")):
        keeper.goto(address)
        assert violations(keeper) == []
        assert keeper.evaluate("document.documentElement.scrollWidth") <= size["width"]
    keeper.locator(f"form[action='{reverse('records_make')}'] button").click()
    drain()
    keeper.goto(reverse("records_list", args=[RecordsList.objects.get().pk]))
    take(keeper, f"records-list-{size['width']}")
    assert violations(keeper) == []
    assert keeper.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_a_number_is_reserved_by_keyboard_alone(keeper: Page) -> None:
    keeper.goto(reverse("register"))
    take(keeper, "register")
    keeper.locator("details.panel summary").focus()
    keeper.keyboard.press("Enter")
    keeper.keyboard.press("Tab")
    keeper.locator("#reserve-kind").select_option("cong_van")
    keeper.keyboard.press("Tab")
    keeper.keyboard.type("V/v cung cấp thông tin thửa đất")
    keeper.keyboard.press("Enter")
    expect(keeper.locator("h1")).to_have_text("1/CNHL")
    assert RegisterEntry.objects.get(series="cong_van").subject == "V/v cung cấp thông tin thửa đất"


def answer_yes(page: Page) -> None:
    page.locator("#confirm button[value=yes]").click()


def test_a_number_is_cancelled_after_one_question(keeper: Page) -> None:
    entry = RegisterEntry.objects.filter(state="used").latest("pk")
    keeper.goto(reverse("register_entry", args=[entry.pk]))
    keeper.locator("#reason").click()
    expect(keeper.locator("#confirm")).to_be_hidden()
    keeper.keyboard.type("Ghi nhầm ngày")
    keeper.keyboard.press("Enter")
    answer_yes(keeper)
    expect(keeper.get_by_text("Ghi nhầm ngày").first).to_be_visible()
    entry.refresh_from_db()
    assert entry.state == "cancelled"


def test_a_list_is_approved_after_one_question(office: Office, signed_in: SignIn) -> None:
    drain()
    file = RecordFile.objects.get(dossier__results__isnull=False, state="current")
    made = make_list(kind="transfer", year=file.year, acting=office.acting(office.specialist))
    drain()
    head = signed_in(office.head.username)
    head.goto(reverse("records_list", args=[made.pk]))
    head.locator("[data-confirm]").click()
    answer_yes(head)
    expect(head.locator("[data-confirm]")).to_have_count(0)
    made.refresh_from_db()
    assert made.state != "proposed"
