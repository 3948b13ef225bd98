"""The cross-check (đối chiếu): what the form says beside what the papers say, value by value, and what was decided.

Nothing of it is kept but the decisions: a file read again or a form corrected shows at once. Another source (the land
register) would be one more list of `Paper` in `compared`.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from accounts.acting import Acting
from dossiers.facts import Fact, Stated, stated_by
from dossiers.likeness import key_of
from dossiers.models import Dossier, MismatchRuling
from dossiers.states import Verdict
from dossiers.told import Paper, Voice, papers_read, voices_on

# A person has to look at these.
MISMATCHES = (Verdict.DIFFERS, Verdict.ONLY_ON_PAPER, Verdict.UNSURE)


@dataclass(frozen=True)
class Compared:
    """One value of the form beside what the papers say of it, and the last ruling on it."""

    fact: Fact
    title: str
    voices: Sequence[Voice]
    ruling: MismatchRuling | None = None

    @cached_property
    def verdict(self) -> Verdict:
        """Differs what one sure paper contradicts, though another agrees; an unsure one alone may be misread."""
        others = [voice for voice in self.voices if not voice.is_same]
        are_sure = any(voice.is_sure for voice in others)
        if not self.voices:
            return Verdict.ONLY_IN_FORM
        if not others or (not are_sure and len(others) < len(self.voices)):
            return Verdict.AGREES
        if not are_sure:
            return Verdict.UNSURE
        return Verdict.DIFFERS if self.fact.value else Verdict.ONLY_ON_PAPER

    @cached_property
    def fingerprint(self) -> str:
        """Of the form's value and what each paper says, by its meaning: how sure the reader is changes nothing."""
        told = sorted({(voice.paper.component, self._key(voice)) for voice in self.voices})
        compared = [self.fact.meaning, key_of(self.fact.meaning, self.fact.value), told]
        return hashlib.sha256(json.dumps(compared, ensure_ascii=False).encode()).hexdigest()

    @property
    def fits(self) -> bool:
        """Whether the last ruling was made on what is there now."""
        return self.ruling is not None and self.ruling.fingerprint == self.fingerprint

    @property
    def is_outdated(self) -> bool:
        return self.ruling is not None and not self.fits

    @property
    def is_mismatch(self) -> bool:
        return self.verdict in MISMATCHES

    @property
    def is_open(self) -> bool:
        """A difference nobody has decided as it stands now."""
        return self.is_mismatch and not self.fits

    @property
    def is_disputed(self) -> bool:
        """Whether the papers contradict each other."""
        return len({self._key(voice) for voice in self.voices if voice.is_sure}) > 1

    @property
    def surest(self) -> Voice | None:
        """The voice to show first: one that differs, the surest of them."""
        return max(self.voices, key=lambda voice: (not voice.is_same, voice.field.confidence or 0.0), default=None)

    @property
    def sureness(self) -> int | None:
        """Of the voice to show first, in percent."""
        voice = self.surest
        return None if voice is None or voice.field.confidence is None else round(voice.field.confidence * 100)

    @property
    def is_unsure(self) -> bool:
        return self.surest is not None and not self.surest.is_sure

    @cached_property
    def proposals(self) -> list[Voice]:
        """What the form might be corrected to: each value that differs once, the surest first."""
        found: dict[str, Voice] = {}
        for voice in sorted(self.voices, key=lambda voice: -(voice.field.confidence or 0.0)):
            if not voice.is_same:
                found.setdefault(self._key(voice), voice)
        return list(found.values())

    @property
    def ruling_number(self) -> int:
        return self.ruling.number if self.ruling else 0

    def _key(self, voice: Voice) -> str:
        return key_of(self.fact.meaning, voice.field.told) or voice.field.told


@dataclass(frozen=True)
class CrossCheck:
    """Everything that was compared, in the order of the form; `waiting` are papers still being read."""

    rows: Sequence[Compared]
    papers: Sequence[Paper]
    waiting: Sequence[str]

    @property
    def open_count(self) -> int:
        return sum(row.is_open for row in self.rows)

    @property
    def decided_count(self) -> int:
        return sum(row.is_mismatch and row.fits for row in self.rows)

    def row(self, key: str) -> Compared | None:
        return next((row for row in self.rows if row.fact.key == key), None)

    def next_open(self, after: str = "") -> Compared | None:
        """The first open difference behind this one, else the first of all."""
        keys = [row.fact.key for row in self.rows]
        place = keys.index(after) + 1 if after in keys else 0
        return next((row for row in [*self.rows[place:], *self.rows[:place]] if row.is_open), None)


def cross_check(dossier: Dossier, acting: Acting) -> CrossCheck:
    """The dossier's form beside the papers the officer may see; the dossier was seen. Two queries."""
    read = papers_read(dossier, acting)
    return CrossCheck(compared(stated_by(dossier), read.papers, _rulings_in(dossier)), read.papers, read.waiting)


def open_mismatches(dossier: Dossier, acting: Acting) -> int:
    """Its `open_count` alone: where nothing differs nobody asks what was decided. One query or two."""
    papers = papers_read(dossier, acting).papers
    stated = stated_by(dossier)
    if not any(row.is_mismatch for row in compared(stated, papers, {})):
        return 0
    return sum(row.is_open for row in compared(stated, papers, _rulings_in(dossier)))


def _rulings_in(dossier: Dossier) -> Mapping[str, MismatchRuling]:
    """The last one on each value."""
    return {ruling.fact: ruling for ruling in dossier.rulings.select_related("ruled_by").order_by("number")}


def compared(
    stated: Sequence[Stated], papers: Sequence[Paper], rulings: Mapping[str, MismatchRuling]
) -> list[Compared]:
    """Each value that form or papers state; where there is nothing on either side there is no row."""
    parcels = sum(one.thing == "land" for one in stated)
    rows = []
    for one in stated:
        voices = voices_on(one, papers, is_only_one=parcels == 1)
        rows += [
            Compared(fact, one.title, voices[fact.key], rulings.get(fact.key))
            for fact in one.facts
            if fact.value or voices[fact.key]
        ]
    return rows
