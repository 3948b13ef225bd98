"""What may go on a list: the files themselves, and how many there are of each year, at a cost that stays the same."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from accounts.acting import Acting
from dossiers.records_models import RecordFile
from dossiers.records_states import FileState, ListKind

# A list is read, checked and packed as one; who has more makes another.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Ready:
    """Files of a year that may go on a list of this kind; counted no further than one list takes."""

    kind: ListKind
    year: int
    files: int

    @property
    def is_more(self) -> bool:
        return self.files > AT_ONCE


def ready_files(kind: str, acting: Acting) -> QuerySet[RecordFile]:
    """What may go on a list of this kind in the officer's unit."""
    files = RecordFile.objects.filter(unit__in=acting.units)
    if kind == ListKind.DISPOSAL:
        states = [FileState.CURRENT, FileState.TRANSFERRED]
        ended = files.filter(state__in=states, retention__years__isnull=False)
        return ended.filter(keep_until__lt=timezone.localdate())
    return files.filter(state=FileState.CURRENT)


def ready_for(acting: Acting) -> list[Ready]:
    """By kind, newest year first."""
    return [*_to_transfer(acting), *_to_end(acting)]


def _to_transfer(acting: Acting) -> list[Ready]:
    files, found = ready_files(ListKind.TRANSFER, acting), dict[int, int]()
    for unit_id in sorted(acting.units):
        of_unit = files.filter(unit=unit_id)
        for year in _years(of_unit):
            # Cut off in the database: a shelf nobody ever transferred holds hundreds of thousands.
            found[year] = found.get(year, 0) + of_unit.filter(year=year)[: AT_ONCE + 1].count()
    return [Ready(ListKind.TRANSFER, year, min(found[year], AT_ONCE + 1)) for year in sorted(found, reverse=True)]


def _years(files: QuerySet[RecordFile]) -> Iterator[int]:
    """The years of these files, newest first: a step down the index for each, not a walk along all of it."""
    year = files.aggregate(last=Max("year"))["last"]
    while year is not None:
        yield year
        year = files.filter(year__lt=year).aggregate(last=Max("year"))["last"]


def _to_end(acting: Acting) -> list[Ready]:
    """What has passed its last day has an index of its own."""
    years = ready_files(ListKind.DISPOSAL, acting).order_by().values("year").annotate(files=Count("pk"))
    rows = years.order_by("-year").values_list("year", "files")
    return [Ready(ListKind.DISPOSAL, year, min(files, AT_ONCE + 1)) for year, files in rows]
