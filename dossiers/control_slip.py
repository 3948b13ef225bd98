"""The control slip (phiếu kiểm soát quá trình giải quyết): built from what happened, at any time, never typed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from dossiers.models import Dossier
from dossiers.receipts import day_in_words, moment_in_words, place_of
from papers.catalogue import form_in_force
from papers.rendering import printed
from workflow.clock.ledger import ClockState
from workflow.clock.usage import StepTime, Verdict
from workflow.engine.clockwork import as_entries, ledger_of
from workflow.engine.story import givers_of, passages_of, usage_of
from workflow.models import Case
from worktime.calendar import Calendar
from worktime.deadline import days_as_number
from worktime.selectors import calendar_in_force

FORM = "control_slip"
_VERDICTS = {
    Verdict.EARLY: "Trước hạn",
    Verdict.ON_TIME: "Đúng hạn",
    Verdict.LATE: "Quá hạn",
    Verdict.RUNNING: "Đang giải quyết, còn hạn",
    Verdict.OUTSIDE: "Không tính vào thời hạn",
}


def print_control_slip(dossier: Dossier, case: Case, *, now: datetime) -> bytes:
    """The slip as a PDF, in the form in force today."""
    form = form_in_force(FORM, localtime(now).date())
    with override("vi"):
        return printed(form, {"slip": control_slip_content(dossier, case, now=now)})


def control_slip_content(dossier: Dossier, case: Case, *, now: datetime) -> dict[str, Any]:
    """What the slip of this dossier says as of now."""
    calendar, unit = calendar_in_force(), dossier.unit or dossier.received_unit
    runs = passages_of(case)
    steps = usage_of(runs, as_entries(ledger_of(case)), calendar, now=now).steps
    others = dict.fromkeys(step.passage.unit for step in steps if step.passage.unit != unit.short_name)
    return {
        "agency": dossier.received_unit.name,
        "parent_agency": dossier.received_unit.parent.name if dossier.received_unit.parent else "",
        "place": place_of(dossier.received_unit.name),
        "dated": day_in_words(localtime(now).date()),
        "code": dossier.code,
        "procedure": dossier.version.procedure.name,
        "summary": dossier.summary,
        "applicant": dossier.applicant_name,
        "handled_by": unit.name,
        "coordinators": ", ".join(filter(None, others)),
        "received_at": moment_in_words(dossier.received_at) if dossier.received_at else "",
        "due": _due(case),
        "rows": _rows(dossier, steps, givers_of(runs), calendar),
        "printed": f"In lúc {moment_in_words(now)}. Thời gian tính bằng ngày làm việc theo lịch của tỉnh.",
    }


def _due(case: Case) -> str:
    if case.clock_state == ClockState.PAUSED:
        return "đang tạm dừng tính thời hạn"
    return f"hẹn trả {moment_in_words(case.due_at)}" if case.due_at else ""


def _rows(
    dossier: Dossier, steps: Sequence[StepTime], givers: Mapping[int, Sequence[int]], calendar: Calendar
) -> list[dict[str, str]]:
    rows, hands = [], dict[int, str]()
    for step in steps:
        number = step.passage.number
        # What was handed over with a unit's work is two rows: the second comes from the first.
        given_by = [number] if step.passage.is_rest else givers[number]
        known = dict.fromkeys(hands[one] for one in given_by if one in hands)
        rows.append(_row("; ".join(known) or dossier.applicant_name, step, calendar))
        hands[number] = _hand(step)
    return rows


def _row(giver: str, step: StepTime, calendar: Calendar) -> dict[str, str]:
    passage = step.passage
    used = days_as_number(step.used, calendar)
    return {
        "step": passage.title,
        "given_by": giver,
        "taken_by": _hand(step),
        "from": _moment(passage.began),
        "to": _moment(passage.ended) if passage.ended else "",
        "verdict": _VERDICTS[step.verdict],
        "time": f"{used}/{days_as_number(passage.limit, calendar)} ngày" if passage.limit else f"{used} ngày",
        "note": ". ".join(filter(None, [passage.outcome, passage.note.rstrip("."), _stood(step, calendar)])),
    }


def _hand(step: StepTime) -> str:
    return ", ".join(filter(None, [step.passage.who, step.passage.unit]))


def _stood(step: StepTime, calendar: Calendar) -> str:
    return f"Trừ {days_as_number(step.stood, calendar)} ngày tạm dừng" if step.stood else ""


def _moment(moment: datetime) -> str:
    return date_format(localtime(moment), "H:i, d/m/Y")
