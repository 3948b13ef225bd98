"""The triggers refuse what only tampering would do, and it shows when they are down."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from audit.append_only import guards_standing
from audit.models import AuditEvent
from audit.verifier import FirstBad, verify
from tests.audit.trail import execute, guards_down, write_trail

pytestmark = [pytest.mark.databases_differ, pytest.mark.django_db]

COPY = (
    "INTO audit_event (id, stream, sequence, verb, occurred_at, officer_id, officer_name, unit_id, unit_name, slot,"
    " address, payload, previous_hash, hash) SELECT {id}, stream, {sequence}, verb, occurred_at, 8, officer_name,"
    " unit_id, unit_name, slot, address, payload, previous_hash, hash FROM audit_event WHERE sequence = 2"
)
REFUSED = [
    "UPDATE audit_event SET officer_id = 8",
    "UPDATE audit_event SET id = id + 100 WHERE sequence = 2",
    "DELETE FROM audit_event",
    "DELETE FROM audit_event WHERE sequence = 3",
    "INSERT " + COPY.format(id="id", sequence=99) + " ON CONFLICT (id) DO UPDATE SET officer_id = 8",
]
if connection.vendor == "sqlite":
    REFUSED += [
        "INSERT OR REPLACE " + COPY.format(id="id", sequence=99),
        "REPLACE " + COPY.format(id="999", sequence="sequence"),
        "UPDATE OR REPLACE audit_event SET sequence = 1 WHERE sequence = 2",
    ]
    HOLLOWED = [
        ["DROP TRIGGER audit_event_no_replace"],
        [
            "DROP TRIGGER audit_event_no_update",
            "CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event BEGIN SELECT 1; END",
        ],
    ]
else:
    REFUSED += ["TRUNCATE audit_event", "TRUNCATE audit_event, audit_streamhead CASCADE"]
    HOLLOWED = [
        ["DROP TRIGGER audit_event_no_truncate ON audit_event"],
        ["ALTER TABLE audit_event DISABLE TRIGGER audit_event_no_change"],
        # Without ALWAYS it sleeps under session_replication_role = replica.
        ["ALTER TABLE audit_event ENABLE TRIGGER audit_event_no_change"],
        [
            "CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN RETURN NEW; END'",
        ],
        [
            "DROP TRIGGER audit_event_no_change ON audit_event",
            "CREATE TRIGGER audit_event_no_change BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW WHEN (false)"
            " EXECUTE FUNCTION audit_event_refuse()",
            "ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_no_change",
        ],
    ]


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses(statement: str) -> None:
    write_trail(a=3)
    before = list(AuditEvent.objects.order_by("id").values())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        execute(statement)
    assert list(AuditEvent.objects.order_by("id").values()) == before
    assert verify().is_ok


def test_triggers_taken_down_are_the_verdict() -> None:
    write_trail(a=2)
    with guards_down():
        assert not guards_standing()
        assert verify().first_bad == FirstBad("", 0, "guards")
    assert guards_standing()
    assert verify().is_ok


def test_a_bad_event_comes_before_missing_triggers() -> None:
    write_trail(a=2)
    with guards_down():
        execute("UPDATE audit_event SET officer_id = 8 WHERE sequence = 2")
        assert verify().first_bad == FirstBad("a", 2, "edited")


@pytest.mark.parametrize("statements", HOLLOWED)
def test_a_trigger_gone_disabled_or_hollow_is_noticed(statements: list[str]) -> None:
    for statement in statements:
        execute(statement)
    assert verify().first_bad == FirstBad("", 0, "guards")


@pytest.mark.django_db(transaction=True)
def test_migrating_back_takes_the_triggers_down_and_forward_puts_them_up() -> None:
    write_trail(a=2)
    try:
        MigrationExecutor(connection).migrate([("audit", "0001_initial")])
        assert not guards_standing()
    finally:
        MigrationExecutor(connection).migrate([("audit", "0002_append_only")])
    assert guards_standing()
    assert verify().is_ok
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        execute("DELETE FROM audit_event")
