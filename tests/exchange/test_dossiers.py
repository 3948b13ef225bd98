"""A dossier as an agency reads it: within its agreement, with nothing more, and always in the trail."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent
from audit.verbs import words_of
from dossiers.models import Dossier
from exchange.shapes import DossierOut
from tests.factories.accounts import UnitFactory, UnitSuccessionFactory
from tests.factories.dossiers import at_step, begun, case_behind, drafted, received, shelved
from tests.factories.exchange import Partner, partner, trail
from tests.factories.office import Office

pytestmark = pytest.mark.django_db
PERSONAL = ("Phùng Thị Ngát", "099174003312", "Đồng Vừng", "0900 555 018", "1974", "Lương Văn Khởi")


def address(code: str | None) -> str:
    return f"/api/dossiers/{code}"


def read(asking: Partner, dossier: Dossier, **headers: Any) -> dict[str, Any]:
    response = asking.get(address(dossier.code), **headers)
    assert response.status_code == 200, response.content
    answer: dict[str, Any] = response.json()
    return answer


# What is told ---------------------------------------------------------------------------------------


def test_a_dossier_tells_where_it_stands(office: Office) -> None:
    dossier = at_step(office, received(office), "check")
    told = read(partner(office.branch), dossier)
    assert told["code"] == "H99.15-261202-0001"
    assert told["status"] == {"code": "in_process", "words": "Đang xử lý"}
    assert (told["procedure"]["code"], told["edition"]) == ("P6", "2025")
    assert told["received_at"] == "2026-12-02T02:00:00Z"
    assert (told["clock"], told["due_at"]) == ("running", "2026-12-09T10:00:00Z")
    assert told["received_by"] == {"agency_code": "H99.15", "name": office.one_stop.name}
    assert told["unit"] == {"agency_code": "H99.16.21", "name": office.branch.name}
    assert told["steps"] == [
        {"name": case_behind(dossier).edition_version.edition.step("check").name, "unit": told["unit"]}
    ]
    assert told["appointment"] == 1
    assert [(one["number"], one["working_days"]) for one in told["appointments"]] == [(1, 5.0)]
    assert (told["results"], told["resolved_at"], told["returned_at"]) == ([], None, None)


def test_its_shape_is_the_published_one(office: Office) -> None:
    told = read(partner(office.branch), at_step(office, received(office), ""))
    assert DossierOut(**told).dict().keys() == told.keys()
    assert told.keys() == DossierOut.model_fields.keys()


def test_a_finished_dossier_tells_its_results_numbers(office: Office) -> None:
    dossier = at_step(office, received(office), "")
    told = read(partner(office.branch), dossier)
    [result] = told["results"]
    kept = dossier.results.get().document
    assert (result["number"], result["serial"], result["state"]) == (kept.number, "AA 00000116", "issued")
    assert result["issued_on"] == "2026-12-02"
    assert (told["status"]["code"], told["steps"], told["clock"]) == ("returned", [], "stopped")
    assert told["resolved_at"] is not None
    assert told["returned_at"] is not None


def test_a_draft_of_a_result_is_not_told(office: Office) -> None:
    dossier = at_step(office, received(office), "check")
    drafted(office, dossier)
    assert read(partner(office.branch), dossier)["results"] == []


def test_a_paused_clock_promises_no_day(office: Office) -> None:
    told = read(partner(office.branch), at_step(office, received(office, "P2"), "await_tax"))
    assert (told["clock"], told["due_at"]) == ("paused", None)
    assert told["status"]["code"] == "awaiting_obligations"


def test_words_come_in_the_language_asked_for(office: Office) -> None:
    told = read(partner(office.one_stop), received(office), **{"Accept-Language": "en"})
    assert told["status"]["words"] == "Received"


# Personal data --------------------------------------------------------------------------------------


def test_the_applicants_name_is_told_when_the_agreement_includes_it(office: Office) -> None:
    assert read(partner(office.one_stop), received(office))["applicant"] == "Phùng Thị Ngát"


@pytest.mark.parametrize("procedure", ["P6", "P2"])
def test_attack_89_without_that_no_personal_data_is_told(office: Office, procedure: str) -> None:
    dossier = at_step(office, received(office, procedure), "")
    response = partner(office.branch, has_personal_data=False).get(address(dossier.code))
    assert response.json()["applicant"] is None
    assert [word for word in PERSONAL if word in response.content.decode()] == []


def test_attack_89_even_with_it_nothing_but_the_name(office: Office) -> None:
    dossier = at_step(office, received(office, "P2"), "")
    page = partner(office.branch).get(address(dossier.code)).content.decode()
    assert [word for word in PERSONAL if word in page] == ["Phùng Thị Ngát"]


def test_no_officer_is_named(office: Office) -> None:
    page = partner(office.branch).get(address(at_step(office, received(office), "check").code)).content.decode()
    assert office.specialist.full_name not in page
    assert office.clerk.full_name not in page


# Sight ----------------------------------------------------------------------------------------------


def test_attack_34_another_units_dossier_is_not_there(office: Office) -> None:
    dossier = at_step(office, received(office), "check")
    asking, elsewhere = partner(office.other_branch), address("H99.15-261202-7777")
    hidden, missing = (asking.get(path) for path in (address(dossier.code), elsewhere))
    assert hidden.status_code == 404
    headers = [
        {name: value for name, value in answer.headers.items() if name != "X-Request-ID"}
        for answer in (hidden, missing)
    ]
    assert (hidden.content, headers[0]) == (missing.content, headers[1])
    assert "title" in hidden.json()


def test_attack_34_hidden_and_missing_cost_the_same(office: Office) -> None:
    dossier = at_step(office, received(office), "check")
    asking = partner(office.other_branch)
    asking.get(address(dossier.code))
    counts = []
    for code in (dossier.code, "H99.15-261202-7777"):
        with CaptureQueriesContext(connection) as queries:
            asking.get(address(code))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("where", ["one_stop", "branch"])
def test_every_unit_a_dossier_came_to_opens_it(office: Office, where: str) -> None:
    dossier = at_step(office, received(office), "check")
    assert read(partner(getattr(office, where)), dossier)["code"] == dossier.code


def test_what_a_unit_took_over_is_seen_with_it(office: Office) -> None:
    successor = UnitFactory.create()
    dossier = at_step(office, received(office), "check")
    asking = partner(successor)
    assert asking.get(address(dossier.code)).status_code == 404
    UnitSuccessionFactory.create(predecessor=office.branch, successor=successor)
    assert asking.get(address(dossier.code)).status_code == 200


def test_what_every_officer_sees_is_not_for_agencies(office: Office) -> None:
    dossier = received(office)
    dossier.tokens.create(token="everyone")
    assert partner(office.other_branch).get(address(dossier.code)).status_code == 404


def test_a_draft_has_no_code_and_is_not_found_by_any(office: Office) -> None:
    draft = begun(office)
    asking = partner(office.one_stop)
    assert [asking.get(address(code)).status_code for code in (str(draft.pk), "None", "null")] == [404] * 3


# Trail ----------------------------------------------------------------------------------------------


def test_every_reading_is_in_the_agencys_trail(office: Office) -> None:
    asking, dossier = partner(office.branch), received(office)
    at_step(office, dossier, "check")
    for _time in range(2):
        read(asking, dossier)
    assert [verb for verb, _payload in trail(asking.agency)] == ["dossier.shared"] * 2
    event = AuditEvent.objects.latest("id")
    _verb, payload = trail(asking.agency)[-1]
    assert (event.officer_id, event.officer_name, event.address) == (None, asking.agency.name, "127.0.0.1")
    assert payload == {
        "about": f"dossier:{dossier.pk}",
        "code": dossier.code,
        "token": "máy chủ trục liên thông",
        "has_personal_data": True,
    }
    assert str(dossier.code) in words_of(event)


def test_every_refusal_is_in_the_agencys_trail_also_of_what_is_not_there(office: Office) -> None:
    asking, dossier = partner(office.other_branch), received(office)
    asking.get(address(dossier.code))
    asking.get(address("H99.15-261202-7777"))
    [(first, hidden), (second, missing)] = trail(asking.agency)
    assert (first, second) == ("access.refused", "access.refused")
    assert (hidden["about"], hidden["path"]) == (f"dossier:{dossier.pk}", address(dossier.code))
    assert (missing["about"], missing["method"]) == (f"agency:{asking.agency.pk}", "GET")


def test_nothing_is_answered_that_could_not_be_recorded(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_event: object) -> None:
        raise OSError("no space left")

    asking, dossier = partner(office.branch), at_step(office, received(office), "check")
    monkeypatch.setattr("exchange.api.record_shared", full)
    with pytest.raises(OSError, match="no space"):
        asking.get(address(dossier.code))


# Cost -----------------------------------------------------------------------------------------------

QUERIES = 12


def test_reading_takes_as_many_queries_however_many_dossiers_and_units_there_are(office: Office) -> None:
    dossier = at_step(office, received(office), "check")
    counts = []
    for asking in (partner(office.branch), partner(office.branch, *UnitFactory.create_batch(30), code="H99.30")):
        asking.get(address(dossier.code))  # What is kept between requests is warm; the day's use is written.
        with CaptureQueriesContext(connection) as queries:
            read(asking, dossier)
        counts.append(len(queries))
        if len(counts) == 1:
            shelved(dossier, 40)
    assert counts == [QUERIES, QUERIES]
