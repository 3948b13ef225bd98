"""One compared value as the page shows it: the form's beside each paper's, with a strip of its scan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from documents.clipping import Clip, Shape, clip_of, shapes_of
from dossiers.cross_check import Compared, CrossCheck
from dossiers.models import Dossier
from dossiers.operations.decide_mismatch import needs_note
from dossiers.states import Ruling
from dossiers.told import Voice

_ICONS = {
    Ruling.FORM_RIGHT: "ui-checks",
    Ruling.PAPER_RIGHT: "file-earmark-check",
    Ruling.TO_COMPLETE: "person-raised-hand",
    Ruling.IGNORED: "slash-circle",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """What a paper says, where to see it, and a strip of its scan where the place is known."""

    voice: Voice
    link: str
    picture: str
    clip: Clip | None
    sureness: int | None


@dataclass(frozen=True, slots=True)
class Way:
    """A way to decide: `key` is the digit that chooses it."""

    ruling: Ruling
    key: str
    icon: str
    needs_note: bool


@dataclass(frozen=True, slots=True)
class SideBySide:
    row: Compared
    heard: Sequence[Heard]
    ways: Sequence[Way]

    @property
    def is_form_taken_at_its_word(self) -> bool:
        """Whether it may be called right without a reason, as the paper may."""
        return any(way.ruling == Ruling.FORM_RIGHT and not way.needs_note for way in self.ways)


@dataclass(frozen=True, slots=True)
class Line:
    """A value in the list, and where to see it on the paper that is shown first."""

    row: Compared
    link: str


def lines_of(dossier: Dossier, check: CrossCheck) -> list[Line]:
    return [Line(row, viewer_link(dossier, row, row.surest) if row.surest else "") for row in check.rows]


def side_by_side(dossier: Dossier, row: Compared) -> SideBySide:
    """The value with every paper that says something of it. One query."""
    shapes = shapes_of([place for voice in row.voices if (place := _place_of(voice))])
    ways = [Way(ruling, str(key), _ICONS[ruling], needs_note(row, ruling)) for key, ruling in enumerate(Ruling, 1)]
    return SideBySide(row, [_heard(dossier, row, voice, shapes) for voice in row.voices], ways)


def _place_of(voice: Voice) -> tuple[int, int] | None:
    """Reading and page, where the reader said where the value stands."""
    reading, page = voice.paper.version.reading_id, voice.field.page
    return (reading, page) if reading and page and voice.field.box else None


def _heard(dossier: Dossier, row: Compared, voice: Voice, shapes: Mapping[tuple[int, int], Shape]) -> Heard:
    place, field = _place_of(voice), voice.field
    shape = shapes.get(place) if place else None
    clip = clip_of(field.page, shape, field.box) if shape and field.page and field.box else None
    sureness = None if field.confidence is None else round(field.confidence * 100)
    return Heard(voice, viewer_link(dossier, row, voice), _picture(voice, clip), clip, sureness)


def viewer_link(dossier: Dossier, row: Compared, voice: Voice) -> str:
    """The viewer at the page, with the field lit; it leads back to this value."""
    back = reverse("dossier_check", args=[dossier.pk], query={"muc": row.fact.key})
    query: dict[str, object] = {"field": voice.field.code, "panel": "fields", "from": back}
    if voice.field.page:
        query["page"] = voice.field.page
    return reverse("document", args=[voice.paper.version.document_id], query=query)


def _picture(voice: Voice, clip: Clip | None) -> str:
    if clip is None:
        return ""
    version = voice.paper.version
    address = reverse("document_page_picture", args=[version.document_id, clip.page, clip.width])
    return f"{address}?version={version.number}"
