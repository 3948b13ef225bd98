"""An officer without a mouse: Tab leads him on, and he always sees where he is."""

from playwright.sync_api import Page, expect

from tests.browser.screens import DESKTOP, PHONE, Violations
from tests.factories.accounts import PASSWORD

# No page has so many stops; a walk round and round would never end.
_STOPS = 150
# What has the focus, as its reader knows it, and whether he can see that it has: marked, on the screen, not covered.
_HERE = """async () => {
  const here = document.activeElement;
  if (here === document.body) return null;
  const style = getComputedStyle(here);
  const labels = [...(here.labels ?? [])].map((label) => label.innerText);
  const named = here.matches("input, select, textarea") ? "" : here.textContent;
  const own = [here.getAttribute("aria-label"), here.getAttribute("placeholder"), named];
  const seen = () => {
    const box = here.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  };
  const free = () => {
    const box = here.getBoundingClientRect();
    const x = Math.min(Math.max(box.x + Math.min(box.width, 40) / 2, 1), innerWidth - 2);
    const y = Math.min(Math.max(box.y + Math.min(box.height, 40) / 2, 1), innerHeight - 2);
    const over = document.elementFromPoint(x, y);
    return over !== null && (here.parentElement.contains(over) || over.contains(here));
  };
  // What has just got the focus is brought into view with the next frames.
  for (let frame = 0; frame < 10 && !(seen() && free()); frame++) await new Promise(requestAnimationFrame);
  return {
    name: [...labels, ...own].filter(Boolean).join(" ").replace(/\\s+/g, " ").trim(),
    isMarked: here.matches(":focus-visible") && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1,
    isSeen: seen(),
    isFree: free(),
  };
}"""
_TABS = """() => [...document.querySelectorAll(".nav-tabs a")].map((tab) => {
  const box = tab.getBoundingClientRect();
  return [Math.round(box.left), Math.round(box.right)];
})"""


def here(page: Page) -> str:
    """The name of what has the focus; fails unless its reader sees that it has."""
    found = page.evaluate(_HERE)
    if found is None:
        return ""
    assert found["isMarked"], f"no mark of the focus: {found['name']}"
    assert found["isSeen"], f"off the screen: {found['name']}"
    assert found["isFree"], f"covered: {found['name']}"
    return str(found["name"])


def reach(page: Page, name: str, *, key: str = "Tab") -> None:
    """Goes on with Tab until the focus is on what is called this."""
    passed = []
    for _stop in range(_STOPS):
        page.keyboard.press(key)
        passed.append(here(page))
        if name in passed[-1]:
            return
    raise AssertionError(f"{name} is not reached by {key}; passed: {passed}")


def press(page: Page, name: str, *, key: str = "Tab") -> None:
    """Reaches a link or a button that leads to another page, and opens it."""
    reach(page, name, key=key)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def open_row(page: Page, name: str) -> None:
    """Goes down the list to the row that says this, and opens it."""
    reach(page, "H99")
    for _row in range(page.locator("#work tbody tr").count()):
        if name in here(page):
            break
        page.keyboard.press("ArrowDown")
    assert name in here(page)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, name: str, text: str) -> None:
    """Reaches a field and writes into it, over what stood there."""
    reach(page, name)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def choose(page: Page, name: str, option: str) -> None:
    """Reaches a list of choices and goes down to the one that is called this."""
    reach(page, name)
    count = page.evaluate("document.activeElement.options.length")
    for _option in range(count):
        if option in page.evaluate("document.activeElement.selectedOptions[0].text"):
            return
        page.keyboard.press("ArrowDown")
    assert option in page.evaluate("document.activeElement.selectedOptions[0].text")


def skip_to_content(page: Page) -> None:
    """The first stop of every page leads past its navigation."""
    page.keyboard.press("Tab")
    assert here(page) == "Đến nội dung chính"
    page.keyboard.press("Enter")
    expect(page.locator("#noi-dung")).to_be_focused()


def sign_in(page: Page, username: str) -> None:
    """Signs in with the keyboard, whoever sat there before."""
    page.context.clear_cookies()
    page.goto("/dang-nhap/")
    expect(page.locator("#id_username")).to_be_focused()
    page.keyboard.type(username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".topbar .me")


def look_at(page: Page, violations: Violations) -> None:
    """Nothing on the page bars anybody; on a phone as on a desk nothing lies to the side and every tab is in view."""
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], page.url
        assert all(left >= 0 and right <= size["width"] for left, right in page.evaluate(_TABS)), page.url
    assert violations(page) == [], page.url
