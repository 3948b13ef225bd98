"""The first page: the counter's day, the officer's desk, and what to do without a place."""

import re
from collections.abc import Sequence

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Officer
from dossiers.models import Dossier
from portal.selectors import SHOWN, Figure
from tests.factories.accounts import OfficerFactory, UnitFactory, officer_at
from tests.factories.dossiers import at_step, begun, complete, open_step, received
from tests.factories.moments import moment
from tests.factories.office import Office
from workflow.engine.operations.hand import claim_step

pytestmark = pytest.mark.django_db

# When the branch got a step of a few working days: the tests are on the morning of Wednesday, 02/12/2026.
WORST, LATE, NEAR, TODAY = "2026-11-02 09:00", "2026-11-03 09:00", "2026-11-30 09:00", "2026-12-02 08:00"


def home(client: Client, officer: Officer) -> str:
    client.force_login(officer)
    response = client.get(reverse("home"))
    assert response.status_code == 200
    return response.content.decode()


def figures(client: Client, officer: Officer, part: str) -> list[int]:
    """The numbers of the counter or the desk, in their order."""
    client.force_login(officer)
    return [figure.number for figure in shown(client, part)]


def shown(client: Client, part: str) -> Sequence[Figure]:
    found: Sequence[Figure] = client.get(reverse("home")).context[part].figures
    return found


def claimed(office: Office, dossier: Dossier, by: Officer) -> Dossier:
    run = open_step(dossier)
    claim_step(step_run_id=run.pk, version=run.version, acting=office.acting(by))
    return dossier


def at_branch(office: Office, at: str = TODAY, *, by: Officer | None = None) -> Dossier:
    """A dossier the branch's specialists got then; in somebody's hands if he is named."""
    dossier = received(office, at=moment(at))
    complete(office, dossier, "forward", at=moment(at))
    return claimed(office, dossier, by) if by else dossier


def _at_other_branch(office: Office) -> None:
    dossier = received(office, unit=office.other_branch.pk, at=moment(WORST))
    complete(office, dossier, "forward", at=moment(WORST))


def rows_behind(client: Client, url: str) -> int:
    """How many rows the list has that a figure opens."""
    context = client.get(url).context
    return len(context["drafts"] if url == reverse("intake_start") else context["page"].rows)


# The counter -----------------------------------------------------------------------------------------


def test_the_counter_counts_what_it_received_today_its_drafts_and_what_is_to_be_fetched(
    client: Client, office: Office
) -> None:
    received(office)
    received(office)
    begun(office)
    at_step(office, received(office, at=moment("2026-11-30 09:00")), "hand_over")
    assert figures(client, office.clerk, "counter") == [2, 1, 1]


def test_today_begins_at_the_offices_midnight(client: Client, office: Office) -> None:
    received(office, at=moment("2026-12-01 23:59"))
    received(office, at=moment("2026-12-02 00:00"))
    assert figures(client, office.clerk, "counter")[0] == 1


def test_what_another_one_stop_shop_took_in_is_not_counted(client: Client, office: Office) -> None:
    dossiers = [received(office), at_step(office, received(office), "hand_over")]
    elsewhere = UnitFactory.create(kind="one_stop")
    Dossier.objects.filter(pk__in=[dossier.pk for dossier in dossiers]).update(received_unit=elsewhere)
    begun(office, clerk=officer_at(office.one_stop, "update", ["clerk"]))
    assert figures(client, office.clerk, "counter") == [0, 0, 0]


def test_a_result_nobody_fetches_is_marked_after_three_days(client: Client, office: Office) -> None:
    dossier = at_step(office, received(office, at=moment("2026-11-16 09:00")), "hand_over")
    client.force_login(office.clerk)
    for resolved, tone in (("2026-11-29 09:00", ""), ("2026-11-29 08:59", "late")):
        Dossier.objects.filter(pk=dossier.pk).update(resolved_at=moment(resolved))
        figure = shown(client, "counter")[2]
        assert (figure.number, figure.tone, bool(figure.note)) == (1, tone, bool(tone))


def test_the_longest_waiting_result_comes_first(client: Client, office: Office) -> None:
    later, sooner = (at_step(office, received(office), "hand_over") for _dossier in range(2))
    Dossier.objects.filter(pk=sooner.pk).update(resolved_at=moment("2026-11-20 09:00"))
    client.force_login(office.clerk)
    assert list(client.get(reverse("home")).context["counter"].waiting) == [sooner, later]


def test_a_returned_result_waits_no_longer(client: Client, office: Office) -> None:
    complete(office, at_step(office, received(office), "hand_over"), "returned")
    assert figures(client, office.clerk, "counter")[2] == 0


