"""Certificates as an officer may read them: those that were ever about a parcel he sees."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.acting import Acting
from accounts.sight import NotVisible
from audit.selectors import HistoryLine, history
from land.models import LandUse, Parcel, ParcelDescription
from land.places import serial_key
from land.rights_models import Certificate, CertifiedRight, RightHolder, UserDescription
from land.selectors import ShownRight, parcel_ids_of, shown_rights
from land.sight import require_reading, visible_parcels

_EVENTS = 200


def visible_certificates(acting: Acting) -> QuerySet[Certificate]:
    lines = CertifiedRight.objects.filter(certificate=OuterRef("pk"), right__parcel__in=visible_parcels(acting))
    return Certificate.objects.filter(Exists(lines))


def one_certificate(acting: Acting, certificate_id: int) -> Certificate:
    """The certificate, in force or not. Raises NotVisible, the same for hidden and for missing."""
    found = visible_certificates(acting).filter(pk=certificate_id).first()
    if found is None:
        is_there = Certificate.objects.filter(pk=certificate_id).exists()
        raise NotVisible(about=f"certificate:{certificate_id}" if is_there else "")
    return found


def certificates_for(number: str, acting: Acting) -> QuerySet[Certificate]:
    """All, or those of this serial or register number. Raises Refused for who may not read the register."""
    require_reading(acting)
    rows = visible_certificates(acting)
    if number.strip():
        rows = rows.filter(Q(serial=serial_key(number)) | Q(register_number__iexact=number.strip()))
    return rows


@dataclass(slots=True)
class ListedCertificate:
    """A line of the list: what it is about, and who holds that; of one that has ended, what it certified last."""

    certificate: Certificate
    parcels: list[Parcel]
    names: list[str]


def names_on(certificates: Iterable[Certificate]) -> list[ListedCertificate]:
    """The same queries for any number of them."""
    found = {each.pk: ListedCertificate(each, [], []) for each in certificates}
    rights: dict[int, set[int]] = defaultdict(set)
    lines = CertifiedRight.objects.filter(certificate__in=found).select_related("right__parcel__commune")
    for line in lines.order_by("pk"):
        listed = found[line.certificate_id]
        if _is_last(line, listed.certificate):
            rights[line.right_id].add(line.certificate_id)
            if line.right.parcel not in listed.parcels:
                listed.parcels.append(line.right.parcel)
    for name, right_id in _holders(rights):
        for pk in rights[right_id]:
            if name not in found[pk].names:
                found[pk].names.append(name)
    return list(found.values())


def _is_last(line: CertifiedRight, certificate: Certificate) -> bool:
    return line.is_current or (not certificate.is_current and line.ended_id == certificate.ended_id)


def _holders(rights: Iterable[int]) -> list[tuple[str, int]]:
    holders = list(RightHolder.objects.filter(right__in=list(rights)).order_by("right", "position"))
    described = UserDescription.objects.filter(
        user__in={holder.user_id for holder in holders}, valid_until__isnull=True
    )
    names = dict(described.values_list("user_id", "name"))
    return [(names.get(holder.user_id, ""), holder.right_id) for holder in holders]


@dataclass(slots=True)
class CertifiedParcel:
    """A parcel a certificate is about, with the rights it certifies there."""

    parcel: Parcel
    area: str
    purposes: str
    rights: list[ShownRight]


def certified_by(certificate: Certificate) -> list[CertifiedParcel]:
    """What it certifies; of one that has ended, what it certified last, and what the parcels were then."""
    lines = CertifiedRight.objects.filter(certificate=certificate).select_related("right__parcel__commune")
    last = [line for line in lines.order_by("pk") if _is_last(line, certificate)]
    found = {line.right.parcel_id: CertifiedParcel(line.right.parcel, "", "", []) for line in last}
    for shown in shown_rights(line.right for line in last):
        found[shown.right.parcel_id].rights.append(shown)
    # The newest comes last where a day saw several.
    for description in _as_of(certificate, ParcelDescription.objects.filter(parcel__in=found)):
        found[description.parcel_id].area = description.area_shown
    uses: dict[int, list[str]] = defaultdict(list)
    for use in _as_of(certificate, LandUse.objects.filter(parcel__in=found)):
        uses[use.parcel_id].append(use.code)
    for parcel_id, codes in uses.items():
        found[parcel_id].purposes = "+".join(codes)
    return list(found.values())


def _as_of(certificate: Certificate, lines: QuerySet[Any]) -> QuerySet[Any]:
    """The lines in force; of a certificate that has ended those its end found, not those that came with it."""
    if certificate.is_current:
        return lines.filter(valid_until__isnull=True).order_by("pk")
    day, by = certificate.valid_until, certificate.ended_id
    standing = Q(valid_until__isnull=True) | Q(valid_until__gt=day) | Q(valid_until=day, ended_id=by)
    found = lines.filter(standing, valid_from__lte=day)
    return (found if certificate.source_id == by else found.exclude(source_id=by)).order_by("pk")


def story_of(certificate: Certificate) -> list[HistoryLine]:
    """What happened to it, newest first: told on the streams of its parcels."""
    streams = [f"parcel:{pk}" for pk in sorted(parcel_ids_of(certificate))]
    lines, own = history(streams, limit=_EVENTS), certificate.serial_shown
    return [line for line in lines if line.event.verb.startswith("certificate.") and _serial_in(line) == own]


def _serial_in(line: HistoryLine) -> object:
    return json.loads(line.event.payload).get("serial")
