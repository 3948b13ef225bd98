"""What the shipped editions let somebody ask for can be entered: with a mortgagee's consent, and one wish at a time."""

from typing import Any

import pytest

from documents.outgoing import RegisterEntry
from dossiers.models import Dossier
from dossiers.usual_land import usual_land
from land.models import Parcel
from pages.domain_errors import Conflict
from tests.factories.dossiers import TYPED, at_step, complete, received
from tests.factories.land import held_by, mortgaged, parcel_at
from tests.factories.land_editions import rows
from tests.factories.office import EDITIONS, Office, open_office
from workflow.procedures.reading import read_edition
from workflow.procedures.schema import Edition

# Published before the register was there; dossiers received from now on come under the edition that follows it.
_WITHOUT = {("P2", "2014"), ("P2", "2025")}
DIVIDED = {
    **{name: text for name, text in TYPED["P6"].items() if not name.startswith("form-reason")},
    **rows("new_parcels", {"number": "200", "area": "100"}, {"number": "201", "area": "212,5"}),
    **rows("other_parcels"),
    "form-wish": "split",
    "form-is_hard_area": "no",
    "paper-drawing-in": "yes",
}


def shipped(*procedures: str) -> list[Edition]:
    editions = [read_edition(path.read_text("utf-8")) for path in sorted(EDITIONS.glob("*.toml"))]
    return [edition for edition in editions if edition.procedure in procedures]


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setitem(TYPED, "P4", DIVIDED)
    return open_office("P2-2025.toml", "P2-2025-2.toml", "P4-2025.toml")


@pytest.fixture
def parcel(office: Office) -> Parcel:
    """Mortgaged, and held by the applicant of the tests."""
    keeper = office.acting(office.specialist)
    found = parcel_at(keeper)
    mortgaged(found, keeper)
    return found


def about_to_end(office: Office, procedure: str, **papers: Any) -> Dossier:
    return at_step(office, received(office, procedure, **papers), "register")


@pytest.mark.parametrize("edition", shipped("P2", "P4"), ids=lambda edition: f"{edition.procedure}-{edition.code}")
def test_an_edition_a_mortgage_stands_in_the_way_of_asks_for_its_consent(edition: Edition) -> None:
    asked = {component.code: component for component in edition.components}
    consents = [asked[code] for code in usual_land().consents if code in asked]
    assert len(consents) == (0 if (edition.procedure, edition.code) in _WITHOUT else 1)
    for consent in consents:
        assert not consent.is_required
        assert "cần xác nhận" in consent.note


@pytest.mark.parametrize("edition", shipped("P4"), ids=lambda edition: edition.code)
def test_a_dossier_wishes_for_nothing_the_register_could_not_enter(edition: Edition) -> None:
    wish = next(field for field in edition.form.fields if field.code == "wish")
    assert [choice.code for choice in wish.choices] == ["split", "merge"]
    assert "hai hồ sơ" in wish.help


def test_a_transfer_is_received_under_the_edition_that_asks_for_it(office: Office) -> None:
    assert received(office, "P2").version.code == "2025-2"


@pytest.mark.parametrize("procedure", ["P2", "P4"])
def test_without_the_mortgagees_consent_nothing_is_issued(office: Office, parcel: Parcel, procedure: str) -> None:
    dossier = about_to_end(office, procedure)
    numbers = RegisterEntry.objects.count()
    with pytest.raises(Conflict, match="QTD Tân Lộc"):
        complete(office, dossier, "issue")
    assert RegisterEntry.objects.count() == numbers


def test_with_it_the_right_goes_over_and_the_mortgage_stays(office: Office, parcel: Parcel) -> None:
    complete(office, about_to_end(office, "P2", **{"paper-lender_consent-in": "yes"}), "issue")
    assert held_by(parcel) == [("1/1", ["Lương Văn Khởi"])]
    assert parcel.restrictions.filter(valid_until__isnull=True).count() == 1


def test_with_it_the_parcel_is_split_and_the_mortgage_follows(office: Office, parcel: Parcel) -> None:
    complete(office, about_to_end(office, "P4", **{"paper-lender_consent-in": "yes"}), "issue")
    children = Parcel.objects.filter(valid_until__isnull=True)
    assert sorted(child.number for child in children) == ["200", "201"]
    assert all(child.restrictions.filter(valid_until__isnull=True).count() == 1 for child in children)
