"""Who asks and who stands at the counter: identity numbers, authorisation, earlier dossiers, namesakes."""

import re
import unicodedata
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.acting import Acting
from dossiers.forms import ApplicantForm
from dossiers.models import Applicant, Dossier
from dossiers.operations.draft import begin_draft
from dossiers.operations.receive import receive_dossier
from dossiers.selectors import earlier_dossiers, namesakes
from tests.factories.accounts import UnitFactory, acting_at
from tests.factories.dossiers import begun, received, typed_intake
from tests.factories.office import Office

pytestmark = pytest.mark.django_db

RIGHT = [
    ("person", "099174003312"),
    ("person", "001099012345"),
    ("person", "123456789"),
    ("organisation", "0900123456"),
    ("organisation", "0900123456-001"),
    ("organisation", "0900123456001"),
]
WRONG = [
    ("person", "09917400331"),
    ("person", "0991740033120"),
    ("person", "199174003312"),
    ("person", "099474003312"),
    ("person", "0900123456"),
    ("person", "12345678a"),
    ("person", "099 174 003 312"),
    ("person", "09٩174003312"),
    ("person", "١٢٣٤٥٦٧٨٩"),
    ("organisation", "099174003312"),
    ("organisation", "123456789"),
    ("organisation", "0900123456-01"),
    ("organisation", "0900123456--001"),
    ("ghost", "099174003312"),
]


def judged(office: Office, **changes: Any) -> ApplicantForm:
    return ApplicantForm(typed_intake(office, **changes), competent_kind="registration_branch")


# Identity -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "number"), RIGHT)
def test_an_identity_number_is_taken(office: Office, kind: str, number: str) -> None:
    form = judged(office, kind=kind, id_number=f" {number} ")
    assert form.is_valid()
    assert form.cleaned_data["id_number"] == number


@pytest.mark.parametrize(("kind", "number"), WRONG)
def test_an_identity_number_that_cannot_be_is_refused(office: Office, kind: str, number: str) -> None:
    assert set(judged(office, kind=kind, id_number=number).errors) & {"id_number", "kind"}


@given(number=st.text(st.characters(categories=["Nd"]), min_size=9, max_size=14))
def test_only_the_digits_of_a_keyboard_make_an_identity(number: str) -> None:
    typed = {"kind": "person", "id_number": number, "is_represented": "", "representative_id_number": number}
    form = ApplicantForm({**typed, "is_represented": "on"}, competent_kind="none")
    is_right = bool(re.fullmatch("0[0-9]{2}[0-3][0-9]{8}|[0-9]{9}", number))
    assert ("id_number" not in form.errors) is is_right
    assert ("representative_id_number" not in form.errors) is is_right


@pytest.mark.parametrize("phone", ["0900 555 018", "+84900555018", "02193.555.018"])
def test_a_phone_number_is_taken(office: Office, phone: str) -> None:
    assert judged(office, phone=phone).is_valid()


@pytest.mark.parametrize("phone", ["", "12345", "0900-555-018", "٩٩٩٥٥٥١٨٨", "gọi chị Ngát", "0900555018\n1"])
def test_a_phone_number_that_cannot_be_is_refused(office: Office, phone: str) -> None:
    assert "phone" in judged(office, phone=phone).errors


@pytest.mark.parametrize("name", ["id_number", "name", "phone", "address", "unit"])
def test_who_cannot_be_known_or_reached_is_refused(office: Office, name: str) -> None:
    assert set(judged(office, **{name: None}).errors) == {name}


def test_a_name_is_one_name_on_whichever_keyboard_it_is_typed(office: Office, clerk: Acting) -> None:
    typed = unicodedata.normalize("NFD", "Phùng Thị Ngát")
    dossier = received(office, name=typed, address=typed)
    assert dossier.applicant_name == dossier.applicant_address == "Phùng Thị Ngát"
    assert Applicant.objects.get().name == "Phùng Thị Ngát"


# Representative ---------------------------------------------------------------------------------------


def test_a_representative_is_known_by_name_and_number(office: Office) -> None:
    assert set(judged(office, is_represented="on").errors) == {"representative_name", "representative_id_number"}
    form = judged(
        office, is_represented="on", representative_name="Lục Văn Thạo", representative_id_number="0900123456"
    )
    assert set(form.errors) == {"representative_id_number"}


def test_a_representative_nobody_sent_is_not_kept(office: Office) -> None:
    dossier = received(office, representative_name="Lục Văn Thạo", representative_id_number="099068001177")
    assert (dossier.representative_name, dossier.representative_id_number) == ("", "")


