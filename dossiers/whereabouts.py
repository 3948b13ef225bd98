"""In which communes (xã, phường) dossiers' land lies: lists of work are narrowed to one."""

from typing import Any

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT

from dossiers.models import Dossier, DossierParcel
from land.models import Commune
from land.places import folded_alike, folded_meant
from workflow.kinds import Places


def communes_of(dossier_ids: QuerySet[Any]) -> list[str]:
    """Each commune once: as the land register calls it, else as one of the dossiers does.

    Parcels are found by a key, which is no name to show; only where the register knows none is a form looked into.
    """
    official = (
        Commune.objects.filter(folded=OuterRef("commune"))
        .order_by(F("valid_until").desc(nulls_first=True))
        .values("name")[:1]
    )
    rows = DossierParcel.objects.filter(dossier__in=dossier_ids).values("commune")
    found = {
        key: (name, one)
        for key, name, one in rows.annotate(name=Subquery(official), one=Min("dossier_id"))
        .order_by("commune")
        .values_list("commune", "name", "one")
    }
    typed = _typed_in([one for name, one in found.values() if not name])
    # "Tân Lộc" and "xã Tân Lộc" are one place, by the fuller name.
    keys = {key for key in found if not (folded_meant(key) - {key}) & set(found)}
    return [name or typed.get(one, "") or key for key, (name, one) in found.items() if key in keys]


def _typed_in(dossier_ids: list[int]) -> dict[int, str]:
    """What the forms call the commune, without the province behind it."""
    if not dossier_ids:
        return {}
    rows = Dossier.objects.filter(pk__in=dossier_ids).values_list("pk", KT("values__commune"))
    return {pk: text.partition(",")[0].strip() for pk, text in rows if text}


def within(commune: str, column: str) -> Q:
    """The dossiers about land in this commune, however their forms write it."""
    here = DossierParcel.objects.filter(dossier=OuterRef(column), commune__in=folded_alike(commune))
    return Q(Exists(here))


PLACES = Places(named=communes_of, within=within)
