"""What the form says beside what the papers say, value by value."""

from typing import Any

import pytest

from accounts.acting import Acting
from documents.models import DocumentToken, DocumentVersion
from documents.states import Screening
from dossiers.cross_check import Compared, CrossCheck, cross_check
from dossiers.models import Dossier
from dossiers.states import Verdict
from tests.factories.dossiers import received
from tests.factories.office import Office
from tests.factories.readings import land, person, read_as, said

pytestmark = pytest.mark.django_db
BOTH = ("application", "certificate")


@pytest.fixture
def dossier(office: Office) -> Dossier:
    """Parcel 116, sheet 24, 312,5 m², DK 248032, of Phùng Thị Ngát, born 1974."""
    return received(office, scans=BOTH)


def check(dossier: Dossier, acting: Acting) -> CrossCheck:
    return cross_check(Dossier.objects.select_related("version__procedure").get(pk=dossier.pk), acting)


def row(dossier: Dossier, acting: Acting, key: str) -> Compared:
    found = check(dossier, acting).row(key)
    assert found is not None
    return found


def verdicts(dossier: Dossier, acting: Acting) -> dict[str, Verdict]:
    return {one.fact.key: one.verdict for one in check(dossier, acting).rows}


def test_a_paper_that_says_the_same_agrees_and_nothing_is_open(dossier: Dossier, clerk: Acting) -> None:
    read_as(dossier, "certificate", *land("116", "24", "312.5"), said("serial", "DK248032"))
    found = verdicts(dossier, clerk)
    assert {found[key] for key in ("parcel", "sheet", "area", "certificate_serial")} == {Verdict.AGREES}
    assert check(dossier, clerk).open_count == 0


def test_a_value_that_a_sure_paper_contradicts_differs(dossier: Dossier, clerk: Acting) -> None:
    read_as(dossier, "certificate", *land("116", "24", "321.5"))
    area = row(dossier, clerk, "area")
    assert (area.verdict, area.is_open) == (Verdict.DIFFERS, True)
    assert [(voice.paper.name, voice.field.value) for voice in area.voices] == [
        ("Giấy chứng nhận đã cấp", "321,5 m²"),
    ]


def test_a_value_read_unsurely_is_to_be_looked_at(dossier: Dossier, clerk: Acting) -> None:
    read_as(dossier, "certificate", *land("116", "24"), said("area", "321.5", sure=0.62, group=1))
    assert row(dossier, clerk, "area").verdict == Verdict.UNSURE
    assert row(dossier, clerk, "area").is_open


def test_an_unsure_reading_beside_a_paper_that_agrees_is_no_mismatch(dossier: Dossier, clerk: Acting) -> None:
    read_as(dossier, "application", *land("116", "24", "312.5"))
    read_as(dossier, "certificate", *land("116", "24"), said("area", "321.5", sure=0.62, group=1))
    assert row(dossier, clerk, "area").verdict == Verdict.AGREES


def test_papers_that_disagree_among_themselves_are_a_mismatch_though_one_agrees(
    dossier: Dossier, clerk: Acting
) -> None:
    read_as(dossier, "application", *land("116", "24", "312.5"))
    read_as(dossier, "certificate", *land("116", "24", "321.5"))
    area = row(dossier, clerk, "area")
    assert (area.verdict, area.is_disputed) == (Verdict.DIFFERS, True)
    assert [voice.field.told for voice in area.proposals] == ["321.5"]
    assert not row(dossier, clerk, "parcel").is_disputed


def test_what_only_the_paper_says_and_what_only_the_form_says(office: Office, clerk: Acting) -> None:
    dossier = received(office, scans=BOTH, form__register_number="", form__land_use=None)
    read_as(dossier, "certificate", *land("116", "24"), said("register_number", "CH 03288"))
    found = verdicts(dossier, clerk)
    assert found["register_number"] == Verdict.ONLY_ON_PAPER
    assert found["certificate_serial"] == Verdict.ONLY_IN_FORM
    assert "land_use" not in found
    assert check(dossier, clerk).open_count == 1


def test_a_parcel_told_beside_another_is_no_mismatch(dossier: Dossier, clerk: Acting) -> None:
    """Thửa đất được tách từ thửa số 52, tờ bản đồ số 6."""
    read_as(dossier, "certificate", *land("52", "6", group=1), *land("116", "24", "312.5", group=2))
    found = verdicts(dossier, clerk)
    assert {found[key] for key in ("parcel", "sheet", "area")} == {Verdict.AGREES}


def test_numbers_of_two_parcels_do_not_make_one(office: Office, clerk: Acting) -> None:
    dossier = received(office, scans=BOTH, form__parcel="52")
    read_as(dossier, "certificate", *land("52", "6", group=1), *land("116", "24", "312.5", group=2))
    found = verdicts(dossier, clerk)
    assert (found["parcel"], found["sheet"]) == (Verdict.DIFFERS, Verdict.AGREES)


def test_a_paper_of_another_parcel_contradicts_all_of_it(dossier: Dossier, clerk: Acting) -> None:
    read_as(dossier, "certificate", *land("77", "31", "208"))
    found = verdicts(dossier, clerk)
    assert {found[key] for key in ("parcel", "sheet", "area")} == {Verdict.DIFFERS}


