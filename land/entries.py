"""Lines of the register: nothing is overwritten, a line ends where the next one begins, each by a dossier."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from land.sources import Source


class Entry(models.Model):
    """A line in force from one dossier's result until another's (dòng ghi của hồ sơ địa chính).

    valid_from, valid_until  the line counts from the first day on, from the second one no more; none: it still counts
    source_*, ended_*        the dossier that wrote it, the one that ended it; no foreign keys, dossiers stand higher
    """

    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    source_kind = models.CharField(max_length=20)
    source_id = models.BigIntegerField()
    source_code = models.CharField(max_length=60)
    ended_kind = models.CharField(max_length=20, blank=True, default="")
    ended_id = models.BigIntegerField(null=True)
    ended_code = models.CharField(max_length=60, blank=True, default="")
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True

    @property
    def is_current(self) -> bool:
        return self.valid_until is None


def constraints_of_entry(name: str) -> list[models.BaseConstraint]:
    """What the database holds of every line: it has a source, and ends by one, not before it begins."""
    return [
        models.CheckConstraint(condition=Q(source_id__gte=1) & ~Q(source_code=""), name=f"land_{name}_has_source"),
        models.CheckConstraint(
            condition=Q(valid_until__isnull=True, ended_id__isnull=True, ended_code="")
            | Q(valid_until__gte=F("valid_from"), ended_id__gte=1) & ~Q(ended_code=""),
            name=f"land_{name}_ends_by_source",
        ),
    ]


class Noted(models.Model):
    """Something that was written down once and never changes."""

    decided_on = models.DateField()
    source_kind = models.CharField(max_length=20)
    source_id = models.BigIntegerField()
    source_code = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True


def constraint_of_noted(name: str) -> models.BaseConstraint:
    return models.CheckConstraint(condition=Q(source_id__gte=1) & ~Q(source_code=""), name=f"land_{name}_has_source")


def begun_by(source: Source) -> dict[str, Any]:
    """The columns of a new line."""
    return {"valid_from": source.decided_on, **_written_by(source)}


def noted_by(source: Source) -> dict[str, Any]:
    """The columns of what is written down once."""
    return {"decided_on": source.decided_on, **_written_by(source)}


def _written_by(source: Source) -> dict[str, Any]:
    return {
        "source_kind": source.kind,
        "source_id": source.subject_id,
        "source_code": source.code,
        "recorded_at": timezone.now(),
    }


def end(lines: QuerySet[Any] | Sequence[Entry], source: Source, **more: Any) -> int:
    """Ends these lines; those that have ended stay as they are. How many there were. In the caller's transaction."""
    if not isinstance(lines, QuerySet):
        if not lines:
            return 0
        lines = type(lines[0])._default_manager.filter(pk__in=[line.pk for line in lines])
    ending = {
        "valid_until": source.decided_on,
        "ended_kind": source.kind,
        "ended_id": source.subject_id,
        "ended_code": source.code,
    }
    return lines.filter(valid_until__isnull=True).update(**ending, **more)
