"""Failed jobs: who sees them, what of them, and what may be done with them."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_for
from accounts.models import Officer
from audit.models import AuditEvent
from audit.verbs import words_of
from jobs.models import OutboxRow
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.accounts import OfficerFactory, UnitFactory, officer_at
from upkeep.operations import dead_letters
from upkeep.operations.dead_letters import resend, send_letter_again, send_topic_again, set_letter_aside
from upkeep.selectors import dead_letters_for, told_error

pytestmark = pytest.mark.django_db

TRACE = """Traceback (most recent call last):
  File "a.py", line 1, in a
    first("Phùng Thị Ngát")
KeyError: 'Phùng Thị Ngát'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "b.py", line 2, in b
    second()
psycopg.errors.UniqueViolation: duplicate key value violates unique constraint "dossiers_one_receipt"
DETAIL:  Key (name)=(Phùng Thị Ngát) already exists.
"""


def dead(topic: str = "index", key: str = "dossier:7", **values: Any) -> OutboxRow:
    now = timezone.now()
    known = {"created_at": now, "available_at": now, "attempts": 6, "died_at": now, "last_error": TRACE}
    return OutboxRow.objects.create(topic=topic, key=key, **{**known, **values})


def administrator() -> Officer:
    return OfficerFactory.create(is_superuser=True)


def browser_of(officer: Officer) -> Client:
    browser = Client()
    browser.force_login(officer)
    return browser


def events(verb: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(verb=verb).order_by("id"))


# What is shown ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "line"),
    [
        (TRACE, "UniqueViolation", 'duplicate key value violates unique constraint "dossiers_one_receipt"'),
        ("Traceback (most recent call last):\n  x\nValueError: bad 'Ngát'\n", "ValueError", "bad …"),
        ("Traceback (most recent call last):\n  x\nKeyError\n", "KeyError", ""),
        ("Every worker ended without a word.", "", "Every worker ended without a word."),
        ("", "", ""),
    ],
)
def test_of_an_error_its_class_and_first_line_are_told(text: str, kind: str, line: str) -> None:
    told = told_error(text)
    assert (told.kind, told.line) == (kind, line)


def test_the_page_shows_what_failed_and_nothing_of_a_person() -> None:
    dead()
    dead("read", "41")
    page = browser_of(administrator()).get(reverse("dead_letters")).content.decode()
    assert "dossier:7" in page
    assert "UniqueViolation" in page
    assert "dossiers_one_receipt" in page
    assert "Ngát" not in page
    assert "Traceback" not in page


def test_a_kind_chosen_narrows_the_list() -> None:
    dead()
    dead("read", "41")
    page = browser_of(administrator()).get(reverse("dead_letters"), {"loai": "read"})
    assert [letter.row.key for letter in page.context["found"].letters] == ["41"]
    assert [topic.name for topic in page.context["found"].topics] == ["index", "read"]


def test_work_that_waits_or_is_in_hand_is_no_dead_letter() -> None:
    dead(died_at=None)
    found = dead_letters_for(acting_for(administrator()))
    assert (found.letters, found.topics) == ([], [])
    page = browser_of(administrator()).get(reverse("dead_letters")).content.decode()
    assert 'class="empty"' in page


def test_the_list_goes_on_by_key() -> None:
    now = timezone.now()
    for number in range(55):
        dead(key=f"dossier:{number}", died_at=now - timedelta(minutes=number))
    acting = acting_for(administrator())
    first = dead_letters_for(acting)
    second = dead_letters_for(acting, key=first.page.next_key)
    keys = [letter.row.key for letter in [*first.letters, *second.letters]]
    assert keys == [f"dossier:{number}" for number in range(55)]


def test_the_navigation_names_it_to_administrators_alone() -> None:
    officer = officer_at(UnitFactory.create(), "update", ["head"])
    address = f'href="{reverse("dead_letters")}"'
    assert address in browser_of(administrator()).get(reverse("notices")).content.decode()
    assert address not in browser_of(officer).get(reverse("notices")).content.decode()


def test_nobody_else_may_look_or_act() -> None:
    row = dead()
    acting = acting_for(officer_at(UnitFactory.create(), "update", ["head"]))
    for refused in (
        lambda: dead_letters_for(acting),
        lambda: send_letter_again(row_id=row.pk, acting=acting),
        lambda: send_topic_again(topic="index", acting=acting),
        lambda: set_letter_aside(row_id=row.pk, reason="không cần", acting=acting),
    ):
        with pytest.raises(Refused):
            refused()
    assert OutboxRow.objects.get().died_at is not None


# What may be done ------------------------------------------------------------------------------------


@pytest.mark.databases_differ
def test_one_sent_again_waits_with_all_its_tries_and_the_trail_knows() -> None:
    row, other = dead(), dead("read", "41")
    browser = browser_of(administrator())
    assert browser.post(reverse("dead_letter_send", args=[row.pk])).status_code == 303
    row.refresh_from_db()
    assert (row.died_at, row.attempts) == (None, 0)
    assert OutboxRow.objects.get(pk=other.pk).died_at is not None
    [event] = events("job.sent_again")
    assert event.stream == "outbox:index"
    assert "dossier:7" in words_of(event)


def test_what_is_sent_again_twice_conflicts_and_is_recorded_once() -> None:
    row, acting = dead(), acting_for(administrator())
    send_letter_again(row_id=row.pk, acting=acting)
    with pytest.raises(Conflict):
        send_letter_again(row_id=row.pk, acting=acting)
    assert len(events("job.sent_again")) == 1


@pytest.mark.databases_differ
def test_all_of_a_kind_are_sent_again_two_of_a_key_as_one() -> None:
    for key in ("a", "a", "b"):
        dead(key=key)
    dead("read", "41")
    browser = browser_of(administrator())
    assert browser.post(reverse("dead_letters_send"), {"topic": "index"}).status_code == 303
    assert sorted(OutboxRow.objects.filter(died_at=None).values_list("key", flat=True)) == ["a", "b"]
    assert OutboxRow.objects.filter(died_at__isnull=False).get().topic == "read"
    [event] = events("job.all_sent_again")
    assert "3" in words_of(event)


def test_a_kind_without_dead_letters_conflicts() -> None:
    browser = browser_of(administrator())
    assert browser.post(reverse("dead_letters_send"), {"topic": "index"}).status_code == 409
    assert events("job.all_sent_again") == []


def test_one_press_of_the_button_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dead_letters, "AT_ONCE", 2)
    for number in range(5):
        dead(key=str(number), died_at=timezone.now() - timedelta(minutes=5 - number))
    assert send_topic_again(topic="index", acting=acting_for(administrator())) == 2
    assert sorted(OutboxRow.objects.filter(died_at=None).values_list("key", flat=True)) == ["0", "1"]
    assert resend() == {"index": 3}


def test_what_is_set_aside_is_gone_and_the_trail_says_why() -> None:
    row = dead()
    browser = browser_of(administrator())
    posted = {"reason": "Hồ sơ đã nhập lại"}
    assert browser.post(reverse("dead_letter_set_aside", args=[row.pk]), posted).status_code == 303
    assert not OutboxRow.objects.exists()
    [event] = events("job.set_aside")
    assert "Hồ sơ đã nhập lại" in words_of(event)
    assert "UniqueViolation" in event.payload
    assert "Ngát" not in event.payload


@pytest.mark.parametrize("reason", ["", "   ", "x" * 251])
def test_nothing_is_set_aside_without_a_reason_and_what_was_typed_is_kept(reason: str) -> None:
    row = dead()
    with pytest.raises(Invalid):
        set_letter_aside(row_id=row.pk, reason=reason, acting=acting_for(administrator()))
    response = browser_of(administrator()).post(reverse("dead_letter_set_aside", args=[row.pk]), {"reason": reason})
    assert response.status_code == 422
    assert reason.strip() in response.content.decode()
    assert OutboxRow.objects.filter(died_at__isnull=False).exists()


def test_work_alive_is_never_set_aside() -> None:
    row = dead(died_at=None)
    with pytest.raises(Conflict):
        set_letter_aside(row_id=row.pk, reason="không cần", acting=acting_for(administrator()))
    assert OutboxRow.objects.exists()


# The command -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "sent"),
    [([], {"index": 2, "read": 1}), (["--topic", "read"], {"read": 1}), (["--topic", "x"], {})],
)
def test_the_command_sends_again_what_was_asked_for(options: list[str], sent: dict[str, int], capsys: Any) -> None:
    for topic, key in (("index", "a"), ("index", "b"), ("read", "1")):
        dead(topic, key)
    call_command("resend_dead", "--json", *options)
    assert capsys.readouterr().out.strip() == str({"sent": sent}).replace("'", '"')
    assert OutboxRow.objects.filter(died_at=None).count() == sum(sent.values())
    assert {event.officer_id for event in events("job.all_sent_again")} <= {None}


def test_the_command_sends_one_row_and_fails_for_one_that_is_not_dead(capsys: Any) -> None:
    row = dead()
    call_command("resend_dead", "--id", str(row.pk))
    assert "index" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("resend_dead", "--id", str(row.pk))
