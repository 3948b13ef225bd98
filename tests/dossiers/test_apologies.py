"""Apologies with a new appointment: drafted once in time, signed once by who leads the unit, and counted."""

from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Officer
from audit.models import AuditEvent
from audit.verifier import verify
from documents.outgoing import RegisterEntry
from dossiers.apologies import print_apology
from dossiers.clock_models import Apology
from dossiers.models import Dossier, IssuedForm
from dossiers.operations import draft_apologies as drafting
from dossiers.operations.draft_apologies import draft_apologies
from dossiers.operations.sign_apology import sign_apology
from jobs.registry import SCHEDULE
from notices.models import Notice
from pages.domain_errors import Conflict, Invalid, Refused
from tests.dossiers.pdf_words import words_of
from tests.factories.dossiers import at_step, case_behind, complete, received
from tests.factories.moments import moment, stop_the_clock
from tests.factories.office import Office
from workflow.engine.clockwork import ledger_of

pytestmark = pytest.mark.django_db

# P6 of 2025 has three days for its first appointment: received on Wednesday morning, due on Monday at closing.
REASON = "Chưa có kết quả trích đo địa chính"


@pytest.fixture
def dossier(office: Office) -> Dossier:
    """In the branch's hands."""
    found = received(office, "P2")
    complete(office, found, "forward")
    return found


def due(dossier: Dossier) -> datetime:
    found = case_behind(dossier).due_at
    assert found is not None
    return found


def told(officer: Officer) -> list[str]:
    return list(Notice.objects.filter(recipient_id=officer.pk).order_by("pk").values_list("message", flat=True))


def sign(office: Office, dossier: Dossier, *, by: Officer | None = None, **changes: object) -> Apology:
    asked: dict[str, object] = {"until": date(2026, 12, 14), "reason": REASON, **changes}
    return sign_apology(dossier_id=dossier.pk, acting=office.acting(by or office.head), **asked)  # type: ignore[arg-type]


# Drafted -------------------------------------------------------------------------------------------


def test_it_is_drafted_two_working_days_before_the_end(dossier: Dossier) -> None:
    assert due(dossier) == moment("2026-12-09 17:00")
    assert draft_apologies(now=moment("2026-12-07 16:59")) == 0
    assert draft_apologies(now=moment("2026-12-07 17:00")) == 1


def test_it_is_drafted_once_and_the_head_asked_once(office: Office, dossier: Dossier) -> None:
    for _sweep in range(3):
        draft_apologies(now=moment("2026-12-08 09:00"))
    apology = Apology.objects.get()
    assert (apology.dossier_id, apology.due_at, apology.is_signed) == (dossier.pk, due(dossier), False)
    [message] = told(office.head)
    assert str(dossier.code) in message
    assert Notice.objects.get().url == reverse("dossier_clock", args=[dossier.pk])
    assert AuditEvent.objects.filter(verb="apology.drafted").count() == 1


def test_of_a_short_limit_half_is_used_before_anybody_is_asked(office: Office, dossier: Dossier) -> None:
    case = case_behind(dossier)
    type(case).objects.filter(pk=case.pk).update(limit_minutes=960)
    assert draft_apologies(now=moment("2026-12-08 08:00")) == 0
    assert draft_apologies(now=moment("2026-12-08 17:00")) == 1


def test_another_promise_is_asked_for_anew_on_the_same_draft(office: Office, dossier: Dossier) -> None:
    draft_apologies(now=moment("2026-12-08 09:00"))
    case = case_behind(dossier)
    type(case).objects.filter(pk=case.pk).update(due_at=moment("2026-12-10 17:00"))
    assert draft_apologies(now=moment("2026-12-09 09:00")) == 1
    assert Apology.objects.get().due_at == moment("2026-12-10 17:00")
    assert len(told(office.head)) == 2


def test_after_one_was_signed_none_is_drafted_again(office: Office, dossier: Dossier) -> None:
    sign(office, dossier)
    assert draft_apologies(now=moment("2026-12-14 09:00")) == 0


def test_a_dossier_whose_clock_stands_still_needs_none(office: Office) -> None:
    at_step(office, received(office, "P2"), "await_tax")
    assert draft_apologies(now=moment("2027-01-04 09:00")) == 0


def test_a_sweep_costs_the_same_however_many_it_drafts(office: Office) -> None:
    counted = []
    for _round in range(2):
        for _number in range(3):
            received(office)
        with CaptureQueriesContext(connection) as captured:
            assert draft_apologies(now=moment("2026-12-31 09:00")) == 3
        counted.append(len(captured))
    assert counted[0] == counted[1]


