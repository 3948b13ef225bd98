"""What was found all over a paper, gathered: said once, kept together, weighed."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ocr.figures import birth_year_of
from ocr.finding import Finding
from ocr.placing import Script, folded_in_place
from ocr.reading import FIELD_NAMES
from ocr.weighing import Weighed, Weigher

# A value belongs to the parcel or person named before it, if that is not further away; else to one named soon after.
REACH_BACK, REACH_ON = 700, 250
_OF_PARCEL = ("sheet", "area", "purposes", "address")
_OF_PERSON = ("person_id", "birth_year", "person_address")


def gather(
    findings: Iterable[Finding], scripts: Sequence[Script], page_sureness: Sequence[float | None]
) -> list[Weighed]:
    """The fields of a paper, in the order of FIELD_NAMES and groups; one value for each thing it tells."""
    found = sorted(findings, key=lambda one: one.at)
    parcels = _grouped(found, "parcel", _OF_PARCEL, first=1)
    people = _with_checks(
        _grouped(found, "person_name", _OF_PERSON, first=1 + max((one.group for one in parcels), default=0))
    )
    alone = [one for one in found if one.name not in ("parcel", "person_name", *_OF_PARCEL, *_OF_PERSON)]
    weighed = Weigher(scripts, page_sureness).choose([*alone, *parcels, *people])
    return sorted(weighed, key=lambda one: (FIELD_NAMES.index(one.field.name), one.field.group))


def _grouped(found: Sequence[Finding], head: str, others: Sequence[str], *, first: int) -> list[Finding]:
    """Findings about things that a `head` names, each thing with a number of its own from `first`."""
    numbers: dict[str, int] = {}
    heads = [one for one in found if one.name == head]
    numbered = []
    for one in heads:
        group = numbers.setdefault(folded_in_place(one.value), first + len(numbers))
        numbered.append(one.in_group(group))
    places = [one.at for one in numbered]
    groups = [one.group for one in numbered]
    numbered += [one.in_group(_group_for(one, places, groups, first)) for one in found if one.name in others]
    return numbered


def _group_for(one: Finding, places: Sequence[tuple[int, int]], groups: Sequence[int], first: int) -> int:
    """The group of the head before `one` if that is near, else of a near one after it; `places` are in order."""
    page, at = one.at
    after = bisect_right(places, one.at)
    if after and (places[after - 1][0] < page or at - places[after - 1][1] <= REACH_BACK):
        return groups[after - 1]
    if after < len(places) and places[after][0] == page and places[after][1] - at <= REACH_ON:
        return groups[after]
    return groups[after - 1] if after else first


def _with_checks(people: Sequence[Finding]) -> list[Finding]:
    """A citizen's number holds the year of birth: where both stand they confirm or belie each other."""
    years: dict[int, set[int]] = defaultdict(set)
    numbers: dict[int, set[int]] = defaultdict(set)
    for one in people:
        if one.name == "birth_year":
            years[one.group].add(int(one.value))
        elif one.name == "person_id" and (born := birth_year_of(one.value)):
            numbers[one.group].add(born)
    checked = []
    for one in people:
        other = {"birth_year": numbers, "person_id": years}.get(one.name, {}).get(one.group)
        mine = (
            int(one.value)
            if one.name == "birth_year"
            else birth_year_of(one.value)
            if one.name == "person_id"
            else None
        )
        if other and mine and one.check is not False:
            checked.append(replace(one, check=mine in other))
        else:
            checked.append(one)
    return checked
