"""The page both benchmarks of reading fill: how well letters are read, and how well facts are."""

from benchmarks.report import PAGE, Page

_HEAD = """# How well pages are read

Made by `make bench BENCH="reading_quality reading_facts"`; do not edit. Each kind of damage is a treatment in
`tests/scans/treatments.py`. Errors are wrong, missing and added letters per thousand letters of the truth. Bare
tesseract and OCRmyPDF (`--deskew --rotate-pages`) read the same files in the same run, one core each; a ratio under 1
in errors, over 1 in speed, is in our favour. Facts are judged on papers printed from a seed no rule was made on, each
scanned once well (300 or 200 dpi) and once badly (150 dpi, grainy, crooked, shaded).
"""
READING = Page(PAGE.with_name("reading.md"), _HEAD)
