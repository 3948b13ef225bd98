"""Several processes together say of a trail what one says."""

import pytest

from audit.side_by_side import verify_side_by_side
from audit.verifier import FirstBad, Verdict, verify
from tests.audit.trail import guards_down, tamper, write_trail

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.databases_differ]


def together() -> Verdict:
    return verify_side_by_side(2, worthwhile=1)


def test_a_whole_trail_is_whole_for_all_of_them() -> None:
    write_trail(a=2, b=2, c=1)
    assert together() == verify()
    assert verify().events == 5


@pytest.mark.parametrize("stream", ["a", "d"])
def test_attack_73_an_edited_event_is_named_whoever_meets_it(stream: str) -> None:
    write_trail(a=2, b=2, c=2, d=2)
    tamper("UPDATE audit_event SET verb = 'x' WHERE stream = %s AND sequence = 2", [stream])
    assert together().first_bad == FirstBad(stream, 2, "edited")


def test_the_first_of_several_bad_events_is_named() -> None:
    write_trail(a=2, b=2, c=2, d=2)
    tamper("UPDATE audit_event SET verb = 'x' WHERE stream IN ('b', 'd') AND sequence = %s", [1])
    assert together() == verify()


def test_attack_77_a_stream_emptied_and_triggers_down_show_as_ever() -> None:
    write_trail(a=1, b=1, c=1, d=1)
    tamper("DELETE FROM audit_event WHERE stream = %s", ["c"])
    assert together() == verify()
    with guards_down():
        assert together() == verify()