def test_the_applicant_is_found_among_other_people(dossier: Dossier, clerk: Acting) -> None:
    read_as(
        dossier,
        "certificate",
        *person("Lục Văn Thạo", "099068001177", "1968", group=4),
        *person("PHÙNG THỊ NGÁT", "099174003312", "1975", group=5),
    )
    found = verdicts(dossier, clerk)
    assert found["applicant-name"] == found["applicant-id_number"] == Verdict.AGREES
    assert found["applicant-birth_date"] == Verdict.DIFFERS


def test_a_name_with_a_slip_is_the_same_person_and_differs(dossier: Dossier, clerk: Acting) -> None:
    read_as(dossier, "certificate", *person("Phùng Thị Ngạt", "099174003312"))
    found = verdicts(dossier, clerk)
    assert (found["applicant-name"], found["applicant-id_number"]) == (Verdict.DIFFERS, Verdict.AGREES)


def test_a_slip_in_the_identity_number_is_found_by_the_name(dossier: Dossier, clerk: Acting) -> None:
    read_as(dossier, "certificate", *person("Phùng Thị Ngát", "099174003321"))
    assert row(dossier, clerk, "applicant-id_number").verdict == Verdict.DIFFERS


def test_somebody_else_on_a_paper_contradicts_nobody(dossier: Dossier, clerk: Acting) -> None:
    read_as(dossier, "certificate", *person("Phùng Thị Ngạt", "099180112233"), *person("Lục Văn Thạo", group=6))
    assert row(dossier, clerk, "applicant-name").verdict == Verdict.ONLY_IN_FORM


def test_each_row_of_a_table_is_held_against_its_own_person(office: Office, clerk: Acting) -> None:
    rows: dict[str, Any] = {
        "form__recipients__TOTAL_FORMS": "2",
        "form__recipients__1__id_number": "099185004417",
        "form__recipients__1__name": "Trần Thị Mận",
        "form__recipients__1__birth_year": "1985",
    }
    dossier = received(office, "P2", scans=("contract",), **rows)
    read_as(
        dossier,
        "contract",
        *person("Trần Thị Mận", "099185004417", "1958", group=3),
        *person("Lương Văn Khởi", "099079001262", "1979", group=4),
    )
    found = verdicts(dossier, clerk)
    assert found["recipients-0-birth_year"] == found["recipients-1-name"] == Verdict.AGREES
    assert found["recipients-1-birth_year"] == Verdict.DIFFERS


def test_the_head_of_a_paper_is_held_only_against_the_fields_that_mean_it(office: Office, clerk: Acting) -> None:
    dossier = received(office, "P2", scans=("contract", "certificate"))
    read_as(dossier, "certificate", said("issued_on", "2011-06-14"))
    assert row(dossier, clerk, "contract_date").verdict == Verdict.ONLY_IN_FORM
    read_as(dossier, "contract", said("issued_on", "2026-11-21"))
    assert row(dossier, clerk, "contract_date").verdict == Verdict.DIFFERS


def test_a_reading_of_before_without_places_is_compared_too(office: Office, clerk: Acting) -> None:
    dossier = received(office, "P2", scans=("contract",))
    reading = read_as(dossier, "contract")
    reading.fields = {"issued_on": "2026-11-12", "number": None}
    reading.save()
    assert row(dossier, clerk, "contract_date").verdict == Verdict.AGREES


def test_an_organisation_is_known_by_its_tax_code(office: Office, clerk: Acting) -> None:
    company: dict[str, Any] = {
        "kind": "organisation",
        "id_number": "0101243150",
        "name": "Công ty An Khê",
        "birth_date": None,
    }
    dossier = received(office, scans=BOTH, **company)
    read_as(dossier, "application", said("tax_code", "0101243151"))
    assert row(dossier, clerk, "applicant-tax_code").verdict == Verdict.DIFFERS


def test_an_edition_that_names_no_field_compares_the_people_alone(office: Office, clerk: Acting) -> None:
    dossier = received(office, "ONG", scans=("request",))
    read_as(dossier, "request", *person("Phùng Thị Ngát", "099174003312"))
    assert {key.partition("-")[0] for key in verdicts(dossier, clerk)} == {"applicant"}


def test_a_paper_in_quarantine_says_nothing(dossier: Dossier, clerk: Acting) -> None:
    read_as(dossier, "certificate", *land("116", "24", "321.5"))
    DocumentVersion.objects.update(screening=Screening.QUARANTINED)
    assert check(dossier, clerk).papers == []
    assert check(dossier, clerk).open_count == 0


def test_a_paper_the_officer_may_not_see_says_nothing_to_him(dossier: Dossier, clerk: Acting) -> None:
    read_as(dossier, "certificate", *land("116", "24", "321.5"))
    DocumentToken.objects.all().delete()
    assert check(dossier, clerk).papers == []


def test_papers_not_read_yet_are_named(dossier: Dossier, clerk: Acting) -> None:
    read_as(dossier, "certificate", *land("116", "24", "321.5"))
    assert check(dossier, clerk).waiting == [dossier.components.get(code="application").name]
