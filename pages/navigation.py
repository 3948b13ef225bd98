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


@dataclass(frozen=True, slots=True)
class NavigationWord:
    """An entry as one officer sees it; `count` is None where the entry counts nothing."""

    section: str
    label: str | Promise
    url_name: str
    count: int | None


_ENTRIES: dict[str, Entry] = {}


def add_entry(entry: Entry) -> None:
    _ENTRIES[entry.section] = entry


def entries_for(acting: Any) -> list[Entry]:
    """What this officer may open, in order."""
    return sorted((entry for entry in _ENTRIES.values() if entry.is_for(acting)), key=lambda entry: entry.order)


def navigation_for(acting: Any) -> list[NavigationWord]:
    """The words of his top bar; only an entry that counts something costs queries."""
    return [
        NavigationWord(entry.section, entry.label, entry.url_name, entry.count(acting) if entry.count else None)
        for entry in entries_for(acting)
    ]
