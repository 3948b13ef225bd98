"""A file in, text and fields out (nhận dạng): knows no other package of the project and keeps nothing.

The file is opened in a process of its own; importing this package loads no imaging library.
"""

from ocr.domain_errors import ReaderMissing, Reason, Unreadable
from ocr.limits import Limits
from ocr.reading import PageMark, Reading
from ocr.service import count_pages, find_marks, read_file, render_page, take_pages, write_searchable

__all__ = [
    "Limits",
    "PageMark",
    "ReaderMissing",
    "Reading",
    "Reason",
    "Unreadable",
    "count_pages",
    "find_marks",
    "read_file",
    "render_page",
    "take_pages",
    "write_searchable",
]
