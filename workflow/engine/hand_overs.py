"""Hand-overs (bàn giao) as far as the acting officer may see them."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts.acting import Acting
from accounts.sight import NotVisible
from workflow.engine.models import StepRun
from workflow.engine.work_models import HandOver, HandOverLine, LineOutcome

_RELATED = ("from_unit__parent", "to_unit", "from_officer", "to_officer", "drafted_by", "accepted_by")


def hand_overs_for(acting: Acting) -> QuerySet[HandOver]:
    """Those he made, takes part in, or whose units he leads or oversees; newest first."""
    rows = HandOver.objects.select_related(*_RELATED).order_by("-id")
    if acting.is_superuser:
        return rows
    own = Q(drafted_by=acting.officer_id) | Q(from_officer=acting.officer_id) | Q(to_officer=acting.officer_id)
    if acting.is_leading:
        own |= Q(from_unit__in=acting.overseen) | Q(to_unit__in=acting.overseen)
    return rows.filter(own)


def one_hand_over(acting: Acting, hand_over_id: int) -> HandOver:
    """One of these. Raises NotVisible, the same for hidden and for missing."""
    found = hand_overs_for(acting).filter(pk=hand_over_id).first()
    if found is None:
        exists = HandOver.objects.filter(pk=hand_over_id).exists()
        raise NotVisible(about=f"hand-over:{hand_over_id}" if exists else "")
    return found


def may_accept(found: HandOver, acting: Acting) -> bool:
    """Whether he takes the work: as its new owner, as who leads the new unit, or, when it goes back into the queue, as
    who had it. Who made the list doesn't accept it."""
    if found.drafted_by_id == acting.officer_id or not acting.may_update:
        return False
    taker = found.to_officer_id or found.from_officer_id
    return acting.officer_id == taker or acting.leads(found.to_unit_id)


def lines_of(found: HandOver) -> QuerySet[HandOverLine]:
    """What is on the list, in its order."""
    return found.lines.order_by("position")


def given_away(runs: Iterable[StepRun]) -> dict[int, list[HandOverLine]]:
    """With which lists these steps went from one unit to another while they were open, the first first. One query."""
    moved = HandOverLine.objects.filter(run__in=[run.pk for run in runs], outcome=LineOutcome.MOVED)
    lines = moved.filter(hand_over__from_officer=None).select_related("hand_over__from_unit")
    found: dict[int, list[HandOverLine]] = {}
    for line in lines.order_by("hand_over__accepted_at", "pk"):
        found.setdefault(line.run_id or 0, []).append(line)
    return found
