"""Who is connected, on what terms, and by which token: only the administrator says so, and the trail keeps it."""

import base64
import hashlib
import json
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Unit
from audit.models import AuditEvent
from audit.recording import SYSTEM
from audit.verbs import words_of
from exchange.models import Agency, AgencyToken
from exchange.operations.tokens import LONGEST_LIFE, give_token, revoke_token
from pages.domain_errors import Invalid
from tests.factories.accounts import UnitFactory
from tests.factories.exchange import AGENCY, connected, given, partner, trail
from tests.factories.moments import MORNING, stop_the_clock

pytestmark = pytest.mark.django_db
ANSWERS = "/api/procedures"


@pytest.fixture
def unit(monkeypatch: pytest.MonkeyPatch) -> Unit:
    stop_the_clock(monkeypatch)
    return UnitFactory.create()


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("verb", flat=True))


# Agreements -----------------------------------------------------------------------------------------


def test_connecting_an_agency_is_one_event_that_says_what_was_agreed(unit: Unit) -> None:
    agency = connected([unit], agreement="07/TT-2026", valid_to=date(2027, 12, 31))
    [event] = AuditEvent.objects.all()
    told = json.loads(event.payload)
    assert (event.verb, event.stream) == ("agency.registered", f"agency:{agency.pk}")
    assert (told["units"], told["has_personal_data"], told["valid_to"]) == ([unit.name], True, "2027-12-31")
    assert agency.name in words_of(event)
    assert unit.name in words_of(event)


def test_the_same_agreement_said_again_records_nothing(unit: Unit) -> None:
    assert connected([unit]) == connected([unit])
    assert verbs() == ["agency.registered"]


def test_what_is_agreed_anew_replaces_what_was(unit: Unit) -> None:
    other = UnitFactory.create()
    connected([unit], agreement="07/TT-2026")
    agency = connected([other], has_personal_data=False)
    assert list(agency.units.all()) == [other]
    assert (agency.has_personal_data, agency.agreement) == (False, "")
    assert verbs() == ["agency.registered"] * 2


