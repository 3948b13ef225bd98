"""What the register takes for granted: purposes, forms of right, what restrictions do, tolerances, who reads it."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import ConfigDict, TypeAdapter

_FILE = Path(__file__).with_name("catalogue.toml")
_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Where a rule comes from; not confirmed ones are to be confirmed before use (cần xác nhận)."""

    __pydantic_config__ = _STRICT
    document: str
    place: str = ""
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LandUseKind:
    """A purpose of land (mục đích sử dụng đất); `former` are codes of before that are read as this one."""

    __pydantic_config__ = _STRICT
    code: str
    name: str
    group: Literal["agricultural", "non_agricultural", "unused"]
    former: tuple[str, ...] = ()
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    __pydantic_config__ = _STRICT
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionRule:
    """What a kind of restriction does; the words of each line stand in the file."""

    __pydantic_config__ = _STRICT
    kind: str
    source: Basis
    stops: tuple[str, ...] = ()
    consent_lifts: tuple[str, ...] = ()
    follows: bool = False
    blocks_intake: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tolerance:
    """How far areas may differ and still be the same: the larger of so many m² and such a share of the whole."""

    __pydantic_config__ = _STRICT
    most_m2: Decimal
    most_share: Decimal
    source: Basis

    def allows(self, parts: Iterable[Decimal], whole: Decimal) -> bool:
        return abs(sum(parts, Decimal(0)) - whole) <= max(self.most_m2, whole * self.most_share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    __pydantic_config__ = _STRICT
    unit_kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    __pydantic_config__ = _STRICT
    readers: Readers
    areas: Tolerance
    land_uses: tuple[LandUseKind, ...]
    former_land_uses: tuple[Named, ...]
    forms_of_right: tuple[Named, ...]
    restrictions: tuple[RestrictionRule, ...]


@cache
def catalogue() -> Catalogue:
    """The file, read once."""
    return TypeAdapter(Catalogue).validate_python(tomllib.loads(_FILE.read_text("utf-8")))


@cache
def _land_use_names() -> dict[str, str]:
    shelf = catalogue()
    today = {kind.code: kind.name for kind in shelf.land_uses}
    return today | {kind.code: kind.name for kind in shelf.former_land_uses}


def is_land_use(code: str) -> bool:
    """Whether certificates bear this code, today's or one of before."""
    return code in _land_use_names()


def land_use_name(code: str) -> str:
    """The purpose in words; the code itself where no catalogue knows it."""
    return _land_use_names().get(code, code)


def codes_meant(code: str) -> frozenset[str]:
    """The code, what it is called today, and what that was called before."""
    kinds = [kind for kind in catalogue().land_uses if code == kind.code or code in kind.former]
    return frozenset({code, *(kind.code for kind in kinds), *(old for kind in kinds for old in kind.former)})


def form_of_right_name(code: str) -> str:
    return next((form.name for form in catalogue().forms_of_right if form.code == code), code)


def rule_for(kind: str) -> RestrictionRule:
    """What this kind of restriction does; KeyError for a kind the file doesn't name."""
    for rule in catalogue().restrictions:
        if rule.kind == kind:
            return rule
    raise KeyError(kind)
