"""What a form's field is held against: known meanings that fit the field, papers there are, nothing twice."""

import pytest

from ocr.reading import FIELD_NAMES
from tests.factories.office import EDITIONS, INVENTED
from workflow.procedures.comparing import reads_faults
from workflow.procedures.meanings import MEANINGS
from workflow.procedures.reading import FaultyEdition, read_edition

TEXT = (EDITIONS / "P2-2025.toml").read_text("utf-8")


def faults(old: str = "", new: str = "") -> list[str]:
    assert old in TEXT
    return list(reads_faults(read_edition(TEXT.replace(old, new, 1))))


def test_every_meaning_names_what_the_reader_tells() -> None:
    assert {meaning.read_as for meaning in MEANINGS.values()} <= set(FIELD_NAMES)


@pytest.mark.parametrize("path", sorted(EDITIONS.glob("*.toml")), ids=lambda path: path.stem)
def test_the_shipped_editions_say_what_their_land_fields_mean(path: object) -> None:
    edition = read_edition(path.read_text("utf-8"))  # type: ignore[attr-defined]
    assert list(reads_faults(edition)) == []
    read = {field.reads for field in edition.form.fields}
    assert read >= {"land.parcel", "land.sheet", "land.area", "certificate.serial"}


def test_an_edition_may_say_nothing_of_it() -> None:
    assert list(reads_faults(read_edition(INVENTED.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"land.parcel"', '"land.moon"', "form.fields.parcel: reads the unknown land.moon"),
        ('"land.area"', '"land.sheet"', "form.fields.area: land.sheet is read into text, not into number"),
        ('"land.sheet"', '"land.parcel"', "form.fields: land.parcel is read twice"),
        ('"person.name"', '"person.id_number"', "form.fields.recipients: person.id_number is read twice"),
        ('["contract"]', '["moon"]', "form.fields.contract_number: reads_on names the unknown component moon"),
        (
            'reads_on = ["contract"]\n',
            "",
            "form.fields.contract_number: every paper has a number and a day of its own, so reads_on says which paper"
            " is meant",
        ),
        ('reads = "document.number"\n', "", "form.fields.contract_number: reads_on without reads"),
    ],
)
def test_what_cannot_be_compared_is_named(old: str, new: str, fault: str) -> None:
    assert fault in faults(old, new)


def test_what_is_typed_at_a_step_is_compared_with_nothing() -> None:
    [fault] = faults('code = "notice_number"\n', 'code = "notice_number"\nreads = "document.number"\n')
    assert fault.endswith("fields.notice_number: only the form's own fields are compared with papers")


def test_a_misspelt_key_is_refused_with_its_place() -> None:
    with pytest.raises(FaultyEdition, match="read_on"):
        read_edition(TEXT.replace("reads_on", "read_on", 1))
