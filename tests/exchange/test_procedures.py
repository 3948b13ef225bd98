"""Which procedures there are and what their forms ask for, as of today."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exchange.shapes import FormOut, ProcedureOut
from tests.factories.exchange import Partner, partner, trail
from tests.factories.moments import moment, stop_the_clock
from tests.factories.office import INVENTED, Office, open_office, publish
from workflow.procedures.eforms import json_schema
from workflow.procedures.selectors import version_in_force

pytestmark = pytest.mark.django_db
LIST, FORM = "/api/procedures", "/api/procedures/P6/form"


@pytest.fixture
def asking(office: Office) -> Partner:
    return partner(office.branch, has_personal_data=False)


def test_each_procedure_in_force_stands_in_the_list_once(asking: Partner) -> None:
    listed = asking.get(LIST).json()
    assert [(one["code"], one["edition"]) for one in listed] == [("P2", "2025"), ("P6", "2025")]
    assert [len(one["appointments"]) for one in listed] == [2, 1]


def test_its_shape_is_the_published_one(asking: Partner) -> None:
    first, form = asking.get(LIST).json()[0], asking.get(FORM).json()
    assert first.keys() == ProcedureOut.model_fields.keys()
    assert form.keys() == FormOut.model_fields.keys()


def test_the_edition_of_the_day_is_told(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    office = open_office("P6-2014.toml", "P6-2025.toml")
    asking = partner(office.branch, valid_from=moment("2016-01-04 08:00").date())
    told = []
    for day in ("2016-03-01 09:00", "2026-12-02 09:00"):
        stop_the_clock(monkeypatch, moment(day))
        # The token of today wasn't given in 2016.
        told.append([asking.get(LIST).json()[0]["edition"], asking.get(FORM).json()["edition"]])
    assert told == [["2014", "2014"], ["2025", "2025"]]


def test_a_procedure_published_now_is_there_at_once(asking: Partner) -> None:
    publish(INVENTED.read_text("utf-8"))
    assert "ONG" in [one["code"] for one in asking.get(LIST).json()]
    assert asking.get("/api/procedures/ONG/form").status_code == 200


def test_a_form_is_the_schema_of_the_edition_in_force(asking: Partner) -> None:
    form = asking.get(FORM).json()
    version = version_in_force("P6")
    assert version is not None
    expected = version.edition.form
    assert (form["title"], form["form_code"], form["regulation"]) == (
        expected.title,
        expected.code,
        expected.regulation,
    )
    assert form["values_schema"] == json_schema(expected.title, expected.fields)
    assert form["values_schema"]["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_a_procedure_that_is_not_in_force_has_no_form(asking: Partner) -> None:
    for code in ("P99", "p6", "P6/form", "%2e%2e"):
        response = asking.get(f"/api/procedures/{code}/form")
        assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_procedures_are_no_secret_and_leave_no_event(asking: Partner) -> None:
    asking.get(LIST)
    asking.get(FORM)
    asking.get("/api/procedures/P99/form")
    assert trail(asking.agency) == []


def test_the_list_takes_as_many_queries_however_many_procedures_there_are(asking: Partner) -> None:
    counts = []
    for _time in range(2):
        asking.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            asking.get(LIST)
        counts.append(len(queries))
        if len(counts) == 1:
            publish(INVENTED.read_text("utf-8"))
    assert counts == [4, 4]
