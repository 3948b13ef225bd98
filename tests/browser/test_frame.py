"""What every page does for its reader: keys, one sending, questions, drafts, tables, menus, words for what failed."""

import pytest
from playwright.sync_api import Page, Route, ViewportSize, expect

from accounts.models import RoleSlot
from pages import navigation
from tests.browser import urls
from tests.browser.screens import DESKTOP, PHONE, SignIn, Violations
from tests.factories.accounts import OfficerFactory, SlotFactory, SlotHoldingFactory, UnitFactory, officer_at

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.browser.urls"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def bench(page: Page, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> Page:
    """The workbench page, opened by an officer with two slots."""
    monkeypatch.setattr(navigation, "_ENTRIES", {})
    urls.received.clear()
    urls.saved.clear()
    officer = officer_at(
        UnitFactory.create(short_name="CN Hải Lộc"),
        officer=OfficerFactory.create(username="khue.vm", full_name="Vũ Minh Khuê"),
    )
    SlotHoldingFactory.create(
        officer=officer,
        slot=SlotFactory.create(unit=UnitFactory.create(short_name="Sở Xây dựng"), kind=RoleSlot.Kind.LOOKUP),
    )
    signed_in("khue.vm")
    page.goto("/workbench/")
    return page


def kept(page: Page) -> list[str]:
    """The drafts that wait in this tab."""
    keys: list[str] = page.evaluate("Object.keys(sessionStorage)")
    return [key for key in keys if key.startswith("draft:")]


def fill(page: Page) -> None:
    page.locator("#holder").fill("Phùng Thị Ngát")
    page.locator("#note").fill("Kính trình")


# Keys


def test_a_slash_goes_to_the_search_box(bench: Page) -> None:
    bench.keyboard.press("/")
    expect(bench.locator(".find input")).to_be_focused()
    expect(bench.locator(".find input")).to_have_value("")


def test_a_slash_somebody_types_is_a_slash(bench: Page) -> None:
    bench.locator("#note").focus()
    bench.keyboard.type("28/2018")
    expect(bench.locator("#note")).to_have_value("28/2018")


@pytest.mark.parametrize("key", ["F9", "Control+Enter"])
def test_the_primary_action_has_a_key_even_while_typing(bench: Page, key: str) -> None:
    fill(bench)
    with bench.expect_navigation():
        bench.keyboard.press(key)
    assert [sent["note"] for sent in urls.received] == ["Kính trình"]


def test_no_key_reaches_behind_a_question(bench: Page) -> None:
    fill(bench)
    bench.locator("[name=refuse]").click()
    expect(bench.locator("#confirm")).to_be_visible()
    bench.keyboard.press("F9")
    expect(bench.locator("#confirm")).to_be_visible()
    assert urls.received == []


def test_enter_goes_to_the_next_field_and_sends_nothing(bench: Page) -> None:
    bench.locator("#holder").focus()
    bench.keyboard.press("Enter")
    expect(bench.locator("#note")).to_be_focused()
    assert urls.received == []


def test_f4_goes_round_the_fields_that_are_missing(bench: Page) -> None:
    bench.locator("#holder").focus()
    bench.keyboard.press("F4")
    expect(bench.locator("#note")).to_be_focused()
    bench.keyboard.press("F4")
    expect(bench.locator("#holder")).to_be_focused()
    bench.locator("#note").fill("x")
    bench.keyboard.press("F4")
    expect(bench.locator("#holder")).to_be_focused()


# Sending


def test_a_form_is_sent_once_however_often_the_button_is_pressed(bench: Page) -> None:
    fill(bench)
    with bench.expect_navigation():
        bench.evaluate(
            "() => { const b = document.querySelector('#case [type=submit]'); b.click(); b.click(); b.click(); }"
        )
    assert len(urls.received) == 1


def test_a_question_is_asked_before_and_cancel_sends_nothing(bench: Page) -> None:
    bench.locator("[name=refuse]").click()
    expect(bench.locator("#confirm-question")).to_have_text("Từ chối hồ sơ này?")
    expect(bench.locator("#confirm [value=no]")).to_be_focused()
    bench.keyboard.press("Escape")
    expect(bench.locator("#confirm")).to_be_hidden()
    expect(bench.locator("[name=refuse]")).to_be_focused()
    assert urls.received == []


def test_a_question_answered_yes_sends_the_button_that_was_pressed(bench: Page) -> None:
    bench.locator("[name=refuse]").click()
    with bench.expect_navigation():
        bench.locator("#confirm [value=yes]").click()
    assert [sent["refuse"] for sent in urls.received] == ["1"]


