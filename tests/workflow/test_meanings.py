"""What a form's field is held against: known meanings that fit the field, papers there are, nothing twice."""

from pathlib import Path

import pytest

from ocr.reading import FIELD_NAMES
from tests.factories.office import EDITIONS, INVENTED
from workflow.procedures.comparing import reads_faults
from workflow.procedures.meanings import MEANINGS
from workflow.procedures.meant import Meant, meant_in, usual_meanings
from workflow.procedures.reading import FaultyEdition, read_edition

SHIPPED = (EDITIONS / "P2-2025.toml").read_text("utf-8")
SAID = {
    "parcel": 'reads = "land.parcel"',
    "sheet": 'reads = "land.sheet"',
    "area": 'reads = "land.area"',
    "contract_number": 'reads = "document.number"\nreads_on = ["contract"]',
    "id_number": 'reads = "person.id_number"',
    "name": 'reads = "person.name"',
}
LINE = 'code = "{}"\n'


def saying(text: str, words: dict[str, str]) -> str:
    """The edition with what its fields mean written beside their codes."""
    for code, said in words.items():
        assert text.count(LINE.format(code)) == 1
        text = text.replace(LINE.format(code), f"{LINE.format(code)}{said}\n")
    return text


TEXT = saying(SHIPPED, SAID)


def faults(old: str = "", new: str = "") -> list[str]:
    assert old in TEXT
    return list(reads_faults(read_edition(TEXT.replace(old, new, 1))))


def test_every_meaning_names_what_the_reader_tells() -> None:
    assert {meaning.read_as for meaning in MEANINGS.values()} <= set(FIELD_NAMES)


@pytest.mark.parametrize("path", sorted(EDITIONS.glob("*.toml")), ids=lambda path: path.stem)
def test_the_usual_fields_of_the_shipped_editions_are_understood(path: Path) -> None:
    edition = read_edition(path.read_text("utf-8"))
    meanings = {meant.meaning for meant in meant_in(edition).values()}
    assert meanings >= {"land.parcel", "land.sheet", "land.area"}
    # Who registers land or is given some for the first time has no certificate yet.
    assert ("certificate.serial" in meanings) == (edition.procedure not in {"P1", "P8"})


def test_usual_meanings_are_known_ones_and_each_is_used_by_a_shipped_edition() -> None:
    editions = [read_edition(path.read_text("utf-8")) for path in EDITIONS.glob("*.toml")]
    used = {place for edition in editions for place in meant_in(edition)}
    assert set(usual_meanings()) == used
    assert {meant.meaning for meant in usual_meanings().values()} <= set(MEANINGS)


def test_columns_of_a_table_have_their_usual_meaning_too() -> None:
    assert meant_in(read_edition(SHIPPED))["recipients.name"] == Meant("person.name")


def test_a_usual_field_is_read_on_the_components_the_edition_asks_for_or_on_none() -> None:
    assert meant_in(read_edition(SHIPPED))["contract_number"] == Meant("document.number", ("contract",))
    without = SHIPPED.replace('code = "contract"\n', 'code = "deed"\n')
    assert "contract_number" not in meant_in(read_edition(without))


def test_a_usual_code_of_another_type_means_nothing() -> None:
    as_text = SHIPPED.replace(
        'code = "area"\nlabel = "Diện tích"\ntype = "number"', 'code = "area"\nlabel = "x"\ntype = "text"'
    )
    assert as_text != SHIPPED
    assert "area" not in meant_in(read_edition(as_text))


def test_what_the_edition_says_goes_before_what_is_usual() -> None:
    meant = meant_in(read_edition(saying(SHIPPED, {"sheet": 'reads = "land.parcel"'})))
    assert meant["sheet"] == Meant("land.parcel")
    assert "parcel" not in meant


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
