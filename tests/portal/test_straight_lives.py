"""Which editions the scale's dossiers may live under: those a life can be told of, one step after the other."""

import pytest

from portal.scale.life import is_straight
from tests.factories.office import EDITIONS
from workflow.procedures.reading import read_edition


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("P2-2014", "yes"),
        ("P2-2025", "yes"),
        ("P6-2025", "yes"),
        ("P9-2025", "no"),
        ("P1-2025", "no"),
        ("P3-2025", "no"),
        ("P5-2025", "no"),
        ("P6b-2025", "no"),
    ],
)
def test_a_life_is_told_only_of_straight_procedures(name: str, told: str) -> None:
    assert is_straight(read_edition((EDITIONS / f"{name}.toml").read_text("utf-8"))) is (told == "yes")
