"""The demonstration's three dossiers: played over the network, then opened by clerk, specialist and head."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from audit.verifier import verify
from dossiers.models import Dossier
from portal.demo.people import employ
from portal.demo.story import SENT_BACK, STRAIGHT, WITH_TAX, Stage, Told
from tests.browser.office import worker
from tests.browser.pictures import take
from tests.browser.screens import PHONE, Violations

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OpenAs = Callable[[str], Page]


@pytest.fixture
def passwords(settings: Any, tmp_path: Any) -> dict[str, str]:
    """The demonstration's office: calendar, units, types of paper, procedures, officers."""
    settings.DATA_DIR = tmp_path
    for command in ("load_calendar", "load_organisation", "load_document_types", "load_procedures"):
        call_command(command, verbosity=0)
    return employ()


@pytest.fixture
def told(passwords: dict[str, str], live_server: LiveServer) -> Iterator[list[Told]]:
    """What happened to the three."""
    with worker():
        stage = Stage(live_server.url, passwords, lambda words: None)
        stories = [stage.play(case, seed=seed) for seed, case in enumerate((STRAIGHT, SENT_BACK, WITH_TAX), 41)]
    yield stories


@pytest.fixture
def open_as(page: Page, passwords: dict[str, str]) -> OpenAs:
    """Signs the officer in at the page, whoever sat there before."""

    def sign_in(username: str) -> Page:
        page.context.clear_cookies()
        page.goto("/dang-nhap/")
        page.locator("#id_username").fill(username)
        page.locator("#id_password").fill(passwords[username])
        page.locator("#id_password").press("Enter")
        page.wait_for_selector(".topbar .me")
        return page

    return sign_in


def test_three_dossiers_go_the_whole_way_and_are_found(
    told: list[Told], open_as: OpenAs, violations: Violations
) -> None:
    straight, sent_back, with_tax = told
    assert [one.number for one in told] == ["VP 00001", "VP 00002", "VP 00003"]
    assert [one.code[-4:] for one in told] == ["0001", "0002", "0003"]
    assert verify().is_ok

    page = open_as("clerk")
    for who in ("clerk", "specialist", "head"):
        page = open_as(who)
        take(page, f"home-{who}")
        assert violations(page) == []
        for one in told:
            page.goto(one.url)
            expect(page.locator("h1")).to_have_text(one.code)
            expect(page.locator(".dossier-head .badge")).to_have_text("Đã trả kết quả")
            expect(page.locator(".steps li.done").last).to_contain_text("Trả kết quả")
            assert violations(page) == []

    _lists(page, violations)
    _tabs(page, with_tax, violations)
    expect(page.locator("#tab")).to_contain_text("Kết thúc")
    page.goto(f"{sent_back.url}cac-buoc/")
    expect(page.locator("#tab")).to_contain_text("Ghi lại diện tích theo Giấy chứng nhận đã cấp rồi trình lại.")

    _find_the_certificate(page, straight, violations)
    _read_its_scan(page, straight, violations)
    _ask_as_the_applicant(page, straight, violations)


def _lists(page: Page, violations: Violations) -> None:
    for address, name in (("/ho-so/", "dossiers"), ("/viec/da-xong/", "work-finished"), ("/thong-bao/", "notices")):
        page.goto(address)
        take(page, name)
        assert violations(page) == []


def _tabs(page: Page, one: Told, violations: Violations) -> None:
    for tab in ("", "giay-to/", "cac-buoc/", "lich-su/", "thoi-han/"):
        page.goto(f"{one.url}{tab}")
        take(page, f"dossier-{tab.strip('/') or 'bieu-mau'}")
        assert violations(page) == []
    page.set_viewport_size(PHONE)
    take(page, "dossier-phone")
    assert violations(page) == []
    page.set_viewport_size({"width": 1366, "height": 768})


def _find_the_certificate(page: Page, one: Told, violations: Violations) -> None:
    page.keyboard.press("/")
    page.keyboard.type("giay chung nhan quyen su dung dat")
    page.keyboard.press("Enter")
    hit = page.locator("article", has_text=one.number)
    expect(hit.locator("mark").first).to_contain_text("Giấy chứng nhận")
    take(page, "search")
    assert violations(page) == []
    hit.locator("a").first.click()
    expect(page.locator("h1")).to_contain_text(one.number)
    take(page, "legal-document")
    assert violations(page) == []


def _read_its_scan(page: Page, one: Told, violations: Violations) -> None:
    page.goto(f"{one.url}giay-to/")
    page.get_by_role("link", name="Giấy chứng nhận đã cấp").click()
    page.locator("#find-in-paper").fill("thua dat so")
    page.keyboard.press("Enter")
    expect(page.locator("rect.w-now")).to_have_count(1)
    page.wait_for_load_state("networkidle")
    take(page, "viewer")
    assert violations(page) == []


def _ask_as_the_applicant(page: Page, one: Told, violations: Violations) -> None:
    """What the QR code of the receipt opens on the applicant's own phone."""
    page.context.clear_cookies()
    page.set_viewport_size(PHONE)
    dossier = Dossier.objects.get(code=one.code)
    page.goto(f"/tra-cuu/?ma={dossier.code}&khoa={dossier.public_key}")
    expect(page.locator("h1")).to_have_text("Đã trả kết quả")
    assert one.applicant not in page.content()
    take(page, "public-status")
    assert violations(page) == []
