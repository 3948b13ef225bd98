"""The triggers that keep the land register: what was written stays, a line only ends, and once.

Whatever operation, shell or later code is at fault, the history of a parcel can't be rewritten through this database.
A later migration that alters one of these tables must disarm before and arm after: SQLite rebuilds the table and would
drop the triggers silently. `guards_standing` tells whether they stand.
"""

from typing import Any

from django.db import connection

# Written once: no change, no removal.
NOTED = ("land_formerplace", "land_parcellineage", "land_parcelchange", "land_certificatenote", "land_rightholder")
# Lines: only what ends them may be written, and that once.
LINES = (
    "land_parcel",
    "land_parceldescription",
    "land_landuse",
    "land_userdescription",
    "land_landright",
    "land_certificate",
    "land_certifiedright",
    "land_restriction",
)
_ENDING = {"valid_until", "ended_kind", "ended_id", "ended_code", "released_at", "ending"}
_SAYS = "the land register keeps what was written"
_POSTGRESQL_BODY = f" BEGIN RAISE EXCEPTION '{_SAYS}' USING ERRCODE = 'restrict_violation'; END "


def arm(apps: Any, schema_editor: Any) -> None:
    """Puts the triggers up; shaped for `migrations.RunPython`."""
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    if is_sqlite:
        action = f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
    else:
        schema_editor.execute(
            f"CREATE OR REPLACE FUNCTION land_refuse() RETURNS trigger LANGUAGE plpgsql AS $${_POSTGRESQL_BODY}$$",
            params=None,
        )
        action = "EXECUTE FUNCTION land_refuse()"
    for name, table, when, condition in _triggers(schema_editor.connection):
        each = f"FOR EACH ROW {condition}"
        schema_editor.execute(f"CREATE TRIGGER {name} {when} ON {table} {each} {action}", params=None)
        if not is_sqlite:
            # ALWAYS: it holds under session_replication_role = replica too.
            schema_editor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}", params=None)


def disarm(apps: Any, schema_editor: Any) -> None:
    """Takes the triggers down: the reverse of `arm`, and the first step of a migration of these tables."""
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for name, table, _when, _condition in _triggers(schema_editor.connection):
        place = "" if is_sqlite else f" ON {table}"
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{place}", params=None)
    if not is_sqlite:
        schema_editor.execute("DROP FUNCTION IF EXISTS land_refuse()", params=None)


def guards_standing() -> bool:
    """Whether every trigger is in place, and enabled, on the database in use."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled = 'A'")
        standing = {name for (name,) in cursor.fetchall()}
    return {name for name, *_rest in _triggers(connection)} <= standing


def _triggers(database: Any) -> list[tuple[str, str, str, str]]:
    """Each as name, table, occasion, condition."""
    found = []
    for table in (*NOTED, *LINES):
        found.append((f"{table}_no_delete", table, "BEFORE DELETE", ""))
        if table in NOTED:
            found.append((f"{table}_no_update", table, "BEFORE UPDATE", ""))
        else:
            found.append((f"{table}_ended", table, "BEFORE UPDATE", "WHEN (OLD.valid_until IS NOT NULL)"))
            columns = ", ".join(_kept_columns(database, table))
            found.append((f"{table}_kept", table, f"BEFORE UPDATE OF {columns}", ""))
    return found


def _kept_columns(database: Any, table: str) -> list[str]:
    with database.cursor() as cursor:
        columns = [column.name for column in database.introspection.get_table_description(cursor, table)]
    return [column for column in columns if column not in _ENDING]
