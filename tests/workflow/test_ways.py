"""The validator on branches, timers and what else may happen at a step; one fault, one place, one sentence."""

from typing import Any

import pytest
from hypothesis import given, settings

from tests.workflow.ferry import Landing
from tests.workflow.harbour import HARBOUR
from tests.workflow.mazes import Maze, mazes
from tests.workflow.test_validator import known
from workflow.procedures.reading import read_edition
from workflow.procedures.validator import faults_of
from workflow.procedures.ways import Fork, Turn, ahead_of, ways_of


def faults(text: str, **changes: Any) -> list[str]:
    return faults_of(read_edition(text), known(**changes))


def with_(*changes: tuple[str, str]) -> str:
    """The harbour's edition with some places changed."""
    text = HARBOUR
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def step(code: str, *lines: str) -> str:
    """The harbour's edition with a step nobody leads to."""
    head = f'[[steps]]\ncode = "{code}"\nname = "x"\nrole = "specialist"'
    return "\n".join([HARBOUR, head, *lines, '[[steps.outcomes]]\ncode = "on"\nname = "x"\n'])


def test_a_competent_unit_is_of_a_kind_there_is() -> None:
    """Or no dossier could be received for want of one to choose."""
    wrong = with_(('competent_kind = "registration_branch"', 'competent_kind = "registation_branch"'))
    names = {"unit_kinds": {"registration_office"}}
    assert faults(wrong, **names) == ["competent_kind: unknown kind of unit registation_branch"]


def test_of_branches_side_by_side_only_one_begins_an_appointment() -> None:
    """Whoever came second could never end his step: the clock begins an appointment once."""
    second = '[[appointments]]\nnumber = 2\ndays = 2\nlabel = "x"\nsource = { document = "x", is_confirmed = true }\n'
    beside = (
        ("[form]", f"{second}\n[form]"),
        ('name = "Đủ sâu"\nto = "meet"', 'name = "Đủ sâu"\nto = "meet"\neffect = "water_is_low"'),
        ('name = "Đủ rộng"\nto = "posting"', 'name = "Đủ rộng"\nto = "posting"\neffect = "water_is_low"'),
    )
    said = "steps.shore.fits: begins an appointment beside steps.water.deep: of branches side by side one may"
    assert said in faults(with_(*beside))
    assert not any("beside" in fault for fault in faults(with_(*beside[:2])))


def test_the_harbour_has_no_fault() -> None:
    names = {"causes": Landing().kind().causes, "unit_kinds": {"registration_office"}, "procedures": {"DO"}}
    assert faults(HARBOUR, **names) == []


def test_each_step_stands_in_its_branch() -> None:
    ways = ways_of(read_edition(HARBOUR))
    fork = Fork("share", "divide")
    assert (ways.regions["water"], ways.regions["posting"]) == ((Turn(fork, 1),), (Turn(fork, 2),))
    assert (ways.regions["meet"], ways.regions["counter"]) == ((), ())
    assert ways.joins == {fork: "meet"}


def test_what_is_still_to_come_names_every_branch_once() -> None:
    edition = read_edition(HARBOUR)
    assert [one.code for one in ahead_of(edition, ["share"])] == [
        *("water", "shore", "posting", "meet", "agree", "tell")
    ]
    assert [one.code for one in ahead_of(edition, ["water", "posting"])] == ["meet", "agree", "tell"]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ([('splits = ["water", "shore"]', 'splits = ["water", "nowhere"]')], "leads to unknown step nowhere"),
        ([('splits = ["water", "shore"]', 'splits = ["water"]')], "divides into two steps or more"),
        ([('splits = ["water", "shore"]', 'splits = ["water", "water"]')], "each once"),
        ([('splits = ["water", "shore"]', 'splits = ["water", "shore"]\nto = "agree"')], "can only do one of them"),
        (
            [('splits = ["water", "shore"]', 'splits = ["water", "shore"]\nmanner = "back"')],
            "only a way forward divides",
        ),
        ([('splits = ["water", "shore"]', 'splits = ["water", "meet"]')], "a branch can't begin with meet"),
        ([("joins = true\n", "")], "steps.meet: stands in two branches"),
        ([('to = "posting"', 'to = "water"')], "steps.water: stands in two branches"),
        ([('name = "Phân lại"\nto = "share"', 'name = "Phân lại"\nto = "shore"')], "into a branch it doesn't stand in"),
        (
            [('name = "Không phải đo"\nto = "agree"', 'name = "Không phải đo"\nto = "meet"')],
            "but no branch comes from here",
        ),
        ([('to = "share"\neffect', 'to = "meet"\neffect')], "but no branch comes from here"),
        ([('unit_kind = "registration_office"\n', "")], "a unit_kind goes with the place kind"),
        ([('unit_kind = "registration_office"', 'unit_kind = "palace"')], "unknown kind of unit palace"),
        ([('pauses = "posting"', 'pauses = "tide"')], "pauses for the unknown cause tide"),
        ([('opens = "DO"', 'opens = "MUA"')], "opens the unknown procedure MUA"),
        ([('to = "wait"\nopens', "opens")], "leads forward to the step that waits for it"),
        ([("days = 15, outcome", "days = 1.5, outcome")], "1.5 is no number of whole days"),
        ([("days = 15, outcome", "days = 0, outcome")], "0 is no number of whole days"),
        ([('outcome = "over" }', 'outcome = "never" }')], "ends it by the unknown outcome never"),
        ([('to = "share"\neffect = "note_down"', 'to = "share"\neffect = "moonlight"')], "unknown effect moonlight"),
        ([('role = "head"', 'role = "pilot"')], "unknown role pilot"),
        ([("days = 5\n", "days = 3.75\n")], "its steps take 4.0 of 3.75 days"),
    ],
)
def test_a_fault_is_found_and_named(changes: list[tuple[str, str]], fault: str) -> None:
    names = {"causes": Landing().kind().causes, "unit_kinds": {"registration_office"}, "procedures": {"DO"}}
    found = faults(with_(*changes), **names)
    assert any(fault in one for one in found), found


