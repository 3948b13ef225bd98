"""Certificates follow the rights: one for several parcels or for one of several holders loses nothing of the others."""

from fractions import Fraction
from typing import Any

import pytest

from dossiers.models import Dossier
from land.holders import Holding
from land.models import Parcel
from land.operations.certificates import annotate_certificate, issue_certificate
from land.places import Place
from land.rights_models import Certificate
from land.states import Ending
from pages.domain_errors import Conflict
from tests.factories.dossiers import at_step, received
from tests.factories.land import KHOI, NGAT, SAU, held_by, parcel_at, rights_on, source
from tests.factories.land_editions import publish_land_edition, rows
from tests.factories.office import Office, open_office

TO_KHOI = rows("recipients", {"id_number": KHOI.id_number, "name": KHOI.name})
RECIPIENTS: dict[str, Any] = {"recipients": {"id_number": "text", "name": "text"}}


@pytest.fixture
def office(db: None) -> Office:
    return open_office("P6-2025.toml", "P2-2025.toml")


def ended(office: Office, procedure: str = "DAT", **typed: Any) -> Dossier:
    same = {"form-parcel": "116", "form-certificate_serial": "DK 248032"}
    return at_step(office, received(office, procedure, **{**same, **typed}), "hand_over")


def in_halves(office: Office) -> Parcel:
    """Of two holders with a half and a certificate each."""
    keeper = office.acting(office.specialist)
    halves = [Holding((person,), Fraction(1, 2)) for person in (NGAT, KHOI)]
    parcel = parcel_at(keeper, holdings=halves)
    for right, serial in zip(rights_on(parcel), ("DK 248032", "DK 000002"), strict=True):
        issue_certificate(serial=serial, right_ids=[right.pk], source=source(), acting=keeper)
    return parcel


def two_on_one_certificate(office: Office) -> tuple[Parcel, Parcel]:
    keeper = office.acting(office.specialist)
    first, second = parcel_at(keeper), parcel_at(keeper, Place("xã Tân Lộc", "24", "117"), area="100")
    ids = [right.pk for parcel in (first, second) for right in rights_on(parcel)]
    issue_certificate(serial="DK 248032", right_ids=ids, source=source(), acting=keeper)
    return first, second


def certified() -> dict[str, list[str]]:
    """The parcels and shares each certificate in force certifies."""
    return {
        certificate.serial: [
            f"{line.right.parcel.number}: {line.right.share}"
            for line in certificate.certified.filter(valid_until=None).order_by("pk")
        ]
        for certificate in Certificate.objects.filter(valid_until=None).order_by("pk")
    }


def notes(serial: str) -> list[str]:
    return list(Certificate.objects.get(serial=serial).notes.order_by("pk").values_list("text", flat=True))


# One for each holder ----------------------------------------------------------------------------------


def test_what_concerns_the_parcel_is_noted_on_each_and_each_certifies_what_it_did(office: Office) -> None:
    in_halves(office)
    publish_land_edition("issue_and_change_purpose", certificate=False, new_use="text")
    ended(office, **{"form-new_use": "CLN"})
    assert certified() == {"DK248032": ["116: 1/2"], "DK000002": ["116: 1/2"]}
    assert len(notes("DK248032")) == len(notes("DK000002")) == 1


def test_a_new_certificate_replaces_the_one_named_and_the_other_holders_is_noted(office: Office) -> None:
    in_halves(office)
    publish_land_edition("issue_and_change_purpose", new_use="text")
    ended(office, **{"form-new_use": "CLN"})
    assert certified() == {"DK000002": ["116: 1/2"], "AA00000116": ["116: 1/2"]}
    assert len(notes("DK000002")) == 1


