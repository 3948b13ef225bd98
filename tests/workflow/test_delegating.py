"""Delegating one's steps while away: who may, to whom, for which days, and how it ends."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import Delegation, Officer, RoleHolding
from accounts.operations.delegate import end_delegation
from accounts.selectors import delegations_for
from audit.models import AuditEvent
from notices.models import Notice
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.moments import moment, stop_the_clock
from tests.workflow.ferry import River
from tests.workflow.leave import LAST, TODAY, away, colleague_of, on


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def principal(river: River) -> Officer:
    return river.office.specialist


@pytest.fixture
def delegate(river: River) -> Officer:
    return colleague_of(river)


def events() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(verb__startswith="delegation.").order_by("id"))


def test_an_officer_delegates_his_own_steps(river: River, principal: Officer, delegate: Officer) -> None:
    made = away(river, principal, delegate)
    assert (made.principal, made.delegate, made.made_by) == (principal, delegate, principal)
    [one] = river.acting(delegate).principals
    assert (one.officer_id, one.full_name, one.role) == (principal.pk, principal.full_name, "specialist")
    assert river.acting(principal).principals == ()


def test_who_leads_the_unit_delegates_for_who_fell_ill(river: River, principal: Officer, delegate: Officer) -> None:
    away(river, principal, delegate, by=river.office.head)
    assert [one.officer_id for one in river.acting(delegate).principals] == [principal.pk]
    told = Notice.objects.filter(message__contains=delegate.full_name).values_list("recipient_id", flat=True)
    assert set(told) == {principal.pk, delegate.pk}


def test_attack_81_it_is_told_once_with_both_names_and_days(
    river: River, principal: Officer, delegate: Officer
) -> None:
    made = away(river, principal, delegate)
    end_delegation(delegation_id=made.pk, acting=river.acting(principal))
    assert [(event.verb, event.stream) for event in events()] == [
        ("delegation.made", f"account:{principal.pk}"),
        ("delegation.ended", f"account:{principal.pk}"),
    ]
    told = json.loads(events()[0].payload)
    assert (told["principal"], told["delegate"]) == (principal.full_name, delegate.full_name)
    assert (told["valid_from"], told["valid_to"]) == (f"{TODAY:%Y-%m-%d}", f"{LAST:%Y-%m-%d}")


@pytest.mark.parametrize("who", ["clerk", "stranger", "look_up", "administrator"])
def test_nobody_else_delegates_an_officers_steps(river: River, principal: Officer, delegate: Officer, who: str) -> None:
    with pytest.raises((Refused, Invalid)):
        away(river, principal, delegate, by=getattr(river.office, who))
    assert not Delegation.objects.exists()


@pytest.mark.parametrize("who", ["clerk", "head", "stranger", "look_up"])
def test_attack_48_nobody_gets_a_step_through_a_delegation_whose_role_he_does_not_hold(
    river: River, principal: Officer, who: str
) -> None:
    with pytest.raises(Invalid):
        away(river, principal, getattr(river.office, who))
    assert not Delegation.objects.exists()


def test_nobody_stands_in_for_himself(river: River, principal: Officer) -> None:
    with pytest.raises(Invalid):
        away(river, principal, principal)


@pytest.mark.parametrize(
    "changes",
    [
        {"valid_to": TODAY - timedelta(days=1), "valid_from": TODAY - timedelta(days=3)},
        {"valid_to": TODAY, "valid_from": TODAY + timedelta(days=1)},
        {"valid_to": TODAY + timedelta(days=366)},
        {"reason": "  "},
        {"reason": "x" * 251},
        {"role": "head"},
        {"role": "no-such"},
    ],
)
def test_days_reason_and_role_that_cannot_be_are_refused_in_words(
    river: River, principal: Officer, delegate: Officer, changes: dict[str, Any]
) -> None:
    with pytest.raises(Invalid) as caught:
        away(river, principal, delegate, **changes)
    assert caught.value.fields
    assert not Delegation.objects.exists()


def test_attack_44_the_same_form_twice_makes_one_delegation(
    river: River, principal: Officer, delegate: Officer
) -> None:
    away(river, principal, delegate)
    with pytest.raises(Conflict) as caught:
        away(river, principal, delegate)
    assert delegate.full_name in str(caught.value.message)
    assert (Delegation.objects.count(), len(events())) == (1, 1)


def test_nobody_stands_in_through_a_third(river: River, principal: Officer, delegate: Officer) -> None:
    """Neither is what was delegated handed on, nor does who is away himself stand in for anybody."""
    away(river, principal, delegate)
    third = colleague_of(river)
    with pytest.raises(Conflict):
        away(river, delegate, third)
    with pytest.raises(Conflict):
        away(river, third, principal)


def test_days_one_after_the_other_may_be_delegated_to_two(river: River, principal: Officer, delegate: Officer) -> None:
    away(river, principal, delegate)
    third, first, last = colleague_of(river), LAST + timedelta(days=1), LAST + timedelta(days=9)
    away(river, principal, third, valid_from=first, valid_to=last)
    assert [bool(river.acting(officer).principals) for officer in (delegate, third)] == [True, False]


@pytest.mark.parametrize(
    ("day", "count"), [(TODAY, 1), (LAST, 1), (LAST + timedelta(days=1), 0), (TODAY - timedelta(days=1), 0)]
)
def test_it_begins_and_ends_by_itself(
    river: River,
    principal: Officer,
    delegate: Officer,
    monkeypatch: pytest.MonkeyPatch,
    day: date,
    count: int,
) -> None:
    away(river, principal, delegate)
    stop_the_clock(monkeypatch, moment(on(day)))
    assert len(river.acting(delegate).principals) == count


@pytest.mark.parametrize("who", ["principal", "delegate", "head"])
def test_either_of_the_two_or_who_leads_ends_it_at_once(
    river: River, principal: Officer, delegate: Officer, who: str
) -> None:
    made = away(river, principal, delegate)
    by = {"principal": principal, "delegate": delegate, "head": river.office.head}[who]
    end_delegation(delegation_id=made.pk, acting=river.acting(by))
    assert river.acting(delegate).principals == ()
    made.refresh_from_db()
    assert made.ended_by == by


@pytest.mark.parametrize("who", ["clerk", "stranger", "look_up", "administrator"])
def test_attack_34_another_ends_no_delegation_nor_learns_of_one(
    river: River, principal: Officer, delegate: Officer, who: str
) -> None:
    made = away(river, principal, delegate)
    acting = river.acting(getattr(river.office, who))
    said = []
    for pk in (made.pk, 987_654):
        with pytest.raises(Refused) as caught:
            end_delegation(delegation_id=pk, acting=acting)
        said.append(str(caught.value.message))
    assert said[0] == said[1]
    assert not delegations_for(acting).exists() or who == "head"
    assert river.acting(delegate).principals


def test_attack_44_it_ends_once(river: River, principal: Officer, delegate: Officer) -> None:
    made = away(river, principal, delegate)
    end_delegation(delegation_id=made.pk, acting=river.acting(principal))
    with pytest.raises(Conflict):
        end_delegation(delegation_id=made.pk, acting=river.acting(delegate))
    assert [event.verb for event in events()] == ["delegation.made", "delegation.ended"]


def test_who_loses_the_role_stands_in_no_longer(river: River, principal: Officer, delegate: Officer) -> None:
    away(river, principal, delegate)
    RoleHolding.objects.filter(officer=delegate).update(valid_to=TODAY - timedelta(days=1))
    assert river.acting(delegate).principals == ()


def test_an_officer_sees_his_own_delegations_and_who_leads_all_of_the_unit(
    river: River, principal: Officer, delegate: Officer
) -> None:
    made = away(river, principal, delegate)
    seen = {
        who: list(delegations_for(river.acting(officer)))
        for who, officer in {
            "principal": principal,
            "delegate": delegate,
            "head": river.office.head,
            "other": colleague_of(river),
            "stranger": river.office.stranger,
        }.items()
    }
    assert seen == {"principal": [made], "delegate": [made], "head": [made], "other": [], "stranger": []}


def test_knowing_for_whom_one_stands_in_costs_no_query_more(
    river: River, principal: Officer, delegate: Officer, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):
        river.acting(delegate)
    away(river, principal, delegate)
    for other in range(3):
        away(river, colleague_of(river), delegate, reason=f"Nghỉ {other}")
    with django_assert_num_queries(3):
        assert len(river.acting(delegate).principals) == 4
