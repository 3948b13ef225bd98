"""Who may read the land register: officers of the units the catalogue names, and nobody else."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.acting import Acting, kind_token
from accounts.sight import NotVisible, allow, visible
from land.catalogue import catalogue
from land.models import Parcel, ParcelToken
from pages.domain_errors import Refused


def reading_tokens() -> frozenset[str]:
    """The tokens a parcel carries."""
    return frozenset(kind_token(kind) for kind in catalogue().readers.unit_kinds)


def reads_register(acting: Acting) -> bool:
    return acting.is_superuser or bool(acting.tokens & reading_tokens())


def require_reading(acting: Acting) -> None:
    """Raises Refused for who may not read the register."""
    if not reads_register(acting):
        words = _("The land register is open to officers of land units and one-stop shops alone.")
        raise Refused(words, about=f"account:{acting.officer_id}")


def visible_parcels(acting: Acting) -> QuerySet[Parcel]:
    return visible(Parcel.objects.all(), ParcelToken, acting)


def one_parcel(acting: Acting, parcel_id: int) -> Parcel:
    """The parcel with its commune. Raises NotVisible, the same for hidden and for missing."""
    found = visible_parcels(acting).select_related("commune").filter(pk=parcel_id).first()
    if found is None:
        is_there = Parcel.objects.filter(pk=parcel_id).exists()
        raise NotVisible(about=f"parcel:{parcel_id}" if is_there else "")
    return found


def open_to_readers(parcel_id: int) -> None:
    """Lets those who read the register see a new parcel."""
    allow(ParcelToken, parcel_id, reading_tokens())
