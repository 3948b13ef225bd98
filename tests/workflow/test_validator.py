"""What an edition must be beside well-formed; one fault, one place, one sentence."""

from collections.abc import Callable
from typing import Any

import pytest

from papers.catalogue import form_codes
from tests.factories.office import EDITIONS, INVENTED
from tests.workflow.ferry import FERRY, Landing
from workflow.kinds import Effect, known_effects, known_requirements
from workflow.procedures.reading import read_edition
from workflow.procedures.validator import Known, faults_of


class Anything:
    """Contains every name."""

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 1


def known(**changes: Any) -> Known:
    kind = Landing().kind()
    effects = {**kind.effects, "needy": Effect(lambda _occasion: None, "", needs=("depth", "moon"))}
    names: dict[str, Any] = {
        "roles": {"clerk", "specialist", "head"},
        "document_types": {"giay_to_khac"},
        "effects": effects,
        "requirements": kind.requirements,
    }
    return Known(**{**names, **changes})


def faults(text: str, **changes: Any) -> list[str]:
    return faults_of(read_edition(text), known(**changes))


def with_(old: str, new: str, text: str = FERRY) -> str:
    """The ferry's edition with one place changed."""
    assert old in text
    return text.replace(old, new, 1)


def with_step(step: str) -> str:
    return f"{FERRY}\n{step}"


def with_field(lines: str) -> str:
    return with_("[[components]]", f"[[form.fields]]\n{lines}\n\n[[components]]")


def with_result(number: str = "BD {number5}", **lines: str) -> str:
    names = {"code": "licence", "document_type": "giay_to_khac", "series": "licence", **lines}
    written = "\n".join(f'{name} = "{value}"' for name, value in names.items())
    return with_step(f'[[results]]\nname = "Giấy phép"\ntemplate = "certificate"\nnumber = "{number}"\n{written}')


A_FIELD = 'code = "bank"\nlabel = "Bờ"\n'
A_CHOICE = 'type = "choice"\nchoices = [{ code = "left", label = "Tả" }, { code = "right", label = "Hữu" }]\n'


def test_the_ferry_edition_has_no_fault() -> None:
    assert faults(FERRY) == []


def test_a_result_is_drafted_on_a_form_there_is() -> None:
    """Or its draft would fail for every dossier that comes this far."""
    text = with_result()
    assert faults(text, templates={"certificate"}) == []
    assert faults(text, templates={"decision"}) == ["results.licence: unknown template certificate"]
    assert "certificate" in form_codes()


@pytest.mark.parametrize("path", [*sorted(EDITIONS.glob("*.toml")), INVENTED], ids=lambda path: path.stem)
def test_shipped_editions_have_no_fault_but_the_names_of_this_province(path: Any) -> None:
    edition = read_edition(path.read_text("utf-8"))
    anything: Any = Anything()
    names = Known(anything, anything, effects=known_effects(), requirements=known_requirements())
    assert faults_of(edition, names) == []


# The way through the steps --------------------------------------------------------------------------


ISLAND = """[[steps]]
code = "island"
name = "Đảo"
role = "clerk"

[[steps.outcomes]]
code = "away"
name = "Đi"
"""
WHIRL = """[[steps]]
code = "whirl"
name = "Xoáy"
role = "clerk"

[[steps.outcomes]]
code = "round"
name = "Vòng nữa"
to = "whirl"
"""


def test_a_step_no_way_leads_to_is_a_fault() -> None:
    assert faults(with_step(ISLAND)) == ["steps.island: no way leads here"]


def test_a_step_no_way_leads_out_of_is_a_fault() -> None:
    text = with_('to = "agree"', 'to = "whirl"', with_step(WHIRL))
    assert "steps.whirl: no way leads from here to the end" in faults(text)
    assert "steps.flood: no way leads from here to the end" in faults(text)


def test_an_outcome_that_leads_nowhere_known_is_a_fault() -> None:
    assert "steps.inspect.fits: leads to unknown step moon" in faults(with_('to = "sound"', 'to = "moon"'))


def test_a_step_without_a_forward_outcome_is_a_fault() -> None:
    text = with_('name = "Chuyển đi"', 'name = "Chuyển đi"\nmanner = "back"')
    assert "steps.counter: has no forward outcome" in faults(text)


