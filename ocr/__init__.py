"""A file in, text and fields out (nhận dạng): knows no other package of the project and keeps nothing.

The file is opened in a process of its own; importing this package loads no imaging library.
"""

from ocr.domain_errors import ReaderMissing, Reason, Unreadable
from ocr.limits import Limits
from ocr.reading import Reading
from ocr.service import count_pages, read_file, render_page, write_searchable

__all__ = [
    "Limits",
    "ReaderMissing",
    "Reading",
    "Reason",
    "Unreadable",
    "count_pages",
    "read_file",
    "render_page",
    "write_searchable",
]
