"""Tables as files a spreadsheet opens as they are meant."""

import csv
import io
from collections.abc import Iterable, Sequence

# What a spreadsheet takes a cell for a formula by, also in the width of Chinese and Japanese type.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_of(names: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """With a mark Excel knows UTF-8 by; no cell begins a formula."""
    written = io.StringIO(newline="")
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow(names)
    lines.writerows([_harmless(value) for value in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def _harmless(value: object) -> object:
    if not isinstance(value, str):
        return value
    is_formula = value.startswith(_FORMULA) or value.lstrip().startswith(_FORMULA)
    return f"'{value}" if is_formula else value
