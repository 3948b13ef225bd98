"""Kinds of papers told by their words."""

import tomllib
from pathlib import Path

import pytest

from ocr.head import read_head
from ocr.paper_types import FILE, dump_model, load_model, recognise_type
from ocr.reading import PaperType
from portal.demo.papers import _TEXTS
from tests.scans.generator import own_samples
from tests.scans.kinds import kinds, paper_of
from tests.scans.printing import misread
from tests.scans.train_paper_types import train

TYPES = Path(__file__).resolve().parents[2] / "documents" / "types"
HELD_OUT = range(3000, 3002)
MOST_BYTES = 1_000_000


def recognised(text: str) -> PaperType:
    return recognise_type(text, read_head(text).document_type)


def test_there_are_kinds_enough_and_each_is_a_type_of_paper() -> None:
    codes = {row["code"] for path in TYPES.glob("*.toml") for row in tomllib.loads(path.read_text("utf-8"))["types"]}
    assert len(kinds()) >= 25
    assert set(kinds()) <= codes
    assert set(load_model(FILE.read_bytes()).codes) == {"", *kinds()}
    assert FILE.stat().st_size < MOST_BYTES


@pytest.mark.parametrize("rate", [0.0, 0.2])
def test_papers_no_model_has_seen_are_told_apart(rate: float) -> None:
    papers = [paper_of(kind, seed) for kind in kinds() for seed in HELD_OUT]
    wrong = [
        (paper.kind, said.code)
        for paper in papers
        if (said := recognised(misread(paper.text, rate=rate, seed=paper.seed))).code != paper.kind
    ]
    assert len(wrong) <= 0.03 * len(papers), wrong


@pytest.mark.parametrize(
    "text",
    ["", "   \n\t", "The quick brown fox jumps over the lazy dog. " * 20, "1 2 3 4 5", "xyz " * 50],
    ids=["nothing", "blanks", "English", "figures", "noise"],
)
def test_what_is_no_paper_of_ours_has_no_kind(text: str) -> None:
    assert recognised(text) == PaperType()


def test_the_title_rules_out_other_kinds() -> None:
    text = own_samples()[2].text
    assert read_head(text).document_type == "Nghị quyết"
    assert recognised(text).code == "nghi_quyet"


def test_papers_worded_by_others_are_known() -> None:
    codes = {"application": "don_dang_ky_bien_dong", "certificate": "giay_chung_nhan"}
    codes |= {"contract": "hop_dong_chuyen_nhuong", "income_tax": "to_khai_thue_tncn"}
    assert {name: recognised(_TEXTS[name]).code for name in codes} == codes


def test_a_model_survives_its_file_and_is_the_same_each_time() -> None:
    small = train(papers_a_kind=2, epochs=1)
    data = dump_model(small)
    assert data == dump_model(train(papers_a_kind=2, epochs=1))
    assert dump_model(load_model(data)) == data
