"""Every refusal is in the trail, after what was refused has been rolled back (attack 34, U-5)."""

import re

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from accounts.models import Unit
from accounts.sight import NotVisible
from audit.models import AuditEvent
from pages import navigation
from pages.domain_errors import Refused
from tests.factories.accounts import UnitFactory, officer_at
from tests.pages import urls as frame

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


def hidden(request: HttpRequest) -> HttpResponse:
    raise NotVisible(about="dossier:7")


def missing(request: HttpRequest) -> HttpResponse:
    raise NotVisible


@transaction.atomic
def half_done(request: HttpRequest) -> HttpResponse:
    Unit.objects.update(name="changed")
    raise Refused("Bước này của đơn vị khác", about="dossier:7")


urlpatterns = [
    path("hidden/", hidden),
    path("missing/", missing),
    path("half-done/", half_done),
    *frame.urlpatterns,
]
handler404 = frame.handler404


def plain(page: bytes, address: str) -> str:
    """A page without its tokens and its own address."""
    return re.sub(r'(value=|CSRFToken": )"[^"]+"', "", page.decode().replace(address, ""))


@pytest.fixture
def officer_client(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(navigation, "_ENTRIES", {})
    client.force_login(officer_at(UnitFactory.create(name="CN Hải Lộc")))
    return client


def test_attack_34_hidden_and_missing_look_alike_but_only_one_is_recorded(officer_client: Client) -> None:
    unseen, absent = officer_client.get("/hidden/"), officer_client.get("/missing/")
    assert unseen.status_code == absent.status_code == 404
    assert plain(unseen.content, "/hidden/") == plain(absent.content, "/missing/")
    event = AuditEvent.objects.get()
    assert (event.verb, event.unit_name) == ("access.refused", "CN Hải Lộc")
    assert '"about":"dossier:7"' in event.payload


def test_what_a_refused_action_had_changed_is_rolled_back(officer_client: Client) -> None:
    assert officer_client.post("/half-done/").status_code == 403
    assert not Unit.objects.filter(name="changed").exists()
    assert AuditEvent.objects.get().verb == "access.refused"


def test_an_unknown_address_is_no_refusal(officer_client: Client) -> None:
    officer_client.get("/khong-co/")
    assert not AuditEvent.objects.exists()
