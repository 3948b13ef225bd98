"""The screens pages are looked at on, and what the fixtures of the browser tests are."""

from collections.abc import Callable

from playwright.sync_api import Page, ViewportSize

DESKTOP: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}

Violations = Callable[[Page], list[str]]
SignIn = Callable[[str], Page]
