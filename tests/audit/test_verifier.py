"""The verifier finds what was changed past the triggers, and names the first bad event."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from audit.chain import Link, link_hash
from audit.models import AuditEvent, StreamHead
from audit.recording import Actor, record
from audit.verifier import FirstBad, Verdict, verify
from tests.audit.trail import CLERK, execute, guards_down, stamp, tamper, write_trail

pytestmark = pytest.mark.django_db


def place(stream: str, sequence: int) -> AuditEvent:
    return AuditEvent.objects.get(stream=stream, sequence=sequence)


def forge(after: AuditEvent, *, stream: str | None = None, sequence: int | None = None) -> AuditEvent:
    """An event nobody recorded, with a hash that fits behind `after`."""
    link = Link(
        stream=after.stream if stream is None else stream,
        sequence=after.sequence + 1 if sequence is None else sequence,
        verb=after.verb,
        occurred_at=after.occurred_at,
        officer_id=after.officer_id,
        officer_name=after.officer_name,
        unit_id=after.unit_id,
        unit_name=after.unit_name,
        slot=after.slot,
        address=after.address,
        payload='{"paper":"tờ giả"}',
        previous_hash=after.hash,
    )
    return AuditEvent(**link._asdict(), hash=link_hash(link))


def make_room(stream: str, sequence: int) -> None:
    """Moves this event and all behind it one place on; from behind, for places are unique."""
    last = StreamHead.objects.get(stream=stream).sequence
    for at in range(last, sequence - 1, -1):
        execute("UPDATE audit_event SET sequence = sequence + 1 WHERE stream = %s AND sequence = %s", [stream, at])
    execute("UPDATE audit_streamhead SET sequence = sequence + 1 WHERE stream = %s", [stream])


def write_anew(stream: str, sequence: int) -> None:
    """Puts a forged event into this place, its hash and all."""
    forged = forge(place(stream, sequence - 1))
    forged.pk = place(stream, sequence).pk
    with guards_down():
        forged.save()


def edit(change: str, stream: str, sequence: int) -> None:
    tamper(f"UPDATE audit_event SET {change} WHERE stream = %s AND sequence = %s", [stream, sequence])  # noqa: S608


def test_an_empty_trail_is_as_it_was_written() -> None:
    assert verify() == Verdict(0, 0, None)


def test_a_trail_nobody_touched_is_as_it_was_written() -> None:
    write_trail(a=3, b=1, c=2)
    assert verify() == Verdict(6, 3, None)


@pytest.mark.databases_differ
@pytest.mark.parametrize(
    "change",
    [
        "stream = 'b'",
        "verb = 'paper.burnt'",
        "occurred_at = '2020-01-01 00:00:00'",
        "officer_id = 8",
        "officer_id = NULL",
        "officer_name = 'Người khác'",
        "unit_id = 4",
        "unit_name = 'Đơn vị khác'",
        "slot = 'lookup'",
        "address = '10.0.0.1'",
        "payload = '{}'",
        "payload = payload || ' '",
        "hash = ''",
        "hash = previous_hash",
        "previous_hash = ''",
    ],
)
def test_attack_73_an_edit_is_found(change: str) -> None:
    write_trail(a=4)
    edit(change, "a", 3)
    bad = verify().first_bad
    assert bad is not None
    assert (bad.stream, bad.sequence) == ("a", 3)
    # An event under another stream's name leaves a gap.
    assert bad.reason in {"edited", "unlinked", "missing"}


def test_attack_73_the_first_of_several_edits_is_named() -> None:
    write_trail(a=2, b=4, c=2)
    tamper("UPDATE audit_event SET payload = '{}' WHERE stream = 'c'")
    tamper("UPDATE audit_event SET payload = '{}' WHERE stream = 'b' AND sequence IN (4, 2)")
    assert verify() == Verdict(3, 2, FirstBad("b", 2, "edited"))


def test_attack_73_an_edit_with_its_own_hash_made_anew_unlinks_the_next() -> None:
    write_trail(a=3)
    write_anew("a", 2)
    assert verify().first_bad == FirstBad("a", 3, "unlinked")


def test_attack_73_the_last_event_written_anew_with_its_hash_is_found_by_the_head() -> None:
    write_trail(a=3, b=1)
    write_anew("a", 3)
    assert verify().first_bad == FirstBad("a", 3, "head")


if connection.vendor == "sqlite":
    FORCED = [
        "occurred_at = 'never'",
        "occurred_at = '2026-13-45 00:00:00'",
        "occurred_at = 5",
        "payload = x'00ff'",
        "payload = CAST(x'ff' AS TEXT)",
        "officer_id = 'nobody'",
        "officer_name = 1.5",
        "hash = 7",
    ]
else:
    FORCED = ["occurred_at = 'infinity'"]


@pytest.mark.databases_differ
@pytest.mark.parametrize("change", FORCED)
def test_attack_73_a_value_that_cant_be_read_back_is_named_like_any_edit(change: str) -> None:
    write_trail(a=2, b=4)
    edit(change, "b", 3)
    assert verify() == Verdict(4, 2, FirstBad("b", 3, "edited"))


@pytest.mark.databases_differ
@pytest.mark.parametrize("deleted", [1, 2, 3])
def test_attack_74_a_deletion_is_found(deleted: int) -> None:
    write_trail(a=4, b=1)
    tamper("DELETE FROM audit_event WHERE stream = 'a' AND sequence = %s", [deleted])
    assert verify() == Verdict(deleted - 1, 1, FirstBad("a", deleted, "missing"))


def test_attack_74_a_deletion_with_the_places_closed_up_is_found() -> None:
    write_trail(a=4)
    with guards_down():
        execute("DELETE FROM audit_event WHERE sequence = 2")
        execute("UPDATE audit_event SET sequence = 2 WHERE sequence = 3")
        execute("UPDATE audit_event SET sequence = 3 WHERE sequence = 4")
        execute("UPDATE audit_streamhead SET sequence = 3")
    assert verify().first_bad == FirstBad("a", 2, "unlinked")


@pytest.mark.databases_differ
def test_attack_74_a_tail_cut_off_is_found_by_the_head() -> None:
    write_trail(a=4, b=2)
    tamper("DELETE FROM audit_event WHERE stream = 'a' AND sequence > 2")
    assert verify().first_bad == FirstBad("a", 3, "head")


@pytest.mark.databases_differ
def test_attack_74_the_tail_of_the_last_stream_is_no_exception() -> None:
    write_trail(a=1, b=2)
    tamper("DELETE FROM audit_event WHERE stream = 'b' AND sequence = 2")
    assert verify().first_bad == FirstBad("b", 2, "head")


@pytest.mark.databases_differ
def test_attack_74_a_stream_emptied_is_found_by_its_head() -> None:
    write_trail(a=1, b=3)
    tamper("DELETE FROM audit_event WHERE stream = 'b'")
    assert verify() == Verdict(1, 1, FirstBad("b", 1, "head"))


def test_attack_74_a_tail_cut_off_with_the_head_set_back_to_another_hash_is_found() -> None:
    write_trail(a=4)
    tamper("DELETE FROM audit_event WHERE sequence > 2")
    execute("UPDATE audit_streamhead SET sequence = 2")
    assert verify().first_bad == FirstBad("a", 2, "head")


def test_a_head_row_removed_is_found() -> None:
    write_trail(a=1, b=2, c=1)
    execute("DELETE FROM audit_streamhead WHERE stream = 'b'")
    assert verify().first_bad == FirstBad("b", 3, "head")


def test_attack_75_an_event_put_between_others_is_found() -> None:
    write_trail(a=4)
    forged = forge(place("a", 2))
    with guards_down():
        make_room("a", 3)
        forged.save()
    # The forged one fits behind the second; that the third was written behind the second gives it away.
    assert verify().first_bad == FirstBad("a", 4, "unlinked")


def test_attack_75_an_event_added_behind_the_last_is_found_by_the_head() -> None:
    write_trail(a=2, b=1)
    forge(place("a", 2)).save()
    assert verify().first_bad == FirstBad("a", 3, "head")


def test_attack_75_several_added_behind_the_last_are_found_at_the_first() -> None:
    write_trail(a=2)
    forged = forge(place("a", 2))
    forged.save()
    forge(forged).save()
    assert verify().first_bad == FirstBad("a", 3, "head")


def test_attack_75_an_event_added_with_the_head_pointed_at_it_is_found() -> None:
    write_trail(a=2)
    forge(place("a", 2)).save()
    execute("UPDATE audit_streamhead SET sequence = 3")
    assert verify().first_bad == FirstBad("a", 3, "head")


def test_attack_75_an_event_put_before_the_first_is_found() -> None:
    write_trail(a=2)
    first = place("a", 1)
    first.hash = ""
    forge(first, sequence=0).save()
    assert verify().first_bad == FirstBad("a", 0, "unlinked")


@pytest.mark.parametrize("stream", ["", "0", "z"])
def test_attack_75_a_whole_stream_without_a_head_is_found(stream: str) -> None:
    write_trail(a=2)
    start = place("a", 1)
    start.hash = ""
    forge(start, stream=stream, sequence=1).save()
    assert verify().first_bad == FirstBad(stream, 2, "head")


@pytest.mark.databases_differ
def test_attack_76_two_events_in_each_others_place_are_found() -> None:
    write_trail(a=5)
    with guards_down():
        for old, new in ((2, 99), (4, 2), (99, 4)):
            execute("UPDATE audit_event SET sequence = %s WHERE sequence = %s", [new, old])
    assert verify().first_bad == FirstBad("a", 2, "unlinked")


def test_attack_76_events_exchanged_between_streams_are_found() -> None:
    write_trail(a=3, b=3)
    with guards_down():
        for old, new in (("a", "x"), ("b", "a"), ("x", "b")):
            execute("UPDATE audit_event SET stream = %s WHERE stream = %s AND sequence = 2", [new, old])
    bad = verify().first_bad
    assert bad is not None
    assert (bad.stream, bad.sequence) == ("a", 2)


def test_attack_76_the_order_of_rows_says_nothing_only_the_places_do() -> None:
    write_trail(a=3)
    edit("id = id + 1000", "a", 1)
    assert verify().is_ok


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
def test_verifying_while_others_write_gives_no_false_alarm() -> None:
    done = Event()

    def clerk(number: int) -> None:
        try:
            for turn in range(25):
                with transaction.atomic():
                    stamp(f"dossier:{number}:{turn % 3}", turn)
                    stamp("dossier:all", turn)
        finally:
            connection.close()

    def auditor() -> list[Verdict]:
        verdicts = []
        try:
            while not done.is_set():
                verdicts.append(verify())
        finally:
            connection.close()
        return verdicts

    with ThreadPoolExecutor(4) as pool:
        watching = pool.submit(auditor)
        try:
            list(pool.map(clerk, range(3)))
        finally:
            done.set()
        verdicts = watching.result()
    assert verdicts
    assert [verdict for verdict in verdicts if not verdict.is_ok] == []
    assert verify() == Verdict(150, 10, None)


def test_attack_82_a_name_full_of_control_characters_verifies_and_forges_nothing() -> None:
    hostile = 'Chi"},\n{"officer_name":"Khuê\r\x1b[2J\u202e'
    stamp("a", actor=Actor(7, hostile, 3, hostile, "update", "10.20.4.31"), payload={"paper": hostile})
    assert verify() == Verdict(1, 1, None)
    tamper("UPDATE audit_event SET unit_name = ''")
    assert verify().first_bad == FirstBad("a", 1, "edited")


def test_attack_82_a_boundary_moved_from_one_field_to_the_next_changes_the_hash() -> None:
    event = record("a", "paper.stamped", actor=CLERK, payload={})
    tamper("UPDATE audit_event SET officer_name = %s, unit_name = %s", [event.officer_name + '","', event.unit_name])
    assert verify().first_bad == FirstBad("a", 1, "edited")