def test_a_buyer_who_applies_himself_receives_what_the_certificate_he_brings_certifies(office: Office) -> None:
    parcel = in_halves(office)
    buyer = {"id_number": SAU.id_number, "name": SAU.name, "birth_date": "01/02/1985"}
    to_him = {"form-recipients-0-id_number": SAU.id_number, "form-recipients-0-name": SAU.name}
    ended(office, "P2", **buyer, **to_him)
    assert sorted(held_by(parcel)) == [("1/2", ["Lương Văn Khởi"]), ("1/2", ["Sầm Văn Sáu"])]
    assert certified() == {"DK000002": ["116: 1/2"], "AA00000116": ["116: 1/2"]}
    assert notes("DK000002") == []


def test_of_two_certificates_of_who_gives_all_one_goes_on_where_none_is_issued(office: Office) -> None:
    keeper = office.acting(office.specialist)
    parcel = parcel_at(keeper, holdings=[Holding((NGAT,), Fraction(1, 2)), Holding((SAU,), Fraction(1, 2))])
    for right, serial in zip(rights_on(parcel), ("DK 248032", "DK 000002"), strict=True):
        issue_certificate(serial=serial, right_ids=[right.pk], source=source(), acting=keeper)
    publish_land_edition("issue_and_allocate", certificate=False)
    # Allocated to the applicant, who held a half: everything of before ends.
    ended(office)
    assert certified() == {"DK248032": ["116: 1"]}
    assert Certificate.objects.get(serial="DK000002").ending == Ending.RIGHT_ENDED


# One for several parcels ------------------------------------------------------------------------------


def test_a_certificate_goes_on_for_the_parcel_that_was_not_transferred(office: Office) -> None:
    two_on_one_certificate(office)
    publish_land_edition("issue_and_transfer", **RECIPIENTS)
    ended(office, **TO_KHOI)
    assert certified() == {"DK248032": ["117: 1"], "AA00000116": ["116: 1"]}
    assert "Lương Văn Khởi" in notes("DK248032")[0]


def test_without_a_new_certificate_it_goes_on_all_the_same(office: Office) -> None:
    two_on_one_certificate(office)
    publish_land_edition("issue_and_transfer", certificate=False, **RECIPIENTS)
    ended(office, **TO_KHOI)
    assert certified() == {"DK248032": ["117: 1"]}


def test_what_replaces_a_certificate_certifies_everything_that_one_did(office: Office) -> None:
    two_on_one_certificate(office)
    ended(office, "P6")
    assert certified() == {"AA00000116": ["116: 1", "117: 1"]}


def test_a_split_leaves_the_other_parcel_its_certificate(office: Office) -> None:
    _first, second = two_on_one_certificate(office)
    publish_land_edition("issue_and_divide", wish="text", new_parcels={"number": "text", "area": "number"})
    parts = rows("new_parcels", {"number": "200", "area": "100"}, {"number": "201", "area": "212,5"})
    ended(office, **{"form-wish": "split"}, **parts)
    assert certified() == {"DK248032": ["117: 1"], "AA00000116": ["200: 1", "201: 1"]}
    assert "200" in notes("DK248032")[0]
    assert second.changes.filter(verb="certificate.annotated").exists()


def test_a_share_transferred_is_noted_on_the_certificate_that_stays(office: Office) -> None:
    ended(office, "P2", **{"form-scope": "part", "form-recipients-0-share": "1/4", "paper-drawing-in": "yes"})
    assert certified() == {"DK248032": ["116: 3/4"], "AA00000116": ["116: 1/4"]}
    assert "Lương Văn Khởi" in notes("DK248032")[0]


def test_a_right_with_a_certificate_is_not_noted_into_another(office: Office) -> None:
    parcel = in_halves(office)
    first, second = Certificate.objects.order_by("pk")
    [other] = [line.right_id for line in second.certified.all()]
    with pytest.raises(Conflict, match=second.serial_shown):
        annotate_certificate(
            certificate_id=first.pk,
            text="x",
            source=source(),
            acting=office.acting(office.specialist),
            also_certifies=[other],
        )
    assert len(rights_on(parcel)) == 2
