"""Stretches of time for which no edition of a procedure is known: shown, never bridged by a guess."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from workflow.procedures.models import ProcedureVersion

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Gap:
    """From the day after one edition ended to the day before the next begins, both among it."""

    since: date
    until: date


def gaps_in(editions: Iterable[ProcedureVersion]) -> list[Gap]:
    """The gaps between the editions of one procedure, in whatever order they come; what lies outside is none."""
    gaps, covered = [], date.min
    for edition in sorted(editions, key=lambda edition: edition.effective_from):
        if date.min < covered < edition.effective_from - _DAY:
            gaps.append(Gap(covered + _DAY, edition.effective_from - _DAY))
        covered = max(covered, edition.effective_to or date.max)
    return gaps
