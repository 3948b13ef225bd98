"""Which parcels the dossiers of before name, by the codes their forms use for it."""

from collections.abc import Iterator
from typing import Any

from django.db import migrations

from land.places import Place

_AT_ONCE = 2000


def remember(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("dossiers", "Dossier").objects.filter(received_at__isnull=False).order_by("pk")
    named = apps.get_model("dossiers", "DossierParcel")
    batch = []
    for pk, values in rows.values_list("pk", "values").iterator(chunk_size=_AT_ONCE):
        batch += [named(dossier_id=pk, commune=key[0], sheet=key[1], number=key[2]) for key in _keys(values)]
        if len(batch) >= _AT_ONCE:
            named.objects.bulk_create(batch)
            batch = []
    named.objects.bulk_create(batch)


def _keys(values: Any) -> Iterator[tuple[str, str, str]]:
    texts = [values.get(code, "") for code in ("commune", "sheet", "parcel")]
    if all(isinstance(text, str) for text in texts):
        place = Place(*texts)
        if place.is_whole:
            yield place.key


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0030_parcels_of_dossiers")]

    operations = [migrations.RunPython(remember, migrations.RunPython.noop, elidable=True)]
