"""Numbers without gaps: dossier codes by agency and day, and every number of the outgoing register."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import get_current_timezone, localtime

from accounts.models import NumberSeries, Unit
from documents.outgoing import RegisterEntry
from documents.states import NumberState
from dossiers.apologies import FORM as APOLOGY
from dossiers.codes import USUAL_PATTERN, FaultyPattern, write_code
from dossiers.models import Dossier, DossierResult, FinancialObligation, IssuedForm
from dossiers.selectors import KIND
from upkeep.integrity.findings import Finding, chunked
from workflow.engine.minutes import ORIGIN as HAND_OVER
from workflow.models import HandOver

_DOSSIER = "dossier-"
_MOST_NAMED = 10


def number_findings() -> Iterator[Finding]:
    """Gaps, and numbers no series has given."""
    for rows in chunked(NumberSeries.objects.filter(kind__startswith=_DOSSIER)):
        for series in rows:
            yield from _code_faults(series)
    for dossiers in chunked(Dossier.objects.filter(code__isnull=False).select_related("received_unit")):
        yield from _without_series(dossiers)
    yield from _register_faults()
    yield from _unregistered()


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


# The outgoing register -------------------------------------------------------------------------------


def _register_faults() -> Iterator[Finding]:
    """Each number of a series stands in the register once, used or not, and none that no series gave."""
    for rows in chunked(NumberSeries.objects.exclude(kind__startswith=_DOSSIER)):
        for series in rows:
            entries = RegisterEntry.objects.filter(agency=series.agency, series=series.kind, year=series.year)
            found = set(entries.values_list("number", flat=True))
            missing = sorted(set(range(1, series.last + 1)) - found)
            foreign = sorted(number for number in found if number > series.last)
            about = f"series:{series.agency} {series.kind} {series.year}"
            if missing:
                yield Finding("number.gap", about, f"the register lacks the number {_named(missing)} of {series.last}")
            if foreign:
                yield Finding("number.foreign", about, f"in the register, but never given: {_named(foreign)}")
    given = NumberSeries.objects.filter(agency=OuterRef("agency"), kind=OuterRef("series"), year=OuterRef("year"))
    orphans = RegisterEntry.objects.filter(~Exists(given)).order_by("agency", "series", "year")
    for place in orphans.values_list("agency", "series", "year").distinct():
        about = f"series:{' '.join(map(str, place))}"
        yield Finding("number.foreign", about, "in the register, but there is no such series")


def _unregistered() -> Iterator[Finding]:
    """Papers that bear a number the register does not have in use for them: results, slips, apologies, minutes."""
    in_use = RegisterEntry.objects.filter(state=NumberState.USED)
    of_paper = in_use.filter(document=OuterRef("document"), written=OuterRef("document__number"))
    results = DossierResult.objects.exclude(document__number="").filter(~Exists(of_paper))
    for rows in chunked(results):
        for result in rows:
            about = f"document:{result.document_id}"
            yield Finding("number.unregistered", about, "its number is not the one the register has for it")
    of_slip = in_use.filter(origin_kind=KIND, origin_id=OuterRef("dossier"), written=OuterRef("slip_number"))
    for slips in chunked(FinancialObligation.objects.filter(~Exists(of_slip))):
        for slip in slips:
            about = f"dossier:{slip.dossier_id}"
            yield Finding("number.unregistered", about, "the register does not have the number of its slip")
    of_form = in_use.filter(origin_kind=KIND, origin_id=OuterRef("dossier"), written=OuterRef("number"))
    for forms in chunked(IssuedForm.objects.filter(~Exists(of_form), code=APOLOGY)):
        for form in forms:
            about = f"dossier:{form.dossier_id}"
            yield Finding("number.unregistered", about, "the register does not have the number of its apology")
    of_minutes = in_use.filter(origin_kind=HAND_OVER, origin_id=OuterRef("pk"))
    for hand_overs in chunked(HandOver.objects.filter(~Exists(of_minutes), accepted_at__isnull=False)):
        for one in hand_overs:
            yield Finding("number.unregistered", one.stream, "the register does not have the number of its minutes")


def _named(things: list[int] | list[str]) -> str:
    more = f" and {len(things) - _MOST_NAMED} more" if len(things) > _MOST_NAMED else ""
    return ", ".join(map(str, things[:_MOST_NAMED])) + more