def test_a_representative_is_kept_beside_the_applicant(office: Office) -> None:
    dossier = received(
        office,
        is_represented="on",
        representative_name="Lục Văn Thạo",
        representative_id_number="099068001177",
        paper__authorisation__in="yes",
    )
    assert (dossier.applicant_name, dossier.representative_name) == ("Phùng Thị Ngát", "Lục Văn Thạo")
    assert Applicant.objects.get().name == "Phùng Thị Ngát"


# Competent unit ---------------------------------------------------------------------------------------


def test_attack_41_only_a_unit_of_the_right_kind_is_competent(office: Office) -> None:
    for unit in (office.one_stop, UnitFactory.create(kind="tax")):
        assert set(judged(office, unit=unit.pk).errors) == {"unit"}


def test_the_only_competent_unit_is_chosen_already(office: Office) -> None:
    only = UnitFactory.create(kind="ferry_office")
    assert ApplicantForm(competent_kind="ferry_office")["unit"].value() == only.pk
    assert ApplicantForm(competent_kind="registration_branch")["unit"].value() is None


# Known already ----------------------------------------------------------------------------------------


def known(client: Client, office: Office, **typed: str) -> str:
    """The panel beside the form, for what was typed so far."""
    client.force_login(office.clerk)
    response = client.get(reverse("intake_applicant", args=[begun(office).pk]), typed)
    assert response.status_code == 200
    return response.content.decode()


NGAT = {"kind": "person", "id_number": "099174003312", "name": "Phùng Thị Ngát"}


def received_elsewhere(office: Office) -> Dossier:
    """The same applicant's dossier at another one-stop shop."""
    other = acting_at(UnitFactory.create(kind="one_stop", agency_code="H99.88"), roles=["clerk"])
    draft = begin_draft(procedure="P6", acting=other)
    return receive_dossier(dossier_id=draft.pk, typed=typed_intake(office), acting=other)


def test_earlier_dossiers_of_the_applicant_are_offered(client: Client, office: Office) -> None:
    first, second = received(office), received(office, "P2")
    html = known(client, office, **NGAT)
    assert [reverse("dossier", args=[dossier.pk]) in html for dossier in (first, second)] == [True, True]
    assert "thôn Đồng Vừng" in html


def test_attack_36_earlier_dossiers_one_may_not_see_leave_no_trace(
    client: Client, office: Office, clerk: Acting
) -> None:
    empty = known(client, office, **NGAT)
    hidden = received_elsewhere(office)
    assert known(client, office, **NGAT) == empty
    assert known(client, office, kind="person", id_number="099174009999", name="Phùng Thị Ngát") == empty
    assert hidden not in earlier_dossiers(clerk, kind="person", id_number="099174003312")


def test_a_person_and_an_organisation_are_two(client: Client, office: Office) -> None:
    received(office)
    assert "/ho-so/" not in known(client, office, kind="organisation", id_number="099174003312", name="Công ty")


@pytest.mark.databases_differ
@pytest.mark.parametrize("name", ["Phùng Thị Ngát", "PHÙNG THỊ NGÁT", "phùng thị ngát"])
def test_a_namesake_under_another_number_is_warned_about(
    client: Client, office: Office, clerk: Acting, name: str
) -> None:
    dossier = received(office)
    typed = {"kind": "person", "id_number": "099174009999", "name": unicodedata.normalize("NFD", name)}
    html = known(client, office, **typed)
    assert "099174003312" in html
    assert str(reverse("dossier", args=[dossier.pk])) in html
    assert list(namesakes(clerk, name=name, id_number="099174003312")) == []


@pytest.mark.parametrize("typed", [{}, {"name": "Phùng Thị Ngát"}, {"id_number": "", "name": ""}])
def test_nobody_is_compared_before_name_and_number_are_there(
    client: Client, office: Office, typed: dict[str, str]
) -> None:
    received(office)
    assert "/ho-so/" not in known(client, office, kind="person", **typed)


def test_a_later_address_changes_no_earlier_dossier(office: Office) -> None:
    first = received(office)
    second = received(office, address="tổ 4, phường Hải Sơn", phone="0900 555 999")
    first.refresh_from_db()
    assert first.applicant_address == "thôn Đồng Vừng, xã Tân Lộc, tỉnh Yên Giang"
    assert first.forms.get().content["address"] == first.applicant_address
    assert second.applicant_address == "tổ 4, phường Hải Sơn"
    assert first.applicant == second.applicant == Applicant.objects.get()
    assert Applicant.objects.get().address == "tổ 4, phường Hải Sơn"
