"""What a rule finds in a text before anybody knows how sure it is."""

from dataclasses import dataclass, replace
from typing import Self

from ocr.placing import Place


@dataclass(frozen=True, slots=True)
class Finding:
    """A value as one rule found it.

    `rule` names the rule, for rules are right to different degrees. `check`: True if the value passed a check that a
    wrong one would likely fail, False if it failed, None where there is none. `is_repaired`: letters were read as
    digits or the other way round.
    """

    name: str
    value: str
    raw: str
    places: tuple[Place, ...]
    rule: str
    check: bool | None = None
    is_repaired: bool = False
    group: int = 0

    @property
    def at(self) -> tuple[int, int]:
        """Page and offset, to order findings as they stand."""
        return (self.places[0].page, self.places[0].start) if self.places else (0, 0)

    def in_group(self, group: int) -> Self:
        return replace(self, group=group)
