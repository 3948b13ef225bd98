"""How well worn scans of real documents are read: the measure every change to the reader must hold."""

from pathlib import Path
from statistics import mean

from ocr import read_file
from ocr.fields import extract_fields
from portal.demo.scanner import as_pdf
from tests.ocr.papers import kept
from tests.scans.generator import character_error_rate, print_head_page, samples, wear

DOCUMENTS = 10
MOST_ERRORS = 0.02
LEAST_HEADS_RIGHT = 9


def test_worn_scans_of_200_dpi_are_read(tmp_path: Path) -> None:
    """Specks, one degree of skew and a red seal over the text; real texts when LEGAL_TEXTS names them."""
    chosen = samples(DOCUMENTS)
    clean = [print_head_page(sample) for sample in chosen]
    worn = [wear(page.picture, seed=seed) for seed, page in enumerate(clean)]
    reading = read_file(kept(tmp_path, "worn.pdf", as_pdf(worn)))
    errors = [character_error_rate(page.truth, read.text) for page, read in zip(clean, reading.pages, strict=True)]
    heads = [extract_fields([page.text]) for page in reading.pages]
    wrong = [
        (sample.number, head.number, head.issued_on)
        for sample, head in zip(chosen, heads, strict=True)
        if (head.number, head.issued_on) != (sample.number, sample.issued_on)
    ]
    assert len(chosen) == DOCUMENTS
    assert mean(errors) < MOST_ERRORS, errors
    assert DOCUMENTS - len(wrong) >= LEAST_HEADS_RIGHT, wrong
