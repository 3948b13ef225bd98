"""Makes the file of each dossier that was closed before files were kept: for good, as nobody has said otherwise."""

from collections.abc import Iterator
from typing import Any

from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils.timezone import localtime

_BATCH = 1000


def close(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    files: Any = apps.get_model("dossiers", "RecordFile")
    batch = []
    for file in _files(apps, files):
        batch.append(file)
        if len(batch) == _BATCH:
            files.objects.bulk_create(batch, ignore_conflicts=True)
            batch = []
    files.objects.bulk_create(batch, ignore_conflicts=True)


def reopen(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What was made goes with its table."""


def _files(apps: StateApps, files: Any) -> Iterator[Any]:
    rows: Any = apps.get_model("dossiers", "Dossier")._default_manager
    closed = rows.filter(status="returned", returned_at__isnull=False).order_by("pk")
    wanted = closed.values_list("pk", "unit_id", "received_unit_id", "returned_at")
    for pk, unit_id, received_unit_id, returned_at in wanted.iterator(chunk_size=_BATCH):
        day = localtime(returned_at).date()
        yield files(dossier_id=pk, unit_id=unit_id or received_unit_id, closed_on=day, year=day.year, state="current")


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0005_records"),
    ]

    operations = [
        migrations.RunPython(close, reopen),
    ]
