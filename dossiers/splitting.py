"""Where a bundle is to be cut: what begins at each of its pages.

A mark stands for each page: the code of a component (its paper begins here), UNKNOWN (a paper begins, nobody knows
which), GOES_ON (the paper before goes on) or LEFT_OUT (a separator or an empty back: in no paper).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ocr import PageMark
from ocr.head import read_head
from ocr.paper_types import recognise_type
from pages.domain_errors import Invalid

GOES_ON, LEFT_OUT, UNKNOWN = "", "-", "?"
# What the code on a separator sheet says before the component's code.
SHEET = "hosodat:tach:"


@dataclass(frozen=True, slots=True)
class Place:
    """A component of the dossier a part may go to, by its code and the type of its paper."""

    code: str
    document_type: str


@dataclass(frozen=True, slots=True)
class Cut:
    """Pages that make one paper of the dossier, from 1, both ends included."""

    component: str
    first: int
    last: int


def propose(pages: Sequence[PageMark], texts: Sequence[str], places: Sequence[Place]) -> list[str]:
    """A mark for each page: by separator sheets, by blank sheets, and by papers of another kind beginning."""
    proposer = _Proposer(places)
    return [proposer.mark(page, text) for page, text in zip(pages, texts, strict=True)]


class _Proposer:
    """Goes through a bundle page by page."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._free = list(places)
        self._type = ""
        # What a separator sheet said of the paper that follows it.
        self._announced: str | None = UNKNOWN

    def mark(self, page: PageMark, text: str) -> str:
        if page.code.startswith(SHEET):
            self._announced = page.code.removeprefix(SHEET)
            return LEFT_OUT
        if page.is_blank and not text.strip():
            self._announced = self._announced or UNKNOWN
            return LEFT_OUT
        kind = recognise_type(text, read_head(text).document_type).code or ""
        announced, self._announced = self._announced, None
        if announced is None and (not kind or kind == self._type or not self._fitting(kind)):
            return GOES_ON
        self._type = kind
        return self._place(announced or UNKNOWN, kind)

    def _place(self, announced: str, kind: str) -> str:
        """The component: what the sheet said, else the first of this kind that has no paper yet."""
        found = [place for place in self._free if place.code == announced] or self._fitting(kind)
        if not found:
            return UNKNOWN
        self._free.remove(found[0])
        return found[0].code

    def _fitting(self, kind: str) -> list[Place]:
        return [place for place in self._free if place.document_type == kind]


def is_one_paper(marks: Sequence[str]) -> bool:
    """Whether nothing was found to split at."""
    return sum(mark not in (GOES_ON, LEFT_OUT) for mark in marks) <= 1


def cuts_of(marks: Sequence[str], components: Collection[str]) -> list[Cut]:
    """The parts these marks make. Raises Invalid for what makes none, naming the page."""
    cuts: list[Cut] = []
    is_open = False
    for number, mark in enumerate(marks, 1):
        if mark == LEFT_OUT:
            is_open = False
        elif mark != GOES_ON:
            cuts.append(Cut(_checked(mark, number, components, cuts), number, number))
            is_open = True
        elif is_open:
            cuts[-1] = Cut(cuts[-1].component, cuts[-1].first, number)
        else:
            raise _fault(number, _("Page %(page)s belongs to no paper yet: choose one, or leave the page out."))
    if not cuts:
        raise Invalid(_("Choose at least one page at which a paper begins."))
    return cuts


def _checked(mark: str, number: int, components: Collection[str], cuts: Sequence[Cut]) -> str:
    if mark not in components:
        raise _fault(number, _("Choose which paper begins at page %(page)s."))
    if any(cut.component == mark for cut in cuts):
        raise _fault(number, _("The paper that begins at page %(page)s stands further up already. Choose another."))
    return mark


def _fault(number: int, words: str) -> Invalid:
    said = words % {"page": number}
    return Invalid(said, {f"page-{number}": said})