def test_the_counters_lists_are_cut_and_its_figures_are_not(client: Client, office: Office) -> None:
    for _dossier in range(SHOWN + 1):
        received(office)
    client.force_login(office.clerk)
    counter = client.get(reverse("home")).context["counter"]
    assert (len(counter.received), counter.figures[0].number) == (SHOWN, SHOWN + 1)


@pytest.mark.parametrize("slot", ["update", "lookup"])
def test_the_counter_is_for_who_receives(client: Client, office: Office, slot: str) -> None:
    received(office)
    page = home(client, officer_at(office.one_stop, slot, ["clerk"]))
    assert (reverse("intake_start") in page) is (slot == "update")
    assert (client.get(reverse("home")).context["counter"] is not None) is (slot == "update")
    assert client.get(reverse("home")).context["desk"] is not None


# The desk --------------------------------------------------------------------------------------------


def test_the_desk_counts_ones_own_steps_and_the_units(client: Client, office: Office) -> None:
    at_branch(office, WORST, by=office.specialist)
    at_branch(office, NEAR, by=office.specialist)
    at_branch(office, by=office.specialist)
    at_branch(office, WORST, by=officer_at(office.branch, "update", ["specialist"]))
    at_branch(office)
    # Overdue, due soon, all of mine; all of the unit's, overdue of the unit's.
    assert figures(client, office.specialist, "desk") == [1, 1, 3, 5, 2]


def test_what_nobody_has_claimed_is_told_to_who_may(client: Client, office: Office) -> None:
    at_branch(office)
    for who, is_told in ((office.specialist, True), (office.head, False)):
        client.force_login(who)
        assert bool(shown(client, "desk")[3].note) is is_told


def test_another_units_work_is_not_counted(client: Client, office: Office) -> None:
    _at_other_branch(office)
    assert figures(client, office.specialist, "desk") == [0, 0, 0, 0, 0]
    assert figures(client, office.stranger, "desk") == [0, 0, 0, 1, 1]


def test_the_most_urgent_of_ones_own_comes_first(client: Client, office: Office) -> None:
    today, late, near = (at_branch(office, at, by=office.specialist) for at in ("2026-12-02 08:00", WORST, NEAR))
    at_branch(office, "2026-10-05 09:00")
    client.force_login(office.specialist)
    urgent = client.get(reverse("home")).context["desk"].urgent
    assert [work.case.subject_id for work in urgent] == [late.pk, near.pk, today.pk]


@pytest.mark.parametrize(("who", "is_shown"), [("head", True), ("specialist", False), ("look_up", False)])
def test_who_leads_the_unit_sees_its_overdue_steps_whoever_has_them(
    client: Client, office: Office, who: str, *, is_shown: bool
) -> None:
    later, worst = (at_branch(office, at, by=office.specialist) for at in (LATE, WORST))
    at_branch(office, by=office.specialist)
    _at_other_branch(office)
    client.force_login(getattr(office, who))
    late = client.get(reverse("home")).context["desk"].unit_late
    assert [work.case.subject_id for work in late] == ([worst.pk, later.pk] if is_shown else [])


def test_every_figure_opens_a_list_of_just_as_many(client: Client, office: Office) -> None:
    for at in (WORST, NEAR, "2026-12-02 08:00"):
        at_branch(office, at, by=office.specialist)
    at_branch(office, WORST)
    for count in range(2):
        received(office)
        begun(office)
        at_step(office, received(office, at=moment(f"2026-11-1{count} 09:00")), "hand_over")
    for who, part in ((office.clerk, "counter"), (office.clerk, "desk"), (office.specialist, "desk")):
        client.force_login(who)
        found = shown(client, part)
        assert [rows_behind(client, figure.url) for figure in found] == [figure.number for figure in found]
        assert any(figure.number for figure in found)


# Without a place -------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_superuser", [False, True])
def test_an_officer_without_a_place_is_told_who_gives_him_one(
    client: Client, office: Office, *, is_superuser: bool
) -> None:
    received(office)
    page = home(client, OfficerFactory.create(is_superuser=is_superuser))
    with override("vi"):
        words = _("You hold no place in a unit yet. The head of your unit or the administrator gives you one.")
    assert words in re.sub(r"\s+", " ", page)
    assert 'class="figures"' not in page


def test_who_has_a_place_is_not_told_so(client: Client, office: Office) -> None:
    assert "bi-person-badge" in home(client, OfficerFactory.create()).partition("<main")[2]
    assert "bi-person-badge" not in home(client, office.look_up).partition("<main")[2]
