"""How far a batch is: how many files of each fate, how quickly they are read, and when it should be through."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Count, Q, Sum
from django.utils import timezone

from documents.batch_models import Batch, BatchArchive, BatchItem, Fate
from documents.batch_selectors import versions_to_retry
from documents.models import Reading
from documents.states import CopyState, ReadingState, Screening

# The pace of the last minutes tells more of the next ones than that of last night.
_WINDOW = timedelta(minutes=10)
_BROUGHT = Q(fate=Fate.BROUGHT)
_FAILED = _BROUGHT & Q(version__reading_state=ReadingState.FAILED)
_AWAY = Q(version__screening=Screening.QUARANTINED)


@dataclass(frozen=True, slots=True)
class Counts:
    """Files of a batch by what became of them; `away` are in quarantine, `failed` not readable."""

    waiting: int
    reading: int
    read: int
    failed: int
    away: int
    refused: int
    repeated: int

    @property
    def in_hand(self) -> int:
        return self.waiting + self.reading

    @property
    def done(self) -> int:
        return self.read + self.failed + self.away

    @property
    def total(self) -> int:
        return self.in_hand + self.done

    @property
    def has_none(self) -> bool:
        """Whether nothing was brought, in vain or not."""
        return not (self.total or self.refused or self.repeated)

    @property
    def share(self) -> int:
        """Whole percent of what was taken; 100 only when nothing waits any more."""
        return 100 * self.done // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class Pace:
    pages_a_minute: float
    files_a_minute: float


class Progress:
    """A batch as its page shows it; every part is asked for when it is shown."""

    def __init__(self, batch: Batch) -> None:
        self.batch, self._now = batch, timezone.now()

    @cached_property
    def counts(self) -> Counts:
        """One query, however many files."""
        rows = BatchItem.objects.filter(batch=self.batch)
        figures: dict[str, int] = rows.aggregate(
            waiting=Count("pk", filter=_BROUGHT & Q(version__reading_state=ReadingState.WAITING)),
            reading=Count("pk", filter=_BROUGHT & Q(version__reading_state=ReadingState.READING)),
            read=Count("pk", filter=_BROUGHT & Q(version__reading_state=ReadingState.READ)),
            failed=Count("pk", filter=_FAILED & ~_AWAY),
            away=Count("pk", filter=_FAILED & _AWAY),
            refused=Count("pk", filter=Q(fate=Fate.REFUSED)),
            repeated=Count("pk", filter=Q(fate=Fate.REPEATED)),
        )
        return Counts(**figures)

    @cached_property
    def archives(self) -> list[BatchArchive]:
        """Archives being unpacked, and those given up."""
        return list(BatchArchive.objects.filter(batch=self.batch).exclude(state=CopyState.MADE).order_by("pk"))

    @property
    def is_moving(self) -> bool:
        """Whether the page should look again by itself."""
        is_unpacking = any(archive.state != CopyState.FAILED for archive in self.archives)
        return not self.batch.is_paused and (self.counts.in_hand > 0 or is_unpacking)

    @property
    def has_nothing_waiting(self) -> bool:
        """Whether all that was brought is through, told of already or not."""
        return not (self.is_moving or self.counts.in_hand or self.counts.has_none)

    @property
    def may_retry(self) -> bool:
        """Whether anything failed that another reading may change."""
        return versions_to_retry(self.batch.pk).exists()

    @cached_property
    def pace(self) -> Pace | None:
        """Of the last minutes, or since it was begun or resumed; None while nothing was read in them."""
        if self.batch.going_since is None or not self.is_moving:
            return None
        since = max(self.batch.going_since, self._now - _WINDOW)
        read = Reading.objects.filter(
            version__items__batch=self.batch, version__items__fate=Fate.BROUGHT, read_at__gte=since
        ).aggregate(files=Count("pk"), pages=Sum("version__page_count"))
        minutes = (self._now - since) / timedelta(minutes=1)
        if not read["files"] or minutes <= 0:
            return None
        return Pace((read["pages"] or 0) / minutes, read["files"] / minutes)

    @property
    def ends_at(self) -> datetime | None:
        """When the files that wait should be through at the pace of now."""
        if self.pace is None:
            return None
        return self._now + timedelta(minutes=self.counts.in_hand / self.pace.files_a_minute)
