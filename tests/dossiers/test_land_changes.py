"""The result of a dossier changes the land register, with the result or not at all."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from audit.models import AuditEvent
from documents.outgoing import RegisterEntry
from dossiers.land_changes import CHANGES
from dossiers.land_effects import LAND_EFFECTS
from dossiers.models import Dossier
from dossiers.states import Status
from dossiers.usual_land import change_of, usual_land
from land.models import Parcel, ParcelChange
from land.places import Place
from land.rights_models import Certificate, Restriction
from land.states import Ending
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.dossiers import at_step, complete, open_step, received
from tests.factories.land import KHOI, NGAT, held_by, mortgaged, parcel_at
from tests.factories.land_editions import publish_land_edition, rows
from tests.factories.office import EDITIONS, Office, open_office
from workflow.engine.operations.complete import complete_step
from workflow.models import StepRun
from workflow.procedures.reading import read_edition

PARCEL = {"form-parcel": "116", "form-certificate_serial": "DK 248032"}


@pytest.fixture
def office(db: None) -> Office:
    return open_office("P6-2025.toml", "P2-2025.toml")


def ended(office: Office, procedure: str = "DAT", **typed: Any) -> Dossier:
    """A dossier whose result was issued, about the usual parcel unless told otherwise."""
    return at_step(office, received(office, procedure, **{**PARCEL, **typed}), "hand_over")


def about_to_end(office: Office, procedure: str = "DAT", **typed: Any) -> Dossier:
    return at_step(office, received(office, procedure, **{**PARCEL, **typed}), "register")


def the_parcel() -> Parcel:
    return Parcel.objects.get(valid_until__isnull=True)


def serials(*, in_force: bool = True) -> list[str]:
    return list(
        Certificate.objects.filter(valid_until__isnull=in_force).order_by("pk").values_list("serial", flat=True)
    )


def verbs(parcel: Parcel) -> list[str]:
    return list(AuditEvent.objects.filter(stream=parcel.stream).order_by("sequence").values_list("verb", flat=True))


# What editions name, and what they usually do ---------------------------------------------------------


def test_every_usual_change_is_one_there_is() -> None:
    assert set(usual_land().changes.values()) <= set(CHANGES)


def test_every_shipped_edition_changes_the_register_somehow() -> None:
    for path in EDITIONS.glob("*.toml"):
        assert change_of(read_edition(path.read_text("utf-8"))) in CHANGES


def test_an_edition_names_its_change_by_an_effect(office: Office) -> None:
    version = publish_land_edition("issue_and_extend", until="date")
    assert change_of(version.edition) == "extend"
    assert set(LAND_EFFECTS) == {f"issue_and_{name}" for name in CHANGES}


# Each change ------------------------------------------------------------------------------------------


def test_a_renewal_takes_over_what_the_register_does_not_know_and_replaces_the_certificate(office: Office) -> None:
    dossier = ended(office, "P6")
    parcel = the_parcel()
    assert not parcel.descriptions.get().is_verified
    assert held_by(parcel) == [("1/1", ["Phùng Thị Ngát"])]
    old, new = Certificate.objects.order_by("pk")
    assert (old.serial, old.ending, old.ended_code) == ("DK248032", Ending.RENEWED, dossier.code)
    result = dossier.results.get()
    assert (new.serial_shown, new.register_number) == ("AA 00000116", result.document.number)
    assert new.legal_document == result.document.legal_document


def test_attack_81_each_change_of_a_parcel_is_one_event(office: Office) -> None:
    ended(office, "P2")
    parcel = the_parcel()
    taken_over = ["parcel.taken_over", "certificate.taken_over"]
    assert verbs(parcel) == [*taken_over, "right.transferred", "certificate.withdrawn", "certificate.issued"]
    assert [line.verb for line in ParcelChange.objects.order_by("pk")] == verbs(parcel)


def test_a_transfer_moves_the_right_to_who_receives_it(office: Office) -> None:
    ended(office, "P2")
    assert held_by(the_parcel()) == [("1/1", ["Lương Văn Khởi"])]
    assert serials() == ["AA00000116"]
    assert Certificate.objects.get(serial="DK248032").ending == Ending.RIGHT_ENDED


def test_a_share_is_transferred_and_the_old_certificate_stays_for_the_rest(office: Office) -> None:
    ended(office, "P2", **{"form-scope": "part", "form-recipients-0-share": "1/4", "paper-drawing-in": "yes"})
    assert sorted(held_by(the_parcel())) == [("1/4", ["Lương Văn Khởi"]), ("3/4", ["Phùng Thị Ngát"])]
    assert serials() == ["DK248032", "AA00000116"]


def test_a_part_without_a_share_is_refused_in_words(office: Office) -> None:
    dossier = about_to_end(
        office, "P2", **{"form-scope": "part", "form-recipients-0-share": "", "paper-drawing-in": "yes"}
    )
    with pytest.raises(Invalid):
        complete(office, dossier, "issue")


def test_an_heir_who_applies_himself_receives_the_right(office: Office) -> None:
    parcel_at(office.acting(office.specialist), people=[NGAT])
    heir = {"id_number": KHOI.id_number, "name": KHOI.name, "birth_date": "01/02/1979"}
    ended(office, "P2", **heir, **{"form-kind_of_transfer": "inheritance"})
    assert held_by(the_parcel()) == [("1/1", ["Lương Văn Khởi"])]


def test_a_first_registration_enters_the_parcel_verified(office: Office) -> None:
    publish_land_edition("issue_and_register", address="text")
    ended(office, **{"form-address": "thôn Đồng Vừng"})
    parcel = the_parcel()
    assert parcel.descriptions.get().is_verified
    assert [use.code for use in parcel.land_uses.order_by("pk")] == ["ONT", "CLN"]
    assert serials() == ["AA00000116"]
    with pytest.raises(Conflict, match="116"):
        ended(office)


def test_a_mortgage_is_registered_at_the_minute_of_its_receipt_changed_and_released(office: Office) -> None:
    fields: dict[str, Any] = {"request": "text", "lender": "text", "contract_number": "text"}
    publish_land_edition("issue_and_restrict", certificate=False, **fields)
    typed = {"form-lender": "Quỹ tín dụng Tân Lộc", "form-contract_number": "77/2026"}
    dossier = ended(office, **typed, **{"form-request": "register"})
    mortgage = Restriction.objects.get()
    assert mortgage.registered_at == dossier.received_at
    assert "77/2026" in Certificate.objects.get().notes.get().text
    ended(office, **{**typed, "form-request": "change", "form-lender": "Ngân hàng Đồi Mây"})
    changed = Restriction.objects.get(valid_until__isnull=True)
    assert (changed.party, changed.registered_at) == ("Ngân hàng Đồi Mây", dossier.received_at)
    ended(office, **{**typed, "form-request": "release", "form-lender": "Ngân hàng Đồi Mây"})
    assert not Restriction.objects.filter(valid_until__isnull=True).exists()
    with pytest.raises(Conflict, match="77/2026"):
        ended(office, **{**typed, "form-request": "release"})


NEW_PARCELS = {"number": "text", "area": "number", "use": "text"}


def test_a_split_makes_the_parcels_the_form_names(office: Office) -> None:
    publish_land_edition("issue_and_divide", wish="text", new_parcels=NEW_PARCELS)
    parts = rows("new_parcels", {"number": "200", "area": "100"}, {"number": "201", "area": "212,5", "use": "CLN"})
    ended(office, **{"form-wish": "split"}, **parts)
    children = Parcel.objects.filter(valid_until__isnull=True).order_by("pk")
    assert [child.number for child in children] == ["200", "201"]
    assert [use.code for use in children[1].land_uses.all()] == ["CLN"]
    assert Certificate.objects.get(serial="DK248032").ending == Ending.PARCEL_CHANGED
    assert Certificate.objects.get(serial="AA00000116").certified.count() == 2
    with pytest.raises(Conflict) as caught:
        ended(office, "P2", **{"form-certificate_serial": "AA 00000116"})
    assert "200" in str(caught.value)


def test_a_merger_makes_one_of_several(office: Office) -> None:
    keeper = office.acting(office.specialist)
    parcel_at(keeper)
    parcel_at(keeper, Place("xã Tân Lộc", "24", "117"), area="100")
    others = {"number": "text", "sheet": "text"}
    publish_land_edition("issue_and_divide", wish="text", new_parcels=NEW_PARCELS, other_parcels=others)
    into = rows("new_parcels", {"number": "300", "area": "412,5"}) | rows("other_parcels", {"number": "117"})
    ended(office, **{"form-wish": "merge"}, **into)
    assert the_parcel().number == "300"


def test_the_purpose_of_a_part_is_changed(office: Office) -> None:
    publish_land_edition("issue_and_change_purpose", new_use="text", new_area="number")
    ended(office, **{"form-land_use": "CLN", "form-new_use": "ONT", "form-new_area": "100"})
    uses = the_parcel().land_uses.filter(valid_until__isnull=True).order_by("pk")
    assert [(use.code, use.area) for use in uses] == [("CLN", Decimal("212.5")), ("ONT", Decimal(100))]


def test_a_lost_certificate_is_cancelled(office: Office) -> None:
    publish_land_edition("issue_and_reissue")
    ended(office)
    assert Certificate.objects.get(serial="DK248032").ending == Ending.LOST
    assert serials() == ["AA00000116"]


def test_a_correction_is_noted_and_what_has_a_field_is_put_right(office: Office) -> None:
    publish_land_edition("issue_and_correct", certificate=False, error="text", right="text", right_name="text")
    typed = {"form-error": "sai tên", "form-right": "Phùng Thị Ngạt", "form-right_name": "Phùng Thị Ngạt"}
    ended(office, **typed)
    assert held_by(the_parcel()) == [("1/1", ["Phùng Thị Ngạt"])]
    assert "Phùng Thị Ngạt" in Certificate.objects.get().notes.get().text


# Where the register contradicts -----------------------------------------------------------------------


def test_a_mortgaged_parcel_is_not_transferred_and_nothing_of_the_result_stays(office: Office) -> None:
    keeper = office.acting(office.specialist)
    parcel = parcel_at(keeper)
    mortgaged(parcel, keeper, party="Quỹ tín dụng Tân Lộc")
    dossier = about_to_end(office, "P2")
    numbers, events = RegisterEntry.objects.count(), AuditEvent.objects.count()
    with pytest.raises(Conflict, match="Quỹ tín dụng Tân Lộc"):
        complete(office, dossier, "issue")
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert dossier.status == Status.IN_PROCESS
    assert (RegisterEntry.objects.count(), AuditEvent.objects.count()) == (numbers, events)
    assert held_by(parcel) == [("1/1", ["Phùng Thị Ngát"])]
    assert serials() == []


def test_with_the_mortgagees_consent_handed_in_it_is(office: Office) -> None:
    keeper = office.acting(office.specialist)
    parcel = parcel_at(keeper)
    mortgaged(parcel, keeper)
    publish_land_edition("issue_and_transfer", consent=True, recipients={"id_number": "text", "name": "text"})
    to = rows("recipients", {"id_number": KHOI.id_number, "name": KHOI.name})
    ended(office, **to, **{"paper-consent-in": "yes"})
    assert held_by(parcel) == [("1/1", ["Lương Văn Khởi"])]


def test_a_certificate_is_renewed_once(office: Office) -> None:
    first = ended(office, "P6")
    second = about_to_end(office, "P6")
    with pytest.raises(Conflict, match=str(first.code)):
        complete(office, second, "issue")


def test_the_certificate_of_another_parcel_is_none_of_this_one(office: Office) -> None:
    ended(office, "P6")
    other = about_to_end(office, "P6", **{"form-parcel": "117", "form-certificate_serial": "AA 00000116"})
    with pytest.raises(Conflict, match="116"):
        complete(office, other, "issue")
    assert Parcel.objects.count() == 1


def test_who_holds_nothing_transfers_nothing(office: Office) -> None:
    parcel_at(office.acting(office.specialist), people=[KHOI])
    typed = {"form-recipients-0-id_number": "099085000777", "form-recipients-0-name": "Sầm Văn Sáu"}
    dossier = about_to_end(office, "P2", **typed)
    with pytest.raises(Conflict):
        complete(office, dossier, "issue")


# Faults and attacks -----------------------------------------------------------------------------------


def issue(office: Office, run: StepRun, key: str = "", serial: str = "AA 00000116") -> StepRun:
    return complete_step(
        step_run_id=run.pk,
        outcome="issue",
        version=run.version,
        acting=office.acting(office.specialist),
        data={"serial": serial},
        receipt_key=key,
    )


def test_attack_44_the_same_form_sent_twice_enters_one_change(office: Office) -> None:
    run = open_step(about_to_end(office, "P2"))
    issue(office, run, "k")
    issue(office, run, "k")
    assert ParcelChange.objects.filter(verb="right.transferred").count() == 1


def test_attack_46_a_stale_form_changes_no_parcel(office: Office) -> None:
    run = open_step(about_to_end(office, "P2"))
    StepRun.objects.filter(pk=run.pk).update(version=run.version + 1)
    with pytest.raises(Conflict):
        issue(office, run)
    assert not Parcel.objects.exists()


def test_attack_48_no_step_is_skipped_to_change_a_parcel(office: Office) -> None:
    dossier = at_step(office, received(office, "P2"), "appraise")
    with pytest.raises(Refused):
        issue(office, open_step(dossier))
    assert not Parcel.objects.exists()


def test_attack_49_a_result_dated_before_the_last_change_does_not_come_after_it(office: Office) -> None:
    ended(office, "P6")
    second = about_to_end(office, "P6", **{"form-certificate_serial": "AA 00000116"})
    run = open_step(second)
    with pytest.raises(Conflict):
        complete(office, second, "issue", at=run.created - timedelta(days=1))


def test_attack_54_a_dossier_changes_what_its_own_edition_says(office: Office) -> None:
    publish_land_edition("issue_and_reissue")
    dossier = about_to_end(office)
    # The procedure is given up meanwhile; the dossier ends as it began.
    dossier.version.procedure.versions.update(effective_to="2026-12-01")
    complete(office, dossier, "issue")
    assert Certificate.objects.get(serial="DK248032").ending == Ending.LOST
