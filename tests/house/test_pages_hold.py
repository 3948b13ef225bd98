"""What every page of the house must hold: one heading, Vietnamese, no script of its own, and its cost."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delegation
from notices.operations.notify import notify
from tests.factories.dossiers import at_step, begun, complete, open_step, received, shelved, typed_intake
from tests.factories.moments import moment
from tests.house.full_office import FullOffice, patterns, state
from tests.house.page_costs import COSTS, HTML, WHOLE
from tests.house.rights_matrix import NOWHERE, RIGHTS
from tests.house.things import given, given_up
from tests.house.web_page import WebPage
from workflow.engine.operations.follow import follow_cases
from workflow.engine.operations.hand import claim_step
from workflow.engine.operations.marked import Mark

pytestmark = pytest.mark.django_db

LARGEST_PAGE = 60_000
# An English sentence of the catalogue is told from a Vietnamese word by its length.
SENTENCE = 4
# Offered on every page in its own words.
OTHER_LANGUAGE = "English"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'"


@pytest.fixture
def busy(house: FullOffice) -> FullOffice:
    """At least one row in every list."""
    return with_rows(house, 1)


def with_rows(house: FullOffice, count: int) -> FullOffice:
    """More of everything: steps in hand and overdue, results to be fetched, drafts, messages, finished steps."""
    office = house.office
    for _row in range(count):
        late = received(office, at=moment("2026-10-05 09:00"))
        complete(office, late, "forward", at=moment("2026-10-05 10:00"))
        run = open_step(late)
        claim_step(step_run_id=run.pk, version=run.version, acting=office.acting(office.specialist))
        at_step(office, received(office, at=moment("2026-11-16 09:00")), "hand_over")
        at_step(office, received(office), "check")
        received(office)
        begun(office)
        given_up()
        for officer in (office.specialist, office.head):
            follow_cases(marks=[Mark(run.pk, run.version)], acting=office.acting(officer))
        delegated_before(house)
        given(run, office)
        notify([office.clerk.pk, office.specialist.pk], "Hồ sơ đã có kết quả", reverse("home"))
    return house


def delegated_before(house: FullOffice) -> None:
    """Another delegation of the same two, long over."""
    day = date(2026, 1, 5)
    known = {"holding": house.away.holding, "stand_in": house.away.stand_in, "made_by": house.office.specialist}
    Delegation.objects.create(**known, valid_from=day, valid_to=day, reason="Đi họp", made_at=timezone.now())


def opened(house: FullOffice, wanted: list[tuple[str, str]]) -> Iterator[tuple[str, Any]]:
    """The pages one after the other, each with its name for the report."""
    browsers: dict[str, Client] = {}
    for address, role in wanted:
        browser = browsers.setdefault(role, house.browser(role))
        response = browser.get(house.address(address))
        assert response.status_code == 200, (address, role)
        yield f"{address} ({role})", response


def pages(house: FullOffice, wanted: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((name, response.content.decode()) for name, response in opened(house, wanted))


def test_every_address_that_shows_something_stands_in_the_table() -> None:
    shown = {
        address for (address, verb), answers in RIGHTS.answers.items() if verb == "GET" and "200" in answers.values()
    }
    assert {address for address, _role in COSTS} == shown


# The frame -------------------------------------------------------------------------------------------


def test_attack_96_97_and_100_every_answer_is_safe_from_scripts_frames_and_caches(busy: FullOffice) -> None:
    wrong = []
    for name, response in opened(busy, list(COSTS)):
        policy, headers = response["Content-Security-Policy"], response.headers
        is_safe = "default-src 'none'" in policy and "unsafe" not in policy and "*" not in policy
        is_framed = headers["X-Frame-Options"] != "DENY"
        is_kept = "no-store" not in headers["Cache-Control"] or "private" not in headers["Cache-Control"]
        is_guessed = headers["X-Content-Type-Options"] != "nosniff"
        is_told = headers["Referrer-Policy"] != "same-origin" or headers["Cross-Origin-Opener-Policy"] != "same-origin"
        response.getvalue()
        if not is_safe or is_framed or is_kept or is_guessed or is_told:
            wrong.append(name)
    assert wrong == []


def test_attack_97_no_page_holds_a_script_a_style_or_a_handler_of_its_own(busy: FullOffice) -> None:
    wrong = []
    for name, html in pages(busy, HTML):
        for element in WebPage(html).elements:
            own = element.tag == "style" or (element.tag == "script" and "src" not in element.attributes)
            handlers = [
                key for key in element.attributes if key == "style" or key.startswith(("on", "hx-on", "hx-vals"))
            ]
            links = [
                key for key in ("href", "src", "action") if element.attributes.get(key, "").startswith("javascript")
            ]
            if own or handlers or links:
                wrong.append(f"{name}: {element.tag} {handlers}")
    assert wrong == []


def test_every_page_has_one_heading_a_title_and_its_language(busy: FullOffice) -> None:
    wrong = []
    for name, html in pages(busy, WHOLE):
        page = WebPage(html)
        headings = [element.text for element in page.all("h1")]
        # A picture has a title of its own.
        of_page = [title for title in page.all("title") if all(element.tag != "svg" for element in title.around)]
        titles = [title.text.removesuffix("· Hồ sơ đất đai").strip() for title in of_page]
        languages = [element.attributes.get("lang") for element in page.all("html")]
        if len(headings) != 1 or not all(headings) or len(titles) != 1 or not all(titles) or languages != ["vi"]:
            wrong.append((name, headings, titles, languages))
    assert wrong == []


def test_what_an_element_points_at_stands_on_the_page_once(busy: FullOffice) -> None:
    wrong = []
    for name, html in pages(busy, WHOLE):
        page = WebPage(html)
        ids = Counter(element.attributes["id"] for element in page.elements if "id" in element.attributes)
        wrong += [f"{name}: {key} stands {count} times" for key, count in ids.items() if count > 1]
        for element in page.elements:
            for attribute in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list"):
                for key in element.attributes.get(attribute, "").split():
                    wrong += [f"{name}: {element.tag} {attribute}={key}"] if key not in ids else []
    assert wrong == []


# Words -----------------------------------------------------------------------------------------------


@cache
def catalogue() -> dict[str, str]:
    """English texts with their Vietnamese, where the two differ."""
    text = (Path(settings.BASE_DIR) / "locale/vi/LC_MESSAGES/django.po").read_text("utf-8")
    entries = re.findall(r'^msgid ((?:".*"\n)+)(?:msgid_plural (?:".*"\n)+)?msgstr(?:\[0\])? ((?:".*"\n)+)', text, re.M)
    found = {_unquoted(english): _unquoted(vietnamese) for english, vietnamese in entries}
    return {english: vietnamese for english, vietnamese in found.items() if english and english != vietnamese}


def _unquoted(lines: str) -> str:
    joined = "".join(line[1:-1] for line in lines.splitlines())
    return " ".join(joined.replace(r"\"", '"').replace(r"\n", " ").split())


@cache
def sentences() -> re.Pattern[str]:
    """Any piece of a text of the catalogue that has four words and more."""
    pieces = {piece.strip() for english in catalogue() for piece in re.split(r"%\(\w+\)s|%s", english)}
    return re.compile("|".join(re.escape(piece) for piece in pieces if len(piece.split()) >= SENTENCE))


@cache
def is_leaked(text: str) -> bool:
    return (text in catalogue() and text != OTHER_LANGUAGE) or sentences().search(text) is not None


def leaked(texts: list[str]) -> list[str]:
    """The texts that are English: a text of the catalogue as it stands, or a piece of one of four words and more."""
    return [text for text in texts if is_leaked(text)]


def test_a_leak_of_english_is_seen() -> None:
    assert len(catalogue()) > 400
    sentence = next(english for english in catalogue() if len(english.split()) > SENTENCE and "%" not in english)
    assert leaked(["Hồ sơ", f"Hồ sơ: {sentence}", "Received today"]) == [f"Hồ sơ: {sentence}", "Received today"]


def test_no_page_speaks_english_where_the_language_is_vietnamese(busy: FullOffice) -> None:
    wrong = {name: found for name, html in pages(busy, HTML) if (found := leaked(WebPage(html).texts))}
    assert wrong == {}


def test_no_refusal_speaks_english_where_the_language_is_vietnamese(busy: FullOffice) -> None:
    wrong = {}
    for role in ("nobody", "look_up", "clerk", "specialist", "stranger", "administrator"):
        browser = busy.browser(role)
        for address in patterns():
            # An empty form, and a foreign verb: whatever is said to it.
            for answer in (browser.post(busy.address(address), {}), busy.twin(browser).delete(busy.address(address))):
                found = leaked(WebPage(answer.getvalue().decode("utf-8", "replace")).texts)
                wrong.update({f"{address} ({role})": found} if found else {})
            browser = busy.browser(role) if address == "sign_out" else browser
    assert wrong == {}


def test_every_page_is_english_for_who_chose_it(busy: FullOffice) -> None:
    browser = busy.browser("specialist")
    browser.post(reverse("language:set_language"), {"language": "en"})
    wanted = [address for address, role in WHOLE if role == "specialist"]
    wrong = []
    for address in wanted:
        page = WebPage(browser.get(busy.address(address)).content.decode())
        has_english = bool(leaked(page.texts))
        if [element.attributes["lang"] for element in page.all("html")] != ["en"] or not has_english:
            wrong.append(address)
    assert wrong == []


# Forms -----------------------------------------------------------------------------------------------


def test_attack_94_every_form_that_posts_carries_its_token(busy: FullOffice) -> None:
    wrong, seen = [], 0
    for name, html in pages(busy, HTML):
        page = WebPage(html)
        for form in page.all("form"):
            if form.attributes.get("method", "get").lower() != "post":
                continue
            seen += 1
            tokens = [
                element.attributes.get("value", "")
                for element in page.all("input")
                if element.form is form and element.attributes.get("name") == "csrfmiddlewaretoken"
            ]
            if len(tokens) != 1 or len(tokens[0]) != 64:
                wrong.append(f"{name}: {form.attributes.get('action')}")
    assert wrong == []
    assert seen > 60


@pytest.mark.parametrize("role", ["clerk", "specialist", "head"])
def test_attack_94_no_post_of_the_house_is_taken_without_a_token(house: FullOffice, role: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    officer = house.officer(role)
    assert officer is not None
    strict.force_login(officer)
    before = state()
    answers = {}
    for address, verb in RIGHTS.answers:
        if verb == "POST" and address not in NOWHERE:
            answers[address] = strict.post(house.address(address), house.post(address)).status_code
    assert {address: answer for address, answer in answers.items() if answer != 403} == {}
    assert state() == before
    assert strict.get(house.address("home")).status_code == 200


def test_attack_95_what_was_typed_anywhere_is_inert_everywhere(house: FullOffice) -> None:
    office = house.office
    typed = {"name": SCRIPT, "address": SCRIPT, "form__register_number": SCRIPT, "form__commune": SCRIPT}
    dossier = at_step(office, received(office, **typed), "check")  # type: ignore[arg-type]
    complete(office, dossier, "send_back", note=SCRIPT)
    house.browser("clerk").post(house.address("intake_save"), {**typed_intake(office).dict(), "name": SCRIPT})
    notify([office.clerk.pk], SCRIPT, SCRIPT)
    shown = [*WHOLE, *(("intake_paper", "clerk"), ("intake_applicant", "clerk"))]
    wanted = [*pages(house, shown), *_of_dossier(house, dossier.pk)]
    assert [name for name, html in wanted if "<script>alert" in html or "<img src=x" in html] == []
    escaped = [name for name, html in wanted if "&lt;script&gt;alert(1)" in html]
    assert len(escaped) >= 8, escaped


def _of_dossier(house: FullOffice, dossier_id: int) -> Iterator[tuple[str, str]]:
    browser = house.browser("clerk")
    for tab in ("dossier", "dossier_papers", "dossier_check", "dossier_steps", "dossier_clock", "dossier_history"):
        yield tab, browser.get(reverse(tab, args=[dossier_id])).content.decode()
    for question in ({"q": SCRIPT}, {"q": SCRIPT, "kind": SCRIPT}):
        yield "search", browser.get(reverse("search"), question).content.decode()
        yield "work_unit", browser.get(reverse("work_unit"), question).content.decode()


# Cost ------------------------------------------------------------------------------------------------


def costs(house: FullOffice) -> dict[tuple[str, str], int]:
    """How many queries each page takes."""
    found = {}
    for address, role in COSTS:
        browser = house.browser(role)
        browser.get(house.address(address)).getvalue()  # What is kept between requests is warm.
        with CaptureQueriesContext(connection) as queries:
            browser.get(house.address(address)).getvalue()
        found[address, role] = len(queries)
    return found


def test_every_page_takes_as_many_queries_as_the_table_says_with_few_rows_and_with_many(busy: FullOffice) -> None:
    few = costs(busy)
    assert few == COSTS
    many = costs(with_many(busy))
    assert many == COSTS


def test_no_page_is_larger_than_a_slow_line_takes(busy: FullOffice) -> None:
    sizes = {name: len(html.encode()) for name, html in pages(with_many(busy), HTML)}
    assert {name: size for name, size in sizes.items() if size >= LARGEST_PAGE} == {}


def with_many(house: FullOffice) -> FullOffice:
    house = with_rows(house, 8)
    shelved(house.dossier, 60)
    for _message in range(60):
        notify([house.office.clerk.pk], "Hồ sơ đã có kết quả", reverse("home"))
    return house
