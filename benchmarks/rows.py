"""The one form of a result."""

from typing import Any

Row = dict[str, Any]


def row(
    name: str,
    figure: float,
    unit: str,
    *,
    peer: str = "",
    ratio: float | None = None,
    goal: str = "",
    holds: bool | None = None,
) -> Row:
    """A figure in its unit; `ratio` is to `peer`, `goal` says in words what is wanted, `holds` whether it is so."""
    return {
        "name": name,
        "figure": round(figure, 3),
        "unit": unit,
        "peer": peer,
        "ratio": None if ratio is None else round(ratio, 3),
        "goal": goal,
        "holds": holds,
    }
