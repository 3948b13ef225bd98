"""What a page of the outgoing register shows: whose, which year and series, what was sought."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from accounts.acting import Acting
from accounts.models import NumberSeries, Unit
from accounts.selectors import units_seen_by
from documents.models import DocumentType, Seal
from documents.operations.give_number import folded_words, series_of
from documents.outgoing import RegisterEntry
from documents.selectors import entry_in_register, register_for
from pages.paging import KeyPage, page_newest_first

_LONGEST_QUERY = 100


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: the newest year and every agency, series and word unless it says otherwise."""

    year: int
    agency: str
    series: str
    query: str
    key: str

    @classmethod
    def of(cls, typed: QueryDict) -> "Asked":
        year = typed.get("nam", "")
        return cls(
            year=int(year) if year.isdecimal() and len(year) == 4 else timezone.localdate().year,
            agency=typed.get("co-quan", "")[:40],
            series=typed.get("so", "")[:40],
            query=" ".join(typed.get("q", "").split())[:_LONGEST_QUERY],
            key=typed.get("key", ""),
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.agency or self.series or self.query)


@dataclass(frozen=True, slots=True)
class Book:
    """A page of the register, and what it may be narrowed to: years, agencies by code, series by code with names."""

    asked: Asked
    page: KeyPage[RegisterEntry]
    years: Sequence[int]
    agencies: Sequence[tuple[str, str]]
    series: Sequence[tuple[str, str]]


def book_for(acting: Acting, asked: Asked) -> Book:
    """The page asked for, the newest number first."""
    units = list(units_seen_by(acting))
    rows = register_for(acting).filter(year=asked.year).select_related("unit", "document_type")
    page = page_newest_first(_narrowed(rows, asked), key=asked.key)
    agencies = _agencies(units)
    begun = NumberSeries.objects.filter(agency__in=[code for code, _name in agencies])
    return Book(asked, page, _years(begun, asked.year), agencies, _named_series(begun.filter(year=asked.year)))


def types_with_numbers() -> list[DocumentType]:
    """The kinds of papers a number may be reserved for, by name."""
    today = timezone.localdate()
    kinds = DocumentType.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today), valid_from__lte=today)
    return list(kinds.exclude(number_pattern="").order_by("name", "code"))


@dataclass(frozen=True, slots=True)
class Place:
    """One number of the register, and what the officer may do with it."""

    entry: RegisterEntry
    is_keeper: bool
    is_sealed: bool


def place_for(acting: Acting, entry_id: int) -> Place:
    """Raises NotVisible, the same for hidden and for missing."""
    entry = entry_in_register(acting, entry_id)
    sealed = Seal.objects.filter(sealed__document=entry.document_id)
    is_sealed = entry.document_id is not None and sealed.exists()
    return Place(entry, acting.keeps(entry.unit_id), is_sealed)


def _narrowed(rows: QuerySet[RegisterEntry], asked: Asked) -> QuerySet[RegisterEntry]:
    if asked.agency:
        rows = rows.filter(agency=asked.agency)
    if asked.series:
        rows = rows.filter(series=asked.series)
    for word in folded_words(asked.query).split():
        fits = Q(folded__contains=word)
        rows = rows.filter(fits | Q(number=int(word)) if word.isdecimal() and len(word) < 10 else fits)
    return rows


def _years(begun: QuerySet[NumberSeries], asked: int) -> list[int]:
    """From the year in which these agencies gave a first number of any kind: a few rows tell what all entries would."""
    this = timezone.localdate().year
    first = begun.aggregate(first=Min("year"))["first"] or this
    return sorted({*range(first, this + 1), asked}, reverse=True)


def _agencies(units: Sequence[Unit]) -> list[tuple[str, str]]:
    """Agencies by the name of their first unit."""
    named: dict[str, str] = {}
    for unit in units:
        named.setdefault(unit.agency, unit.short_name)
    return list(named.items())


def _named_series(begun: QuerySet[NumberSeries]) -> list[tuple[str, str]]:
    """The series of the year: each by the name of the type whose code it is, else of the first type it serves."""
    # Other things are numbered by series too; those of the register have their first number in it.
    place = {"agency": OuterRef("agency"), "series": OuterRef("kind"), "year": OuterRef("year")}
    is_of_register = Exists(RegisterEntry.objects.filter(**place))
    codes = sorted(set(begun.filter(is_of_register).values_list("kind", flat=True)))
    named: dict[str, str] = {}
    kinds = DocumentType.objects.filter(Q(number_series__in=codes) | Q(pk__in=codes)).order_by("code")
    for kind in kinds:
        series = series_of(kind)
        if kind.code == series or series not in named:
            named[series] = kind.name
    return [(code, named.get(code, code)) for code in codes]
