"""What outgoing papers are written for. Whoever owns such things registers them in `origins.py`."""

from collections.abc import Callable
from dataclasses import dataclass

from search.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Origin:
    """What a paper is written for (a dossier, say): its kind among the things to find, its key, its code."""

    kind: str
    id: int
    code: str


@dataclass(frozen=True, slots=True)
class OriginKind:
    """A kind of such things.

    hold_back   locks the thing until the transaction ends, and says whether its papers are still in the house
    renumbered  follows when its paper, by key, has another number: the file with the number is made again
    """

    code: str
    hold_back: Callable[[int], bool]
    renumbered: Callable[[int], None]


ORIGINS: dict[str, OriginKind] = {}


def register_origin(kind: OriginKind) -> None:
    ORIGINS[kind.code] = kind


def url_of_origin(kind: str, origin_id: int | None) -> str:
    """The page of the thing; empty where nobody shows it."""
    known = KINDS.get(kind)
    return known.url(str(origin_id)) if known and origin_id else ""
