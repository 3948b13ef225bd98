"""The catalogue of printed forms: read whole, each form with its template, one in force at a time."""

import tomllib
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings
from pydantic import TypeAdapter, ValidationError

from papers.catalogue import PrintedForm, UnknownForm, form_in_force, form_of
from workflow.procedures.reading import read_edition

ROOT = Path(settings.BASE_DIR)
FILE = ROOT / "papers" / "catalogue.toml"
LISTED = tomllib.loads(FILE.read_text("utf-8"))["forms"]


def read(entry: dict[str, object]) -> PrintedForm:
    return TypeAdapter(PrintedForm).validate_python(entry)


@pytest.mark.parametrize("entry", LISTED, ids=lambda entry: f"{entry['code']} {entry['regulation']}")
def test_a_form_is_found_as_its_regulation_has_it_and_its_template_is_there(entry: dict[str, str]) -> None:
    form = form_of(entry["code"], entry["regulation"])
    assert (form.name, form.number, form.template) == (entry["name"], entry["number"], entry["template"])
    assert (ROOT / "templates" / "papers" / form.template).is_file()


def test_a_code_and_a_regulation_name_one_form() -> None:
    assert max(Counter((entry["code"], entry["regulation"]) for entry in LISTED).values()) == 1


@pytest.mark.parametrize("code", sorted({entry["code"] for entry in LISTED}))
def test_editions_of_a_form_follow_each_other_without_gap_or_overlap(code: str) -> None:
    forms = sorted((read(entry) for entry in LISTED if entry["code"] == code), key=lambda form: form.valid_from)
    for before, after in pairwise(forms):
        assert before.valid_to is not None
        assert before.valid_to + timedelta(days=1) == after.valid_from
    assert forms[-1].valid_to is None


@pytest.mark.parametrize(
    ("on", "regulation"),
    [
        (date(2018, 7, 1), "01/2018/TT-VPCP"),
        (date(2025, 9, 14), "01/2018/TT-VPCP"),
        (date(2025, 9, 15), "03/2025/TT-VPCP"),
        (date(2030, 1, 1), "03/2025/TT-VPCP"),
    ],
)
def test_the_receipt_is_the_one_of_its_day(on: date, regulation: str) -> None:
    assert form_in_force("receipt", on).regulation == regulation


@pytest.mark.parametrize(("code", "on"), [("receipt", date(2018, 6, 30)), ("letter", date(2026, 1, 1))])
def test_a_form_nobody_enacted_is_unknown(code: str, on: date) -> None:
    with pytest.raises(UnknownForm):
        form_in_force(code, on)


def test_a_form_out_of_force_is_still_found_by_its_regulation_and_no_other_is() -> None:
    assert form_of("receipt", "01/2018/TT-VPCP").valid_to == date(2025, 9, 14)
    with pytest.raises(UnknownForm):
        form_of("receipt", "61/2018/NĐ-CP")


@pytest.mark.parametrize("change", [{"valid_form": "2026-01-01"}, {"valid_from": "yesterday"}, {"template": None}])
def test_a_misspelt_catalogue_is_not_read(change: dict[str, object]) -> None:
    assert read(LISTED[0]).code == LISTED[0]["code"]
    with pytest.raises(ValidationError):
        read({**LISTED[0], **change})


def test_every_template_a_procedure_prints_is_in_the_catalogue() -> None:
    editions = sorted((ROOT / "workflow/procedures/editions").rglob("*.toml"))
    printed = {
        (result.template, edition.effective_from)
        for edition in (read_edition(path.read_text("utf-8")) for path in editions)
        for result in edition.results
    }
    assert printed
    for template, since in printed:
        assert form_in_force(template, since).code == template