def test_a_question_put_again_at_once_is_not_answered_by_the_close_of_the_first(bench: Page) -> None:
    """Browsers tell of a close a moment later, which is long enough for Escape and Enter."""
    bench.evaluate(
        """() => {
        const button = document.querySelector("[name=refuse]");
        button.click();
        document.getElementById("confirm").close();
        button.click();
        }"""
    )
    bench.evaluate("() => new Promise((resolve) => setTimeout(resolve, 100))")
    with bench.expect_navigation():
        bench.locator("#confirm [value=yes]").click()
    assert [sent["refuse"] for sent in urls.received] == ["1"]


def test_a_yes_is_kept_when_another_question_comes_before_its_close_is_told(bench: Page) -> None:
    with bench.expect_navigation():
        bench.evaluate(
            """() => {
            document.querySelector("[name=refuse]").click();
            document.querySelector("#confirm [value=yes]").click();
            document.querySelector("#stops button").click();
            }"""
        )
    assert [sent["refuse"] for sent in urls.received] == ["1"]


def test_a_question_of_htmx_is_asked_in_the_same_way(bench: Page) -> None:
    button = bench.locator("#stops button")
    button.click()
    expect(bench.locator("#confirm-question")).to_have_text("Dừng hồ sơ này?")
    bench.keyboard.press("Escape")
    expect(button).to_be_enabled()
    assert urls.received == []
    button.click()
    with bench.expect_response("**/posts/"):
        bench.locator("#confirm [value=yes]").click()
    assert len(urls.received) == 1


def test_a_conflict_is_told_beside_the_form_which_keeps_what_was_typed(bench: Page) -> None:
    bench.locator("#late-note").fill("Ý kiến của tôi")
    bench.locator("#late [type=submit]").click()
    expect(bench.locator("#messages").get_by_role("alert")).to_contain_text("Hoàng Đức Thiện đã trình lúc 09:41.")
    expect(bench.locator("#late-note")).to_have_value("Ý kiến của tôi")
    expect(bench.locator("#messages [data-copy='Ý kiến của tôi']")).to_be_visible()
    expect(bench.locator("#late [type=submit]")).to_be_enabled()


def test_a_server_error_keeps_the_page_and_shows_its_incident_code(bench: Page) -> None:
    with bench.expect_response("**/fail/broken/") as answer:
        bench.locator("#breaks").click()
    expect(bench.locator("#messages").get_by_role("alert")).to_contain_text(answer.value.headers["x-incident"])
    expect(bench.locator("#works")).to_be_visible()


def test_a_server_that_does_not_answer_is_told(bench: Page) -> None:
    bench.route("**/fail/broken/", lambda route: route.abort())
    bench.locator("#breaks").click()
    expect(bench.locator("#messages").get_by_role("alert")).to_have_text(
        str(bench.locator("#messages").get_attribute("data-lost"))
    )


def test_the_way_back_from_an_error_finds_what_was_typed(bench: Page) -> None:
    bench.locator("#case").evaluate("form => { form.action = '/fail/broken/' }")
    fill(bench)
    with bench.expect_navigation():
        bench.keyboard.press("F9")
    expect(bench.locator(".problem")).to_be_visible()
    bench.go_back()
    expect(bench.locator("#holder")).to_have_value("Phùng Thị Ngát")
    expect(bench.locator("#note")).to_have_value("Kính trình")


# Drafts


def test_a_draft_is_saved_while_somebody_types(bench: Page) -> None:
    with bench.expect_response("**/saves/"):
        fill(bench)
    expect(bench.locator("[data-draft-status]")).to_contain_text(":")
    assert urls.saved[-1]["note"] == "Kính trình"


def test_a_draft_survives_a_lost_connection_and_is_sent_when_it_is_back(bench: Page) -> None:
    status = bench.locator("[data-draft-status]")
    bench.context.set_offline(True)
    fill(bench)
    expect(status).to_have_text(str(status.get_attribute("data-offline")))
    assert urls.saved == []
    with bench.expect_response("**/saves/"):
        bench.context.set_offline(False)
    expect(status).to_contain_text(str(status.get_attribute("data-saved")))
    assert urls.saved[-1]["note"] == "Kính trình"
    assert kept(bench) == []


