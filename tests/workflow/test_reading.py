"""From a TOML text to an edition, or to everything that is wrong with it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from tests.factories.office import EDITIONS, INVENTED
from tests.workflow.ferry import FERRY
from workflow.procedures.reading import FaultyEdition, read_edition
from workflow.procedures.validator import Known, faults_of

SHIPPED = sorted(EDITIONS.glob("*.toml"))


def faults_in(text: str) -> list[str]:
    with pytest.raises(FaultyEdition) as caught:
        read_edition(text)
    return list(caught.value.faults)


def changed(old: str, new: str, text: str = FERRY) -> str:
    """The text with its first `old` replaced."""
    assert old in text
    return text.replace(old, new, 1)


def test_an_edition_says_what_its_text_says() -> None:
    edition = read_edition(FERRY)
    assert (edition.procedure, edition.code, edition.effective_from) == ("DO", "thu", date(2020, 1, 1))
    assert [step.code for step in edition.steps] == ["counter", "inspect", "sound", "flood", "draw", "agree", "tell"]
    assert (edition.step("counter").days, edition.step("flood").days) == (Decimal("0.5"), None)
    assert edition.appointment(2).days == Decimal(2)
    assert edition.step("sound").outcomes[0].fields[1].columns[1].type == "number"


def test_the_same_text_gives_the_same_object() -> None:
    copy = "".join(FERRY)
    assert copy is not FERRY
    assert read_edition(copy) is read_edition(FERRY)


def test_what_an_edition_does_not_have_is_a_key_error() -> None:
    edition = read_edition(FERRY)
    for asked in (lambda: edition.step("no"), lambda: edition.appointment(3), lambda: edition.result("no")):
        with pytest.raises(KeyError):
            asked()
    assert edition.step("counter").outcome("no") is None


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        # Words nobody knows, at every depth.
        ('short_name = "Bến đò"', 'short_name = "Bến đò"\ncolour = "red"', "colour: "),
        ('title = "Đơn xin mở bến đò"', 'title = "Đơn"\ncolour = "red"', "form.colour: "),
        ('role = "clerk"', 'role = "clerk"\ncolour = "red"', "steps.0.colour: "),
        ('manner = "back"', 'manner = "back"\ncolour = "red"', "steps.1.outcomes.1.colour: "),
        ("is_confirmed = true", "is_confirmed = true, colour = 1", "basis.0.colour: "),
        # Words that are missing.
        ('procedure = "DO"\n', "", "procedure: "),
        ('role = "clerk"\n', "", "steps.0.role: "),
        ('name = "Chuyển đi"\n', "", "steps.0.outcomes.0.name: "),
        ('regulation = "Quy định thử nghiệm"\n', "", "form.regulation: "),
        # Words of the wrong type.
        ("effective_from = 2020-01-01", 'effective_from = "hôm nay"', "effective_from: "),
        ("effective_from = 2020-01-01", "effective_from = 7", "effective_from: "),
        ("effective_from = 2020-01-01", "effective_from = 2020-01-01T08:30:00", "effective_from: "),
        ("effective_from = 2020-01-01", "effective_from = 07:30:00", "effective_from: "),
        ("days = 0.5", 'days = "nửa ngày"', "steps.0.days: "),
        ("days = 0.5", "days = true", "steps.0.days: "),
        ("days = 0.5", "days = nan", "steps.0.days: "),
        ("days = 0.5", "days = inf", "steps.0.days: "),
        ("number = 1", 'number = "1"', "appointments.0.number: "),
        ("number = 1", "number = 1.0", "appointments.0.number: "),
        ("is_required = true", "is_required = 1", "form.fields.0.is_required: "),
        ("is_required = true", 'is_required = "yes"', "form.fields.0.is_required: "),
        ('needs = ["measured"]', 'needs = "measured"', "steps.1.needs: "),
        ('needs = ["measured"]', "needs = [7]", "steps.1.needs.0: "),
        ('name = "Nhận đơn"', "name = 7", "steps.0.name: "),
        ('manner = "back"', 'manner = "sideways"', "steps.1.outcomes.1.manner: "),
        ('type = "text"', 'type = "picture"', "form.fields.0.type: "),
        ('place = "received"', 'place = "elsewhere"', "steps.0.place: "),
    ],
)
def test_a_fault_is_told_with_its_path(old: str, new: str, path: str) -> None:
    [fault] = faults_in(changed(old, new))
    assert fault.startswith(path)
    assert len(fault) > len(path)


def test_every_fault_is_told_at_once() -> None:
    text = changed('role = "clerk"\n', "")
    text = changed("days = 2.5", 'days = "lâu"', text)
    text = changed('procedure = "DO"', 'procedure = "DO"\ncolour = "red"', text)
    paths = {fault.split(":")[0] for fault in faults_in(text)}
    assert paths == {"steps.0.role", "steps.1.days", "colour"}


@pytest.mark.parametrize("text", ["procedure = ", "[[steps]", "= 1", 'a = "\x00"', "a = 1\na = 2"])
def test_what_is_no_toml_is_a_fault(text: str) -> None:
    assert len(faults_in(text)) == 1


def test_an_empty_file_lacks_everything() -> None:
    paths = {fault.split(":")[0] for fault in faults_in("")}
    assert {"procedure", "code", "name", "effective_from", "appointments", "form", "steps"} <= paths


@pytest.mark.parametrize("path", [*SHIPPED, INVENTED], ids=lambda path: path.stem)
def test_shipped_editions_are_well_formed(path: Path) -> None:
    assert read_edition(path.read_text("utf-8")).steps


def test_the_province_ships_editions() -> None:
    assert {path.stem for path in SHIPPED} >= {"P2-2014", "P2-2025", "P6-2014", "P6-2025"}
    assert EDITIONS.name == settings.PROVINCE


def test_every_figure_of_a_shipped_edition_names_its_source() -> None:
    for path in SHIPPED:
        edition = read_edition(path.read_text("utf-8"))
        assert edition.basis, path.name
        assert all(appointment.source.document for appointment in edition.appointments), path.name
        assert path.stem == f"{edition.procedure}-{edition.code}"


def test_a_shipped_edition_is_faulty_where_nothing_is_known() -> None:
    nothing = Known(roles=(), document_types=(), effects={}, requirements=())
    for path in SHIPPED:
        faults = faults_of(read_edition(path.read_text("utf-8")), nothing)
        assert any("unknown role" in fault for fault in faults), path.name
