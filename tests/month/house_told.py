"""What the house says of a dossier at the end of the month, read off its receipt, slip, clock and trail."""

import json
import re
from datetime import datetime

from django.utils import timezone

from accounts.models import Unit
from audit.models import AuditEvent
from dossiers.clock_models import Apology
from dossiers.control_slip import control_slip_content
from dossiers.models import Dossier, IssuedForm
from dossiers.receipts import FORM
from dossiers.selectors import stream_of
from tests.factories.dossiers import case_behind
from tests.factories.moments import ZONE
from tests.month.answers import Answer, OfUnit, Row
from tests.month.stays import OPINION
from workflow.deadlines.models import DeadlineWarning
from workflow.engine.clockwork import as_entries, ledger_of
from workflow.engine.story import passages_of, usage_of
from workflow.models import Case
from workflow.procedures.schema import Edition
from worktime.selectors import calendar_in_force

_PROMISED = re.compile(r"(\d\d) giờ (\d\d), .* ngày (\d\d)/(\d\d)/(\d{4})")
_STOOD = re.compile(r"Trừ ([\d,]+) ngày tạm dừng")


def answer_of(dossier_id: int, now: datetime) -> Answer:
    """All there is to say of it now."""
    dossier = Dossier.objects.select_related("version", "unit", "received_unit__parent").get(pk=dossier_id)
    case = case_behind(dossier)
    counts = case.clock_state == "running" or dossier.resolved_at
    due = _local(case.due_at)
    return Answer(
        edition=f"{dossier.version.procedure_id} {dossier.version.code}",
        promised=_promised(dossier),
        ledger=[(line.kind, _local(line.at), _local(line.due_at)) for line in ledger_of(case)],
        slip=_slip(dossier, case, now),
        units=_units(case, now),
        warnings=sorted(_warnings(case)),
        apologies=_drafted(dossier),
        new_date=_new_date(dossier),
        stood_in=AuditEvent.objects.filter(stream=stream_of(dossier.pk), verb="step.completed_for").count(),
        is_late=bool(counts and (_local(dossier.resolved_at) if dossier.resolved_at else now) > due),
        is_finished=case.finished is not None,
    )


def _local(moment: datetime | None) -> datetime:
    assert moment is not None
    return timezone.localtime(moment, ZONE)


def _promised(dossier: Dossier) -> datetime:
    receipt = IssuedForm.objects.get(dossier=dossier, code=FORM)
    found = _PROMISED.fullmatch(receipt.content["due_at"])
    assert found is not None
    hour, minute, day, month, year = map(int, found.groups())
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def _slip(dossier: Dossier, case: Case, now: datetime) -> list[Row]:
    codes = {unit.short_name: unit.code for unit in Unit.objects.all()}
    steps = _steps(case.edition_version.edition)
    rows = []
    for row in control_slip_content(dossier, case, now=now)["rows"]:
        who, _comma, unit = row["taken_by"].rpartition(", ")
        stood = _STOOD.search(row["note"])
        rows.append(
            Row(
                step=steps.get(row["step"], OPINION),
                unit=codes[unit],
                who=who,
                received=row["from"],
                handed_on=row["to"],
                verdict=row["verdict"],
                time=row["time"].removesuffix(" ngày"),
                stood=stood.group(1) if stood else "",
            )
        )
    return rows


def _steps(edition: Edition) -> dict[str, str]:
    return {step.name: step.code for step in edition.steps}


def _units(case: Case, now: datetime) -> list[OfUnit]:
    codes = {unit.short_name: unit.code for unit in Unit.objects.all()}
    usage = usage_of(passages_of(case), as_entries(ledger_of(case)), calendar_in_force(), now=now)
    return [OfUnit(codes[one.unit], one.used, one.limit, one.outside, one.late) for one in usage.units]


def _warnings(case: Case) -> list[tuple[str, int, datetime, datetime]]:
    rows = DeadlineWarning.objects.filter(case=case).select_related("step_run")
    return [
        (row.level, row.step_run.number if row.step_run else 0, _local(row.due_at), _local(row.told_at)) for row in rows
    ]


def _drafted(dossier: Dossier) -> list[tuple[datetime, datetime]]:
    """As the trail has it: a draft for an earlier date is kept nowhere else."""
    events = AuditEvent.objects.filter(stream=stream_of(dossier.pk), verb="apology.drafted").order_by("sequence")
    return [
        (_local(event.occurred_at), _local(datetime.fromisoformat(json.loads(event.payload)["due_at"])))
        for event in events
    ]


def _new_date(dossier: Dossier) -> datetime | None:
    apology = Apology.objects.filter(dossier=dossier, signed_at__isnull=False).first()
    return _local(apology.until) if apology else None
