"""The scans that readings are measured on: what their truth says stands on them, and a seed gives one page."""

import numpy as np
import pytest

from tests.scans.generator import own_samples
from tests.scans.layers import garbled
from tests.scans.treatments import TREATMENTS


@pytest.mark.parametrize("name", ["office 200", "pen in gaps"])
def test_a_seed_gives_one_page_and_another_seed_another(name: str) -> None:
    treatment, sample = TREATMENTS[name], own_samples()[0]
    first, again, other = (treatment.scan(sample, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.picture, again.picture)
    assert not np.array_equal(first.picture, other.picture)


@pytest.mark.parametrize("name", ["poor 150", "blue stamp", "show-through", "needle print", "table"])
def test_a_treated_page_is_of_a4_and_its_truth_has_the_head(name: str) -> None:
    scan = TREATMENTS[name].scan(own_samples()[0])
    assert scan.picture.shape[0] == pytest.approx(11.69 * scan.dpi, abs=2)
    assert own_samples()[0].number in scan.truth
    assert np.count_nonzero(scan.picture < 160) > 10_000


def test_figures_of_a_pen_are_in_the_truth_and_in_blue_on_the_page() -> None:
    scan = TREATMENTS["pen in gaps"].scan(own_samples()[0], seed=3)
    assert "Diện tích:" in scan.truth
    red, blue = scan.picture[:, :, 0].astype(int), scan.picture[:, :, 2].astype(int)
    assert np.count_nonzero(blue - red > 60) > 500


def test_debris_says_nothing() -> None:
    text = "Thửa đất số 116"
    assert set(text.split()) & set(garbled(text).split()) == {"116"}
