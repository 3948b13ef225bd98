"""Due dates reckoned anew after a change of the calendar, beside a tenth of the cases: a case costs what it cost."""

import gc
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.acting import acting_for
from accounts.models import Officer
from benchmarks.backends import backends, empty_database, measured, seeded
from benchmarks.rows import Row, row
from workflow.deadlines.moves import moves_by, running_cases, touched_by
from workflow.deadlines.operations.change_calendar import change_working_calendar
from workflow.deadlines.operations.recalculate import CHUNK, carry_on, recalculate_due_dates
from workflow.engine.models import Case, ClockEntry, StepRun
from worktime.models import ChangeKind
from worktime.operations.change import Change, changed_by
from worktime.selectors import calendar_in_force, calendar_row

FEW, MANY = 1_000, 10_000
# So many dossiers are made whole; of the open cases among them there are copies.
SEEDED = 1_000
Copied = TypeVar("Copied", bound=Model)
_FAR = 1_000_000
MOST_RATIO, MOST_STATEMENTS, MOST_KEPT = 1.3, 40, 20_000


def run() -> list[Row]:
    """Time of a case with few and with many of them open, and the statements of a chunk."""
    rows: list[Row] = []
    for backend in backends():
        found = {}
        for cases in (FEW, MANY):
            with empty_database(backend) as environment:
                seeded(environment, SEEDED, f"--open={SEEDED}")
                found[cases] = measured(environment, __name__, most=cases)
        rows += _rows(backend.name, found[FEW], found[MANY])
    return rows


def _rows(where: str, few: dict[str, Any], many: dict[str, Any]) -> list[Row]:
    name = f"recalculation: {many['examined']:,} open cases, {many['moved']:,} moved"
    size = f"{few['examined']:,} cases"
    is_constant = many["statements"] <= min(few["statements"], MOST_STATEMENTS)
    return [
        _row_of_a_case(
            f"{name}, time of a case, {where}", f"ms, {many['seconds']:.1f} s in all", "ms_a_case", few, many
        ),
        _row_of_a_case(f"{name}, processor of a case, {where}", "ms", "cpu_ms_a_case", few, many),
        row(
            f"{name}, statements of a chunk of {CHUNK}, {where}",
            many["statements"],
            "statements",
            peer=f"{size}, {few['statements']} statements",
            goal=f"no more than with few cases, at most {MOST_STATEMENTS}",
            holds=is_constant,
        ),
        row(
            f"{name}, memory kept from the second chunk to the last, {where}",
            many["kept"],
            "blocks of Python",
            peer=f"{size}, {few['kept']:,} blocks",
            goal=f"at most {MOST_KEPT:,}",
            holds=many["kept"] <= MOST_KEPT,
        ),
        row(f"recalculation: a page of the preview, {where}", many["preview_ms"], "ms"),
    ]


def _row_of_a_case(name: str, unit: str, figure: str, few: dict[str, Any], many: dict[str, Any]) -> Row:
    ratio = many[figure] / few[figure]
    return row(
        name,
        many[figure],
        unit,
        peer=f"{few['examined']:,} cases, {few[figure]:.3f} ms",
        ratio=ratio,
        goal=f"ratio at most {MOST_RATIO}",
        holds=ratio <= MOST_RATIO,
    )


def measure(most: int) -> dict[str, Any]:
    """Closes the office on the next working day and has every case reckoned anew."""
    _fill(most)
    acting = acting_for(Officer.objects.create(username="bench-admin", full_name="Quản trị", is_superuser=True))
    calendar = calendar_in_force()
    day = calendar.next_working_day(timezone.localdate() + timedelta(days=1))
    change = Change(kind=ChangeKind.DAY, day=day, note="Nghỉ bù")
    began = time.perf_counter()
    moves_by(touched_by(change, calendar), calendar, changed_by(change, calendar))
    preview_ms = 1000 * (time.perf_counter() - began)
    change_working_calendar(change=change, reason="Đo", revision=calendar_row().revision, acting=acting)
    made = recalculate_due_dates(reason="Đo", revision=calendar_row().revision, acting=acting)
    chunks, statements = _carried_out(made.pk)
    made.refresh_from_db()
    # Of an ordinary full chunk: another's work on the machine slows some of them. The last one isn't full.
    full = chunks[:-1]
    return {
        "examined": made.examined,
        "moved": made.moved,
        "seconds": sum(chunk.seconds for chunk in chunks),
        "ms_a_case": 1000 * median(chunk.seconds for chunk in full) / CHUNK,
        "cpu_ms_a_case": 1000 * median(chunk.processor for chunk in full) / CHUNK,
        "kept": max(chunk.blocks for chunk in chunks) - chunks[0].blocks,
        "statements": statements,
        "preview_ms": preview_ms,
    }


def _fill(most: int) -> None:
    """So many cases whose clock runs: copies with ledgers and open steps; what is over counts as finished."""
    cases, number = list(running_cases().order_by("pk")), 0
    count = len(cases)
    while count < most:
        number += 1
        _copied(cases[: most - count], number)
        count = running_cases().count()
    over = running_cases().order_by("pk").values_list("pk", flat=True)[most:]
    Case.objects.filter(pk__in=list(over)).update(finished=timezone.now())
    # A database in use has statistics, and its plans rest on them.
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copied(cases: Sequence[Case], number: int) -> None:
    copies = [_copy(case, code=f"{case.code}-{number}", subject_id=case.subject_id + number * _FAR) for case in cases]
    ids = dict(zip([case.pk for case in cases], [made.pk for made in Case.objects.bulk_create(copies)], strict=True))
    lines = ClockEntry.objects.filter(case__in=list(ids))
    ClockEntry.objects.bulk_create(_copy(line, case_id=ids[line.case_id]) for line in lines)
    runs = StepRun.objects.filter(process__in=list(ids), finished__isnull=True)
    StepRun.objects.bulk_create(_copy(run, process_id=ids[run.process_id]) for run in runs)


def _copy(row: Copied, **changes: Any) -> Copied:
    known = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**{**known, "id": None, **changes})


@dataclass(frozen=True, slots=True)
class Chunk:
    """What one of them took; `processor` is this process's alone, `blocks` what Python had in use afterwards.

    The database's own cache fills up to what its settings allow, however many cases there are: it isn't counted.
    """

    seconds: float
    processor: float
    blocks: int


def _carried_out(recalculation_id: int) -> tuple[list[Chunk], int]:
    """Each chunk but the first, and the statements of the first."""
    with CaptureQueriesContext(connection) as captured:
        is_more = carry_on(recalculation_id=recalculation_id)
    chunks = []
    while is_more:
        began, processor = time.perf_counter(), time.process_time()
        is_more = carry_on(recalculation_id=recalculation_id)
        chunks.append(Chunk(time.perf_counter() - began, time.process_time() - processor, _blocks()))
    return chunks, len(captured)


def _blocks() -> int:
    gc.collect()
    return sys.getallocatedblocks()
