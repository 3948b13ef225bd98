"""The demonstration's visitor reads pages as a browser does: what a form would send untouched."""

import pytest

from portal.demo.visitor import PageSaysNo, page_of

PAGE = """
<form action="/a/luu/">
  <input type="hidden" name="csrfmiddlewaretoken" value="t"><input name="name" value="Ngát &amp; con">
  <input type="checkbox" name="off" value="1"><input type="checkbox" name="on" value="1" checked>
  <input type="radio" name="kind" value="person"><input type="radio" name="kind" value="organisation" checked>
  <select name="first"><option value="1">a</option><option value="2">b</option></select>
  <select name="chosen"><option value="1">a</option><option value="2" selected>b</option></select>
  <textarea name="note">Đã xem</textarea><input type="file" name="file"><input type="submit" name="send" value="x">
  <template><input name="row" value="empty"></template>
</form>
<form action="/b/"><button name="outcome" value="submit">Trình ký</button></form>
<script>var words = "never read"</script><p>Đã tiếp nhận</p>
"""


def test_a_form_sends_what_a_browser_would() -> None:
    form = page_of("http://x/a/", PAGE).form("/luu/")
    assert form.fields == [
        ("csrfmiddlewaretoken", "t"),
        ("name", "Ngát & con"),
        ("on", "1"),
        ("kind", "organisation"),
        ("first", "1"),
        ("chosen", "2"),
        ("note", "Đã xem"),
    ]


def test_what_is_filled_in_replaces_what_stood_there_and_adds_what_scripts_add() -> None:
    filled = dict(page_of("http://x/a/", PAGE).form("/luu/").filled({"name": "Thạo", "outcome": "submit"}))
    assert (filled["name"], filled["outcome"], filled["kind"]) == ("Thạo", "submit", "organisation")


def test_a_page_is_read_without_its_scripts() -> None:
    page = page_of("http://x/a/?q=1", PAGE)
    assert (page.words, page.path) == ("a b a b Trình ký Đã tiếp nhận", "/a/")


def test_a_form_that_is_not_there_is_missed_aloud() -> None:
    page = page_of("http://x/a/", PAGE)
    assert (page.has_form("/b/"), page.has_form("/c/")) == (True, False)
    with pytest.raises(PageSaysNo):
        page.form("/c/")
