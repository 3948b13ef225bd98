"""How parcels are found: by number and place, today's and earlier ones, by who holds them and by certificate."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.sight import tokens_of
from land.models import Commune, FormerPlace, Parcel, ParcelLineage, ParcelToken
from land.operations.locked import KIND
from land.selectors import ParcelFacts, facts_of
from search.kinds import Badge, Entry, SearchKind, register

CURRENT, ENDED, UNVERIFIED = "parcel-current", "parcel-ended", "parcel-unverified"


def _load(ids: Sequence[str]) -> Iterable[Entry]:
    parcels = list(Parcel.objects.filter(pk__in=[int(one) for one in ids]).select_related("commune"))
    keys = [parcel.pk for parcel in parcels]
    tokens, earlier = tokens_of(ParcelToken, keys), _earlier_names(parcels)
    return [_entry(facts, tokens.get(facts.parcel.pk, []), earlier[facts.parcel.pk]) for facts in facts_of(parcels)]


def _earlier_names(parcels: Sequence[Parcel]) -> dict[int, list[str]]:
    """Every other number and place name by which somebody may look for each of them."""
    found: dict[int, list[str]] = defaultdict(list)
    for place in FormerPlace.objects.filter(parcel__in=parcels).order_by("pk"):
        found[place.parcel_id].append(str(place.place))
    own = [parcel.pk for parcel in parcels]
    lines = ParcelLineage.objects.filter(Q(child__in=own) | Q(parent__in=own))
    for line in lines.select_related("parent__commune", "child__commune").order_by("pk"):
        found[line.child_id].append(str(line.parent.place))
        found[line.parent_id].append(str(line.child.place))
    communes = {parcel.commune_id for parcel in parcels}
    links = Commune.objects.filter(Q(successor__in=communes) | Q(predecessors__in=communes)).distinct()
    names = [(one.pk, one.successor_id, one.name) for one in links]
    successors = {parcel.commune_id: parcel.commune.successor_id for parcel in parcels}
    for parcel in parcels:
        own_successor = successors[parcel.commune_id]
        found[parcel.pk] += [name for pk, into, name in names if into == parcel.commune_id or pk == own_successor]
    return found


def _entry(facts: ParcelFacts, tokens: Iterable[str], earlier: Sequence[str]) -> Entry:
    parcel = facts.parcel
    certificates = [f"{each.serial_shown} {each.serial} {each.register_number}" for each in facts.certificates]
    uses = [f"{line.code} {line.name}" for line in facts.land_uses]
    title = " · ".join(filter(None, [str(parcel.place), facts.purposes, facts.names]))
    return Entry(
        kind=KIND,
        id=str(parcel.pk),
        number=f"{parcel.number}/{parcel.sheet}",
        title=title[:300],
        text="\n".join(filter(None, [facts.address, *earlier, *certificates, *uses])),
        tokens=frozenset(tokens),
        status=_status(facts),
        dated=parcel.valid_from,
    )


def _status(facts: ParcelFacts) -> str:
    if not facts.parcel.is_current:
        return ENDED
    return CURRENT if facts.is_verified else UNVERIFIED


def _all_ids() -> Iterator[str]:
    rows = Parcel.objects.order_by("pk").values_list("pk", flat=True)
    return (str(pk) for pk in rows.iterator(chunk_size=2000))


def _url(parcel_id: str) -> str:
    return reverse("parcel", args=[int(parcel_id)])


STATUSES = {
    CURRENT: Badge(_("Current"), "ok", "geo"),
    ENDED: Badge(_("No longer current"), "pause", "clock-history"),
    UNVERIFIED: Badge(_("Not verified"), "near", "question-circle"),
}

register(
    SearchKind(code=KIND, label=_("Parcels"), icon="geo-alt", load=_load, all_ids=_all_ids, url=_url, statuses=STATUSES)
)
