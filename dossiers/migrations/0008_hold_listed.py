"""Holds the papers of records that are on a list, in the archive or disposed of: no file comes to them any more."""

from collections.abc import Iterator
from typing import Any

from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone

_BATCH = 500


def hold(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    documents: Any = apps.get_model("documents", "Document")
    for dossiers in _batches(apps):
        for name in ("DossierComponent", "DossierResult", "Bundle"):
            owners: Any = apps.get_model("dossiers", name)
            papers = owners.objects.filter(dossier__in=dossiers, document__isnull=False).values("document")
            documents.objects.filter(pk__in=papers, held_at__isnull=True).update(held_at=timezone.now())


def let_go(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What was set goes with its column."""


def _batches(apps: StateApps) -> Iterator[list[int]]:
    files: Any = apps.get_model("dossiers", "RecordFile")
    wanted = files.objects.exclude(state="current").order_by("pk").values_list("pk", "dossier_id")
    last = 0
    while rows := list(wanted.filter(pk__gt=last)[:_BATCH]):
        yield [dossier_id for _pk, dossier_id in rows]
        last = rows[-1][0]


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0006_held_papers"),
        ("dossiers", "0007_packed_and_to_end"),
    ]

    operations = [
        migrations.RunPython(hold, let_go),
    ]
