"""The triggers that make `audit_event` append-only, for both databases.

A later migration that alters the table must disarm before and arm after: SQLite rebuilds the table and
would drop the triggers silently. `guards_standing` tells whether they stand.
"""

from typing import Any

from django.db import connection

_SQLITE = {
    "audit_event_no_update": "BEFORE UPDATE ON audit_event",
    "audit_event_no_delete": "BEFORE DELETE ON audit_event",
    # INSERT OR REPLACE fires no delete trigger.
    "audit_event_no_replace": "BEFORE INSERT ON audit_event WHEN EXISTS (SELECT 1 FROM audit_event"
    " WHERE id = NEW.id OR (stream = NEW.stream AND sequence = NEW.sequence))",
}
_SQLITE_BODY = "BEGIN SELECT RAISE(ABORT, 'audit_event is append-only'); END"
_POSTGRESQL = {
    "audit_event_no_change": "BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW",
    "audit_event_no_truncate": "BEFORE TRUNCATE ON audit_event FOR EACH STATEMENT",
}
_POSTGRESQL_BODY = " BEGIN RAISE EXCEPTION 'audit_event is append-only' USING ERRCODE = 'restrict_violation'; END "


def arm(apps: Any, schema_editor: Any) -> None:
    """Puts the triggers up; shaped for `migrations.RunPython`."""
    if schema_editor.connection.vendor == "sqlite":
        for name, when in _SQLITE.items():
            schema_editor.execute(f"CREATE TRIGGER {name} {when} {_SQLITE_BODY}", params=None)
        return
    schema_editor.execute(
        f"CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $${_POSTGRESQL_BODY}$$",
        params=None,
    )
    for name, when in _POSTGRESQL.items():
        schema_editor.execute(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION audit_event_refuse()", params=None)
        # ALWAYS: it holds under session_replication_role = replica too.
        schema_editor.execute(f"ALTER TABLE audit_event ENABLE ALWAYS TRIGGER {name}", params=None)


def disarm(apps: Any, schema_editor: Any) -> None:
    """Takes the triggers down: the reverse of `arm`, and the first step of a migration of the table."""
    if schema_editor.connection.vendor == "sqlite":
        for name in _SQLITE:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}", params=None)
        return
    for name in _POSTGRESQL:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON audit_event", params=None)
    schema_editor.execute("DROP FUNCTION IF EXISTS audit_event_refuse()", params=None)


def guards_standing() -> bool:
    """Whether every trigger is in place, enabled and as `arm` wrote it on the database in use."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'")
            standing = dict(cursor.fetchall())
            wanted = {name: f"CREATE TRIGGER {name} {when} {_SQLITE_BODY}" for name, when in _SQLITE.items()}
            return wanted.items() <= standing.items()
        cursor.execute(
            "SELECT tgname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
            " WHERE tgrelid = 'audit_event'::regclass AND tgenabled = 'A' AND tgqual IS NULL AND prosrc = %s",
            [_POSTGRESQL_BODY],
        )
        return set(_POSTGRESQL) <= {name for (name,) in cursor.fetchall()}
