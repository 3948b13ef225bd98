"""Writing and ending rights under a parcel's lock; part of the operations that do so."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from django.utils.translation import gettext as _

from land.entries import begun_by, end
from land.holders import WHOLE, Holding, Person
from land.models import Parcel
from land.rights_models import CertifiedRight, LandRight, LandUser, RightHolder, UserDescription
from land.sources import Source
from pages.domain_errors import Conflict

# More digits than shares of shares of a family's land ever need; the column holds no more.
_LARGEST = 2_000_000_000


def user_for(person: Person, source: Source) -> LandUser:
    """The user of this kind and number, described as he is told to be if he is new."""
    user, is_new = LandUser.objects.get_or_create(kind=person.kind, id_number=person.id_number.strip())
    if is_new:
        UserDescription.objects.create(
            user=user,
            name=person.name[:160],
            birth_year=person.birth_year,
            address=person.address[:250],
            **begun_by(source),
        )
    return user


def grant(
    parcel: Parcel,
    holdings: Iterable[Holding],
    source: Source,
    *,
    of: Fraction = WHOLE,
    form: str = "",
    is_verified: bool = True,
) -> list[LandRight]:
    """Rights to these shares of `of`, which is itself a share of the parcel."""
    return [
        _granted(
            parcel,
            [user_for(person, source) for person in holding.people],
            holding.share * of,
            source,
            form=form,
            is_verified=is_verified,
        )
        for holding in holdings
    ]


def _granted(
    parcel: Parcel, users: Sequence[LandUser], share: Fraction, source: Source, *, form: str, is_verified: bool
) -> LandRight:
    if share.denominator > _LARGEST:
        raise Conflict(_("The share %(share)s is too finely divided to be entered.") % {"share": str(share)})
    right = LandRight.objects.create(
        parcel=parcel,
        numerator=share.numerator,
        denominator=share.denominator,
        form=form,
        is_verified=is_verified,
        **begun_by(source),
    )
    RightHolder.objects.bulk_create(
        RightHolder(right=right, user=user, position=position) for position, user in enumerate(users, 1)
    )
    return right


def current_rights(parcel: Parcel) -> list[LandRight]:
    """In the order they were granted, each with its holders."""
    rights = LandRight.objects.filter(parcel=parcel, valid_until__isnull=True)
    return list(rights.prefetch_related("holders__user").order_by("pk"))


def users_of(right: LandRight) -> list[LandUser]:
    return [holder.user for holder in sorted(right.holders.all(), key=lambda holder: holder.position)]


def end_rights(rights: Sequence[LandRight], source: Source) -> None:
    """Ends the rights, and what certified them."""
    end(rights, source)
    end(CertifiedRight.objects.filter(right__in=rights), source)


def carried_over(
    right: LandRight,
    parcel: Parcel,
    source: Source,
    *,
    share: Fraction | None = None,
    is_verified: bool | None = None,
) -> LandRight:
    """The same right on another parcel, or as another share of the same one."""
    verified = right.is_verified if is_verified is None else is_verified
    return _granted(parcel, users_of(right), share or right.share, source, form=right.form, is_verified=verified)


def demand_shares_fit(parcel: Parcel) -> None:
    """Raises Conflict when the rights in force come to more than the whole; asked under the parcel's lock."""
    rights = LandRight.objects.filter(parcel=parcel, valid_until__isnull=True)
    total = sum((Fraction(*pair) for pair in rights.values_list("numerator", "denominator")), Fraction(0))
    if total > WHOLE:
        message = _("Together the rights on %(parcel)s would come to %(sum)s of it.")
        raise Conflict(message % {"parcel": str(parcel.place), "sum": str(total)})