def test_a_step_without_outcomes_is_a_fault() -> None:
    steps = FERRY[FERRY.index("[[steps]]") :]
    text = FERRY.replace(steps, '[[steps]]\ncode = "end"\nname = "Hết"\nrole = "clerk"\noutcomes = []\n')
    assert "steps.end: no way leads from here to the end" in faults(text)


def test_an_edition_without_steps_is_a_fault() -> None:
    text = "steps = []\n" + FERRY[: FERRY.index("[[steps]]")]
    assert "steps: there is none" in faults(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [('to = "counter"\nmanner = "back"', 'manner = "back"'), ('manner = "stop"', 'to = "tell"\nmanner = "stop"')],
)
def test_back_leads_to_a_step_and_stop_to_the_end(old: str, new: str) -> None:
    [fault] = faults(with_(old, new))
    assert fault.endswith(": back leads to a step, stop to the end")


# Names ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('role = "head"', 'role = "admiral"', "steps.agree: unknown role admiral"),
        ('effect = "license"', 'effect = "conjure"', "steps.agree.yes: unknown effect conjure"),
        ('needs = ["measured"]', 'needs = ["blessed"]', "steps.inspect: unknown requirement blessed"),
        ('"giay_to_khac"', '"ban_do_sao"', "components.request: unknown document type ban_do_sao"),
        ('role = "head"', 'role = "head"\ndrafts = ["moon"]', "steps.agree: drafts unknown result moon"),
    ],
)
def test_a_name_nobody_knows_is_a_fault(old: str, new: str, fault: str) -> None:
    assert faults(with_(old, new)) == [fault]


def test_a_result_of_an_unknown_document_type_is_a_fault() -> None:
    assert faults(with_result()) == []
    assert faults(with_result(document_type="moon")) == ["results.licence: unknown document type moon"]


def test_an_effect_gets_the_fields_it_needs_and_they_are_required() -> None:
    text = with_('effect = "wait_for_low_water"', 'effect = "needy"')
    assert faults(text) == ["steps.sound.deep: the effect needy needs a required field moon"]
    optional = with_('label = "Độ sâu"\ntype = "number"\nis_required = true', 'label = "Độ sâu"\ntype = "number"', text)
    assert "steps.sound.deep: the effect needy needs a required field depth" in faults(optional)


# Codes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "place"),
    [
        (lambda: with_step(ISLAND.replace("island", "counter")), "steps.counter"),
        (lambda: with_('code = "stop"', 'code = "fits"'), "steps.inspect.outcomes.fits"),
        (lambda: with_('code = "boats"', 'code = "depth"'), "steps.sound.deep.fields.depth"),
        (lambda: with_('{ code = "seats"', '{ code = "name"'), "steps.sound.deep.fields.boats.columns.name"),
        (lambda: with_field(A_FIELD.replace("bank", "landing") + 'type = "text"'), "form.fields.landing"),
        (lambda: with_field(A_FIELD + A_CHOICE.replace("right", "left")), "form.fields.bank.choices.left"),
        (lambda: with_step(with_component("request")), "components.request"),
        (lambda: with_result() + with_result().removeprefix(FERRY), "results.licence"),
    ],
    ids=["step", "outcome", "field", "column", "form field", "choice", "component", "result"],
)
def test_a_code_that_stands_twice_is_a_fault(make: Callable[[], str], place: str) -> None:
    assert f"{place}: stands twice" in faults(make())


def with_component(code: str, **lines: object) -> str:
    written = "\n".join(f"{name} = {value}" for name, value in lines.items())
    return f'[[components]]\ncode = "{code}"\nname = "Đơn"\ndocument_type = "giay_to_khac"\n{written}\n'


@pytest.mark.parametrize("code", ["Đò", "a-b", "A", "1a", "a b", "", "a/b"])
@pytest.mark.parametrize(
    ("old", "place"),
    [
        ('code = "tell"', "steps"),
        ('code = "told"', "steps.outcomes"),
        ('code = "request"', "components"),
        ('code = "landing"', "form.fields"),
        ('{ code = "seats"', "steps.sound.deep.fields.boats"),
    ],
)
def test_a_code_is_small_letters_digits_and_underscores(old: str, place: str, code: str) -> None:
    found = faults(with_(old, old.split('"', maxsplit=1)[0] + f'"{code}"'))
    assert f"{place}.{code}: a code is small letters, digits and _" in found