def test_an_agency_that_may_read_nothing_is_not_connected(unit: Unit) -> None:
    with pytest.raises(Invalid) as refused:
        connected([])
    assert list(refused.value.fields) == ["units"]
    assert not Agency.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"valid_from": date(2026, 12, 2), "valid_to": date(2026, 12, 1)}, "valid_to"),
        ({"code": "H" * 36}, "code"),
        ({"name": ""}, "name"),
    ],
)
def test_a_faulty_agreement_names_its_field(unit: Unit, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        connected([unit], **wrong)
    assert list(refused.value.fields) == [field]
    assert not Agency.objects.exists()


def test_disconnecting_has_an_event_of_its_own(unit: Unit) -> None:
    agency = connected([unit])
    connected([], is_active=False)
    assert [verb for verb, _payload in trail(agency)] == ["agency.disconnected"]


def test_no_agreement_ends_before_it_begins_whoever_writes_it(unit: Unit) -> None:
    agency = connected([unit])
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.filter(pk=agency.pk).update(valid_to=date(2020, 1, 1))


# Tokens ---------------------------------------------------------------------------------------------


def test_only_the_hash_of_a_token_is_kept(unit: Unit) -> None:
    token, secret = (found := given(connected([unit]))).token, found.secret
    assert token.digest == hashlib.sha256(secret.encode()).hexdigest()
    kept = repr(list(AgencyToken.objects.values())) + "".join(AuditEvent.objects.values_list("payload", flat=True))
    assert secret not in kept
    assert secret.removeprefix("hsd_") not in kept


def test_a_token_holds_256_random_bits_and_no_two_are_alike(unit: Unit) -> None:
    agency = connected([unit])
    secrets = {given(agency, f"máy {number}").secret for number in range(20)}
    assert len(secrets) == 20
    assert {len(base64.urlsafe_b64decode(secret.removeprefix("hsd_") + "=")) for secret in secrets} == {32}


def test_giving_and_revoking_are_one_event_each_in_the_agencys_stream(unit: Unit) -> None:
    agency = connected([unit])
    given(agency, "trục liên thông")
    revoke_token(agency=agency, label="trục liên thông", actor=SYSTEM)
    assert verbs() == ["agency.registered", "agency.token_given", "agency.token_revoked"]
    last = AuditEvent.objects.latest("id")
    assert "trục liên thông" in words_of(last)
    assert last.stream == f"agency:{agency.pk}"


@pytest.mark.parametrize("life", [timedelta(0), -timedelta(days=1), LONGEST_LIFE + timedelta(seconds=1)])
def test_a_token_ends_in_the_future_and_not_too_far_off(unit: Unit, life: timedelta) -> None:
    agency = connected([unit])
    with pytest.raises(Invalid):
        give_token(agency=agency, label="máy chủ", expires_at=MORNING + life, actor=SYSTEM)
    assert not AgencyToken.objects.exists()


@pytest.mark.parametrize("label", ["", "  ", "x" * 81])
def test_a_token_says_where_it_is_used(unit: Unit, label: str) -> None:
    with pytest.raises(Invalid):
        given(connected([unit]), label)


def test_a_label_is_free_again_once_its_token_is_revoked(unit: Unit) -> None:
    agency = connected([unit])
    given(agency, "máy chủ")
    with pytest.raises(Invalid):
        given(agency, "máy chủ")
    revoke_token(agency=agency, label="máy chủ", actor=SYSTEM)
    assert given(agency, "máy chủ").token.revoked_at is None


@pytest.mark.databases_differ
def test_one_label_names_one_token_whoever_writes_it(unit: Unit) -> None:
    token = given(connected([unit])).token
    twin = AgencyToken(agency=token.agency, label=token.label, digest="0" * 64)
    twin.created_at, twin.expires_at = token.created_at, token.expires_at
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()


def test_what_is_revoked_is_not_revoked_again(unit: Unit) -> None:
    agency = connected([unit])
    given(agency, "máy chủ")
    revoke_token(agency=agency, label="máy chủ", actor=SYSTEM)
    with pytest.raises(Invalid):
        revoke_token(agency=agency, label="máy chủ", actor=SYSTEM)


# Commands -------------------------------------------------------------------------------------------


def said(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_commands_connect_an_agency_and_the_printed_token_opens_the_api(unit: Unit) -> None:
    asked = partner(unit)  # What a client does with a secret, here with the one the command prints.
    assert said("register_agency", "H99.21", "Sở Tài chính", "--unit", unit.code) == "H99.21: connected\n"
    secret = said("give_agency_token", "H99.21", "máy chủ", "--days", "10").strip()
    theirs = type(asked)(Agency.objects.get(code="H99.21"), secret)
    assert theirs.get(ANSWERS).status_code == 200
    assert AgencyToken.objects.get(agency=theirs.agency).expires_at == timezone.now() + timedelta(days=10)
    assert said("revoke_agency_token", "H99.21", "máy chủ") == "H99.21: revoked máy chủ\n"
    assert theirs.get(ANSWERS).status_code == 401


def test_the_command_agrees_what_it_is_told(unit: Unit) -> None:
    said("register_agency", AGENCY, "Thuế", "--unit", unit.code, "--personal-data", "--until", "2027-01-31")
    agency = Agency.objects.get()
    assert (agency.has_personal_data, agency.valid_to, agency.is_active) == (True, date(2027, 1, 31), True)
    assert said("register_agency", AGENCY, "Thuế", "--disconnect") == f"{AGENCY}: disconnected\n"
    agency.refresh_from_db()
    assert (agency.has_personal_data, agency.is_active) == (False, False)


@pytest.mark.parametrize(
    "command",
    [
        ("register_agency", "H99.21", "Sở", "--unit", "không-có"),
        ("register_agency", "H99.21", "Sở"),
        ("give_agency_token", "H99.99", "máy"),
        ("give_agency_token", AGENCY, "máy", "--days", "0"),
        ("give_agency_token", AGENCY, "máy", "--days", "999999999"),
        ("revoke_agency_token", "H99.99", "máy"),
        ("revoke_agency_token", AGENCY, "máy"),
    ],
)
def test_a_command_that_can_not_be_done_says_so_and_changes_nothing(unit: Unit, command: tuple[str, ...]) -> None:
    connected([unit])
    with pytest.raises(CommandError):
        said(*command)
    assert verbs() == ["agency.registered"]


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
def test_the_tables_can_be_taken_back_and_made_again() -> None:
    call_command("migrate", "exchange", "zero", verbosity=0)
    try:
        assert not [name for name in connection.introspection.table_names() if name.startswith("exchange_")]
    finally:
        call_command("migrate", "exchange", verbosity=0)
    assert not Agency.objects.exists()
