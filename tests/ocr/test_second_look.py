"""A text layer is held against what its page shows before it is believed."""

from collections import Counter
from pathlib import Path

import pytest

from ocr import read_file
from ocr.second_look import agreement
from portal.demo.scanner import as_pdf, damage
from tests.ocr.papers import SLIP, joined, kept, slip_pdf, slip_picture
from tests.scans.generator import character_error_rate, own_samples
from tests.scans.layers import garbled, hidden_under

OTHER = own_samples()[0].text[:900]


def worn() -> bytes:
    return hidden_under(damage(slip_picture(), specks=300), SLIP)


def test_a_layer_that_says_what_the_scan_shows_is_taken(tmp_path: Path) -> None:
    [page] = read_file(kept(tmp_path, "read-before.pdf", worn())).pages
    assert (page.source, character_error_rate(SLIP, page.text)) == ("text-layer", 0)


@pytest.mark.parametrize("text", [OTHER, garbled(SLIP)], ids=["of another page", "debris"])
def test_attack_85_a_wrong_layer_under_a_scan_gives_way_to_what_is_seen(tmp_path: Path, text: str) -> None:
    [page] = read_file(kept(tmp_path, "wrong.pdf", hidden_under(slip_picture(), text))).pages
    assert page.source == "ocr"
    assert character_error_rate(SLIP, page.text) < 0.02


def test_a_digital_page_in_no_language_known_is_taken_when_its_picture_says_the_same(tmp_path: Path) -> None:
    [page] = read_file(kept(tmp_path, "debris.pdf", slip_pdf(garbled(SLIP * 2)))).pages
    assert page.source == "text-layer"  # the page shows what the layer says: there is nothing better


def test_every_page_of_a_mixed_file_is_judged_by_itself(tmp_path: Path) -> None:
    file = joined(slip_pdf(), as_pdf([slip_picture()]), hidden_under(slip_picture(), OTHER), worn())
    pages = read_file(kept(tmp_path, "mixed.pdf", file)).pages
    assert [page.source for page in pages] == ["text-layer", "ocr", "ocr", "text-layer"]
    assert all(character_error_rate(SLIP, page.text) < 0.02 for page in pages)


@pytest.mark.parametrize(
    ("seen", "said", "share"), [("a b c d", "a b c d", 1), ("a b c d", "e f", 0), ("a a b", "a b", 0.8), ("", "", 0)]
)
def test_agreement_is_the_share_of_words_in_both(seen: str, said: str, share: float) -> None:
    assert agreement(Counter(seen.split()), Counter(said.split())) == pytest.approx(share)
