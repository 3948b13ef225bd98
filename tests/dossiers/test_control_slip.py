"""The control slip: what happened, hand by hand, as of now."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import RoleSlot, Unit
from audit.models import AuditEvent
from dossiers.control_slip import control_slip_content, print_control_slip
from dossiers.models import Dossier
from dossiers.operations.draft import begin_draft
from dossiers.operations.receive import receive_dossier
from tests.dossiers.pdf_words import words_of
from tests.factories.accounts import officer_at
from tests.factories.counter import typed_for
from tests.factories.dossiers import at_step, begun, case_behind, complete, drafted, open_step, received
from tests.factories.moments import moment
from tests.factories.office import EDITIONS, Office, open_office
from workflow.engine.operations.consult import answer_consultation, consult
from workflow.procedures.reading import read_edition

pytestmark = pytest.mark.django_db

NOW = moment("2026-12-04 10:00")


def rows(dossier: Dossier) -> list[dict[str, str]]:
    found: list[dict[str, str]] = control_slip_content(dossier, case_behind(dossier), now=NOW)["rows"]
    return found


def test_a_row_stands_for_each_passage_from_hand_to_hand(office: Office) -> None:
    dossier = received(office)
    complete(office, dossier, "forward", at=moment("2026-12-02 11:00"))
    first, second = rows(dossier)
    assert (first["given_by"], first["taken_by"]) == (
        "Phùng Thị Ngát",
        f"{office.clerk.full_name}, {office.one_stop.short_name}",
    )
    assert (first["from"], first["to"]) == ("09:00, 02/12/2026", "11:00, 02/12/2026")
    assert second["given_by"] == first["taken_by"]
    assert (second["taken_by"], second["to"]) == (office.branch.short_name, "")


def test_what_two_units_do_side_by_side_was_given_to_both_by_who_divided_it() -> None:
    office = open_office("P1-2025.toml")
    edition = read_edition((EDITIONS / "P1-2025.toml").read_text("utf-8"))
    acting = office.acting(office.clerk)
    draft = begin_draft(procedure="P1", acting=acting)
    dossier = receive_dossier(dossier_id=draft.pk, typed=typed_for(edition), acting=acting)
    complete(office, dossier, "forward")
    counter, extract, verify = rows(dossier)
    assert extract["given_by"] == verify["given_by"] == counter["taken_by"]
    assert extract["taken_by"] != verify["taken_by"]


def test_an_opinion_is_given_by_who_asks_and_what_follows_by_who_went_on(office: Office) -> None:
    dossier = at_step(office, received(office), "check")
    run, above = open_step(dossier), Unit.objects.get(code="vpdkdd")
    asked: dict[str, Any] = {
        "content": "Thửa đất có tranh chấp không?",
        "due_on": date(2026, 12, 11),
        "unit_id": above.pk,
    }
    acting = office.acting(office.specialist)
    question = consult(step_run_id=run.pk, version=run.version, acting=acting, at=NOW, **asked)
    answering = office.acting(officer_at(above, RoleSlot.Kind.UPDATE, ["specialist"]))
    answer_consultation(step_run_id=question.asked_id, answer="Không.", version=0, acting=answering, at=NOW)
    drafted(office, dossier)
    complete(office, dossier, "submit", at=NOW)
    _counter, check, opinion, sign = rows(dossier)
    assert opinion["given_by"] == sign["given_by"] == check["taken_by"]


def test_each_says_how_it_ended_against_its_own_limit(office: Office) -> None:
    """Half a day at the counter: two hours of it used on the same day, or a day and more."""
    early, late = received(office), received(office)
    complete(office, early, "forward", at=moment("2026-12-02 11:00"))
    complete(office, late, "forward", at=moment("2026-12-03 11:00"))
    assert [rows(one)[0]["verdict"] for one in (early, late)] == ["Đúng hạn", "Quá hạn"]
    assert [rows(one)[0]["time"] for one in (early, late)] == ["0,3/0,5 ngày", "1,3/0,5 ngày"]
    assert rows(early)[1]["verdict"] == "Đang giải quyết, còn hạn"


def test_a_step_outside_the_limit_says_so(office: Office) -> None:
    dossier = at_step(office, received(office, "P2"), "await_tax")
    assert rows(dossier)[-1]["verdict"] == "Không tính vào thời hạn"
    content = control_slip_content(dossier, case_behind(dossier), now=NOW)
    assert content["due"] == "đang tạm dừng tính thời hạn"


def test_it_is_printed_in_the_form_of_its_day(office: Office) -> None:
    dossier = received(office)
    text = words_of(print_control_slip(dossier, case_behind(dossier), now=NOW))
    for fact in (
        "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
        "Mẫu số 06, 03/2025/TT-VPCP",
        str(dossier.code),
        "Phùng Thị Ngát",
        office.clerk.full_name,
        office.branch.name,
        "10 giờ 00, thứ Sáu ngày 04/12/2026",
    ):
        assert fact in text, fact
    old = words_of(print_control_slip(dossier, case_behind(dossier), now=moment("2025-09-12 10:00")))
    assert "Mẫu số 05, 01/2018/TT-VPCP" in old


@pytest.mark.parametrize("step", ["", "check"])
def test_it_is_printed_at_any_time_and_leaves_nothing_behind(client: Client, office: Office, step: str) -> None:
    dossier = at_step(office, received(office), step)
    client.force_login(office.look_up)
    before = AuditEvent.objects.count()
    answer = client.get(reverse("dossier_control_slip", args=[dossier.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert AuditEvent.objects.count() == before


def test_a_draft_has_none(client: Client, office: Office) -> None:
    client.force_login(office.clerk)
    assert client.get(reverse("dossier_control_slip", args=[begun(office).pk])).status_code == 404
