"""The applicants' papers of the demonstration: with all their facts, scanned, no two the same bytes."""

import io
import re
from itertools import pairwise

import numpy as np
import pypdfium2 as pdfium
import pytest
from pypdf import PdfReader

from portal.demo import papers
from portal.demo.papers import scan_of
from portal.demo.scanner import Page
from portal.demo.story import SENT_BACK, STRAIGHT, WITH_TAX, Case
from tests.factories.office import EDITIONS
from workflow.procedures.reading import read_edition

CASES = [STRAIGHT, SENT_BACK, WITH_TAX]
every_paper = pytest.mark.parametrize(
    ("case", "paper"),
    [(case, paper) for case in CASES for paper in case.papers],
    ids=[f"{case.facts['name']} {paper}" for case in CASES for paper in case.papers],
)


@pytest.fixture(autouse=True)
def coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small pictures: what is tested here is not how sharp they are."""
    monkeypatch.setattr(papers, "DPI", 40)


def printed_text(monkeypatch: pytest.MonkeyPatch, paper: str, facts: dict[str, str]) -> str:
    """What goes to the printer before the scanner makes a picture of it."""
    texts: list[str] = []

    def page_of(text: str, *, dpi: int) -> list[Page]:
        texts.append(text)
        return [np.full((60, 40, 3), 255, np.uint8)]

    monkeypatch.setattr(papers, "print_pages", page_of)
    scan_of(paper, facts, seed=1)
    return texts[0]


@every_paper
def test_a_paper_holds_the_facts_of_its_case_and_no_blank(
    monkeypatch: pytest.MonkeyPatch, case: Case, paper: str
) -> None:
    text = printed_text(monkeypatch, paper, case.facts)
    assert not re.search(r"[{}]", text)
    assert case.facts["parcel"] in text
    assert case.facts["name"] in text or case.facts["recipient"] in text


@every_paper
def test_a_scan_is_a_picture_in_a_pdf_as_scanners_write_it(case: Case, paper: str) -> None:
    scan = scan_of(paper, case.facts, seed=7)
    reader = PdfReader(io.BytesIO(scan.content))
    assert scan.file_name == f"quet-0007-{paper}.pdf"
    assert [len(page.images) for page in reader.pages] == [1] * len(reader.pages)
    assert "".join(page.extract_text() for page in reader.pages).strip() == ""


def test_another_seed_is_another_picture_and_only_a_certificate_is_sealed() -> None:
    pictures = [_picture("application", seed) for seed in (1, 2, 3)]
    assert all(not np.array_equal(one, other) for one, other in pairwise(pictures))
    assert not _is_red(pictures[0])
    assert _is_red(_picture("certificate", 1))


@pytest.mark.parametrize("case", CASES, ids=[case.title for case in CASES])
def test_the_papers_are_those_the_procedure_asks_for(case: Case) -> None:
    edition = read_edition((EDITIONS / f"{case.procedure}-2025.toml").read_text("utf-8"))
    asked = {component.code for component in edition.components}
    always = {component.code for component in edition.components if component.is_required and not component.required_if}
    assert always <= set(case.papers) <= asked


def test_nobody_in_the_story_has_a_real_identity_number() -> None:
    numbers = re.findall(r"\b\d{12}\b", str([(case.facts, case.form) for case in CASES]))
    assert len(numbers) >= 4
    assert [number for number in numbers if not number.startswith("099")] == []


def _picture(paper: str, seed: int) -> Page:
    document = pdfium.PdfDocument(scan_of(paper, STRAIGHT.facts, seed=seed).content)
    try:
        return np.ascontiguousarray(document[0].render(rev_byteorder=True).to_numpy()[:, :, :3])
    finally:
        document.close()


def _is_red(page: Page) -> bool:
    red, green = page[:, :, 0].astype(int), page[:, :, 1].astype(int)
    return bool(np.count_nonzero(red - green > 60) > 100)
