"""Dossier codes (mã hồ sơ): written by the pattern of the agency that receives, without gaps within a day."""

import re
from datetime import date

from accounts.models import Unit
from accounts.numbering import next_number

# QĐ 20/2020/QĐ-TTg's order; `{reversed}` writes the older one of QCVN 102:2016 (000.00.15.H99).
USUAL_PATTERN = "{agency}-{yymmdd}-{number}"
_LEVELS = ("000", "00", "00")
_PARTS = re.compile(r"\{(agency|reversed|yymmdd|number)\}")


class FaultyPattern(ValueError):
    """A pattern without the day and the running number can't tell dossiers apart."""


def write_code(pattern: str, *, agency: str, on: date, number: int) -> str:
    """The code of the day's dossier `number` (at least four digits).

    Raises FaultyPattern when the pattern lacks `{yymmdd}`, `{number}` or the agency, or has anything else in braces.
    """
    named = set(_PARTS.findall(pattern))
    if not {"yymmdd", "number"} <= named or not named & {"agency", "reversed"} or "{" in _PARTS.sub("", pattern):
        raise FaultyPattern(pattern)
    parts = {
        "agency": agency,
        "reversed": reversed_agency(agency),
        "yymmdd": f"{on:%y%m%d}",
        "number": f"{number:04d}",
    }
    return _PARTS.sub(lambda match: parts[match[1]], pattern)


def reversed_agency(agency: str) -> str:
    """An agency's identity in the older order, lowest level first, missing levels as zeros: H99.15 → 000.00.15.H99."""
    first, *lower = agency.split(".")
    levels = [*reversed(lower), first]
    return ".".join([*_LEVELS[: max(0, 4 - len(levels))], *levels])


def allot_code(unit: Unit, on: date) -> str:
    """The next code of the receiving unit's day. Ask late in the transaction: other clerks of the unit wait."""
    agency = unit.agency
    number = next_number(agency=agency, kind=f"dossier-{on:%m%d}", year=on.year)
    return write_code(unit.code_pattern or USUAL_PATTERN, agency=agency, on=on, number=number)
