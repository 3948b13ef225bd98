"""The report on attacks reads every number a test's name bears."""

import pytest

from tests.attacks import attacked_by


@pytest.mark.parametrize(
    ("node_id", "numbers"),
    [
        ("tests/a/test_b.py::test_attack_09_a_sealed_room", [9]),
        ("tests/a/test_b.py::test_attack_60_and_61_what_does_not_pass", [60, 61]),
        ("tests/a/test_b.py::test_attack_55_to_58_and_63_fifty_kills", [55, 56, 57, 58, 63]),
        ("tests/a/test_b.py::test_attack_12_13_names[1-2]", [12, 13]),
        ("tests/a/test_b.py::TestAnswers::test_attack_62_busy", [62]),
    ],
)
def test_each_number_counts(node_id: str, numbers: list[int]) -> None:
    assert attacked_by(node_id) == ("a/test_b.py", numbers)


@pytest.mark.parametrize(
    "node_id",
    [
        "tests/a/test_b.py::test_a_rule",
        "tests/a/test_b.py::test_attack_on_a_rule",
        "tests/a/test_b.py::test_names[tests/c/test_d.py::test_attack_09_a_sealed_room]",
    ],
)
def test_other_tests_bear_none(node_id: str) -> None:
    assert attacked_by(node_id) == ("", [])
