"""What the papers of a dossier were read to say, and which of it is about the thing a form speaks of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from accounts.acting import Acting
from accounts.sight import visible
from documents.extracted import ExtractedField, extracted_fields
from documents.models import Document, DocumentToken, DocumentVersion
from dossiers.facts import Fact, Stated
from dossiers.likeness import digits_key, plain_name_key, same
from dossiers.models import Dossier
from workflow.procedures.meanings import MEANINGS

# Below so sure a value may be misread: the same line the viewer draws.
SURE = 0.8
# A name with a slip of the pen is still the same person's.
_ALIKE = 0.85
_MOST_SLIPS = 2
_ALONE = 0


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper of the dossier whose current file was read, with what it says."""

    component: str
    name: str
    version: DocumentVersion
    fields: Sequence[ExtractedField]

    def named(self, name: str) -> list[ExtractedField]:
        return [field for field in self.fields if field.name == name]


@dataclass(frozen=True, slots=True)
class Voice:
    """What one paper says of one fact; `is_same`: the form says so too."""

    paper: Paper
    field: ExtractedField
    is_same: bool

    @property
    def is_sure(self) -> bool:
        """A value whose reader gave no sureness comes from a text layer or an older reading: it counts as read."""
        return self.field.confidence is None or self.field.confidence >= SURE


@dataclass(frozen=True, slots=True)
class PapersRead:
    """The papers there are to compare with; `waiting` are the names of those the reader isn't done with."""

    papers: Sequence[Paper]
    waiting: Sequence[str]


def papers_read(dossier: Dossier, acting: Acting) -> PapersRead:
    """What was read from the papers the officer may see; nothing of a file in quarantine. One query."""
    seen = visible(Document.objects.all(), DocumentToken, acting)
    rows = dossier.components.filter(document__in=seen).select_related("document__current__reading")
    papers, waiting = [], []
    for component in rows.order_by("position"):
        version = component.document.current if component.document else None
        if version is None or version.is_quarantined:
            continue
        if version.reading is not None:
            fields = extracted_fields(version.reading.fields, ())
            papers.append(Paper(component.code, component.name, version, fields))
        if version.is_in_hand:
            waiting.append(component.name)
    return PapersRead(papers, waiting)


def voices_on(stated: Stated, papers: Iterable[Paper], *, is_only_one: bool) -> dict[str, list[Voice]]:
    """What the papers say of each fact of a thing, by the fact's key: at most one value of each paper.

    A paper speaks of several people and parcels; what it says of another one is no difference. `is_only_one`: the form
    knows no other parcel, so a paper that speaks of another one contradicts it.
    """
    found: dict[str, list[Voice]] = {fact.key: [] for fact in stated.facts}
    for paper in papers:
        facts = [fact for fact in stated.facts if not fact.papers or paper.component in fact.papers]
        for fact, field in _said_by(paper, stated, facts, is_only_one=is_only_one):
            is_same = bool(fact.value) and same(fact.meaning, fact.value, field.told)
            found[fact.key].append(Voice(paper, field, is_same))
    return found


def _said_by(
    paper: Paper, stated: Stated, facts: Sequence[Fact], *, is_only_one: bool
) -> Iterable[tuple[Fact, ExtractedField]]:
    if stated.thing not in ("land", "person"):
        # Numbers of certificates, tax codes, the paper's own head: one of them may be the one the form means.
        told = ((fact, _nearest(fact, paper.named(_read_as(fact)))) for fact in facts)
        return [(fact, field) for fact, field in told if field]
    group = _meant(stated, paper, is_only_one=is_only_one)
    return [(fact, group[_read_as(fact)]) for fact in facts if _read_as(fact) in group]


def _read_as(fact: Fact) -> str:
    return MEANINGS[fact.meaning].read_as


def _nearest(fact: Fact, fields: Sequence[ExtractedField]) -> ExtractedField | None:
    """The value the form has too, else the surest."""
    return next((field for field in fields if same(fact.meaning, fact.value, field.told)), _surest(fields))


def _surest(fields: Sequence[ExtractedField]) -> ExtractedField | None:
    return max(fields, key=lambda field: field.confidence or 0.0, default=None)


Group = Mapping[str, ExtractedField]


def _meant(stated: Stated, paper: Paper, *, is_only_one: bool) -> Group:
    """What the paper says of the person or parcel the form speaks of; empty when it speaks of none like it."""
    names = {meaning.read_as for meaning in MEANINGS.values() if meaning.thing == stated.thing}
    groups: dict[int, dict[str, ExtractedField]] = defaultdict(dict)
    for field in paper.fields:
        if field.name in names:
            groups[field.group].setdefault(field.name, field)
    likeness = _as_person if stated.thing == "person" else _as_parcel
    told = [(likeness(stated, group), group) for group in groups.values()]
    best, group = max(told, key=lambda one: one[0], default=(_ALONE, {}))
    if best > 0:
        return group
    if stated.thing == "land" and is_only_one and told:
        # No parcel of the paper is like the form's: the one it says most of is what it is about.
        return max(groups.values(), key=len)
    return {}


def _as_parcel(stated: Stated, group: Group) -> int:
    """How much of a parcel the form and the paper say alike; its number and sheet say more than its size."""
    weights = {"land.parcel": 3, "land.sheet": 2, "land.area": 2}
    pairs = [(fact, group.get(_read_as(fact))) for fact in stated.facts]
    return sum(
        weights.get(fact.meaning, 1) for fact, field in pairs if field and same(fact.meaning, fact.value, field.told)
    )


def _as_person(stated: Stated, group: Group) -> int:
    """How surely the paper means this person: by name and number, each exact or with a slip; 0 or less: another one."""
    values = {fact.meaning: fact.value for fact in stated.facts}
    name, number = values.get("person.name", ""), values.get("person.id_number", "")
    told_name, told_number = group.get("person_name"), group.get("person_id")
    score = 0
    if name and told_name:
        score += _name_likeness(name, told_name.told)
    if number and told_number:
        score += _number_likeness(number, told_number.told)
    return score


def _name_likeness(one: str, other: str) -> int:
    if same("person.name", one, other):
        return 3
    plain, told = plain_name_key(one), plain_name_key(other)
    if plain == told:
        return 2
    # The matcher's measure depends on the order of the two.
    first, second = sorted((plain, told))
    return 1 if SequenceMatcher(None, first, second).ratio() >= _ALIKE else 0


def _number_likeness(one: str, other: str) -> int:
    """Another number of the same length speaks against it; an old card's number beside a new one doesn't."""
    here, there = digits_key(one), digits_key(other)
    if here == there:
        return 3
    if len(here) != len(there):
        return 0
    return 1 if sum(a != b for a, b in zip(here, there, strict=True)) <= _MOST_SLIPS else -2
