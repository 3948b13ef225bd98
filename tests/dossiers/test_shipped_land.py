"""The shipped editions beside the land register: they ask for what their results change in it."""

import pytest

from dossiers.land_effects import LAND_EFFECTS
from dossiers.land_told import land_fields
from dossiers.selectors import KIND
from dossiers.usual_land import change_of
from tests.factories.office import EDITIONS
from workflow.kinds import kind_of
from workflow.procedures.reading import read_edition
from workflow.procedures.schema import Edition

# What a change of the register reads of the form beside the parcel, by the codes dossiers/land_told.py knows.
_TAKES = {
    "register": {"area", "land_use"},
    "transfer": {"area", "recipients"},
    "restrict": {"request", "lender", "contract_number"},
    "divide": {"wish", "new_parcels", "other_parcels"},
    "change_purpose": {"new_use"},
    "renew": {"area", "reason"},
    "reissue": {"certificate_serial"},
    "extend": {"until"},
    "allocate": {"area", "land_use"},
    "correct": {"right", "error"},
}
each_edition = pytest.mark.parametrize(
    "edition",
    [read_edition(path.read_text("utf-8")) for path in sorted(EDITIONS.glob("*.toml"))],
    ids=lambda edition: f"{edition.procedure}-{edition.code}",
)


@each_edition
def test_an_edition_asks_for_what_its_change_of_the_register_takes(edition: Edition) -> None:
    asked = {field.code for field in edition.form.fields} | set(land_fields(edition))
    assert {"parcel", "sheet", "commune", *_TAKES[change_of(edition)]} <= asked


def test_what_writes_the_register_stands_for_good_and_is_done_by_an_officer() -> None:
    effects = kind_of(KIND).effects
    for name in (*LAND_EFFECTS, "issue_result", "resolve", "promulgate_result"):
        assert effects[name].is_final
        assert effects[name].by_officer
        assert effects[name].undo is None
