"""The officers of the demonstration: made once, as an administrator makes them, with passwords only the owner reads."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.acting import acting_for
from accounts.models import Officer
from audit.models import AuditEvent
from portal.demo.people import PEOPLE, employ

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def organisation(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path
    call_command("load_organisation", verbosity=0)


def officer(username: str) -> Officer:
    return Officer.objects.get(username=username)


def test_everyone_can_sign_in_with_his_own_password() -> None:
    passwords = employ()
    assert set(passwords) == {person.username for person in PEOPLE}
    assert len(set(passwords.values())) == len(PEOPLE)
    assert all(officer(name).check_password(password) for name, password in passwords.items())


def test_the_next_demonstration_says_the_same_passwords_and_makes_nobody_twice() -> None:
    passwords = employ()
    assert employ() == passwords
    assert Officer.objects.count() == len(PEOPLE)


def test_passwords_are_random_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    first = employ()
    kept = tmp_path / "demo_passwords.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert json.loads(kept.read_text("utf-8")) == first
    kept.unlink()
    Officer.objects.filter(username="clerk").update(username="clerk.before")
    assert employ()["clerk"] != first["clerk"]


def test_no_password_is_in_the_trail() -> None:
    passwords = employ()
    trail = "".join(AuditEvent.objects.values_list("payload", flat=True))
    assert "Lan Chi" in trail
    assert [name for name, password in passwords.items() if password in trail] == []


def test_each_is_where_the_story_needs_him() -> None:
    employ()
    acting = {person.username: acting_for(officer(person.username)) for person in PEOPLE}
    assert [name for name, one in acting.items() if one.may_receive] == ["clerk"]
    assert acting["specialist"].holds("specialist", acting["head"].unit_id)
    assert [name for name, one in acting.items() if one.leads(acting["head"].unit_id)] == ["head"]
    assert not acting["lookup"].may_update
    assert acting["specialist2"].unit_id != acting["specialist"].unit_id
    assert [name for name, one in acting.items() if one.is_superuser] == ["admin"]


def test_without_the_reader_the_demonstration_says_what_to_install_and_does_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("portal.management.commands.demo.shutil.which", lambda name: None)
    with pytest.raises(CommandError, match="tesseract-ocr-vie"):
        call_command("demo", "--no-serve")
    assert not Officer.objects.exists()
