"""Dates as Vietnamese documents write them."""

import re
from datetime import date

from ocr.symbols import tolerant

# Recognition takes 0 for O and 1 for l or I, misreads marks, and puts dirt between words. Groups: day, month, year.
_DIGITS = r"[\dOoIl]{1,2}"
_SLASH = r"\s?[/.\-]\s?"
# "ngày" and "tháng" may lose a letter, for what stands around them says enough.
_DAY = rf"(?:{tolerant('ngay')}\W+|\b[^\W\d_]{{2,5}}\W+(?=\d{{1,2}}\W+t\w{{3,4}}\W+\d{{1,2}}\W+n\w{{1,2}}\W))"
DATE = (
    rf"{_DAY}(?P<day>{_DIGITS})(?:\W+t\w{{3,4}}\W+|{_SLASH})(?P<month>{_DIGITS})"
    rf"(?:\W+[^\W\d_]{{2,3}}\W+|{_SLASH})(?P<year>[12][\dOo]{{3}})"
)
_MISREAD = str.maketrans("OoIl", "0011")


def date_of(match: re.Match[str]) -> date | None:
    """The day of a match of DATE; None when the calendar has no such day."""
    day, month, year = (int(match[part].translate(_MISREAD)) for part in ("day", "month", "year"))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def find_date(text: str) -> date | None:
    """The first date of a text that the calendar knows."""
    matches = re.finditer(DATE, text, re.IGNORECASE)
    return next((day for match in matches if (day := date_of(match)) is not None), None)
