"""Parcels under lock, for somebody who may change them, and what has to be so before anything changes."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Max
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.acting import Acting
from accounts.rights import require_update
from accounts.sight import NotVisible
from audit.recording import record
from land.catalogue import rule_for
from land.entries import noted_by
from land.models import Parcel, ParcelChange, ParcelLineage
from land.rights_models import Restriction
from land.sight import require_reading, visible_parcels
from land.sources import Source, demand_source
from land.states import Lineage, RestrictionKind
from pages.domain_errors import Conflict
from search.indexing import index_later

KIND = "parcel"


@dataclass(frozen=True, slots=True)
class Consent:
    """What the party a restriction protects agreed to, in writing: the paper, as the dossier names it."""

    paper: str

    def __bool__(self) -> bool:
        return bool(self.paper.strip())


NO_CONSENT = Consent("")


def demand_right(acting: Acting, source: Source) -> None:
    """Raises Refused for who may not change the register, Invalid for a change without a dossier."""
    require_update(acting, about=source.stream)
    require_reading(acting)
    demand_source(source)


def locked_parcels(ids: Iterable[int], acting: Acting, source: Source) -> list[Parcel]:
    """The parcels, in the order of their keys, locked until the caller's transaction ends.

    Raises Refused, NotVisible, and Conflict for one that is no longer current, or that was changed by a later
    decision: lines follow each other in time.
    """
    demand_right(acting, source)
    wanted = sorted(set(ids))
    # Alone, without the communes: see `dossiers.operations.locked`. In one order, so that two can't wait in a ring.
    locked = list(Parcel.objects.select_for_update().filter(pk__in=wanted).order_by("pk"))
    seen = set(visible_parcels(acting).filter(pk__in=wanted).values_list("pk", flat=True))
    if len(seen) < len(wanted):
        hidden = [parcel for parcel in locked if parcel.pk not in seen]
        raise NotVisible(about=hidden[0].stream if hidden else "")
    parcels = list(Parcel.objects.select_related("commune").filter(pk__in=wanted).order_by("pk"))
    for parcel in parcels:
        _demand_current(parcel)
    _demand_latest(parcels, source)
    return parcels


def locked_parcel(parcel_id: int, acting: Acting, source: Source) -> Parcel:
    """One of them."""
    [parcel] = locked_parcels([parcel_id], acting, source)
    return parcel


def _demand_current(parcel: Parcel) -> None:
    if parcel.is_current:
        return
    lines = ParcelLineage.objects.filter(parent=parcel).select_related("child__commune").order_by("pk")
    became = "; ".join(str(line.child.place) for line in lines)
    message = _("%(parcel)s is no longer current since %(day)s (dossier %(code)s). It became: %(became)s.")
    raise Conflict(
        message
        % {
            "parcel": _first_capital(str(parcel.place)),
            "day": date_format(parcel.valid_until, "SHORT_DATE_FORMAT") if parcel.valid_until else "",
            "code": parcel.ended_code,
            "became": became or "–",
        }
    )


def _first_capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _demand_latest(parcels: Collection[Parcel], source: Source) -> None:
    latest = ParcelChange.objects.filter(parcel__in=parcels).aggregate(day=Max("decided_on"))["day"]
    if latest is not None and latest > source.decided_on:
        message = _("The register already holds a change decided later, on %(day)s.")
        raise Conflict(message % {"day": date_format(latest, "SHORT_DATE_FORMAT")})


def demand_unrestricted(parcels: Iterable[Parcel], change: str, consent: Consent = NO_CONSENT) -> None:
    """Raises Conflict for a restriction in force that stands in the way of this change, in the words of who asks.

    Which kind stops what, and where the party's consent helps, stands in the catalogue.
    """
    lines = Restriction.objects.filter(parcel__in=list(parcels), valid_until__isnull=True)
    for line in lines.select_related("parcel__commune").order_by("registered_at", "pk"):
        rule = rule_for(line.kind)
        if change not in rule.stops:
            continue
        may_consent = change in rule.consent_lifts
        if may_consent and consent:
            continue
        raise Conflict(_stopped_by(line, may_consent=may_consent))


def _stopped_by(line: Restriction, *, may_consent: bool) -> str:
    words = {
        "parcel": _first_capital(str(line.parcel.place)),
        "party": line.party,
        "number": line.contract_number or "–",
        "at": date_format(localtime(line.registered_at), "SHORT_DATETIME_FORMAT"),
        "kind": line.kind_words.lower(),
    }
    if line.kind == RestrictionKind.MORTGAGE:
        message = _("%(parcel)s is mortgaged to %(party)s by contract %(number)s, registered at %(at)s.") % words
    else:
        message = _("%(parcel)s is restricted (%(kind)s, %(party)s), registered at %(at)s.") % words
    return f"{message} {_('The written consent of this party is needed.')}" if may_consent else message


def put_down(
    parcels: Iterable[Parcel], verb: str, *, source: Source, acting: Acting, payload: Mapping[str, object]
) -> None:
    """What every change of a parcel leaves: a line in the book of changes, an event on its stream, and the index."""
    for parcel in sorted(parcels, key=lambda parcel: parcel.pk):
        ParcelChange.objects.create(parcel=parcel, verb=verb, officer_name=acting.officer_name, **noted_by(source))
        told = {"parcel": str(parcel.place), "dossier": source.code, "decided_on": source.decided_on, **payload}
        record(parcel.stream, verb, actor=acting.actor, payload=told)
        index_later(KIND, str(parcel.pk))


def put_lineage(parents: Iterable[Parcel], children: Iterable[Parcel], kind: Lineage, source: Source) -> None:
    """Which parcel came from which."""
    kept = list(children)
    ParcelLineage.objects.bulk_create(
        ParcelLineage(parent=parent, child=child, kind=kind, **noted_by(source)) for parent in parents for child in kept
    )
