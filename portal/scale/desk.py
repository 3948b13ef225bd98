"""What every part of a seeded dossier is written with."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from audit.recording import Actor
from documents.models import DocumentType
from dossiers.selectors import stream_of
from portal.scale.counters import Counters
from portal.scale.forms import Writer
from portal.scale.names import Somebody
from portal.scale.office import Person, Place
from portal.scale.shelves import Shelves
from portal.scale.trail import Trail
from workflow.models import ProcedureVersion
from workflow.procedures.schema import Edition
from worktime.calendar import Calendar


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file many documents share: its bytes are in the vault once."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Desk:
    """The tables to write to, the numbers to give, the calendar, the types of papers and the files they share."""

    shelves: Shelves
    trail: Trail
    counters: Counters
    calendar: Calendar
    types: dict[str, DocumentType]
    files: tuple[SharedFile, ...]
    now: datetime


@dataclass(slots=True)
class Folder:
    """A dossier being written: who asks for what, where, and what has come of it so far.

    tokens      of the units that see it
    documents   every document so far, with the sequence of its versions
    columns     what the row of the dossier will hold
    """

    desk: Desk
    chance: Random
    key: int
    version: ProcedureVersion
    shop: Place
    handler: Place
    clerk: Person
    applicant: Somebody
    registered_at: datetime
    received_at: datetime
    code: str = ""
    tokens: list[str] = field(default_factory=list)
    columns: dict[str, Any] = field(default_factory=dict)

    @property
    def edition(self) -> Edition:
        return self.version.edition

    def writer(self, at: datetime) -> Writer:
        """Who fills in a form on that day."""
        return Writer(self.chance, self.applicant, at.astimezone(self.desk.calendar.zone).date())

    def record(self, verb: str, actor: Actor, payload: dict[str, object], at: datetime) -> None:
        """An event of the dossier's own stream."""
        self.desk.trail.record(stream_of(self.key), verb, actor=actor, payload=payload, at=at)
