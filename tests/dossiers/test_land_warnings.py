"""At the counter: what the register and other dossiers say of the parcel typed. Warnings, hardly ever blocks."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dossiers.land_warnings import stops_on, warnings_on
from dossiers.models import Dossier
from dossiers.operations.receive import receive_dossier
from land.holders import together
from land.models import Commune, Parcel
from land.operations.places import commune_named
from land.operations.register import register_parcel
from land.operations.restrictions import Restricting, register_restriction
from land.operations.succession import Part, split_parcel
from land.places import Place
from land.states import RestrictionKind
from pages.domain_errors import Invalid
from tests.factories.accounts import UnitFactory, officer_at
from tests.factories.dossiers import at_step, begun, received, typed_intake
from tests.factories.land import KHOI, NGAT, certified, mortgaged, parcel_at, source
from tests.factories.land_editions import publish_land_edition, rows
from tests.factories.moments import MORNING
from tests.factories.office import Office, open_office

SAME: dict[str, Any] = {"form-parcel": "116", "form-certificate_serial": "DK 248032"}


@pytest.fixture
def office(db: None) -> Office:
    return open_office("P6-2025.toml", "P2-2025.toml")


def asked(client: Client, office: Office, procedure: str = "P2", **changes: Any) -> str:
    """What the counter is told once this is typed."""
    client.force_login(office.clerk)
    draft = begun(office, procedure)
    typed = typed_intake(office, procedure, **changes)
    asking = {name: str(value) for name, value in typed.items()}
    return client.get(reverse("intake_land", args=[draft.pk]), asking).content.decode()


def known_parcel(office: Office, **told: object) -> Parcel:
    return parcel_at(office.acting(office.specialist), **told)  # type: ignore[arg-type]


def test_a_parcel_nobody_knows_is_taken_over(client: Client, office: Office) -> None:
    page = asked(client, office)
    assert page.count('class="say') == 1
    assert "say info" in page


def test_nothing_is_said_before_the_place_is_whole(client: Client, office: Office) -> None:
    assert "say" not in asked(client, office, form__sheet="")


@pytest.mark.parametrize("commune", ["X. Tân Lộc", "tan loc", "Tân Lộc, tỉnh Yên Giang"])
def test_an_open_dossier_warns_however_its_parcel_is_written(client: Client, office: Office, commune: str) -> None:
    first = received(office)
    page = asked(client, office, **{"form-parcel": "0116", "form-commune": commune})
    assert str(first.code) in page


def test_a_dossier_that_has_ended_warns_of_nothing(client: Client, office: Office) -> None:
    first = at_step(office, received(office), "hand_over")
    assert str(first.code) not in asked(client, office, **{"form-certificate_serial": "AA 00000116"})


def test_attack_36_whose_the_dossier_of_another_unit_is_is_not_told(client: Client, office: Office) -> None:
    first = received(office)
    other = UnitFactory.create(kind="one_stop")
    stranger = officer_at(other, "update", ["clerk"])
    client.force_login(stranger)
    from_there = Office(**{**vars(office), "one_stop": other, "clerk": stranger})
    page = asked(client, from_there)
    assert "say near" in page
    assert str(first.code) not in page
    assert first.applicant_name not in page


def test_a_mortgage_that_will_stop_the_result_is_said_at_the_counter(client: Client, office: Office) -> None:
    mortgaged(known_parcel(office), office.acting(office.specialist), party="Quỹ tín dụng Tân Lộc")
    assert "Quỹ tín dụng Tân Lộc" in asked(client, office)
    assert "say late" in asked(client, office)
    # It stops no renewal, and is no block: the dossier is received all the same.
    assert "say late" not in asked(client, office, "P6")
    assert received(office, "P2", **SAME).code


def test_where_form_and_register_disagree_is_said_without_names(client: Client, office: Office) -> None:
    parcel = known_parcel(office, people=[KHOI], area="300")
    certified(parcel, office.acting(office.specialist), "DK 000001")
    page = asked(client, office)
    assert page.count('class="say') == 3
    assert "DK 000001" in page
    assert KHOI.name not in page


def test_where_they_agree_nothing_is_said(client: Client, office: Office) -> None:
    parcel = known_parcel(office, people=[NGAT])
    certified(parcel, office.acting(office.specialist))
    assert "say" not in asked(client, office)


def test_what_is_seized_is_not_received_for_a_transfer(office: Office) -> None:
    parcel, acting = known_parcel(office), office.acting(office.specialist)
    told = Restricting(kind=RestrictionKind.SEIZURE, party="Thi hành án khu vực 3", registered_at=MORNING)
    register_restriction(parcel_id=parcel.pk, told=told, source=source(), acting=acting)
    draft = begun(office, "P2")
    with pytest.raises(Invalid, match="Thi hành án khu vực 3"):
        receive_dossier(dossier_id=draft.pk, typed=typed_intake(office, "P2"), acting=office.acting(office.clerk))
    assert Dossier.objects.get(pk=draft.pk).is_draft
    assert received(office, "P6", **SAME).code


@pytest.mark.parametrize(("request_", "is_stopped"), [("register", True), ("change", True), ("release", False)])
def test_what_stops_a_mortgage_stops_its_change_and_not_its_release(
    client: Client, office: Office, request_: str, *, is_stopped: bool
) -> None:
    told = Restricting(kind=RestrictionKind.DISPUTE, party="Tòa án khu vực 3", registered_at=MORNING)
    acting = office.acting(office.specialist)
    register_restriction(parcel_id=known_parcel(office).pk, told=told, source=source(), acting=acting)
    publish_land_edition("issue_and_restrict", certificate=False, request="text")
    page = asked(client, office, "DAT", **{"form-parcel": "116", "form-request": request_})
    assert "Tòa án khu vực 3" in page
    assert ("say late" in page) is is_stopped


# Further parcels, other names -------------------------------------------------------------------------


def merging(client: Client, office: Office, number: str = "117") -> str:
    """What the counter is told of a merger of 116 with this parcel."""
    publish_merger()
    return asked(
        client,
        office,
        "DAT",
        **{"form-wish": "merge", "form-parcel": "116"},
        **rows("other_parcels", {"number": number}),
    )


def publish_merger() -> None:
    publish_land_edition("issue_and_divide", wish="text", other_parcels={"number": "text", "sheet": "text"})


def test_a_merger_is_warned_of_what_restricts_its_further_parcels(client: Client, office: Office) -> None:
    known_parcel(office)
    other = known_parcel(office, place=Place("xã Tân Lộc", "24", "117"))
    mortgaged(other, office.acting(office.specialist), party="Quỹ tín dụng Tân Lộc")
    page = merging(client, office)
    assert "say late" in page
    assert "Quỹ tín dụng Tân Lộc" in page
    assert reverse("parcel", args=[other.pk]) in page


def test_a_merger_with_a_parcel_the_register_does_not_hold_is_said_to_fail(client: Client, office: Office) -> None:
    known_parcel(office)
    assert "say late" in merging(client, office, "999")


def test_a_merger_is_warned_of_dossiers_open_on_its_further_parcels(client: Client, office: Office) -> None:
    known_parcel(office)
    known_parcel(office, place=Place("xã Tân Lộc", "24", "117"))
    there: dict[str, Any] = {"form-parcel": "117"}
    first = received(office, "P6", **there)
    assert str(first.code) in merging(client, office)


def test_what_is_seized_is_not_received_for_a_merger_either(office: Office) -> None:
    known_parcel(office)
    other, acting = known_parcel(office, place=Place("xã Tân Lộc", "24", "117")), office.acting(office.specialist)
    told = Restricting(kind=RestrictionKind.SEIZURE, party="Thi hành án khu vực 3", registered_at=MORNING)
    register_restriction(parcel_id=other.pk, told=told, source=source(), acting=acting)
    publish_merger()
    draft = begun(office, "DAT")
    merger = {"form-wish": "merge", "form-parcel": "116"}
    typed = typed_intake(office, "DAT", **merger, **rows("other_parcels", {"number": "117"}))
    with pytest.raises(Invalid, match="Thi hành án khu vực 3"):
        receive_dossier(dossier_id=draft.pk, typed=typed, acting=office.acting(office.clerk))


def test_an_open_dossier_warns_under_the_name_of_the_commune_before_it_was_merged(
    client: Client, office: Office
) -> None:
    first = received(office)
    merged = commune_named("xã Lộc An")
    before = commune_named("xã Tân Lộc")
    Commune.objects.filter(pk=before.pk).update(valid_until=date(2026, 7, 1), successor=merged)
    assert str(first.code) in asked(client, office, **{"form-parcel": "116", "form-commune": "xã Lộc An"})


def test_an_open_dossier_warns_under_another_number_of_its_parcel(client: Client, office: Office) -> None:
    acting = office.acting(office.specialist)
    register_parcel(
        place=Place("xã Tân Lộc", "30", "8"),
        area=Decimal(100),
        holdings=together([NGAT]),
        former=[Place("xã Tân Lộc", "24", "116")],
        source=source(),
        acting=acting,
    )
    first = received(office)
    assert str(first.code) in asked(client, office, **{"form-sheet": "30", "form-parcel": "8"})


def test_a_received_dossier_says_it_too_and_an_ended_one_what_it_changed(client: Client, office: Office) -> None:
    mortgaged(known_parcel(office), office.acting(office.specialist), party="Quỹ tín dụng Tân Lộc")
    under_way = received(office, "P2", **SAME)
    client.force_login(office.clerk)
    assert "Quỹ tín dụng Tân Lộc" in client.get(reverse("dossier_land", args=[under_way.pk])).content.decode()
    renewed = at_step(office, received(office, "P6", **SAME), "hand_over")
    page = client.get(reverse("dossier_land", args=[renewed.pk])).content.decode()
    assert reverse("parcel", args=[Parcel.objects.get().pk]) in page


@pytest.mark.parametrize("procedure", ["P2", "P6"])
def test_at_a_glance_stands_what_will_stop_the_result_and_nothing_else(office: Office, procedure: str) -> None:
    acting = office.acting(office.specialist)
    parcel = known_parcel(office, people=[KHOI], area="300")
    certified(parcel, acting, "DK 000001")
    mortgaged(parcel, acting, party="Quỹ tín dụng Tân Lộc")
    dossier = received(office, procedure, **SAME)
    everything = warnings_on(dossier, acting)
    late = [one for one in everything if one.tone == "late"]
    assert 0 < len(late) < len(everything)
    assert stops_on(dossier, acting) == late


def test_at_a_glance_a_parcel_that_ended_or_that_nobody_knows_is_told_as_at_the_counter(office: Office) -> None:
    acting = office.acting(office.specialist)
    dossier = received(office, "P6")
    assert stops_on(dossier, acting) == []
    parcel = known_parcel(office)
    halves = [Part(number="201", area=Decimal("156.25")), Part(number="202", area=Decimal("156.25"))]
    split_parcel(parcel_id=parcel.pk, parts=halves, source=source(), acting=acting)
    [ended] = stops_on(dossier, acting)
    assert ended in warnings_on(dossier, acting)