def test_attack_63_a_sweep_that_dies_asks_nobody_and_is_made_again(
    office: Office, dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(drafting, "_tell", lambda _cases: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            draft_apologies(now=moment("2026-12-08 09:00"))
    assert (Apology.objects.count(), told(office.head)) == (0, [])
    stop_the_clock(monkeypatch, moment("2026-12-08 09:00"))
    SCHEDULE["apologies"].run()
    assert (Apology.objects.count(), len(told(office.head))) == (1, 1)
    assert verify().is_ok


# Signed --------------------------------------------------------------------------------------------


def test_signed_it_gives_the_new_appointment_as_a_line_of_the_ledger(office: Office, dossier: Dossier) -> None:
    before = due(dossier)
    apology = sign(office, dossier)
    assert due(dossier) == moment("2026-12-14 17:00")
    line = ledger_of(case_behind(dossier))[-1]
    assert (line.kind, line.cause, line.due_at) == ("extended", "apology", due(dossier))
    assert apology.form is not None
    assert line.reference == apology.form.number
    assert (apology.due_at, apology.until, apology.signed_by) == (before, due(dossier), office.head)
    assert AuditEvent.objects.filter(verb="apology.signed", stream=f"dossier:{dossier.pk}").count() == 1


def test_it_bears_a_number_of_the_register(office: Office, dossier: Dossier) -> None:
    apology = sign(office, dossier)
    entry = RegisterEntry.objects.get(series="apology")
    assert apology.form is not None
    assert (entry.written, entry.origin_code) == (apology.form.number, dossier.code)


def test_the_form_says_what_was_promised_why_not_and_when_instead(office: Office, dossier: Dossier) -> None:
    sign(office, dossier)
    text = words_of(print_apology(IssuedForm.objects.get(dossier=dossier, code="apology")))
    for fact in (
        "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT",
        "Mẫu số 04, 03/2025/TT-VPCP",
        "Phùng Thị Ngát",
        str(dossier.code),
        "17 giờ 00, thứ Tư ngày 09/12/2026",
        "17 giờ 00, thứ Hai ngày 14/12/2026",
        REASON,
        office.head.full_name,
    ):
        assert fact in text, fact


def test_attack_44_an_appointment_is_given_anew_at_most_once(office: Office, dossier: Dossier) -> None:
    sign(office, dossier)
    with pytest.raises(Conflict) as lost:
        sign(office, dossier, until=date(2026, 12, 21))
    assert office.head.full_name in str(lost.value.message)
    assert due(dossier) == moment("2026-12-14 17:00")
    with pytest.raises(IntegrityError), transaction.atomic():
        Apology.objects.create(dossier=dossier, due_at=due(dossier), drafted_at=due(dossier))


@pytest.mark.parametrize("who", ["clerk", "specialist", "look_up", "administrator"])
def test_attack_33_only_who_leads_the_unit_signs(office: Office, dossier: Dossier, who: str) -> None:
    with pytest.raises(Refused):
        sign(office, dossier, by=getattr(office, who))
    assert not Apology.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"until": None}, "until"),
        ({"until": date(2026, 12, 9)}, "until"),
        ({"until": date(2026, 12, 13)}, "until"),
        ({"until": date(2028, 1, 3)}, "until"),
    ],
)
def test_what_cannot_be_is_said_by_its_field(
    office: Office, dossier: Dossier, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as fault:
        sign(office, dossier, **changes)
    assert list(fault.value.fields) == [field]
    assert due(dossier) == moment("2026-12-09 17:00")
    assert not RegisterEntry.objects.filter(series="apology").exists()


def test_a_clock_that_stands_still_has_no_appointment_to_give_anew(office: Office) -> None:
    waiting = at_step(office, received(office, "P2"), "await_tax")
    with pytest.raises(Conflict):
        sign(office, waiting)


# On the page ---------------------------------------------------------------------------------------


def test_the_head_signs_on_the_tab_of_the_time_limit_and_prints_there(
    client: Client, office: Office, dossier: Dossier
) -> None:
    client.force_login(office.head)
    tab, printed = reverse("dossier_clock", args=[dossier.pk]), reverse("dossier_apology", args=[dossier.pk])
    assert client.get(printed).status_code == 404
    address = reverse("dossier_apologize", args=[dossier.pk])
    assert address in client.get(tab).content.decode()
    answer = client.post(address, {"until": "14/12/2026", "reason": REASON})
    assert (answer.status_code, answer["Location"]) == (303, tab)
    page = client.get(tab).content.decode()
    assert printed in page
    assert address not in page
    assert "14/12/2026 17:00" in page
    assert client.get(printed)["Content-Type"] == "application/pdf"


def test_who_does_not_lead_sees_the_draft_without_its_form(client: Client, office: Office, dossier: Dossier) -> None:
    draft_apologies(now=moment("2026-12-08 09:00"))
    client.force_login(office.specialist)
    page = client.get(reverse("dossier_clock", args=[dossier.pk])).content.decode()
    assert "09/12/2026 17:00" in page
    assert reverse("dossier_apologize", args=[dossier.pk]) not in page


def test_attack_33_another_units_apology_is_not_there(client: Client, office: Office, dossier: Dossier) -> None:
    sign(office, dossier)
    client.force_login(office.stranger)
    for address in ("dossier_apology", "dossier_control_slip"):
        assert client.get(reverse(address, args=[dossier.pk])).status_code == 404
