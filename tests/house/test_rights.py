"""Who may do what at which address: one matrix over the whole house."""

import re
from collections.abc import Set
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse

from accounts.models import Officer, Unit
from audit.models import AuditEvent
from documents.models import Document
from dossiers.models import Dossier
from exchange.problems import MEDIA_TYPE
from jobs.worker import drain
from tests.factories.accounts import SlotHoldingFactory, UnitFactory, officer_at
from tests.factories.documents import add_version_to, pdf
from tests.factories.dossiers import at_step, case_behind, open_step, received
from tests.factories.office import Office
from tests.house.full_office import ROLES, FullOffice, bare, parameters_of, patterns, state, undone, writes
from tests.house.rights_matrix import NOWHERE, OWN_AFFAIR, RIGHTS, VERBS
from workflow.models import StepRun

pytestmark = pytest.mark.django_db


def sent(browser: Client, house: FullOffice, address: str, verb: str, *, missing: bool = False) -> Any:
    """The answer to a request as the address's own form would send it."""
    path = house.address(address, missing=missing)
    response = browser.post(path, house.post(address)) if verb == "POST" else browser.generic(verb, path)
    response.getvalue()
    return response


def said(response: Any) -> str:
    """The answer in the words of the matrix."""
    if response.status_code == HTTPStatus.UNAUTHORIZED and response["Content-Type"] != MEDIA_TYPE:
        return "in"
    leads_in = response.status_code == HTTPStatus.FOUND and response["Location"].startswith(f"{reverse('sign_in')}?")
    return "in" if leads_in else str(response.status_code)


# 33 --------------------------------------------------------------------------------------------------


def test_attack_33_every_address_of_the_house_stands_in_the_matrix() -> None:
    assert RIGHTS.addresses == set(patterns())


@dataclass(frozen=True)
class Seen:
    """What a request got, the tables it wrote to, and whether the trail tells of a refusal there, once for each."""

    answer: str
    tables: Set[str]
    refusals: list[bool]


def swept(house: FullOffice, role: str) -> dict[tuple[str, str], Seen]:
    """Every address of the house asked by this role with every verb; nothing of it stays."""
    browser, officer, found = house.browser(role), house.officer(role), {}
    for address in patterns():
        for verb in VERBS:
            with undone():
                with writes() as tables:
                    answer = said(sent(house.twin(browser), house, address, verb))
                refusals: list[bool] = []
                if officer is not None and answer in ("403", "404"):
                    events = AuditEvent.objects.filter(verb="access.refused", officer_id=officer.pk)
                    refusals = [house.address(address) in event.payload for event in events]
                found[address, verb] = Seen(answer, tables, refusals)
    return found


# One sweep for all three: some 1,500 requests for each role.
@pytest.mark.parametrize("role", ROLES)
def test_attack_33_every_role_meets_the_matrix_writes_nothing_without_right_and_is_told_of(
    house: FullOffice, role: str, subtests: pytest.Subtests
) -> None:
    seen = swept(house, role).items()
    with subtests.test("every address answers as the matrix says"):
        answers = {asked: one.answer for asked, one in seen}
        assert answers == {asked: RIGHTS.expected(*asked, role) for asked, _one in seen}
    with subtests.test("a refusal and a reading write nothing"):
        assert [(asked, one.tables) for asked, one in seen if one.tables and _may_not_write(asked, one)] == []
    with subtests.test("every refusal is in the trail"):
        refused = [(asked, one) for asked, one in seen if one.answer in ("403", "404") and _is_told(asked, role)]
        assert [asked for asked, one in refused if one.refusals != [True]] == []


def _may_not_write(asked: tuple[str, str], seen: Seen) -> bool:
    address, verb = asked
    is_reading = verb in ("GET", "HEAD") or address in RIGHTS.readings
    return is_reading or seen.answer in ("in", "401", "403", "404", "405")


def _is_told(asked: tuple[str, str], role: str) -> bool:
    return role != "nobody" and asked in RIGHTS.answers and asked[0] not in OWN_AFFAIR | NOWHERE


# An answer's length goes with its address; its number is its own.
OWN_HEADERS = {"Content-Length", "X-Request-ID"}


