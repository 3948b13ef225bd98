"""A token in force of a connected agency lets in, and nothing else does."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import AuditEvent
from audit.recording import SYSTEM
from audit.verbs import words_of
from exchange.models import Agency, AgencyToken
from exchange.operations.tokens import revoke_token
from tests.factories.accounts import OfficerFactory, UnitFactory
from tests.factories.exchange import Partner, given, partner, trail
from tests.factories.moments import MORNING, stop_the_clock
from tests.house.full_office import open_full_office, patterns

pytestmark = pytest.mark.django_db
ADDRESS = "/api/procedures"
ADDRESSES = (ADDRESS, "/api/dossiers/H99.15-261202-0001", "/api/search?q=a", "/api/procedures/P6/form")


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> Partner:
    stop_the_clock(monkeypatch)
    return partner(UnitFactory.create())


def told(response: Any) -> tuple[int, bytes, dict[str, str]]:
    return (
        response.status_code,
        response.content,
        {name: value for name, value in response.headers.items() if name != "X-Request-ID"},
    )


def test_a_token_in_force_lets_in(asking: Partner) -> None:
    assert asking.get(ADDRESS).status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
def test_without_a_token_nobody_comes_in_and_is_told_how(client: Client, db: None, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 401
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"] == 'Bearer realm="api"'


@pytest.mark.parametrize(
    "shown", ["Bearer", "Bearer ", "Bearer hsd_x", "Bearer \xff\xfe", "Basic YTpi", "Token {}", "{}"]
)
def test_what_is_no_known_bearer_token_opens_nothing_and_leaves_no_event(asking: Partner, shown: str) -> None:
    response = Client().get(ADDRESS, headers={"Authorization": shown.format(asking.secret)})
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="api", error="invalid_token"'
    assert trail(asking.agency) == []


def test_a_session_opens_nothing_here(db: None) -> None:
    browser = Client()
    browser.force_login(OfficerFactory.create(is_superuser=True))
    assert browser.get(reverse("home")).status_code == 200
    assert [browser.get(address).status_code for address in ADDRESSES] == [401] * len(ADDRESSES)


def test_a_session_adds_nothing_to_a_token_and_is_not_even_opened(asking: Partner) -> None:
    browser = Client()
    browser.force_login(OfficerFactory.create(is_superuser=True))
    with CaptureQueriesContext(connection) as queries:
        response = browser.get(ADDRESSES[1], headers={"Authorization": f"Bearer {asking.secret}"})
    assert response.status_code == 404
    assert [query["sql"] for query in queries if "session" in query["sql"]] == []
    assert "Cookie" not in response["Vary"]


def test_attack_33_a_token_opens_no_page_of_the_house(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    stop_the_clock(monkeypatch)
    house = open_full_office()
    secret = partner(house.office.branch, house.office.one_stop).secret
    showing, nobody, told_apart = {"Authorization": f"Bearer {secret}"}, Client(), []
    pages = [name for name in patterns() if not name.startswith("api:")]
    for name in pages:
        for verb in ("GET", "POST"):
            address = house.address(name)
            answers = [nobody.generic(verb, address, headers=headers) for headers in (showing, {})]
            if len({(answer.status_code, answer.get("Location")) for answer in answers}) > 1:
                told_apart.append(f"{verb} {name}")
    assert told_apart == []
    assert len(pages) > 40


# Dead tokens ----------------------------------------------------------------------------------------


def revoked(asking: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    revoke_token(agency=asking.agency, label=AgencyToken.objects.get().label, actor=SYSTEM)


def expired(asking: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch, MORNING + timedelta(days=30))


def inactive(asking: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    Agency.objects.update(is_active=False)


def ended(asking: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    Agency.objects.update(valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 1))


def not_begun(asking: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    Agency.objects.update(valid_from=date(2026, 12, 3))


DEAD = {
    revoked: "revoked",
    expired: "expired",
    inactive: "disconnected",
    ended: "disconnected",
    not_begun: "disconnected",
}


@pytest.mark.parametrize("die", DEAD)
def test_a_token_that_died_opens_nothing_and_its_use_is_in_the_trail(
    asking: Partner, monkeypatch: pytest.MonkeyPatch, die: Any
) -> None:
    unknown = told(Client().get(ADDRESS, headers={"Authorization": "Bearer hsd_unknown"}))
    die(asking, monkeypatch)
    assert told(asking.get(ADDRESS)) == unknown
    verb, payload = trail(asking.agency)[-1]
    assert (verb, payload["reason"], payload["path"]) == ("agency.turned_away", DEAD[die], ADDRESS)
    event = AuditEvent.objects.latest("id")
    assert (event.officer_id, event.officer_name, event.address) == (None, asking.agency.name, "127.0.0.1")
    assert ADDRESS in words_of(event)


def test_a_token_lives_until_its_very_end_and_on_the_last_day_of_the_agreement(
    asking: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = MORNING + timedelta(days=30) - timedelta(seconds=1)
    Agency.objects.update(valid_to=last.date())
    stop_the_clock(monkeypatch, last)
    assert asking.get(ADDRESS).status_code == 200


def test_another_token_of_the_agency_goes_on_when_one_is_revoked(
    asking: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    spare = Partner(asking.agency, given(asking.agency, "dự phòng").secret)
    revoke_token(agency=asking.agency, label="máy chủ trục liên thông", actor=SYSTEM)
    assert (asking.get(ADDRESS).status_code, spare.get(ADDRESS).status_code) == (401, 200)


def test_attack_30_a_changed_agreement_counts_from_the_next_request(asking: Partner) -> None:
    before = asking.get("/api/search", {"q": "a"}).status_code
    asking.agency.units.set([UnitFactory.create()])
    Agency.objects.update(has_personal_data=False)
    assert (before, asking.get("/api/search", {"q": "a"}).status_code) == (200, 403)


# Tracks on the token --------------------------------------------------------------------------------


def test_the_use_of_a_token_is_written_down_by_the_day_and_once_a_day(
    asking: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert AgencyToken.objects.get().last_used_on is None
    writes = []
    for later in (timedelta(0), timedelta(hours=3), timedelta(days=1), timedelta(days=1, hours=3)):
        stop_the_clock(monkeypatch, MORNING + later)
        with CaptureQueriesContext(connection) as queries:
            asking.get(ADDRESS)
        writes.append(sum("UPDATE" in query["sql"] for query in queries))
        assert AgencyToken.objects.get().last_used_on == (MORNING + later).date()
    assert writes == [1, 0, 1, 0]
