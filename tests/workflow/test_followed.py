"""Dossiers an officer follows: his own list, which gives him no right he doesn't have."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import SlotHolding
from accounts.sight import NotVisible
from audit.models import AuditEvent
from pages.domain_errors import Refused
from tests.factories.dossiers import at_step, open_step, received
from tests.factories.moments import MORNING, stop_the_clock
from tests.workflow.ferry import River, only_open
from tests.workflow.leave import colleague_of
from tests.workflow.lists import asked_for, at_inspection, codes, listed
from tests.workflow.screen import words
from workflow.engine.operations.follow import follow_cases, unfollow_cases
from workflow.engine.operations.marked import Mark
from workflow.models import Case, Follow


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


def mark(case: Case) -> Mark:
    run = only_open(case)
    return Mark(run.pk, run.version)


def verbs() -> list[str]:
    return list(AuditEvent.objects.filter(stream__startswith="account:").values_list("verb", flat=True))


def test_what_i_follow_is_on_my_list_whoever_has_it(client: Client, river: River) -> None:
    followed, _other = at_inspection(river), at_inspection(river)
    follow_cases(marks=[mark(followed)], acting=river.acting(river.office.head))
    client.force_login(river.office.head)
    assert listed(client, "work_followed") == codes(followed)
    client.force_login(river.office.specialist)
    assert listed(client, "work_followed") == []


def test_a_dossier_is_followed_from_step_to_step_and_no_longer_listed_at_its_end(client: Client, river: River) -> None:
    case = at_inspection(river)
    follow_cases(marks=[mark(case)], acting=river.acting(river.office.head))
    client.force_login(river.office.head)
    river.end(case, "ask_again", at=MORNING)
    assert listed(client, "work_followed") == codes(case)
    river.walk(case, "pass", at=MORNING)
    river.end(case, "stop", at=MORNING)
    assert listed(client, "work_followed") == []


def test_attack_44_and_81_followed_twice_it_is_followed_and_told_once(river: River) -> None:
    case, acting = at_inspection(river), river.acting(river.office.head)
    for _time in range(2):
        follow_cases(marks=[mark(case)], acting=acting)
    assert (Follow.objects.count(), verbs()) == (1, ["work.followed"])
    for _time in range(2):
        unfollow_cases(marks=[mark(case)], acting=acting)
    assert (Follow.objects.count(), verbs()) == (0, ["work.followed", "work.unfollowed"])


def test_attack_46_a_stale_list_follows_all_the_same(river: River) -> None:
    """Following changes nothing of the step: that it moved on meanwhile is no reason against it."""
    case, acting = at_inspection(river), river.acting(river.office.head)
    stale = mark(case)
    river.end(case, "fits", at=MORNING)
    assert follow_cases(marks=[stale], acting=acting) == [case]


def test_attack_37_who_sees_one_dossier_alone_follows_it(client: Client, river: River) -> None:
    """The counter that took a dossier in goes on seeing it at the branch."""
    dossier = at_step(river.office, received(river.office), "check")
    run = open_step(dossier)
    follow_cases(marks=[Mark(run.pk, run.version)], acting=river.acting(river.office.clerk))
    client.force_login(river.office.clerk)
    assert listed(client, "work_followed") == [dossier.code]


def test_attack_34_what_he_does_not_see_is_not_followed(river: River) -> None:
    case = at_inspection(river)
    with pytest.raises(NotVisible):
        follow_cases(marks=[mark(case)], acting=river.acting(river.office.stranger))
    with pytest.raises(Refused):
        follow_cases(marks=[mark(case)], acting=river.acting(river.office.look_up))
    assert (Follow.objects.count(), verbs()) == (0, [])


def test_attack_43_what_he_no_longer_sees_is_on_no_list_and_in_no_count(client: Client, river: River) -> None:
    officer = colleague_of(river)
    case = at_inspection(river, title="Chim Hoàng Yến · bến Cây Gạo")
    follow_cases(marks=[mark(case)], acting=river.acting(officer))
    client.force_login(officer)
    assert listed(client, "work_followed") == codes(case)
    SlotHolding.objects.filter(officer=officer).delete()
    answer: Any = asked_for(client, "work_followed")
    assert list(answer.context["page"].rows) == []
    assert {tab["count"] for tab in answer.context["tabs"]} == {0, None}
    assert "Hoàng Yến" not in words(answer)
    assert case.code[-4:] not in words(answer)


def test_rows_of_a_followed_dossier_are_marked_on_every_list(client: Client, river: River) -> None:
    case = at_inspection(river)
    client.force_login(river.office.specialist)
    assert "đang theo dõi" not in words(asked_for(client, "work_unit"))
    follow_cases(marks=[mark(case)], acting=river.acting(river.office.specialist))
    assert "đang theo dõi" in words(asked_for(client, "work_unit"))


def test_following_many_costs_no_more_than_following_few(river: River) -> None:
    acting = river.acting(river.office.head)
    counts = []
    for count in (2, 9):
        ticked = [mark(at_inspection(river)) for _case in range(count)]
        with CaptureQueriesContext(connection) as captured:
            follow_cases(marks=ticked, acting=acting)
        counts.append(len(captured))
    assert counts[0] == counts[1]