def test_an_odd_code_of_a_result_is_a_fault() -> None:
    assert "results.Giấy: a code is small letters, digits and _" in faults(with_result(code="Giấy"))


@pytest.mark.parametrize(
    ("old", "longest", "place"),
    [
        ('procedure = "DO"', 20, "procedure"),
        ('code = "thu"', 20, "code"),
        ('name = "Cấp phép bến đò ngang"', 250, "name"),
        ('short_name = "Bến đò"', 80, "short_name"),
        ('name = "Nhận đơn"', 160, "steps.counter.name"),
        ('name = "Chuyển đi"', 120, "steps.counter.pass.name"),
        ('name = "Đơn xin mở bến đò"', 250, "components.request.name"),
        ('waits_for = "low_water"', 40, "steps.flood.waits_for"),
    ],
)
def test_a_text_the_tables_have_no_room_for_is_a_fault(old: str, longest: int, place: str) -> None:
    word = old.split(" = ", maxsplit=1)[0]
    assert faults(with_(old, f'{word} = "{"o" * longest}"')) == []
    assert faults(with_(old, f'{word} = "{"o" * (longest + 1)}"')) == [
        f"{place}: {longest + 1} characters, of {longest} at most"
    ]


# Limits --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", ["0.3", "0", "-1", "1.1", "0.125"])
def test_a_step_takes_quarter_days(days: str) -> None:
    text = with_("days = 0.5", f"days = {days}")
    assert [fault for fault in faults(text) if "quarter" in fault] == [
        f"steps.counter: {days} is no number of quarter days"
    ]


@pytest.mark.parametrize("days", ["-4", "4.1"])
def test_an_appointment_is_promised_in_quarter_days(days: str) -> None:
    assert f"appointments.1: {days} is no number of quarter days" in faults(with_("days = 4", f"days = {days}"))


def test_an_appointment_of_no_days_is_due_the_same_working_day_so_its_steps_take_one() -> None:
    assert faults(with_("days = 4", "days = 0")) == ["appointments.1: its steps take 4.0 of 0 days"]
    within = with_("days = 2.5", "days = 0.25", with_("days = 1\n", "days = 0.25\n", with_("days = 4", "days = 0")))
    assert faults(within) == []


def test_the_steps_of_an_appointment_may_take_all_of_it_and_no_more() -> None:
    assert faults(with_("days = 2.5", "days = 2.75")) == ["appointments.1: its steps take 4.25 of 4 days"]


def test_each_appointment_is_reckoned_from_where_an_effect_opens_it() -> None:
    text = with_('role = "head"\ndays = 1', 'role = "head"\ndays = 1.25')
    assert faults(text) == ["appointments.2: its steps take 2.25 of 2 days"]


def test_what_waits_outside_the_limit_counts_for_nothing() -> None:
    assert faults(with_('waits_for = "low_water"', 'waits_for = "low_water"\ndays = 0.25')) == [
        "appointments.1: its steps take 4.25 of 4 days"
    ]


def test_as_many_appointments_are_promised_as_the_steps_open() -> None:
    text = with_('effect = "water_is_low"', 'effect = "note_down"')
    assert faults(text) == ["appointments: 2 are promised, but the steps open 1"]


def test_no_way_leads_back_behind_the_beginning_of_an_appointment() -> None:
    """It would begin a second time, and the clock refuses that in the middle of a case."""
    text = with_('name = "Vẽ lại"\nto = "draw"', 'name = "Vẽ lại"\nto = "sound"')
    assert faults(text) == ["steps.agree.no: leads back behind the beginning of appointment 2"]


@pytest.mark.parametrize("number", [1, 3])
def test_appointments_are_numbered_in_order(number: int) -> None:
    assert faults(with_("number = 2", f"number = {number}")) == ["appointments: numbered 1, 2 … in order"]


def test_an_edition_without_appointments_is_a_fault() -> None:
    first, last = FERRY.index("[[appointments]]"), FERRY.index("[form]")
    text = f"appointments = []\n{FERRY[:first]}{FERRY[last:]}"
    assert faults(text) == ["appointments: 0 are promised, but the steps open 2"]


