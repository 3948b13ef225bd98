"""Signing in and out: the same answer for every mistake, a new session, one event each."""

import re
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import Officer, RoleSlot
from audit.models import AuditEvent
from pages import navigation
from tests.factories.accounts import PASSWORD, OfficerFactory, SlotFactory, SlotHoldingFactory, UnitFactory, officer_at

pytestmark = [pytest.mark.urls("tests.pages.urls"), pytest.mark.django_db]
SIGN_IN = "/dang-nhap/"
WRONG = {"username": "khue.vm", "password": "Sai-mat-khau-1!"}
RIGHT = {"username": "khue.vm", "password": PASSWORD}


@pytest.fixture(autouse=True)
def khue(monkeypatch: pytest.MonkeyPatch) -> None:
    # The addresses of the frame's tests have no pages for the words other packages add to the navigation.
    monkeypatch.setattr(navigation, "_ENTRIES", {})
    OfficerFactory.create(username="khue.vm", full_name="Vũ Minh Khuê")


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("verb", flat=True))


def plain(page: str) -> str:
    """A page without what differs by chance: its tokens."""
    return re.sub(r'(value=|CSRFToken": )"[^"]+"', "", page)


def test_the_right_password_opens_the_home_page(client: Client) -> None:
    answer = client.post(SIGN_IN, RIGHT)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("home")
    assert get_user(client).is_authenticated
    assert verbs() == ["account.signed_in"]


def test_the_page_one_was_going_to_is_opened_after_sign_in(client: Client) -> None:
    redirect = client.get("/posted/")
    assert redirect["Location"] == f"{SIGN_IN}?next=/posted/"
    assert client.post(redirect["Location"], RIGHT)["Location"] == "/posted/"


@pytest.mark.parametrize(
    "username", ["nobody", "switched.off", "", "x" * 300, "khue.vm\0", "KHUE.VM", "khue.vm' or 1=1 --"]
)
def test_attack_25_every_mistake_has_the_same_answer(client: Client, username: str) -> None:
    OfficerFactory.create(username="switched.off", is_active=False)
    known = client.post(SIGN_IN, WRONG)
    unknown = client.post(SIGN_IN, {"username": username, "password": PASSWORD if username == "switched.off" else "x"})
    assert known.status_code == unknown.status_code == 422
    assert not get_user(client).is_authenticated
    if username and len(username) < 80 and "\0" not in username:
        assert plain(known.content.decode()) == plain(unknown.content.decode())


def test_attack_25_an_unknown_name_costs_the_same_hashing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []

    def encode(hasher: object, password: str, salt: str) -> str:
        hashed.append(password)
        return f"md5${salt}$x"

    monkeypatch.setattr("django.contrib.auth.hashers.MD5PasswordHasher.encode", encode)
    client.post(SIGN_IN, WRONG)
    known = len(hashed)
    client.post(SIGN_IN, WRONG | {"username": "nobody"})
    assert known == len(hashed) - known == 1


def test_a_mistake_keeps_the_name_and_never_the_password(client: Client) -> None:
    page = client.post(SIGN_IN, WRONG).content.decode()
    assert 'value="khue.vm"' in page
    assert WRONG["password"] not in page


def test_a_mistake_is_one_event_without_what_was_typed(client: Client) -> None:
    client.post(SIGN_IN, WRONG)
    client.post(SIGN_IN, WRONG | {"username": "Sai-mat-khau-1!"})
    assert verbs() == ["account.sign_in_failed", "account.sign_in_failed"]
    assert set(AuditEvent.objects.values_list("payload", flat=True)) == {"{}"}


def test_attack_26_the_session_of_before_sign_in_is_not_used_on(client: Client) -> None:
    session = client.session
    session["planted"] = "by the attacker"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
    client.post(SIGN_IN, RIGHT)
    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "\x08//evil.example",
    ],
)
def test_attack_98_nobody_is_led_to_a_foreign_page(client: Client, target: str) -> None:
    assert client.post(f"{SIGN_IN}?next={quote(target)}", RIGHT)["Location"] == reverse("home")


def test_attack_98_nor_from_the_form(client: Client) -> None:
    assert client.post(SIGN_IN, RIGHT | {"next": "https://evil.example/"})["Location"] == reverse("home")
    page = Client().get(f"{SIGN_IN}?next=https://evil.example/").content.decode()
    assert 'value="https://evil.example' not in page


