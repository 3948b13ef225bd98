"""`manage.py verify_audit`: what it prints and how it exits."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from tests.audit.trail import guards_down, stamp, tamper, write_trail

pytestmark = pytest.mark.django_db


def verify_audit(*options: str) -> tuple[str, str, int]:
    """Its output, its complaints and its exit status."""
    out, err, status = StringIO(), StringIO(), 0
    try:
        call_command("verify_audit", *options, stdout=out, stderr=err)
    except SystemExit as end:
        status = int(str(end.code))
    return out.getvalue(), err.getvalue(), status


def test_a_sound_trail_as_json() -> None:
    write_trail(a=2, b=1)
    out, err, status = verify_audit("--json")
    assert out == '{"events": 3, "streams": 2, "ok": true, "first_bad": null}\n'
    assert (err, status) == ("", 0)


def test_a_bad_trail_as_json_exits_with_1() -> None:
    write_trail(a=2, b=2)
    tamper("UPDATE audit_event SET payload = '{}' WHERE stream = 'b' AND sequence = 2")
    out, _, status = verify_audit("--json")
    assert out.count("\n") == 1
    assert json.loads(out) == {
        "events": 3,
        "streams": 2,
        "ok": False,
        "first_bad": {"stream": "b", "sequence": 2, "reason": "edited"},
    }
    assert status == 1


def test_triggers_down_exit_with_1() -> None:
    write_trail(a=1)
    with guards_down():
        out, _, status = verify_audit("--json")
        assert "the table" in verify_audit()[1]
    assert json.loads(out)["first_bad"] == {"stream": "", "sequence": 0, "reason": "guards"}
    assert status == 1


def test_in_words_it_names_the_event_or_says_all_is_well() -> None:
    write_trail(a=2)
    assert verify_audit() == ("2 events in 1 streams are as they were written\n", "", 0)
    tamper("DELETE FROM audit_event WHERE sequence = 1")
    assert verify_audit() == ("", "first bad event: 'a' #1: missing\n", 1)


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_attack_82_a_streams_name_can_say_nothing_to_the_terminal(options: list[str]) -> None:
    stamp("a\nok\x1b[2J\x9b2J\u202e")
    tamper("UPDATE audit_event SET officer_id = 8")
    out, err, status = verify_audit(*options)
    written = out + err
    assert written.isascii()
    assert written.removesuffix("\n").isprintable()
    assert status == 1
