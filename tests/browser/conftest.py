"""Chromium of the system driven by Playwright, axe-core from npm; no browser is downloaded.

Every page must stay silent: an error of a script, or anything the content security policy stops, fails the test.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.screens import DESKTOP, SignIn, Violations
from tests.factories.accounts import PASSWORD
from tests.servers import elasticsearch_url

AXE = Path("node_modules/axe-core/axe.min.js")
# What the browser and htmx say of a 4xx, a 5xx or a server that is away: some tests are about these. A request is
# aborted when its answer is no longer wanted, as while somebody walks down a list.
NETWORK_WORDS = (
    "Failed to load resource",
    "Response Status Error Code",
    "htmx:afterRequest",
    "htmx:sendError",
    "htmx:sendAbort",
)


@pytest.fixture(autouse=True)
def searched_by_elasticsearch(settings: Any) -> Iterator[None]:
    """Pages are driven on what a province runs; where there is no Elasticsearch, on the embedded index."""
    if not os.environ.get("TEST_ELASTICSEARCH_URL") and not os.environ.get("REQUIRE_SERVICES"):
        yield
        return
    with elasticsearch_url() as url:
        settings.SEARCH_URL = url
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser per module; Chromium needs --no-sandbox only when it runs as root.

    Not per process: while Playwright's event loop is there, nothing else can run one, signing for instance.
    """
    binary = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    if not binary:
        pytest.fail("no Chromium: services/packages test")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; Django's ORM would refuse to work beside one.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=binary, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page in a context of its own, with addresses relative to the server."""
    # Nothing glides: what has the focus is in view at once, and a picture shows no page under way.
    context = browser.new_context(
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        viewport=DESKTOP,
        base_url=live_server.url,
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    faults: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(NETWORK_WORDS):
            faults.append(message.text)

    def fail(error: Error) -> None:
        faults.append(str(error))

    page.on("console", listen)
    page.on("pageerror", fail)
    yield page
    context.close()
    assert faults == []


@pytest.fixture
def signed_in(page: Page) -> SignIn:
    """Signs an officer of the factories in through the page, by his username."""

    def sign_in(username: str) -> Page:
        page.goto("/dang-nhap/")
        page.locator("#id_username").fill(username)
        page.locator("#id_password").fill(PASSWORD)
        page.locator("#id_password").press("Enter")
        page.wait_for_selector(".topbar .me")
        return page

    return sign_in


@pytest.fixture
def violations() -> Violations:
    """Accessibility faults of the page as it stands: each rule with the first element that breaks it."""

    def run(page: Page) -> list[str]:
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run()")["violations"]
        return [f"{fault['id']}: {fault['nodes'][0]['html']}" for fault in found]

    return run
