"""What counter and specialist should know of the parcel a form names: the register, and what else is open on it.

Warnings are no blocks: the clerk decides. Only what the law stops outright isn't received (`demand_receivable`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.acting import Acting
from dossiers.land_parcels import certificates_on
from dossiers.land_told import LandTold, place_keys, told_by
from dossiers.models import Dossier, DossierParcel
from dossiers.selectors import KIND, visible_dossiers
from dossiers.states import Status
from dossiers.usual_land import change_of
from land.catalogue import catalogue, is_land_use, rule_for
from land.models import Commune, FormerPlace, Parcel, ParcelChange
from land.places import Place, folded_alike, is_serial, serial_key
from land.rights_models import Certificate, Restriction
from land.selectors import ParcelFacts, communes_meant, facts_of, parcels_at
from land.sight import reads_register, visible_parcels
from pages.domain_errors import Invalid

OPEN = (Status.RECEIVED, Status.SUPPLEMENT_REQUESTED, Status.IN_PROCESS, Status.AWAITING_OBLIGATIONS)
# Which change of the register a dossier's change is, as the catalogue's restrictions name it.
_STOPPED_AS = {
    "transfer": "transfer_right",
    "allocate": "transfer_right",
    "divide": "split_parcel",
    "change_purpose": "change_purpose",
    "restrict": "register_mortgage",
}
_MOST = 5


# What the register has at each place a form names.
Known = Mapping[Place, Sequence[Parcel]]


@dataclass(frozen=True, slots=True)
class Warned:
    """One thing to know; `url` where to look, `tone` late for what will stop the result, near or info."""

    words: str
    tone: str = "near"
    url: str = ""
    label: str = ""


def remember_parcels(dossier: Dossier, told: LandTold) -> None:
    """Keeps which parcels a received dossier is about, so that the next one on them is warned."""
    keys = [place_keys(place) for place in _places(told)]
    DossierParcel.objects.bulk_create(
        DossierParcel(dossier=dossier, commune=commune, sheet=sheet, number=number) for commune, sheet, number in keys
    )


def demand_receivable(told: LandTold, acting: Acting) -> None:
    """Raises Invalid for a dossier that aims at what a seizure forbids (the catalogue's `blocks_intake`)."""
    change = _stopped_as(told)
    kinds = [rule.kind for rule in catalogue().restrictions if rule.blocks_intake and change in rule.stops]
    if not kinds:
        return
    found = [parcel for place in _places(told) for parcel in parcels_at(place, acting) if parcel.is_current]
    line = Restriction.objects.filter(parcel__in=found, kind__in=kinds, valid_until__isnull=True).first()
    if line is not None:
        message = _("The parcel is restricted (%(kind)s, %(party)s): such a dossier can't be received.")
        raise Invalid(message % {"kind": line.kind_words.lower(), "party": line.party})


def _places(told: LandTold) -> list[Place]:
    """Every parcel the form is about, as far as its place is told; those of a merger are as much its own."""
    others = [] if told.text("wish") == "split" else told.other_parcels
    found: dict[tuple[str, str, str], Place] = {}
    for place in [told.place, *others]:
        if place.is_whole:
            found.setdefault(place_keys(place), place)
    return list(found.values())


def _stopped_as(told: LandTold) -> str:
    change = change_of(told.edition)
    # A changed mortgage is registered anew; only its release is stopped by nothing.
    if change == "restrict" and told.text("request") == "release":
        return ""
    if change == "divide" and told.text("wish") == "merge":
        return "merge_parcels"
    return _STOPPED_AS.get(change, "")


def warnings_for(
    told: LandTold, acting: Acting, *, applicant_number: str = "", besides: int | None = None
) -> list[Warned]:
    """Everything there is to know of the parcel typed so far; nothing while its place isn't whole."""
    if not told.place.is_whole:
        return []
    known = _known(told, acting)
    found: list[Warned] = []
    if reads_register(acting):
        found = [*_of_register(told, known, applicant_number), *_of_others(told, known)]
    return [*found, *_open_on(known, acting, besides)]


def _known(told: LandTold, acting: Acting) -> Known:
    return {place: parcels_at(place, acting) for place in _places(told)}


def warnings_on(dossier: Dossier, acting: Acting) -> list[Warned]:
    """The same for a received dossier; of one that has ended, the parcels it changed."""
    if dossier.status in OPEN:
        number = dossier.applicant_id_number
        return warnings_for(told_by(dossier), acting, applicant_number=number, besides=dossier.pk)
    ids = ParcelChange.objects.filter(source_kind=KIND, source_id=dossier.pk).values("parcel")
    changed = visible_parcels(acting).filter(pk__in=ids).select_related("commune").order_by("pk")
    return [
        _linked(_("Changed in the land register: %(parcel)s.") % {"parcel": each.place}, each, "info")
        for each in changed
    ]


def stops_on(dossier: Dossier, acting: Acting) -> list[Warned]:
    """Of `warnings_on` those that will stop the result, for a glance at it: what else there is to know isn't asked."""
    told = told_by(dossier)
    if dossier.status not in OPEN or not reads_register(acting):
        return []
    known = _known(told, acting)
    warned = [*_stopping(told, known), *_of_others(told, known)]
    return [one for one in warned if one.tone == "late"]


def _stopping(told: LandTold, known: Known) -> Iterator[Warned]:
    found = known.get(told.place)
    if not found:
        return
    parcel = found[0]
    if not parcel.is_current:
        yield _ended(parcel)
        return
    yield from _held_already(told, parcel)
    yield from _restricted(told, parcel, _in_force(parcel) if _stopped_as(told) else [])
    if is_serial(told.text("certificate_serial")):
        yield from _other_certificate(told, parcel, certificates_on(parcel))


def _in_force(parcel: Parcel) -> list[Restriction]:
    return list(Restriction.objects.filter(parcel=parcel, valid_until__isnull=True).order_by("registered_at", "pk"))


def _of_others(told: LandTold, known: Known) -> Iterator[Warned]:
    """What stands in the way on the further parcels of a merger, each of which the register has to hold."""
    for place, found in known.items():
        if place == told.place:
            continue
        if not found:
            yield Warned(_("The register holds no %(parcel)s.") % {"parcel": str(place)}, "late")
            continue
        parcel = found[0]
        warned = _restricted(told, parcel, _in_force(parcel)) if parcel.is_current else [_ended(parcel)]
        # Which of them it is about has to be said.
        yield from (replace(one, label=capfirst(str(parcel.place))) for one in warned)


def _of_register(told: LandTold, known: Known, applicant_number: str) -> Iterator[Warned]:
    codes = [code for code in told.purposes() if not is_land_use(code)]
    if codes:
        yield Warned(_("The catalogue of land uses has no code %(codes)s.") % {"codes": ", ".join(codes)})
    found = known[told.place]
    if not found:
        if change_of(told.edition) not in ("register", "allocate"):
            words = _("The land register doesn't hold this parcel yet. It will be taken over as the dossier states it.")
            yield Warned(words, "info")
        return
    parcel = found[0]
    [facts] = facts_of([parcel])
    if not parcel.is_current:
        yield _ended(parcel)
        return
    yield from _held_already(told, parcel)
    yield from _restricted(told, parcel, facts.restrictions)
    yield from _differing(told, facts, applicant_number)


def _ended(parcel: Parcel) -> Warned:
    words = _("This parcel is no longer current since %(day)s (dossier %(code)s). It became: %(became)s.")
    became = [str(line.child.place) for line in parcel.became.select_related("child__commune").order_by("pk")]
    day = date_format(parcel.valid_until, "SHORT_DATE_FORMAT") if parcel.valid_until else ""
    told = {"day": day, "code": parcel.ended_code, "became": "; ".join(became) or "–"}
    return _linked(words % told, parcel, "late")


def _held_already(told: LandTold, parcel: Parcel) -> Iterator[Warned]:
    if change_of(told.edition) == "register":
        yield _linked(_("The land register holds this parcel already."), parcel, "late")


def _restricted(told: LandTold, parcel: Parcel, restrictions: Sequence[Restriction]) -> Iterator[Warned]:
    change = _stopped_as(told)
    for line in restrictions:
        rule = rule_for(line.kind)
        words = _("%(kind)s: %(party)s, contract %(number)s, since %(day)s.") % {
            "kind": line.kind_words,
            "party": line.party,
            "number": line.contract_number or "–",
            "day": date_format(line.registered_at, "SHORT_DATE_FORMAT"),
        }
        if change in rule.stops:
            may_consent = change in rule.consent_lifts
            words += " " + (
                _("The result can't be entered without this party's written consent.")
                if may_consent
                else _("The result can't be entered while it stands.")
            )
        yield _linked(words, parcel, "late" if change in rule.stops else "near")


def _differing(told: LandTold, facts: ParcelFacts, applicant_number: str) -> Iterator[Warned]:
    """Where form and register disagree; whose name stands there isn't told at the counter."""
    area = told.number("area")
    if area is not None and facts.description and area != facts.description.area:
        words = _("The register has another area: %(area)s m².") % {"area": facts.description.area_shown}
        yield _linked(words, facts.parcel)
    yield from _other_certificate(told, facts.parcel, facts.certificates)
    numbers = {holder.user.id_number for shown in facts.rights for holder in shown.holders}
    if applicant_number and numbers and applicant_number not in numbers:
        yield _linked(_("In the register the applicant holds no right on this parcel."), facts.parcel)


def _other_certificate(told: LandTold, parcel: Parcel, certificates: Sequence[Certificate]) -> Iterator[Warned]:
    serial = told.text("certificate_serial")
    if is_serial(serial) and certificates and serial_key(serial) not in [one.serial for one in certificates]:
        shown = ", ".join(one.serial_shown for one in certificates)
        words = _("The register has another certificate in force: %(serials)s.") % {"serials": shown}
        yield _linked(words, parcel, "late")


def _linked(words: str, parcel: Parcel, tone: str = "near") -> Warned:
    return Warned(words, tone, reverse("parcel", args=[parcel.pk]), _("See the parcel"))


def open_dossiers(places: Iterable[Place], besides: int | None = None) -> Sequence[int]:
    """Dossiers under way that name one of these parcels, newest first, whoever may see them."""
    here = Q()
    for place in places:
        _commune, sheet, number = place_keys(place)
        here |= Q(commune__in=folded_alike(place.commune), sheet=sheet, number=number)
    if not here:
        return []
    rows = DossierParcel.objects.filter(here, dossier__status__in=OPEN).exclude(dossier=besides)
    return list(rows.order_by("-dossier").values_list("dossier", flat=True).distinct()[:100])


def _called(place: Place, parcels: Sequence[Parcel]) -> list[Place]:
    """The place as it is told, and by every other name and number of the parcel: communes are merged, maps redrawn."""
    found, meant = [place], communes_meant(place.commune)
    if len(meant) > 1:
        communes = Commune.objects.filter(pk__in=meant).values_list("name", flat=True)
        found += [Place(name, place.sheet, place.number) for name in communes]
    current = [parcel for parcel in parcels if parcel.is_current]
    former = FormerPlace.objects.filter(parcel__in=current).order_by("pk") if current else []
    return [*found, *(parcel.place for parcel in current), *(one.place for one in former)]


def _open_on(known: Known, acting: Acting, besides: int | None) -> Iterator[Warned]:
    ids = open_dossiers([name for place, parcels in known.items() for name in _called(place, parcels)], besides)
    if not ids:
        return
    seen = visible_dossiers(acting).filter(pk__in=ids).select_related("version__procedure").order_by("-pk")
    shown = list(seen)
    for dossier in shown[:_MOST]:
        words = _("Another dossier is open on this parcel: %(procedure)s, %(status)s.")
        told = {"procedure": dossier.version.procedure.short_name, "status": dossier.status_words.lower()}
        yield Warned(words % told, "near", reverse("dossier", args=[dossier.pk]), dossier.code or "")
    hidden = len(ids) - len(shown)
    if hidden:
        # That there is one is what the law wants known; whose it is isn't told.
        words = ngettext(
            "%(count)s dossier of other units is open on this parcel.",
            "%(count)s dossiers of other units are open on this parcel.",
            hidden,
        )
        yield Warned(words % {"count": hidden})