def test_attack_33_not_there_and_not_yours_are_one_answer(house: FullOffice) -> None:
    browser, told_apart, asked = house.browser("stranger"), [], 0
    for (address, verb), answers in RIGHTS.answers.items():
        if not any(parameter.endswith("_id") for parameter in parameters_of(address)):
            continue
        pages = []
        for missing in (False, True):
            with undone():
                response = sent(house.twin(browser), house, address, verb, missing=missing)
                headers = {name: value for name, value in response.headers.items() if name not in OWN_HEADERS}
                pages.append((response.status_code, headers, bare(response, house.address(address, missing=missing))))
        asked += answers["stranger"] == "404"
        if answers["stranger"] == "404" and (pages[0] != pages[1] or pages[0][0] != HTTPStatus.NOT_FOUND):
            told_apart.append(f"{verb} {address}")
    assert told_apart == []
    assert asked > 25


# 35 --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["branch", "one_stop"])
def test_attack_35_look_up_changes_nothing_by_any_post_whatever_roles_it_holds(house: FullOffice, place: str) -> None:
    unit: Unit = getattr(house.office, place)
    officer = officer_at(unit, "lookup", ["clerk", "specialist", "records_clerk", "head"])
    signed_in = Client()
    signed_in.force_login(officer)
    before, kept = state(), vault_files()
    answers = {address: said(sent(house.twin(signed_in), house, address, "POST")) for address in _sign_out_last()}
    assert {table for table, value in state().items() if before[table] != value} == set()
    assert vault_files() == kept
    done = {address for address, answer in answers.items() if answer not in ("403", "404", "405")}
    assert done - RIGHTS.readings == {"sign_in", "sign_out", "language:set_language", "notices_read"}
    assert "403" in answers.values()


def test_attack_35_look_up_beside_an_updating_place_changes_nothing_while_it_is_chosen(house: FullOffice) -> None:
    officer = officer_at(house.office.branch, "lookup", ["specialist"])
    SlotHoldingFactory.create(officer=officer, slot__unit=house.office.branch, slot__kind="update")
    browser, address = Client(), house.address("step_claim")
    browser.force_login(officer)
    looking, working = (officer.slot_holdings.get(slot__kind=kind).slot_id for kind in ("lookup", "update"))
    claim = {"version": str(house.step_run.version)}
    browser.post(reverse("choose_slot"), {"slot": looking})
    assert browser.post(address, claim).status_code == HTTPStatus.FORBIDDEN
    assert StepRun.objects.get(pk=house.step_run.pk).owner is None
    browser.post(reverse("choose_slot"), {"slot": working})
    assert browser.post(address, claim).status_code == HTTPStatus.SEE_OTHER


def _sign_out_last() -> list[str]:
    return sorted(patterns(), key=lambda address: address == "sign_out")


def vault_files() -> list[str]:
    return sorted(str(path) for path in Path(storages["vault"].path("")).rglob("*") if path.is_file())


# 36 --------------------------------------------------------------------------------------------------

CANARY = "zqxhoangyen"
QUESTIONS: dict[str, list[dict[str, str]]] = {
    "home": [{}],
    "notices": [{}],
    "work_mine": [{}, {"q": CANARY}],
    "work_unit": [{}, {"q": CANARY}, {"han": "ok"}],
    "work_finished": [{}, {"q": CANARY}],
    "work_followed": [{}, {"q": CANARY}],
    "hand_overs": [{}],
    "delegations": [{}],
    "dossiers": [{}, {"trang-thai": "in_process"}, {"ngay": "2026-12-02"}],
    "search": [{}, {"q": CANARY}, {"q": "Phùng Thị Ngát"}, {"q": "phung thi ngat giay chung nhan"}],
}


def test_attack_36_another_units_word_is_on_no_page_and_in_no_count(house: FullOffice) -> None:
    office = house.office
    away = officer_at(UnitFactory.create(kind="one_stop"), "update", ["clerk"])
    watchers = [office.specialist, office.head, office.look_up, away]
    drain()
    before = {who.pk: _seen(who) for who in watchers}
    assert reverse("dossier", args=[house.dossier.pk]) in before[office.look_up.pk]["search {'q': 'Phùng Thị Ngát'}"]
    _hide_a_canary(office)
    for who in watchers:
        after = _seen(who)
        assert [where for where, page in after.items() if CANARY in page] == []
        assert [where for where, page in after.items() if page != before[who.pk][where]] == []
    assert CANARY in "".join(_seen(office.stranger).values())


