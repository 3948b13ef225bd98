"""What the page of a bundle shows: its pages with the marks proposed, typed or confirmed, and the papers to choose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from documents.models import DocumentVersion
from documents.reasons import trouble_of, words_for
from documents.states import ReadingState
from dossiers.models import Bundle, BundlePart, DossierComponent
from dossiers.splitting import GOES_ON, LEFT_OUT, UNKNOWN, is_one_paper
from pages.domain_errors import Words


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page and what begins there; `name` of the paper it belongs to, `fault` what is wrong with its mark."""

    number: int
    mark: str
    fault: Words

    @property
    def begins(self) -> bool:
        return self.mark not in (GOES_ON, LEFT_OUT)

    @property
    def is_left_out(self) -> bool:
        return self.mark == LEFT_OUT


class BundleView:
    """A bundle as it stands; with `typed` marks and their faults when a confirmation was not taken."""

    def __init__(
        self, bundle: Bundle, typed: Sequence[str] | None = None, faults: Mapping[str, Words] | None = None
    ) -> None:
        self.bundle, self._typed, self._faults = bundle, typed, faults or {}

    @cached_property
    def version(self) -> DocumentVersion | None:
        return self.bundle.document.current

    @property
    def is_waiting(self) -> bool:
        """Being read, or not looked through yet; not when it couldn't be read, for nothing follows by itself then."""
        version = self.version
        if version is None or version.is_quarantined or self.bundle.split_at is not None:
            return False
        return version.is_in_hand or (version.reading_state == ReadingState.READ and self.bundle.proposal is None)

    @property
    def reason(self) -> str:
        """Why it can't be split."""
        version = self.version
        return words_for(trouble_of(version)) if version else ""

    @property
    def has_nothing_to_split(self) -> bool:
        return self.bundle.split_at is None and is_one_paper(self.bundle.proposal or [])

    @cached_property
    def papers(self) -> list[DossierComponent]:
        return list(self.bundle.dossier.components.order_by("position"))

    @cached_property
    def rows(self) -> list[PageRow]:
        known = {GOES_ON, LEFT_OUT, *(paper.code for paper in self.papers)}
        marks = self._typed or self.bundle.marks or self.bundle.proposal or self._unmarked
        return [
            PageRow(number, mark if mark in known else UNKNOWN, self._faults.get(f"page-{number}", ""))
            for number, mark in enumerate(marks, 1)
        ]

    @property
    def _unmarked(self) -> list[str]:
        """A paper begins, nobody knows which: for bundles that were looked through before they were read."""
        pages = (self.version.page_count or 0) if self.version else 0
        return [UNKNOWN, *[GOES_ON] * (pages - 1)] if pages else []

    @cached_property
    def parts(self) -> list[tuple[BundlePart, str]]:
        """What it was split into, each with the name of its paper."""
        names = {paper.code: paper.name for paper in self.papers}
        rows = self.bundle.parts.select_related("version").order_by("first_page")
        return [(part, names.get(part.component, part.component)) for part in rows]
