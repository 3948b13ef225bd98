"""One line a request, one a job, and nothing of a person in any of them."""

import io
import json
import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn

import pytest
import structlog
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from dossiers.models import Dossier
from jobs.outbox import enqueue
from jobs.registry import TOPICS, Job, Topic
from jobs.worker import drain
from tests.factories.accounts import OfficerFactory
from tests.factories.dossiers import at_step, begun, open_step, received, typed_intake
from tests.factories.office import Office, open_office
from upkeep.log_lines import extra, line_formatter, logging_settings

pytestmark = pytest.mark.django_db

NAME, CCCD, PHONE = "Phùng Hoàng Zquyên", "099174887766", "0900 555 777"
SOUGHT, NOTE, PLAIN = "thua dat nha ba zqtam", "Ghi chú zqnote về bà Zquyên", "zqplain"
# Whatever is written of a person, in each way it may be written.
CANARIES = ("Zquyên", "zquy", "Phùng", "Hoàng", CCCD, "0900", "555 777", "zqtam", "zqnote", PLAIN, "Zquy")


class Lines:
    """What was written, in both forms."""

    def __init__(self) -> None:
        self.streams = {form: io.StringIO() for form in ("plain", "json")}

    @property
    def text(self) -> str:
        return "\n".join(stream.getvalue() for stream in self.streams.values())

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.streams["json"].getvalue().splitlines()]

    def of(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.events if line["event"] == event]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Everything the house logs, down to what only somebody looking for a fault switches on."""
    root, kept, written = logging.getLogger(), logging.getLogger().level, Lines()
    handlers = []
    for form, stream in written.streams.items():
        handler = logging.StreamHandler(stream)
        handler.setFormatter(line_formatter(form))
        handlers.append(handler)
        root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(kept)
    for handler in handlers:
        root.removeHandler(handler)


def failing(message: str) -> Callable[..., NoReturn]:
    def fail(*args: object, **kwargs: object) -> NoReturn:
        raise IntegrityError(message)

    return fail


# A line ----------------------------------------------------------------------------------------------


def test_a_request_is_one_line_with_pattern_status_and_officer(client: Client, lines: Lines) -> None:
    officer = OfficerFactory.create(is_superuser=True)
    client.force_login(officer)
    response = client.get("/ho-so/987654/?q=zq")
    [line] = lines.of("answered")
    assert line["request_id"] == response["X-Request-ID"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/ho-so/<int:dossier_id>/", 404)
    assert line["officer"] == officer.pk
    assert line["ms"] > 0
    assert "987654" not in lines.text


def test_each_request_has_a_number_of_its_own_and_takes_none_from_outside(client: Client) -> None:
    numbers = {client.get("/healthz", HTTP_X_REQUEST_ID="injected").headers["X-Request-ID"] for _ in range(5)}
    assert len(numbers) == 5
    assert "injected" not in numbers


def test_a_line_costs_no_query(client: Client, django_assert_num_queries: Any) -> None:
    client.force_login(OfficerFactory.create())
    client.get(reverse("notices"))
    with django_assert_num_queries(0):
        Client().get("/healthz")


def test_the_incident_on_the_page_is_the_number_of_the_request(
    client: Client, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.raise_request_exception = False
    client.force_login(OfficerFactory.create())
    monkeypatch.setattr("search.views.results.find", failing(f"no {NAME}"))
    response = client.get(reverse("search"), {"q": SOUGHT})
    assert response.status_code == 500
    assert response["X-Request-ID"] == response["X-Incident"]
    assert response["X-Incident"] in response.content.decode()
    [trace] = lines.of("Internal Server Error")
    assert trace["request_id"] == response["X-Incident"]
    assert "IntegrityError: " in trace["exception"]
    assert "search/views/results.py" in trace["exception"]
    told = [line["request_id"] for line in lines.events if line["logger"] in ("pages.views", "django.request")]
    assert told == [response["X-Incident"]] * 2


def test_a_job_is_a_line_with_topic_and_key(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TOPICS, "stamp", Topic("stamp", lambda jobs: logging.getLogger("inner").info("at work")))
    with transaction.atomic():
        enqueue("stamp", "dossier:7")
    drain(["stamp"])
    for event in ("done", "at work"):
        [line] = lines.of(event)
        assert (line["topic"], line["key"], line["rows"]) == ("stamp", "dossier:7", 1)


def test_fields_nobody_vouched_for_are_dropped(lines: Lines) -> None:
    logging.getLogger("x").warning("seen", extra={"applicant": PLAIN})
    structlog.get_logger("y").warning("seen too", applicant=PLAIN, status=200)
    assert PLAIN not in lines.text
    assert lines.of("seen too")[0]["status"] == 200
    with pytest.raises(KeyError):
        extra(applicant=PLAIN)


def test_a_form_nobody_knows_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="LOG_FORMAT"):
        line_formatter("xml")


def test_nothing_django_prints_by_itself_is_left() -> None:
    loggers = logging_settings(form="json", level="INFO")["loggers"]
    assert loggers["django"]["handlers"] == loggers["django.server"]["handlers"] == []


# Nothing of a person ---------------------------------------------------------------------------------


@pytest.fixture
def office() -> Office:
    return open_office("P6-2025.toml")


@pytest.fixture
def dossier(office: Office) -> Dossier:
    changes: dict[str, Any] = {"name": NAME, "id_number": CCCD, "phone": PHONE, "address": f"thôn {PLAIN}"}
    return at_step(office, received(office, **changes), "check")


def test_no_page_leaves_anything_of_a_person_in_the_log(office: Office, dossier: Dossier, lines: Lines) -> None:
    begun(office)
    clerk, specialist = Client(), Client()
    clerk.force_login(office.clerk)
    specialist.force_login(office.specialist)
    for name in ("dossier", "dossier_papers", "dossier_steps", "dossier_clock", "dossier_history"):
        clerk.get(reverse(name, args=[dossier.pk]), {"q": NAME})
    clerk.get(reverse("search"), {"q": f"{SOUGHT} {CCCD}", "kind": PLAIN, "key": NAME})
    clerk.get(reverse("work_unit"), {"q": NAME, "key": CCCD})
    clerk.get(f"/{NAME}/{CCCD}/", {"phone": PHONE})
    clerk.get(f"/ho-so/{PLAIN}/")
    clerk.get("/", HTTP_HOST=f"{PLAIN}.example.vn")
    clerk.get("/", HTTP_REFERER=f"http://x/{NAME}", HTTP_USER_AGENT=NAME)
    clerk.post(reverse("notices_read"), {"up_to": NAME})
    clerk.post(f"/{PLAIN}", {"name": NAME})
    Client(enforce_csrf_checks=True).post(
        f"/dang-nhap/?next=/{PLAIN}", {"username": NAME}, HTTP_REFERER=f"http://{PLAIN}/"
    )
    Client().post(reverse("sign_in"), {"username": PLAIN, "password": CCCD})
    Client().get(reverse("public_status"), {"ma": CCCD, "khoa": NAME})
    Client().get(f"/viec/?q={NAME}")
    _at_the_counter(office, clerk)
    _at_the_step(dossier, specialist)
    assert len(lines.of("answered")) > 20
    assert [canary for canary in CANARIES if canary in lines.text] == []


def _at_the_counter(office: Office, clerk: Client) -> None:
    draft = begun(office)
    typed = typed_intake(office, name=NAME, id_number=CCCD, phone=PHONE, address=SOUGHT, birth_date=PLAIN).dict()
    for name in ("intake_save", "intake_receive"):
        clerk.post(reverse(name, args=[draft.pk]), typed)
    clerk.get(reverse("intake_applicant", args=[draft.pk]), {"id_number": CCCD, "kind": "person"})


def _at_the_step(dossier: Dossier, specialist: Client) -> None:
    run = open_step(dossier)
    for version in (run.version, run.version + 7):
        typed = {"version": str(version), "outcome": PLAIN, "note": NOTE}
        specialist.post(reverse("step_complete", args=[run.pk]), typed)
        specialist.post(reverse("step_reassign", args=[run.pk]), {"version": NAME, "reason": NOTE})


PLACES = [
    ("get", "search", "search.views.results.find"),
    ("get", "dossiers", "dossiers.views.listing.visible_dossiers"),
    ("post", "intake_save", "dossiers.views.intake.save_draft"),
    ("post", "step_complete", "workflow.views.steps.complete_step"),
]


@pytest.mark.parametrize(("verb", "address", "place"), PLACES)
def test_no_failure_leaves_anything_of_a_person_in_the_log(
    office: Office, dossier: Dossier, lines: Lines, monkeypatch: pytest.MonkeyPatch, verb: str, address: str, place: str
) -> None:
    of_clerk = address != "step_complete"
    browser = Client(raise_request_exception=False)
    browser.force_login(office.clerk if of_clerk else office.specialist)
    thing = {"intake_save": begun(office).pk, "step_complete": open_step(dossier).pk}.get(address)
    message = f'duplicate key: DETAIL: Key (name)=({NAME}, {CCCD}, {PHONE}) "{SOUGHT}" {NOTE} {PLAIN}'
    monkeypatch.setattr(place, failing(message))
    path = reverse(address, args=[thing] if thing else [])
    typed = {"q": SOUGHT, "name": NAME, "id_number": CCCD, "note": NOTE, "version": "1", "outcome": "forward"}
    response = getattr(browser, verb)(path, typed)
    assert response.status_code == 500
    assert lines.of("Internal Server Error")
    assert [canary for canary in CANARIES if canary in lines.text] == []


def test_no_job_that_fails_leaves_anything_of_a_person_in_the_log(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(jobs: Sequence[Job]) -> None:
        try:
            raise KeyError(NAME)
        except KeyError as fault:
            raise ValueError(f"{CCCD} {PHONE} {PLAIN}") from fault

    monkeypatch.setitem(TOPICS, "stamp", Topic("stamp", fail, attempts=1))
    with transaction.atomic():
        enqueue("stamp", "dossier:7", {"name": NAME, "note": PLAIN})
    drain(["stamp"])
    [line] = [line for line in lines.events if "exception" in line]
    assert (line["topic"], line["key"]) == ("stamp", "dossier:7")
    assert "ValueError: " in line["exception"]
    assert "caused by KeyError: " in line["exception"]
    assert [canary for canary in CANARIES if canary in lines.text] == []
