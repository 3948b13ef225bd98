"""Apologies drafted in time (dự thảo văn bản xin lỗi): who leads the unit is asked to sign, once for each promise."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.selectors import leaders_of
from audit.many import record_many
from audit.recording import SYSTEM
from dossiers.clock_models import Apology
from dossiers.selectors import KIND, stream_of
from workflow.deadlines.moves import running_cases
from workflow.deadlines.telling import Told, in_office_words, shown, tell
from workflow.models import Case
from worktime.calendar import Calendar
from worktime.selectors import calendar_in_force

CHUNK = 200


def draft_apologies(*, now: datetime | None = None) -> int:
    """Asks for a signature wherever the end is near by the calendar's rule; how many were asked for.

    The row that says so stands in the transaction of the message. After a signed one nothing more is asked for: an
    appointment is given anew at most once.
    """
    moment, calendar = now or timezone.now(), calendar_in_force()
    rows, asked, after = _unasked(moment, calendar), 0, 0
    while chunk := list(rows.filter(pk__gt=after).order_by("pk")[:CHUNK]):
        after = chunk[-1].pk
        try:
            asked += _ask([case for case in chunk if _is_near(case, moment, calendar)], moment)
        except IntegrityError:
            # Another worker has just asked for some of these: the next round finds what is left.
            continue
    return asked


def _unasked(now: datetime, calendar: Calendar) -> QuerySet[Case]:
    cases = running_cases().filter(kind=KIND)
    longest = cases.aggregate(longest=Max("limit_minutes"))["longest"] or 0
    horizon = calendar.add(now, _notice_minutes(longest, calendar))
    known = Apology.objects.filter(dossier=OuterRef("subject_id"))
    given = known.filter(Q(signed_at__isnull=False) | Q(due_at=OuterRef("due_at")))
    return cases.filter(~Exists(given), due_at__lte=horizon)


def _notice_minutes(limit: int, calendar: Calendar) -> int:
    """How long before the end: as the calendar says, but not before half of a short limit is used."""
    return min(calendar.near.apology_days * calendar.day_minutes, limit // 2)


def _is_near(case: Case, now: datetime, calendar: Calendar) -> bool:
    left = calendar.minutes_between(now, case.due_at) if case.due_at else 0
    return left <= _notice_minutes(case.limit_minutes, calendar)


@transaction.atomic
def _ask(cases: Sequence[Case], now: datetime) -> int:
    rows = Apology.objects.select_for_update().filter(dossier__in=[case.subject_id for case in cases])
    known = {apology.dossier_id: apology for apology in rows}
    # Read again under the lock: another worker may have asked for some of them since.
    left = [case for case in cases if not _is_asked(known.get(case.subject_id), case)]
    if not left:
        return 0
    # Of a draft for an earlier promise only the date is new: it is still one paper.
    fresh = {case.subject_id: Apology(dossier_id=case.subject_id) for case in left if case.subject_id not in known}
    for case in left:
        apology = known.get(case.subject_id) or fresh[case.subject_id]
        apology.due_at, apology.drafted_at = case.due_at or now, now
    Apology.objects.bulk_create(fresh.values())
    renewed = [known[case.subject_id] for case in left if case.subject_id in known]
    Apology.objects.bulk_update(renewed, ["due_at", "drafted_at"])
    payloads = {stream_of(case.subject_id): {"code": case.code, "due_at": case.due_at} for case in left}
    record_many("apology.drafted", actor=SYSTEM, payloads=payloads, at=now)
    _tell(left)
    return len(left)


def _is_asked(apology: Apology | None, case: Case) -> bool:
    return apology is not None and (apology.is_signed or apology.due_at == case.due_at)


def _tell(cases: Sequence[Case]) -> None:
    leaders = leaders_of({case.unit_id for case in cases})
    with in_office_words():
        words = _("An apology for %(code)s, due %(due)s, is drafted: sign it with a new date, or see to it in time.")
        told = [
            Told(officer_id, case.code, words % {"code": case.code, "due": shown(case.due_at)}, _tab(case))
            for case in cases
            for officer_id in leaders.get(case.unit_id, [])
        ]
        tell(told, summary=_many)


def _tab(case: Case) -> str:
    return reverse("dossier_clock", args=[case.subject_id])


def _many(count: int, codes: str) -> str:
    words = ngettext(
        "%(count)s apology is drafted and waits for your signature: %(codes)s",
        "%(count)s apologies are drafted and wait for your signature: %(codes)s",
        count,
    )
    return words % {"count": count, "codes": codes}
