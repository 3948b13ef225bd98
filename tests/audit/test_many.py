"""One action recorded on many streams: the same links, at a cost that doesn't grow."""

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from audit.many import MOST_AT_ONCE, record_many
from audit.models import AuditEvent, StreamHead
from audit.recording import OutsideTransaction
from audit.verifier import verify
from tests.audit.trail import CLERK, stamp

Payloads = dict[str, dict[str, object]]


def payloads(count: int) -> Payloads:
    return {f"dossier:{number}": {"number": number} for number in range(1, count + 1)}


def stamp_all(many: Payloads) -> None:
    record_many("paper.stamped", actor=CLERK, payloads=many)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 7, 40])
def test_however_many_streams_it_costs_three_statements(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        stamp_all(payloads(count))
    assert AuditEvent.objects.count() == count


@pytest.mark.django_db
def test_as_many_as_may_be_are_taken() -> None:
    stamp_all(payloads(MOST_AT_ONCE))
    assert verify().is_ok


@pytest.mark.django_db
def test_its_events_follow_what_stands_in_each_stream_and_are_followed() -> None:
    stamp("dossier:2")
    stamp_all(payloads(3))
    stamp_all(payloads(3))
    stamp("dossier:3")
    events = AuditEvent.objects.order_by("stream", "sequence").values_list("stream", "sequence")
    assert list(events) == [
        *(("dossier:1", number) for number in (1, 2)),
        *(("dossier:2", number) for number in (1, 2, 3)),
        *(("dossier:3", number) for number in (1, 2, 3)),
    ]
    assert verify().is_ok


@pytest.mark.django_db
def test_nothing_costs_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        stamp_all({})


@pytest.mark.django_db
def test_a_fault_in_one_of_them_writes_none() -> None:
    with pytest.raises(TypeError), transaction.atomic():
        stamp_all({**payloads(2), "dossier:3": {"fee": 1.5}})
    assert not AuditEvent.objects.exists()
    assert not StreamHead.objects.exists()


@pytest.mark.django_db
def test_a_verb_nobody_declared_and_too_many_streams_are_refused() -> None:
    with pytest.raises(KeyError):
        record_many("paper.burnt", actor=CLERK, payloads=payloads(1))
    with pytest.raises(ValueError, match="streams at once"):
        stamp_all(payloads(MOST_AT_ONCE + 1))
    assert not StreamHead.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_it_is_refused() -> None:
    with pytest.raises(OutsideTransaction):
        stamp_all(payloads(1))
