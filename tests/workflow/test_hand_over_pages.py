"""Hand-overs as they are seen: who sees one, what the trail and the minutes say, and the pages."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Officer, StepRole
from accounts.sight import NotVisible
from audit.models import AuditEvent
from documents.operations.cancel_number import cancel_number
from documents.outgoing import RegisterEntry
from jobs.worker import drain
from pages.domain_errors import Conflict
from tests.dossiers.pdf_words import words_of
from tests.factories.accounts import officer_at
from tests.factories.moments import MORNING, stop_the_clock
from tests.workflow.ferry import River
from tests.workflow.giving import accepted, of_officer, owners
from tests.workflow.leave import colleague_of
from tests.workflow.lists import at_inspection, in_hands
from tests.workflow.screen import words
from tests.workflow.untouched import untouched
from workflow.engine.hand_overs import hand_overs_for, one_hand_over
from workflow.engine.minutes import print_minutes
from workflow.engine.operations.hand_over import accept_hand_over, drop_hand_over
from workflow.engine.work_models import HandOver
from workflow.models import Case


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def cases(river: River) -> list[Case]:
    """Two in the specialist's hands, one in the queue of the branch."""
    found = [at_inspection(river) for _case in range(3)]
    for case in found[:2]:
        in_hands(river, case)
    return found


@pytest.fixture
def colleague(river: River) -> Officer:
    return colleague_of(river)


def test_attack_81_each_deed_is_told_once(river: River, cases: list[Case], colleague: Officer) -> None:
    made = of_officer(river, colleague)
    drop_hand_over(hand_over_id=made.pk, acting=river.acting(colleague))
    second = accepted(river, of_officer(river, colleague), colleague)
    told = {
        stream: list(AuditEvent.objects.filter(stream=stream).order_by("sequence").values_list("verb", flat=True))
        for stream in (made.stream, second.stream)
    }
    assert told == {
        made.stream: ["hand_over.drafted", "hand_over.dropped"],
        second.stream: ["hand_over.drafted", "hand_over.accepted", "hand_over.done"],
    }


def test_attack_34_and_36_another_unit_sees_no_hand_over(
    client: Client, river: River, cases: list[Case], colleague: Officer
) -> None:
    made = of_officer(river, colleague)
    for who in (river.office.stranger, river.office.clerk, river.office.look_up):
        acting = river.acting(who)
        assert list(hand_overs_for(acting)) == []
        with pytest.raises(NotVisible):
            one_hand_over(acting, made.pk)
        client.force_login(who)
        for name in ("hand_over", "hand_over_minutes"):
            assert client.get(reverse(name, args=[made.pk])).status_code == 404
        assert "Chuyển công tác" not in client.get(reverse("hand_overs")).content.decode()
    for who in (river.office.specialist, river.office.head, colleague):
        assert list(hand_overs_for(river.acting(who))) == [made]


def test_the_minutes_name_both_sides_and_every_dossier(river: River, cases: list[Case], colleague: Officer) -> None:
    made = of_officer(river, colleague)
    draft = words_of(print_minutes(one_hand_over(river.acting(colleague), made.pk)))
    assert "Dự thảo" in draft
    done = accepted(river, made, colleague)
    text = words_of(print_minutes(one_hand_over(river.acting(colleague), done.pk)))
    assert "Dự thảo" not in text
    assert "BIÊN BẢN BÀN GIAO" in text
    for said in (
        river.office.specialist.full_name,
        colleague.full_name,
        river.office.head.full_name,
        "Chuyển công tác",
        "Xem bến",
        *(case.code for case in cases[:2]),
    ):
        assert said in text
    assert cases[2].code not in text


def test_its_minutes_are_in_the_outgoing_register_of_who_gives_from_its_acceptance_on(
    river: River, cases: list[Case], colleague: Officer
) -> None:
    dropped = of_officer(river, colleague)
    drop_hand_over(hand_over_id=dropped.pk, acting=river.acting(colleague))
    assert not RegisterEntry.objects.filter(series="hand-over").exists()
    made = accepted(river, of_officer(river, colleague), colleague)
    entry = RegisterEntry.objects.get(series="hand-over")
    assert (entry.number, entry.written, entry.unit) == (1, f"1/BB-{river.branch.symbol}", river.branch)
    assert (entry.origin_kind, entry.origin_id) == ("hand-over", made.pk)
    assert (entry.recipients, entry.issued_on) == (made.taker, MORNING.date())
    assert f"Số: {entry.written}" in words_of(print_minutes(made))
    assert "Số: ……" in words_of(print_minutes(dropped))


def test_attack_44_and_81_accepted_twice_they_have_one_number(
    river: River, cases: list[Case], colleague: Officer
) -> None:
    made = accepted(river, of_officer(river, colleague), colleague)
    with untouched(), pytest.raises(Conflict):
        accept_hand_over(hand_over_id=made.pk, acting=river.acting(colleague))
    assert RegisterEntry.objects.filter(series="hand-over").count() == 1


def test_the_number_of_given_minutes_is_not_cancelled(river: River, cases: list[Case], colleague: Officer) -> None:
    accepted(river, of_officer(river, colleague), colleague)
    keeper = officer_at(river.branch, "update", ["records_keeper"])
    StepRole.objects.filter(code="records_keeper").update(keeps_register=True)
    entry = RegisterEntry.objects.get(series="hand-over")
    with untouched(), pytest.raises(Conflict):
        cancel_number(entry_id=entry.pk, reason="Nhầm", acting=river.acting(keeper))


def test_the_minutes_stay_what_they_were_whatever_becomes_of_the_dossiers(
    river: River, cases: list[Case], colleague: Officer
) -> None:
    made = accepted(river, of_officer(river, colleague), colleague)
    before = words_of(print_minutes(one_hand_over(river.acting(colleague), made.pk)))
    river.end(cases[0], "stop", at=MORNING, by=colleague)
    Case.objects.filter(pk=cases[1].pk).update(title="Tên khác")
    assert words_of(print_minutes(one_hand_over(river.acting(colleague), made.pk))) == before


def test_the_pages_lead_from_the_list_to_its_acceptance(
    client: Client, river: River, cases: list[Case], colleague: Officer
) -> None:
    client.force_login(river.office.head)
    typed = {"officer": river.office.specialist.pk, "to_officer": colleague.pk, "reason": "Nghỉ thai sản"}
    answer: Any = client.post(reverse("hand_over_officer"), typed)
    made = HandOver.objects.get()
    page = reverse("hand_over", args=[made.pk])
    assert (answer.status_code, answer["Location"]) == (303, page)
    shown: Any = client.get(page)
    assert "Nghỉ thai sản" in words(shown)
    assert reverse("hand_over_accept", args=[made.pk]) not in shown.content.decode()
    assert reverse("hand_over_drop", args=[made.pk]) in shown.content.decode()
    client.force_login(colleague)
    assert reverse("hand_over_accept", args=[made.pk]) in client.get(page).content.decode()
    assert client.post(reverse("hand_over_accept", args=[made.pk])).status_code == 303
    drain()
    assert owners(cases) == [colleague, colleague, None]
    minutes = client.get(reverse("hand_over_minutes", args=[made.pk]))
    assert (minutes["Content-Type"], minutes.content[:5]) == ("application/pdf", b"%PDF-")
