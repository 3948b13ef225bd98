"""Rows of a list that somebody ticked: locked together, judged one by one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Acting
from accounts.sight import NotVisible
from pages.domain_errors import Conflict, Invalid, Refused, Words
from workflow.engine.models import Case, StepRun
from workflow.engine.operations.locked import demand_sight, stream_of
from workflow.engine.selectors import still_seen

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """A ticked row: the step run, and its version when the officer opened his list."""

    run_id: int
    version: int


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a ticked row: done, or why not."""

    run: StepRun
    reason: Words = ""

    @property
    def is_done(self) -> bool:
        return not self.reason


class NoneDone(Conflict):
    """Every row was in the way of what was to be done; `results` says of each how."""

    def __init__(self, message: Words, results: Sequence[Result]) -> None:
        super().__init__(message)
        self.results = list(results)


@contextmanager
def locked_runs(marks: Sequence[Mark], acting: Acting) -> Iterator[list[tuple[StepRun, int]]]:
    """The marked runs with their versions, in the order of their cases, once nobody else can change those.

    Four queries, however many. Raises Invalid for none or too many, NotVisible when one of them isn't there or isn't
    for these eyes: then nothing tells which.
    """
    versions = _versions(marks)
    with transaction.atomic():
        cases = StepRun.objects.filter(pk__in=versions).exclude(step="").values("process_id")
        # In order of their keys, as everybody locks: two who mark the same rows wait for, not on, each other.
        list(Case.objects.select_for_update().filter(pk__in=cases).order_by("pk").values_list("pk"))
        related = ("process__edition_version", "owner", "completed_by")
        rows = StepRun.objects.select_related(*related).filter(pk__in=versions).exclude(step="")
        runs = list(rows.order_by("process_id", "number"))
        if len(runs) != len(versions):
            raise NotVisible
        for case in {run.process_id: run.process for run in runs}.values():
            demand_sight(case, acting)
        yield [(run, versions[run.pk]) for run in runs]


def _versions(marks: Sequence[Mark]) -> dict[int, int]:
    versions = {mark.run_id: mark.version for mark in marks}
    if not versions:
        raise Invalid(_("Tick at least one row."))
    if len(versions) > AT_ONCE:
        raise Invalid(_("Tick up to %(count)s rows at once.") % {"count": AT_ONCE})
    return versions


def seen_cases(marks: Sequence[Mark], acting: Acting) -> list[Case]:
    """The cases of the marked rows, each once, in no lock: for what doesn't change them. Raises as `locked_runs`."""
    versions = _versions(marks)
    runs = StepRun.objects.select_related("process").filter(pk__in=versions).exclude(step="")
    found = {run.pk: run.process for run in runs.filter(still_seen(acting))}
    if len(found) != len(versions):
        hidden = runs.exclude(pk__in=found).first()
        raise NotVisible(about=stream_of(hidden.process) if hidden else "")
    cases = {case.pk: case for case in found.values()}
    return [cases[pk] for pk in sorted(cases)]


def judged(runs: Sequence[tuple[StepRun, int]], demand: Callable[[StepRun, int], None]) -> list[Result]:
    """Asks of every row whether it may be done. Changed ones stay as they are and say so; the rest may go on.

    Raises Refused as soon as he has no right to one of them, so that none is done, and NoneDone when all changed.
    """
    results = []
    for run, version in runs:
        try:
            demand(run, version)
        except Refused as fault:
            message = _("Nothing was changed. %(code)s: %(reason)s")
            words = message % {"code": run.process.code, "reason": fault.message}
            raise Refused(words, about=stream_of(run.process)) from fault
        except (Conflict, Invalid) as fault:
            results.append(Result(run, fault.message))
        else:
            results.append(Result(run))
    if not any(result.is_done for result in results):
        told = "; ".join(f"{result.run.process.code}: {result.reason}" for result in results)
        raise NoneDone(_("Nothing was changed. %(reasons)s") % {"reasons": told}, results)
    return results


def by_case(runs: Iterable[StepRun]) -> Iterator[tuple[Case, list[StepRun]]]:
    """The runs of each case together: branches of one dossier are told of in one event."""
    found: dict[int, list[StepRun]] = {}
    for run in runs:
        found.setdefault(run.process_id, []).append(run)
    for together in found.values():
        yield together[0].process, together