def test_attack_36_what_stands_in_another_units_dossier_comes_out_at_no_address(house: FullOffice) -> None:
    dossier = _hide_a_canary(house.office)
    paper = Document.objects.get(component__dossier=dossier)
    ids = {"dossier_id": dossier.pk, "document_id": paper.pk, "step_run_id": open_step(dossier).pk}
    others: dict[str, Any] = {"component": "application", "result": "certificate", "number": 1, "width": 160}
    others |= {"bundle_id": house.bundle.pk, "edition_id": house.later_edition.pk}
    reached = []
    for role in ("stranger", "specialist"):
        browser, canaries = house.browser(role), 0
        for address, verb in RIGHTS.answers:
            parameters = parameters_of(address)
            if verb == "GET" and set(parameters) & set(ids):
                path = reverse(address, kwargs={name: {**others, **ids}[name] for name in parameters})
                canaries += CANARY in house.twin(browser).get(path).getvalue().decode("utf-8", "replace")
        reached.append(canaries)
    # The one it belongs to reads it in the text, on the tabs and in the viewer: the test can find it.
    assert reached[0] >= 6
    assert reached[1] == 0


def _hide_a_canary(office: Office) -> Dossier:
    """A dossier of the other branch, in its applicant, form, papers, trail and index the same strange word."""
    changes: dict[str, Any] = {"name": f"Phùng Thị Ngát {CANARY}", "address": CANARY, "form__register_number": CANARY}
    dossier = received(office, scans=("application",), unit=office.other_branch.pk, **changes)
    paper = Document.objects.get(component__dossier=dossier)
    add_version_to(paper, pdf(width=377), pages=(f"Giấy chứng nhận của Phùng Thị Ngát {CANARY}",))
    Dossier.objects.filter(pk=dossier.pk).update(received_unit=office.other_branch)
    dossier.tokens.all().delete()
    paper.tokens.all().delete()
    at_step(office, dossier, "check")
    drain()
    return dossier


def _seen(officer: Officer) -> dict[str, str]:
    """Everything the lists, counts and searches of the house show him, as text without what he typed himself."""
    browser, found = Client(), {}
    browser.force_login(officer)
    for address, questions in QUESTIONS.items():
        for question in questions:
            response = browser.get(reverse(address), question)
            assert response.status_code == HTTPStatus.OK, (address, question)
            found[f"{address} {question}"] = _unasked(bare(response, reverse(address)), question)
    return found


def _unasked(page: str, question: dict[str, str]) -> str:
    """The page without its echo of the question and without how long it took."""
    text = re.sub(r"\d+,\d+ giây", "", page)
    return text.replace(question["q"], "") if question.get("q") == CANARY else text


# 41 --------------------------------------------------------------------------------------------------

EVIL = {
    "owner": "1",
    "owner_id": "1",
    "unit": "1",
    "unit_id": "1",
    "role": "clerk",
    "status": "DONE",
    "step": "hand_over",
    "to": "hand_over",
    "due_at": "2030-01-01",
    "limit_minutes": "1",
    "completed_by": "1",
    "finished": "2020-01-01",
    "at": "2020-01-01",
    "process": "999",
    "clock_state": "stopped",
    "id": "999",
}


# Keys are given out by the database; the start of a step by viewflow, which knows no clock but the machine's.
_VARYING = {"id", "process_id", "previous_id", "started"}


def _outcome(house: FullOffice, address: str, role: str, extra: dict[str, str]) -> list[Any]:
    """What became of the case, its steps and its dossier."""
    browser = house.browser(role)
    with undone():
        assert browser.post(house.address(address), {**house.post(address), **extra}).status_code == 303
        runs = StepRun.objects.filter(process=case_behind(house.dossier)).order_by("number")
        rows = [*runs.values(), *type(case_behind(house.dossier)).objects.values(), *Dossier.objects.values()]
        return [{name: value for name, value in row.items() if name not in _VARYING} for row in rows]


@pytest.mark.parametrize(("address", "role"), [("step_claim", "specialist"), ("step_complete", "specialist")])
def test_attack_41_columns_sent_along_with_a_step_are_ignored(house: FullOffice, address: str, role: str) -> None:
    assert _outcome(house, address, role, EVIL) == _outcome(house, address, role, {})


def test_attack_41_handing_on_changes_the_hands_alone(house: FullOffice) -> None:
    plain = _outcome(house, "step_reassign", "head", {})
    assert _outcome(house, "step_reassign", "head", EVIL) == plain
    assert any(row.get("owner_id") == house.office.specialist.pk for row in plain)
