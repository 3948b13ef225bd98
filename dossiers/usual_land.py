"""Which change of the land register an edition ends in: what it says, else usual_land_changes.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workflow.procedures.schema import Edition

# How an effect begins that issues the result and changes the register.
ISSUE_AND = "issue_and_"
_FILE = Path(__file__).with_name("usual_land_changes.toml")


@dataclass(frozen=True, slots=True)
class UsualLand:
    """The change of each procedure, the types of paper that are certificates, the components that are consents."""

    changes: Mapping[str, str]
    certificates: tuple[str, ...]
    consents: tuple[str, ...]


@cache
def usual_land() -> UsualLand:
    rows = tomllib.loads(_FILE.read_text("utf-8"))
    papers = rows["papers"]
    return UsualLand(rows["changes"], tuple(papers["certificates"]), tuple(papers["consents"]))


def named_change(edition: Edition) -> str:
    """The change one of its steps names by its effect; empty where none does."""
    effects = (outcome.effect for step in edition.steps for outcome in step.outcomes)
    return next((effect.removeprefix(ISSUE_AND) for effect in effects if effect.startswith(ISSUE_AND)), "")


def usual_change(edition: Edition) -> str:
    """What its procedure usually does to the register; nothing where its steps say it themselves."""
    return "" if named_change(edition) else usual_land().changes.get(edition.procedure, "")


def change_of(edition: Edition) -> str:
    """The change its dossiers end in; empty for none."""
    return named_change(edition) or usual_change(edition)