def test_nobody_is_sent_round_in_a_circle(client: Client) -> None:
    client.post(SIGN_IN, RIGHT)
    assert client.get(f"{SIGN_IN}?next={SIGN_IN}")["Location"] == reverse("home")


def test_who_is_signed_in_needs_no_sign_in_page(client: Client) -> None:
    client.post(SIGN_IN, RIGHT)
    assert client.get(SIGN_IN)["Location"] == reverse("home")


def test_attack_94_signing_in_needs_the_forms_own_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(SIGN_IN, RIGHT).status_code == 403
    assert not get_user(strict).is_authenticated
    token = str(strict.get(SIGN_IN).context["csrf_token"])
    assert strict.post(SIGN_IN, RIGHT | {"csrfmiddlewaretoken": token}).status_code == 302


def test_a_sign_in_that_cannot_be_recorded_does_not_happen(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("the trail cannot be written")

    monkeypatch.setattr("accounts.views.session.record_sign_in", fail)
    client.raise_request_exception = False
    assert client.post(SIGN_IN, RIGHT).status_code == 500
    assert client.get("/posted/").status_code == 302


def test_signing_out_ends_the_session_in_one_event(client: Client) -> None:
    client.post(SIGN_IN, RIGHT)
    key = client.session.session_key
    assert client.post("/dang-xuat/")["Location"] == SIGN_IN
    assert not Session.objects.filter(session_key=key).exists()
    assert verbs() == ["account.signed_in", "account.signed_out"]


def test_signing_out_again_is_no_error_and_no_event(client: Client) -> None:
    assert client.post("/dang-xuat/")["Location"] == SIGN_IN
    assert verbs() == []


def test_a_link_cannot_sign_anybody_out(client: Client) -> None:
    client.post(SIGN_IN, RIGHT)
    assert client.get("/dang-xuat/").status_code == 405
    assert get_user(client).is_authenticated


def test_what_was_posted_after_the_session_ended_is_shown_to_be_copied(client: Client) -> None:
    answer = client.post("/posted/", {"note": "Ý kiến trình", "password": "canary"})
    assert answer.status_code == 401
    assert 'data-copy="Ý kiến trình"' in answer.content.decode()
    assert "canary" not in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_part_of_a_page_never_becomes_the_sign_in_page(client: Client, method: str) -> None:
    answer = getattr(client, method)("/posted/", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer["HX-Retarget"] == "#messages"
    assert "<html" not in answer.content.decode()


def test_an_officer_switched_off_is_out_at_the_next_request(client: Client) -> None:
    client.post(SIGN_IN, RIGHT)
    Officer.objects.filter(username="khue.vm").update(is_active=False)
    assert client.get("/posted/")["Location"].startswith(SIGN_IN)


def test_the_authority_is_named_when_it_is_known(client: Client) -> None:
    UnitFactory.create(name="Ủy ban nhân dân tỉnh Yên Giang", kind="people_committee")
    assert "Ủy ban nhân dân tỉnh Yên Giang" in client.get(SIGN_IN).content.decode()


def test_choosing_another_slot_acts_through_it_from_then_on(client: Client) -> None:
    officer = officer_at(UnitFactory.create(short_name="CN Hải Lộc"))
    lookup = SlotFactory.create(unit=UnitFactory.create(short_name="Sở Xây dựng"), kind=RoleSlot.Kind.LOOKUP)
    SlotHoldingFactory.create(officer=officer, slot=lookup)
    client.force_login(officer)
    answer = client.post("/tai-khoan/chuyen/", {"slot": lookup.pk})
    assert answer["Location"] == reverse("home")
    assert client.get("/").context["acting"].slot_id == lookup.pk
    assert verbs() == ["account.slot_chosen"]


def test_a_slot_of_somebody_else_is_refused_and_recorded(client: Client) -> None:
    client.force_login(officer_at(UnitFactory.create()))
    assert client.post("/tai-khoan/chuyen/", {"slot": SlotFactory.create().pk}).status_code == 403
    assert "slot" not in client.session
    assert verbs() == ["access.refused"]


@pytest.mark.parametrize("slot", ["", "x", "-1", "0", "1.5", str(2**80), "٣٤", "1\0"])
def test_a_slot_that_is_no_number_is_told_in_words(client: Client, slot: str) -> None:
    client.force_login(officer_at(UnitFactory.create()))
    assert client.post("/tai-khoan/chuyen/", {"slot": slot}).status_code in (403, 422)
    assert "slot" not in client.session