def test_a_draft_never_sent_is_there_again_when_the_page_is_opened(bench: Page) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    bench.route("**/saves/", refuse)
    status = bench.locator("[data-draft-status]")
    fill(bench)
    expect(status).to_have_text(str(status.get_attribute("data-offline")))
    bench.unroute("**/saves/", refuse)
    with bench.expect_response("**/saves/"):
        bench.reload()
    expect(bench.locator("#note")).to_have_value("Kính trình")
    assert urls.saved[-1]["holder"] == "Phùng Thị Ngát"


def test_nothing_typed_stays_for_the_next_officer_at_the_counter(bench: Page) -> None:
    bench.route("**/saves/", lambda route: route.abort())
    status = bench.locator("[data-draft-status]")
    fill(bench)
    expect(status).to_have_text(str(status.get_attribute("data-offline")))
    assert len(kept(bench)) == 1
    bench.locator(".topbar .me").click()
    bench.locator(".topbar [data-sign-out] button").first.click()
    expect(bench.locator("#id_username")).to_be_visible()
    assert kept(bench) == []


def test_a_draft_of_another_officer_is_dropped(bench: Page) -> None:
    bench.evaluate("sessionStorage.setItem('draft:999:case:7', '[]')")
    bench.reload()
    assert kept(bench) == []


# Tables


def test_rows_are_one_stop_and_walked_with_the_arrows(bench: Page) -> None:
    rows = bench.locator("#works tbody tr")
    rows.first.focus()
    bench.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    bench.keyboard.press("End")
    bench.keyboard.press("ArrowDown")
    expect(rows.nth(2)).to_be_focused()
    bench.keyboard.press("ArrowUp")
    expect(rows.nth(1)).to_be_focused()
    assert bench.evaluate("document.querySelectorAll('#works tbody [tabindex=\"0\"]').length") == 1


def test_space_ticks_a_row_and_the_number_chosen_is_shown(bench: Page) -> None:
    row = bench.locator("#works tbody tr").first
    row.focus()
    bench.keyboard.press("Space")
    expect(row).to_have_attribute("aria-selected", "true")
    expect(bench.locator("#chosen")).to_have_text("Đã chọn 1 việc")
    bench.keyboard.press("Space")
    expect(bench.locator("#chosen")).to_be_hidden()


def test_one_box_ticks_all_rows(bench: Page) -> None:
    bench.locator("#works thead input").check()
    expect(bench.locator("#works tbody tr[aria-selected=true]")).to_have_count(3)
    expect(bench.locator("#chosen")).to_have_text("Đã chọn 3 việc")


def test_enter_opens_the_row(bench: Page) -> None:
    bench.locator("#works tbody tr").nth(1).focus()
    with bench.expect_navigation(url="**/search/?q=0032"):
        bench.keyboard.press("Enter")


# Menus and copying


def test_the_officers_menu_works_by_keyboard(bench: Page) -> None:
    summary = bench.locator(".topbar summary.me")
    summary.focus()
    bench.keyboard.press("Enter")
    expect(bench.locator(".topbar [data-sign-out]").first).to_be_visible()
    bench.keyboard.press("Tab")
    bench.keyboard.press("Escape")
    expect(bench.locator(".topbar [data-sign-out]").first).to_be_hidden()
    expect(summary).to_be_focused()


def test_a_menu_closes_when_the_reader_goes_elsewhere(bench: Page) -> None:
    bench.locator(".topbar summary.me").click()
    bench.locator("h1").click()
    expect(bench.locator(".topbar [data-sign-out]").first).to_be_hidden()


def test_another_slot_is_chosen_from_the_menu(bench: Page) -> None:
    bench.locator(".topbar summary.me").click()
    bench.get_by_role("button", name="Sở Xây dựng").first.click()
    expect(bench.locator(".topbar .me")).to_contain_text("Sở Xây dựng")


def test_a_code_is_copied(bench: Page) -> None:
    bench.context.grant_permissions(["clipboard-read", "clipboard-write"])
    bench.locator("[data-copy]").click()
    expect(bench.locator("#announcement")).to_have_text(str(bench.locator("#messages").get_attribute("data-copied")))
    assert bench.evaluate("navigator.clipboard.readText()") == "H99.15-261109-0031"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_frame_is_accessible(bench: Page, violations: Violations, size: ViewportSize) -> None:
    bench.set_viewport_size(size)
    assert violations(bench) == []
    bench.locator(".topbar details:visible > summary").click()
    assert violations(bench) == []
    box = bench.locator(".topbar details[open] > .pop").bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= size["width"]
    assert bench.evaluate("document.documentElement.scrollWidth") <= size["width"]
