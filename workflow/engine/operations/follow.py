"""Keeping an eye on cases (theo dõi)."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.acting import Acting
from accounts.rights import require_update
from audit.recording import record
from workflow.engine.models import Case
from workflow.engine.operations.marked import Mark, seen_cases
from workflow.engine.work_models import Follow


@transaction.atomic
def follow_cases(*, marks: Sequence[Mark], acting: Acting) -> list[Case]:
    """Puts the cases of these rows on the officer's own list of what he follows; those on it already stay.

    Whoever sees a case and may change things may follow it. One event, in his own stream. Raises Refused for a look-up
    account, Invalid for none or too many rows, NotVisible.
    """
    require_update(acting)
    cases = seen_cases(marks, acting)
    known = set(_own(cases, acting).values_list("case_id", flat=True))
    fresh = [case for case in cases if case.pk not in known]
    now = timezone.now()
    follows = [Follow(officer_id=acting.officer_id, case=case, since=now) for case in fresh]
    Follow.objects.bulk_create(follows, ignore_conflicts=True)
    _tell("work.followed", fresh, acting)
    return cases


@transaction.atomic
def unfollow_cases(*, marks: Sequence[Mark], acting: Acting) -> list[Case]:
    """Takes the cases of these rows off that list; those that aren't on it stay off. One event likewise."""
    require_update(acting)
    cases = seen_cases(marks, acting)
    known = set(_own(cases, acting).values_list("case_id", flat=True))
    _own(cases, acting).delete()
    _tell("work.unfollowed", [case for case in cases if case.pk in known], acting)
    return cases


def _own(cases: Sequence[Case], acting: Acting) -> QuerySet[Follow]:
    return Follow.objects.filter(officer=acting.officer_id, case__in=cases)


def _tell(verb: str, cases: Sequence[Case], acting: Acting) -> None:
    if cases:
        payload = {"codes": [case.code for case in cases], "count": len(cases)}
        record(f"account:{acting.officer_id}", verb, actor=acting.actor, payload=payload)
