"""The main navigation: packages add their entries in `navigation.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Entry:
    """A word in the top bar. `is_for(acting)` says who sees it; `section` marks the pages that belong to it."""

    section: str
    label: str | Promise
    url_name: str
    order: int
    is_for: Callable[[Any], bool]
    count: Callable[[Any], int] | None = None


_ENTRIES: dict[str, Entry] = {}


def add_entry(entry: Entry) -> None:
    _ENTRIES[entry.section] = entry


def entries_for(acting: Any) -> list[Entry]:
    """What this officer may open, in order."""
    return sorted((entry for entry in _ENTRIES.values() if entry.is_for(acting)), key=lambda entry: entry.order)