def test_of_branches_side_by_side_the_longest_counts_against_the_total() -> None:
    # Half, one, the longer branch of one, half and one: four days. The shorter branch may take as long as the longer.
    assert faults(with_(("days = 5\n", "days = 4\n"))) == []
    longer = with_(
        ("days = 5\n", "days = 4\n"),
        (
            'role = "specialist"\ndays = 1\n\n[[steps.outcomes]]\ncode = "deep"',
            'role = "specialist"\ndays = 2\n\n[[steps.outcomes]]\ncode = "deep"',
        ),
    )
    assert any("its steps take 5.0 of 4 days" in one for one in faults(longer))


def test_a_step_nobody_reaches_and_a_join_nothing_comes_to() -> None:
    assert "steps.lost: no way leads here" in faults(step("lost"))
    assert "steps.lost: joins branches, but none comes here" in faults(step("lost", "joins = true"))


def test_a_way_that_never_ends() -> None:
    text = with_(
        ('name = "Đã báo"', 'name = "Đã báo"\nto = "tell"'),
        ('manner = "stop"\neffect', 'to = "share"\nmanner = "back"\neffect'),
    )
    assert any("no way leads from here to the end" in one for one in faults(text))


def test_a_timer_does_nothing_only_a_person_can() -> None:
    for lines, why in (
        ("is_note_required = true", "asks for something only a person can tell"),
        ('effect = "license"', "is a person's to do"),
    ):
        text = with_(('name = "Hết niêm yết"', f'name = "Hết niêm yết"\n{lines}'))
        assert any(why in one for one in faults(text)), lines
    text = with_(('waits_for = "posting"', 'waits_for = "posting"\nchecklist = ["Đã gỡ"]'))
    assert any("asks for what a person has to see to first" in one for one in faults(text))


def test_branches_within_branches_go_four_deep_and_no_deeper() -> None:
    def nested(depth: int) -> str:
        maze = ['splits = ["a1", "b1"]']
        for level in range(1, depth + 1):
            way = f'splits = ["a{level + 1}", "b{level + 1}"]' if level < depth else ""
            maze += [f"a{level}|{way}", f"b{level}|"]
        head = '\n[[steps]]\ncode = "{}"\nname = "x"\nrole = "specialist"\n'
        outcome = '\n[[steps.outcomes]]\ncode = "on"\nname = "x"\n{}\n'
        parts = [one.partition("|") for one in maze[1:]]
        lines = "".join(head.format(code) + outcome.format(way) for code, _bar, way in parts)
        whole = 'code = "whole"\nname = "Không phải đo"\nto = "agree"'
        return with_((whole, f'code = "whole"\nname = "x"\n{maze[0]}')) + lines

    assert not any("deep at most" in one for one in faults(nested(4)))
    assert any("deep at most" in one for one in faults(nested(5)))


@settings(max_examples=80)
@given(mazes())
def test_whatever_hangs_together_has_no_fault(maze: Maze) -> None:
    found = faults(maze.as_toml("m"))
    assert found == []
    ways = ways_of(read_edition(maze.as_toml("m")))
    regions = {code: tuple((turn.fork.step, turn.branch) for turn in region) for code, region in ways.regions.items()}
    assert regions == {node.code: node.region for node in maze.nodes}
