"""How many steps have come to a list since its page was made: told beside it, without moving a row."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import RoleSlot
from tests.factories.accounts import officer_at
from tests.factories.moments import MORNING, moment, stop_the_clock
from tests.workflow.ferry import River, only_open
from tests.workflow.lists import asked_for, at_inspection, in_hands
from tests.workflow.screen import words
from workflow.engine.operations.bulk import assign_steps
from workflow.engine.operations.hand import claim_step, reassign_step
from workflow.engine.operations.marked import Mark

LATER = MORNING + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


def asked(page: str) -> str:
    """Where the page asks for what is new."""
    found = re.search(r'id="new-work"\s+hx-get="([^"]+)"\s+hx-trigger="every 60s"', page)
    assert found, page
    return found[1].replace("&amp;", "&")


def told(client: Client, address: str) -> str:
    """What the line says; empty while nothing changed."""
    answer: Any = client.get(address, headers={"HX-Request": "true"})
    assert answer.status_code in (200, 204)
    assert answer.status_code == 200 or answer.content == b""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def opened(client: Client, name: str, **query: str) -> str:
    return asked(asked_for(client, name, **query).content.decode())


def test_nothing_is_said_while_nothing_came(client: Client, river: River) -> None:
    at_inspection(river)
    client.force_login(river.office.specialist)
    page = asked_for(client, "work_unit").content.decode()
    assert "việc mới" not in page
    assert told(client, asked(page)) == ""


def test_what_came_since_is_counted_and_the_list_is_opened_anew_by_who_reads_it(
    client: Client, river: River, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_inspection(river)
    client.force_login(river.office.specialist)
    address = opened(client, "work_unit", q="bến", han="ok", key="")
    stop_the_clock(monkeypatch, LATER)
    for _case in range(3):
        at_inspection(river, at=LATER)
    answer = client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "3 việc mới" in " ".join(answer.split())
    # No row is among it, and the link keeps the filters and leads to the first page.
    assert "<tr" not in answer
    assert f'href="{reverse("work_unit")}?q=b%E1%BA%BFn&amp;han=ok"' in answer
    # From here on the same number is no news.
    assert told(client, asked(answer)) == ""
    at_inspection(river, at=LATER)
    assert told(client, asked(answer)) == "4 việc mới"


def test_what_was_done_meanwhile_by_a_colleague_is_no_longer_new(
    client: Client, river: River, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(river.office.specialist)
    address = opened(client, "work_unit")
    stop_the_clock(monkeypatch, LATER)
    case = at_inspection(river, at=LATER)
    said = client.get(address).content.decode()
    assert "1 việc mới" in " ".join(said.split())
    river.end(case, "stop", at=LATER)
    assert told(client, asked(said)) == ""


@pytest.mark.parametrize("by", ["one", "many"])
def test_what_was_handed_to_me_is_new_on_my_list(
    client: Client, river: River, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    """It is older than the page; it came into his hands since."""
    case = at_inspection(river)
    client.force_login(river.office.specialist)
    address, run = opened(client, "work_mine"), only_open(case)
    stop_the_clock(monkeypatch, LATER)
    head, to = river.acting(river.office.head), river.office.specialist.pk
    if by == "one":
        reassign_step(step_run_id=run.pk, to_officer_id=to, version=run.version, reason="gấp", acting=head)
    else:
        assign_steps(marks=[Mark(run.pk, run.version)], to_officer_id=to, reason="gấp", acting=head)
    assert told(client, address) == "1 việc mới"


def test_what_a_colleague_claims_is_not_new_in_the_unit(
    client: Client, river: River, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = at_inspection(river)
    client.force_login(river.office.specialist)
    address = opened(client, "work_unit")
    stop_the_clock(monkeypatch, LATER)
    colleague = officer_at(river.branch, RoleSlot.Kind.UPDATE, ["specialist"])
    claim_step(step_run_id=only_open(case).pk, version=0, acting=river.acting(colleague))
    assert told(client, address) == ""


def test_only_what_the_filters_leave_is_counted(client: Client, river: River, monkeypatch: pytest.MonkeyPatch) -> None:
    client.force_login(river.office.specialist)
    address = opened(client, "work_unit", q="Sung")
    stop_the_clock(monkeypatch, LATER)
    at_inspection(river, at=LATER)
    assert told(client, address) == ""
    at_inspection(river, at=LATER, title="Lục Thị Chèo · bến Cây Sung")
    assert told(client, address) == "1 việc mới"


def test_attack_36_another_units_new_work_is_counted_for_nobody_else(
    client: Client, river: River, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(river.office.stranger)
    addresses = [opened(client, name) for name in ("work_mine", "work_unit", "work_followed")]
    stop_the_clock(monkeypatch, LATER)
    in_hands(river, at_inspection(river, at=LATER))
    assert [told(client, address) for address in addresses] == ["", "", ""]


@pytest.mark.parametrize("since", ["", "x", "2026-12-02", "2026-12-02T09:00", "0001-01-01T00:00+07:00", "9" * 400])
def test_a_damaged_moment_is_answered_in_words(client: Client, river: River, since: str) -> None:
    client.force_login(river.office.clerk)
    answer: Any = client.get(reverse("work_mine_new"), {"tu": since})
    assert answer.status_code == 422
    assert "liên kết" in words(answer).lower()


@pytest.mark.parametrize("name", ["work_mine", "work_unit", "work_followed"])
def test_asking_reads_the_work_once_however_much_there_is(client: Client, river: River, name: str) -> None:
    client.force_login(river.office.specialist)
    address, counts = opened(client, name), []
    for more in (1, 12):
        for _case in range(more):
            at_inspection(river, at=moment("2026-12-02 09:30"))
        with CaptureQueriesContext(connection) as captured:
            client.get(address, headers={"HX-Request": "true"})
        asked_of_work = [query for query in captured if "workflow_" in query["sql"]]
        counts.append((len(asked_of_work), len(captured)))
    assert counts[0] == counts[1]
    work, whole = counts[0]
    # What remains tells who asks and for which unit, as of every request.
    assert (work, whole) == (1, 6)


def test_the_moment_of_the_page_is_the_one_its_rows_were_read_at(client: Client, river: River) -> None:
    client.force_login(river.office.specialist)
    found = re.search(r"tu=([^&]+)", opened(client, "work_unit"))
    assert found
    since = datetime.fromisoformat(found[1].replace("%3A", ":").replace("%2B", "+"))
    assert since == MORNING
