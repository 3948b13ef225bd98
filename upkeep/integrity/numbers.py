"""Numbers without gaps: dossier codes by agency and day, tax slips and results by year."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cache

from django.db.models import Q, QuerySet
from django.utils.timezone import get_current_timezone, localtime

from accounts.models import NumberSeries, Unit
from dossiers.codes import USUAL_PATTERN, FaultyPattern, write_code
from dossiers.models import Dossier, DossierResult, FinancialObligation
from upkeep.integrity.findings import Finding, chunked
from workflow.procedures.models import ProcedureVersion
from workflow.procedures.schema import ResultKind

_DOSSIER = "dossier-"
_SLIP = "tax-slip"
_SLIP_NUMBER = re.compile(r"(\d+)/(\d{4})", re.ASCII)
_MOST_NAMED = 10


def number_findings() -> Iterator[Finding]:
    """Gaps, and numbers no series has given."""
    for rows in chunked(NumberSeries.objects.filter(kind__startswith=_DOSSIER)):
        for series in rows:
            yield from _code_faults(series)
    for dossiers in chunked(Dossier.objects.filter(code__isnull=False).select_related("received_unit")):
        yield from _without_series(dossiers)
    yield from _slip_faults()
    yield from _result_faults()


# Dossier codes ---------------------------------------------------------------------------------------


def _code_faults(series: NumberSeries) -> Iterator[Finding]:
    day = _day_of(series)
    units = list(Unit.objects.filter(_agency(series.agency)))
    codes = set(_received_on(day, units).values_list("code", flat=True))
    ways = {unit.code_pattern or USUAL_PATTERN for unit in units}
    missing = []
    for number in range(1, series.last + 1):
        written = {code for way in ways for code in _written(way, series.agency, day, number)}
        if not written & codes:
            missing.append(number)
        codes -= written
    about = f"series:{series.agency} {day}"
    if missing:
        yield Finding("code.gap", about, f"no dossier has the number {_named(missing)} of {series.last}")
    if codes:
        yield Finding("code.foreign", about, f"not written by this series: {_named(sorted(map(str, codes)))}")


def _agency(code: str) -> Q:
    return Q(agency_code=code) | Q(agency_code="", code=code)


def _day_of(series: NumberSeries) -> date:
    digits = series.kind.removeprefix(_DOSSIER)
    return date(series.year, int(digits[:2]), int(digits[2:]))


def _received_on(day: date, units: Iterable[Unit]) -> QuerySet[Dossier]:
    begin = datetime.combine(day, time.min, tzinfo=get_current_timezone())
    received = Dossier.objects.filter(received_unit__in=units, code__isnull=False)
    return received.filter(received_at__gte=begin, received_at__lt=begin + timedelta(days=1))


def _written(pattern: str, agency: str, day: date, number: int) -> set[str]:
    try:
        return {write_code(pattern, agency=agency, on=day, number=number)}
    except FaultyPattern:
        return set()


def _without_series(dossiers: Iterable[Dossier]) -> Iterator[Finding]:
    places = {dossier.pk: _place(dossier) for dossier in dossiers if dossier.received_at}
    years = {year for _agency_code, _kind, year in places.values()}
    known = set(
        NumberSeries.objects.filter(
            year__in=years,
            kind__in={kind for _agency_code, kind, _year in places.values()},
            agency__in={agency for agency, _kind, _year in places.values()},
        ).values_list("agency", "kind", "year")
    )
    for dossier in dossiers:
        if dossier.pk not in places:
            yield Finding("code.undated", f"dossier:{dossier.pk}", f"{dossier.code} has no moment of receipt")
        elif places[dossier.pk] not in known:
            yield Finding("code.foreign", f"dossier:{dossier.pk}", f"no series of its day has given {dossier.code}")


def _place(dossier: Dossier) -> tuple[str, str, int]:
    unit = dossier.received_unit
    day = localtime(dossier.received_at).date()
    return unit.agency_code or unit.code, f"{_DOSSIER}{day:%m%d}", day.year


# Tax slips and results -------------------------------------------------------------------------------
#
# Which agency gave a number isn't written with it, so numbers are held against all agencies of a year together: as
# many papers carry number n as agencies have come to n.


def _slip_faults() -> Iterator[Finding]:
    for year in _years(_SLIP):
        found: Counter[int] = Counter()
        slips = FinancialObligation.objects.filter(slip_number__endswith=f"/{year}")
        for number in slips.order_by().values_list("slip_number", flat=True).iterator(chunk_size=2000):
            match = _SLIP_NUMBER.fullmatch(number)
            found[int(match[1]) if match else 0] += 1
        yield from _compared(_SLIP, year, found)


def _result_faults() -> Iterator[Finding]:
    kinds = NumberSeries.objects.exclude(kind=_SLIP).exclude(kind__startswith=_DOSSIER)
    for series in sorted(set(kinds.values_list("kind", flat=True))):
        for year in _years(series):
            yield from _compared(series, year, _issued(series, year))


def _issued(series: str, year: int) -> Counter[int]:
    """How often each number of the series was given in this year."""
    kind_of = cache(_result_kind)
    found: Counter[int] = Counter()
    results = DossierResult.objects.filter(document__issued_on__year=year).exclude(document__number="")
    fields = ("dossier__version_id", "code", "document__number")
    for version_id, code, number in results.order_by().values_list(*fields).iterator(chunk_size=2000):
        kind = kind_of(version_id, code)
        if kind.series == series:
            found[_number_in(kind, year, number)] += 1
    return found


def _result_kind(version_id: int, code: str) -> ResultKind:
    return ProcedureVersion.objects.get(pk=version_id).edition.result(code)


def _number_in(kind: ResultKind, year: int, written: str) -> int:
    """The running number in a written one; 0 when it wasn't written by the edition's pattern."""
    marks = kind.number.format(number="\0", number5="\0", year=year)
    match = re.fullmatch(
        re.escape(marks).replace(re.escape("\0"), r"(\d+)", 1).replace(re.escape("\0"), r"\d+"), written
    )
    return int(match[1]) if match else 0


def _years(kind: str) -> list[int]:
    return sorted(set(NumberSeries.objects.filter(kind=kind).values_list("year", flat=True)))


def _compared(kind: str, year: int, found: Counter[int]) -> Iterator[Finding]:
    lasts = list(NumberSeries.objects.filter(kind=kind, year=year).values_list("last", flat=True))
    highest = max([*lasts, *found])
    about = f"series:{kind} {year}"
    missing, surplus = [], []
    for number in range(highest + 1):
        wanted = sum(number <= last for last in lasts) if number else 0
        missing += [number] if found[number] < wanted else []
        surplus += [number] if found[number] > wanted else []
    if missing:
        yield Finding("number.gap", about, f"no paper has the number {_named(missing)}")
    if surplus:
        yield Finding("number.foreign", about, f"more papers than agencies have the number {_named(surplus)}")


def _named(things: list[int] | list[str]) -> str:
    more = f" and {len(things) - _MOST_NAMED} more" if len(things) > _MOST_NAMED else ""
    return ", ".join(map(str, things[:_MOST_NAMED])) + more
