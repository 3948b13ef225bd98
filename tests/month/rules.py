"""What each procedure promises, and how its steps share that: typed by hand, not read from the shipped editions.

Figures are days for appointments (`d`: days of the calendar) and quarters of a day for steps (`-`: none).
"""

import re

# First and second appointment; NĐ 101/2024 until 30/6/2025, NĐ 151/2025 from the day after.
APPOINTMENTS = {
    "P1 2025": "15+5",
    "P2 2024": "6+4",
    "P2 2025": "5+3",
    "P3 2024": "0",
    "P3 2025": "0",
    "P4 2024": "15",
    "P4 2025": "12",
    "P5 2024": "14d+6d",
    "P5 2025": "11d+4d",
    "P5b 2024": "6+4",
    "P5b 2025": "4+3",
    "P6 2024": "5",
    "P6 2025": "5",
    "P6b 2024": "10",
    "P6b 2025": "10",
    "P7 2025": "11d+4d",
    "P8 2024": "15d+5d",
    "P8 2025": "11d+4d",
    "P9 2024": "10",
    "P9 2025": "8",
}
# Days the first appointment has more: in a hard area, and of a mortgage for which the office gave its reason.
MORE = {"hard": 10, "extension": 3}
POSTED_DAYS = 15

# `|` stands between branches side by side, `>` between the steps of one.
_BY_BRANCH = "receive check sign register hand_over"
_WITH_TAX = "receive appraise tax_slip await_tax draft sign register hand_over"
_BY_DECISION = "receive verify decide deliver tax_slip await_tax draft sign update hand_over"
WAYS = {
    "P1": "receive extract|verify post posting conclude tax_slip await_tax draft sign deliver register hand_over",
    "P2": _WITH_TAX,
    "P3": _BY_BRANCH,
    "P4": "receive check confirm draft sign register hand_over",
    "P5": _BY_DECISION,
    "P5b": _WITH_TAX,
    "P6": _BY_BRANCH,
    "P6b": "receive check posting draft sign register hand_over",
    "P7": _BY_DECISION,
    "P8": "receive verify decide deliver tax_slip await_tax draft>sign|lease>field update hand_over",
    "P9": "receive check draft sign register hand_over",
}
_QUARTERS = {
    "P1 2025": "2 8|36 2 - 16 4 - 8 4 4 4 -",
    "P2 2024": "2 14 8 - 6 6 4 -",
    "P2 2025": "2 10 8 - 4 4 4 -",
    "P3 2024": "1 1 1 1 -",
    "P3 2025": "1 1 1 1 -",
    "P4 2024": "2 10 8 20 10 10 -",
    "P4 2025": "2 10 8 14 6 8 -",
    "P5 2024": "2 30 16 2 6 - 10 8 6 -",
    "P5 2025": "2 22 12 2 6 - 6 6 4 -",
    "P5b 2024": "2 14 8 - 6 6 4 -",
    "P5b 2025": "2 10 4 - 4 4 4 -",
    "P6 2024": "2 10 4 4 -",
    "P6 2025": "2 10 4 4 -",
    "P6b 2024": "2 10 - 16 6 6 -",
    "P6b 2025": "2 10 - 16 6 6 -",
    "P7 2025": "2 22 12 2 6 - 6 6 4 -",
    "P8 2024": "2 34 16 2 6 - 8>6|8>6 6 -",
    "P8 2025": "2 22 12 2 6 - 6>6|6>6 4 -",
    "P9 2024": "2 18 8 6 6 -",
    "P9 2025": "2 14 6 6 4 -",
}
_CLERKS, _HEADS, _RECORDS = ("receive", "hand_over"), ("sign", "decide", "confirm"), ("register", "update")
# Steps done elsewhere than at the counter or in the unit that handles the dossier.
_DECIDED_ABOVE = {"decide": "ubnd-tinh", "deliver": "ubnd-tinh", "sign": "so-nnmt", "update": "vpdkdd"}
_ELSEWHERE = {
    "P1": {"extract": "vpdkdd", "sign": "ubnd-tan-loc", "register": "vpdkdd"},
    "P5": _DECIDED_ABOVE,
    "P7": _DECIDED_ABOVE,
    "P8": _DECIDED_ABOVE,
}
_OUTSIDE = ("await_tax", "posting")


def edition_on(procedure: str, month: int) -> str:
    """The edition a dossier of this month comes under: June's is of 2024, July's of 2025."""
    return f"{procedure} {2024 if month == 6 else 2025}"


def quarters_of(edition: str) -> dict[str, int | None]:
    """How long each step may take."""
    steps, quarters = (re.split(r"[ >|]", text) for text in (WAYS[edition.split(maxsplit=1)[0]], _QUARTERS[edition]))
    return {step: None if figure == "-" else int(figure) for step, figure in zip(steps, quarters, strict=True)}


def role_of(procedure: str, step: str) -> str:
    """Whose step it is."""
    if step in _CLERKS:
        return "clerk"
    if step in _HEADS:
        return "head"
    is_of_records = step in _RECORDS or (step == "deliver" and procedure != "P1")
    return "records_clerk" if is_of_records else "specialist"


def place_of(procedure: str, step: str, handled_by: str) -> str:
    """The unit a step is done in, by its code."""
    if step in _CLERKS:
        return "tt-pvhcc"
    return _ELSEWHERE.get(procedure, {}).get(step, handled_by)


def is_outside(step: str) -> bool:
    """Whether it waits for somebody else: no limit, and nobody is warned of it."""
    return step in _OUTSIDE


def opened_after(procedure: str, step: str, ended: set[str]) -> list[str]:
    """Which steps open when this one ends, the others in `ended` having ended before."""
    stages = [[branch.split(">") for branch in stage.split("|")] for stage in WAYS[procedure].split()]
    place = next(number for number, stage in enumerate(stages) if any(step in branch for branch in stage))
    branch = next(branch for branch in stages[place] if step in branch)
    if step != branch[-1]:
        return [branch[branch.index(step) + 1]]
    is_last = all(other[-1] in ended for other in stages[place] if other is not branch)
    return [other[0] for other in stages[place + 1]] if is_last and place + 1 < len(stages) else []