def test_an_edition_does_not_end_before_it_begins() -> None:
    begins = "effective_from = 2020-01-01"
    assert faults(with_(begins, f"{begins}\neffective_to = 2020-01-01")) == []
    [fault] = faults(with_(begins, f"{begins}\neffective_to = 2019-12-31"))
    assert fault.startswith("effective_to: ")


# The form, the papers, the results --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ('type = "text"\npattern = "[0-9"', "the pattern is none: "),
        ('type = "number"\npattern = "[0-9]"', "a text has a pattern, and nothing else has"),
        ('type = "text"\nwidth = 13', "width is 1 to 12"),
        ('type = "text"\nwidth = 0', "width is 1 to 12"),
        ('type = "choice"', "a choice has choices, and nothing else has"),
        (A_CHOICE.replace('"choice"', '"text"'), "a choice has choices, and nothing else has"),
        ('type = "table"', "a table has columns, and nothing else has"),
        (A_CHOICE + 'default = "middle"', "the default is the unknown choice middle"),
        (
            'type = "text"\nrequired_if = { field = "moon", is_one_of = ["x"] }',
            "required_if names the unknown field moon",
        ),
    ],
)
def test_a_field_that_makes_no_sense_is_a_fault(lines: str, fault: str) -> None:
    [found] = faults(with_field(A_FIELD + lines))
    assert found.startswith(f"form.fields.bank: {fault}")


def test_a_column_that_makes_no_sense_is_a_fault() -> None:
    text = with_(
        '{ code = "seats", label = "Số chỗ", type = "number" }', '{ code = "kind", label = "Loại", type = "choice" }'
    )
    assert faults(text) == ["steps.sound.deep.fields.boats.kind: a choice has choices, and nothing else has"]


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        ('{ field = "bank", is_one_of = ["left"] }', None),
        ('{ field = "landing", is_one_of = ["Cây Gạo"] }', None),
        ('{ field = "is_represented", is_one_of = ["yes"] }', None),
        ('{ field = "is_represented", is_one_of = ["true"] }', "required_if names the unknown choice true"),
        ('{ field = "bank", is_one_of = ["left", "middle"] }', "required_if names the unknown choice middle"),
        ('{ field = "moon", is_one_of = ["left"] }', "required_if names the unknown field moon"),
        ('{ field = "width", is_one_of = ["7"] }', "required_if asks about width, which is no text and no choice"),
    ],
)
def test_a_paper_is_conditional_on_a_text_or_choice_of_the_form(condition: str, fault: str | None) -> None:
    text = with_field(A_FIELD + A_CHOICE + '\n[[form.fields]]\ncode = "width"\nlabel = "Rộng"\ntype = "number"')
    found = faults(f"{text}\n{with_component('map', required_if=condition)}")
    assert found == ([] if fault is None else [f"components.map: {fault}"])


@pytest.mark.parametrize("quantity", [0, -1, 100])
def test_a_paper_is_asked_for_once_to_99_times(quantity: int) -> None:
    assert faults(with_step(with_component("map", quantity=99))) == []
    assert faults(with_step(with_component("map", quantity=quantity))) == ["components.map: quantity is 1 to 99"]


@pytest.mark.parametrize("summary", ["{moon}", "{}", "{landing}, {boats}"])
def test_a_summary_names_fields_of_the_form(summary: str) -> None:
    [fault] = faults(with_('"{landing}"', f'"{summary}"'))
    assert fault.startswith("form.summary: unknown field ")


def test_a_summary_does_not_name_a_table() -> None:
    table = 'type = "table"\ncolumns = [{ code = "name", label = "Tên", type = "text" }]'
    assert faults(with_('"{landing}"', '"{bank}"', with_field(A_FIELD + table))) == ["form.summary: unknown field bank"]


@pytest.mark.parametrize(
    "number", ["BD", "{year}", "{numero}", "{number:05d}", "{number5!r}", "{number}{", "}{number}", "{}"]
)
def test_a_number_of_a_result_can_be_written(number: str) -> None:
    assert faults(with_result("{number}/{year}/BD")) == []
    [fault] = faults(with_result(number))
    assert fault.startswith("results.licence: a number has {number} or {number5}")


def test_every_fault_is_told_at_once() -> None:
    text = with_('role = "head"', 'role = "admiral"', with_("days = 0.5", "days = 0.3", with_step(ISLAND)))
    assert len(faults(text)) == 3
