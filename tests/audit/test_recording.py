"""An event stands or falls with the transaction that records it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import pairwise

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from audit.chain import FIRST
from audit.models import AuditEvent, StreamHead
from audit.recording import SYSTEM, OutsideTransaction, record
from audit.verifier import verify
from tests.audit.trail import CLERK, execute, stamp, tamper, write_trail


class GivesUp(Exception):
    """The business transaction rolls back."""


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused() -> None:
    with pytest.raises(OutsideTransaction):
        stamp("dossier:1")
    assert not AuditEvent.objects.exists()
    assert not StreamHead.objects.exists()


@pytest.mark.django_db
def test_a_verb_nobody_declared_is_refused() -> None:
    with pytest.raises(KeyError):
        record("dossier:1", "paper.burnt", actor=CLERK, payload={})
    assert not StreamHead.objects.exists()


@pytest.mark.django_db
def test_a_payload_without_a_single_text_is_refused_before_anything_is_written() -> None:
    with pytest.raises(TypeError):
        stamp("dossier:1", payload={"fee": 1.5})
    assert not StreamHead.objects.exists()


@pytest.mark.django_db
def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(TypeError):
        record("dossier:1", "paper.stamped", actor=CLERK, payload={}, at=datetime(2026, 11, 9, 8, 47))  # noqa: DTZ001
    assert not StreamHead.objects.exists()


@pytest.mark.django_db
def test_an_event_costs_three_statements(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for number in (1, 2):
        with django_assert_num_queries(3):
            stamp("dossier:1", number)


@pytest.mark.django_db
def test_an_event_keeps_who_did_it_as_a_snapshot() -> None:
    moment = timezone.now()
    record("dossier:1", "paper.stamped", actor=CLERK, payload={"paper": "tờ 1"}, at=moment)
    event = AuditEvent.objects.get()
    assert (event.officer_id, event.officer_name, event.unit_id, event.unit_name, event.slot, event.address) == CLERK_IS
    assert (event.occurred_at, event.payload) == (moment, '{"paper":"tờ 1"}')


CLERK_IS = (7, "Đỗ Thị Lan Chi", 3, "Chi nhánh Hải Lộc", "update", "10.20.4.31")


@pytest.mark.django_db
def test_the_system_acts_without_an_officer() -> None:
    event = stamp("dossier:1", actor=SYSTEM)
    assert (event.officer_id, event.unit_id) == (None, None)
    assert verify().is_ok


@pytest.mark.django_db
def test_each_event_carries_the_hash_of_the_one_before_and_the_head_the_last() -> None:
    first, second, third = (stamp("dossier:1", number) for number in (1, 2, 3))
    assert [event.sequence for event in (first, second, third)] == [1, 2, 3]
    assert first.previous_hash == FIRST
    assert (second.previous_hash, third.previous_hash) == (first.hash, second.hash)
    head = StreamHead.objects.get()
    assert (head.sequence, head.hash) == (3, third.hash)


@pytest.mark.django_db
def test_streams_are_chained_apart() -> None:
    stamp("dossier:1")
    other = stamp("dossier:2")
    assert (other.sequence, other.previous_hash) == (1, FIRST)
    assert StreamHead.objects.count() == 2


@pytest.mark.django_db
def test_the_same_words_in_another_place_have_another_hash() -> None:
    moment = timezone.now()
    hashes = {
        record(stream, "paper.stamped", actor=actor, payload={}, at=moment).hash
        for stream, actor in (("dossier:1", CLERK), ("dossier:1", CLERK), ("dossier:2", CLERK), ("dossier:3", SYSTEM))
    }
    assert len(hashes) == 4


@pytest.mark.django_db
def test_a_stream_whose_head_was_removed_takes_no_more_events() -> None:
    stamp("dossier:1")
    execute("DELETE FROM audit_streamhead")
    with pytest.raises(DatabaseError), transaction.atomic():
        stamp("dossier:1", 2)
    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db
def test_a_stream_goes_on_with_the_triggers_up_after_they_were_down() -> None:
    write_trail(a=2)
    tamper("UPDATE audit_streamhead SET hash = hash")
    assert stamp("a", 3).sequence == 3
    assert verify().is_ok


@pytest.mark.databases_differ
@pytest.mark.django_db
def test_attack_80_a_business_rollback_takes_the_event_with_it() -> None:
    stamp("dossier:1")
    with pytest.raises(GivesUp), transaction.atomic():
        stamp("dossier:1", 2)
        stamp("dossier:2")
        raise GivesUp
    assert AuditEvent.objects.count() == 1
    assert stamp("dossier:1", 3).sequence == 2
    assert verify().is_ok


@pytest.mark.databases_differ
@pytest.mark.django_db
def test_attack_80_an_event_that_fails_takes_the_business_with_it() -> None:
    with pytest.raises(TypeError), transaction.atomic():
        StreamHead.objects.create(stream="the business", sequence=1, hash="x")
        stamp("dossier:1", payload={"fee": 1.5})
    assert not StreamHead.objects.exists()


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("streams", [1, 5])
def test_attack_79_writers_at_once_make_no_fork_and_no_gap(streams: int) -> None:
    threads, each = 20, 10

    def clerk(number: int) -> None:
        try:
            for turn in range(each):
                with transaction.atomic():
                    stamp(f"dossier:{(number + turn) % streams}", number * each + turn)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(clerk, range(threads)))
    for stream in range(streams):
        events = list(AuditEvent.objects.filter(stream=f"dossier:{stream}").order_by("sequence"))
        assert [event.sequence for event in events] == list(range(1, threads * each // streams + 1))
        assert all(later.previous_hash == event.hash for event, later in pairwise(events))
    verdict = verify()
    assert (verdict.events, verdict.streams, verdict.is_ok) == (threads * each, streams, True)


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
def test_writers_who_give_up_leave_no_gap() -> None:
    def clerk(number: int) -> None:
        try:
            for turn in range(6):
                try:
                    with transaction.atomic():
                        stamp("dossier:1", turn)
                        if (number + turn) % 3 == 0:
                            raise GivesUp
                except GivesUp:
                    continue
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(clerk, range(6)))
    verdict = verify()
    assert (verdict.events, verdict.is_ok) == (24, True)
