"""A database that is busy while due dates are reckoned anew: the chunk is tried again, and every case moved once."""

from contextlib import suppress

import pytest
from django.db import OperationalError, connection

from jobs.models import OutboxRow
from jobs.worker import drain
from tests.factories.moments import MORNING, stop_the_clock
from tests.workflow.almanac import day_off, ordered
from tests.workflow.ferry import River
from tests.workflow.test_busy import held
from workflow.deadlines.models import Recalculation
from workflow.deadlines.operations.recalculate import TOPIC
from workflow.engine.clockwork import ledger_of

pytestmark = [pytest.mark.databases_differ, pytest.mark.django_db(transaction=True)]


def test_attack_62_a_chunk_that_meets_a_busy_database_is_tried_again_and_moves_each_case_once(
    river: River, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_the_clock(monkeypatch)
    cases = [river.start(at=MORNING) for _number in range(3)]
    day_off(river.office)
    made = ordered(river.office)
    patience = "PRAGMA busy_timeout = 100" if connection.vendor == "sqlite" else "SET lock_timeout = '100ms'"
    with connection.cursor() as cursor:
        cursor.execute(patience)
    # On SQLite the worker can't even take the row while another writes.
    with held(cases[1].pk), suppress(OperationalError):
        drain([TOPIC])
    assert [len(ledger_of(case)) for case in cases] == [1, 1, 1]
    OutboxRow.objects.update(available_at=MORNING, leased_until=None, lease=None)
    drain([TOPIC])
    made.refresh_from_db()
    assert (made.state, made.moved) == (Recalculation.State.DONE, 3)
    assert [len(ledger_of(case)) for case in cases] == [2, 2, 2]
