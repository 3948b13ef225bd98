"""Dossier, case, steps and clock: what each says of the others holds."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache

from django.conf import settings

from audit.models import AuditEvent
from dossiers.models import Dossier
from dossiers.selectors import KIND
from upkeep.integrity.findings import Finding, chunked
from workflow.clock.ledger import ClockOrderError, ClockState, reckon
from workflow.engine.clockwork import as_entries
from workflow.engine.models import OPEN
from workflow.models import Case, ClockEntry, StepRun
from worktime.calendar import Calendar, NoWorkingTime
from worktime.selectors import calendar_in_force


def case_findings() -> Iterator[Finding]:
    """A case for each received dossier and a dossier for each case; open steps while it goes on; the promised date."""
    for dossiers in chunked(Dossier.objects.filter(code__isnull=False).only("pk", "code")):
        yield from _without_case(dossiers)
    calendar, calendar_changed = cache(calendar_in_force), cache(_calendar_changed)
    is_reckonable = True
    for cases in chunked(Case.objects.all()):
        yield from _without_subject([case for case in cases if case.kind == KIND])
        yield from _wrong_steps(cases)
        ledgers = defaultdict(list)
        for line in ClockEntry.objects.filter(case__in=cases).order_by("case", "sequence"):
            ledgers[line.case_id].append(line)
        for case in cases if is_reckonable else ():
            try:
                yield from _clock_faults(case, ledgers[case.pk], calendar(), calendar_changed())
            except NoWorkingTime:
                # The calendar's fault and no ledger's: said once, not of every case there is.
                what = "no office hours are left to reckon by; the clocks were not looked at any further"
                yield Finding("calendar.hours", f"calendar:{settings.PROVINCE}", what)
                is_reckonable = False
                break


def _without_case(dossiers: Sequence[Dossier]) -> Iterator[Finding]:
    wanted = {dossier.pk: dossier.code for dossier in dossiers}
    found = dict(Case.objects.filter(kind=KIND, subject_id__in=wanted).values_list("subject_id", "code"))
    for pk, code in wanted.items():
        if pk not in found:
            yield Finding("dossier.no_case", f"dossier:{pk}", f"{code} was received, but no case carries it")
        elif found[pk] != code:
            yield Finding("dossier.code", f"dossier:{pk}", f"{code} here, {found[pk]} on its case")


def _without_subject(cases: Sequence[Case]) -> Iterator[Finding]:
    received = Dossier.objects.filter(pk__in=[case.subject_id for case in cases], code__isnull=False)
    there = set(received.values_list("pk", flat=True))
    for case in cases:
        if case.subject_id not in there:
            yield Finding(
                "case.no_dossier", f"case:{case.pk}", f"its dossier {case.subject_id} is not there or a draft"
            )


def _wrong_steps(cases: Sequence[Case]) -> Iterator[Finding]:
    runs = StepRun.objects.filter(process__in=cases, status__in=OPEN).exclude(step="")
    branches: dict[int, Counter[str]] = defaultdict(Counter)
    for case_id, branch in runs.values_list("process_id", "branch"):
        branches[case_id][branch] += 1
    for case in cases:
        count, most = branches[case.pk].total(), max(branches[case.pk].values(), default=0)
        about = f"case:{case.pk}"
        if case.finished and count:
            yield Finding("case.open_step", about, f"finished, but {count} of its steps stand open")
        elif not case.finished and not count:
            yield Finding("case.no_step", about, "not finished, but none of its steps is open")
        elif most > 1:
            yield Finding("case.open_step", about, f"{most} steps stand open side by side")


def _clock_faults(
    case: Case, lines: list[ClockEntry], calendar: Calendar, calendar_changed: datetime | None
) -> Iterator[Finding]:
    about = f"case:{case.pk}"
    if [line.sequence for line in lines] != list(range(1, len(lines) + 1)):
        yield Finding("clock.sequence", about, "a line of the clock ledger is missing")
        return
    try:
        reckoning = reckon(as_entries(lines), calendar)
    except ClockOrderError as fault:
        yield Finding("clock.order", about, f"the clock ledger does not add up: {fault}")
        return
    if lines and case.due_at != lines[-1].due_at:
        yield Finding("clock.due", about, f"due {case.due_at}, but its ledger's last line says {lines[-1].due_at}")
    reckoned = (str(reckoning.state), reckoning.appointment)
    if reckoned != (case.clock_state, case.appointment):
        yield Finding("clock.state", about, f"the ledger comes to {reckoned}, the case says otherwise")
    is_older = calendar_changed is not None and bool(lines) and lines[-1].at < calendar_changed
    if reckoning.limit != case.limit_minutes:
        # Days of the calendar and days somebody named have as many working minutes as the calendar gives them.
        what = f"a limit of {case.limit_minutes} minutes, by the calendar of today {reckoning.limit}"
        yield Finding("clock.state", about, what, is_note=is_older)
    # Standing still moves no promise: then the line before had the last word.
    if reckoning.state == ClockState.RUNNING and lines[-1].due_at != reckoning.due_at:
        # A promise outlives a holiday entered since; what was promised under the calendar of today must agree.
        what = f"promised {lines[-1].due_at}, reckoned by the calendar of today {reckoning.due_at}"
        yield Finding("clock.reckoning", about, what, is_note=is_older)


def _calendar_changed() -> datetime | None:
    event = AuditEvent.objects.filter(verb__in=["calendar.loaded", "calendar.changed"]).order_by("-id").first()
    return event.occurred_at if event else None
