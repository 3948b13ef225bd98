"""Who holds which share of a right, as an operation is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from pages.domain_errors import Invalid

WHOLE = Fraction(1)
LONGEST_ID = 20
# Shares are written with up to three digits (1/2, 12/100); their products may have a few more.
_LARGEST = 2_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A user of land as a dossier names him; known by kind and number, the rest describes him the first time."""

    kind: str
    id_number: str
    name: str
    birth_year: int | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """A share held by one, or by several together (vợ chồng, đồng sử dụng không phân chia)."""

    people: tuple[Person, ...]
    share: Fraction = WHOLE


def together(people: Sequence[Person]) -> list[Holding]:
    """One whole right of all of them."""
    return [Holding(tuple(people))]


def demand_whole(holdings: Sequence[Holding]) -> None:
    """Raises Invalid unless there is somebody in each, nobody twice, and the shares add up to one."""
    if not holdings or any(not holding.people for holding in holdings):
        raise Invalid(_("Say who holds the right."))
    numbers = [(person.kind, person.id_number) for holding in holdings for person in holding.people]
    if any(not number.strip() for _kind, number in numbers):
        raise Invalid(_("Every holder needs an identity number or tax code."))
    if any(len(number.strip()) > LONGEST_ID for _kind, number in numbers):
        raise Invalid(_("No identity number or tax code has more than %(count)s signs.") % {"count": LONGEST_ID})
    if len(set(numbers)) < len(numbers):
        raise Invalid(_("The same person is named twice among those who hold the right."))
    if any(holding.share <= 0 or holding.share.denominator > _LARGEST for holding in holdings):
        raise Invalid(_("A share is a part of the whole, such as 1/2."))
    total = sum((holding.share for holding in holdings), Fraction(0))
    if total != WHOLE:
        raise Invalid(_("The shares add up to %(sum)s, not to the whole.") % {"sum": str(total)})


def share_of(text: str) -> Fraction:
    """A share as forms have it: "1/2"; empty is the whole. Raises Invalid."""
    if not text.strip():
        return WHOLE
    numerator, slash, denominator = text.replace(" ", "").partition("/")
    parts = numerator, denominator or "1"
    is_right = all(part.isascii() and part.isdecimal() and len(part) <= 4 for part in parts) and int(parts[1]) > 0
    share = Fraction(int(parts[0]), int(parts[1])) if is_right else Fraction(0)
    if not 0 < share <= 1 or (slash and not denominator):
        raise Invalid(_("“%(text)s” is no share; write it as 1/2.") % {"text": text})
    return share
