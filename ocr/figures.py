"""Numbers on papers of land: repaired where recognition confuses letters and digits, and checked where they can be."""

import re
from datetime import date

# A digit or what recognition takes it for; only for use inside a number, where nothing else can stand.
DIGIT = r"[\dOoQIlíìi|!SsBZzGg]"
_MISREAD_DIGITS = str.maketrans("OoQIlíìi|!SsBZzGg", "00011111115582266")
_MISREAD_LETTERS = str.maketrans("015Œ", "OISC")
_TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
# Square metres: a garden of a few up to a forest of a province.
LEAST_AREA, MOST_AREA = 1.0, 5e8
_OLDEST = 120


def as_digits(raw: str) -> str:
    """ "O1l" → "011": only for places where a digit must stand."""
    return raw.translate(_MISREAD_DIGITS)


def as_letters(raw: str) -> str:
    """ "B0" → "BO": only for places where a capital must stand."""
    return raw.upper().translate(_MISREAD_LETTERS)


def is_tax_code(code: str) -> bool:
    """Whether ten digits, and three of a branch after them, carry the right check digit (mã số thuế)."""
    digits = code.replace("-", "")
    if not digits.isdigit() or len(digits) not in (10, 13):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _TAX_WEIGHTS, strict=False))
    return (10 - total % 11) == int(digits[9])


def birth_year_of(number: str) -> int | None:
    """The year of birth a citizen's number (số định danh) holds: century and sex, then two digits; None if none."""
    if len(number) != 12 or not number.isdigit() or number[:3] == "000":
        return None
    return 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])


def is_citizen_number(number: str, *, today: int | None = None) -> bool:
    """Whether twelve digits can be a citizen's number: a province, a century, a year that has been."""
    born, now = birth_year_of(number), today or date.today().year  # noqa: DTZ011 a year will do
    return born is not None and int(number[:3]) <= 99 and now - _OLDEST <= born <= now


def area_of(raw: str, unit: str) -> tuple[float, bool] | None:
    """Square metres of "1.250,5", "1250,5" or "0,12 ha", and whether points and comma stand as they should; or None."""
    text = re.sub(r"\s+", "", raw).strip(".,")
    if not re.fullmatch(r"\d+(?:[.,]\d+)*", text):
        return None
    groups = re.split(r"[.,]", text)
    whole, part, is_regular = _whole_and_part(groups, re.findall(r"[.,]", text))
    value = float(f"{whole}.{part or 0}") * (10_000 if unit.startswith("ha") else 1)
    return (value, is_regular) if LEAST_AREA <= value <= MOST_AREA else None


def _whole_and_part(groups: list[str], signs: list[str]) -> tuple[str, str, bool]:
    """The digits before and after the decimal comma: points part thousands, but recognition swaps the two."""
    if not signs:
        return groups[0], "", True
    last = groups[-1]
    thousands = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:-1])
    if len(last) == 3 and (signs[-1] == "." or "," not in signs[:-1]):
        return "".join(groups), "", signs[-1] == "." and thousands
    return "".join(groups[:-1]), last, signs[-1] == "," and "," not in signs[:-1] and (len(groups) == 2 or thousands)


def written_area(value: float) -> str:
    """Square metres with a decimal point and no idle zeros: "1250.5", "2533"."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
