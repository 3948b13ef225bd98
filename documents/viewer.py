"""What the viewer shows: the file of a document opened at a page, with what is looked for lit."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString

from accounts.acting import Acting
from documents.extracted import PAGES_EACH_END, ExtractedField, extracted_fields
from documents.finding import Tokens, Wanted, says, terms_of, wanted_in
from documents.models import Document, DocumentVersion, ReadPage, SearchableCopy, Signature
from documents.naming import Named, named_documents
from documents.operations.seal import has_seal
from documents.reasons import CLASSIFIED, name_shown, trouble_of, words_for
from documents.selectors import copy_of, read_page, signatures_of, texts_of, versions_of, was_recognised, words_of
from documents.sheet import Looked, Sheet, blank_sheet, marked_text, sheet_of, words_saying
from documents.signing import NONE
from documents.states import State
from ocr.reading import Word

PANELS = ("fields", "text", "file")
# Below so many percent a value should be compared with the paper.
_SURE = 80
# A long paper shows the thumbnails around the open page.
_AROUND = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the page asks for; anything that makes no sense is as if it weren't there."""

    query: str = ""
    page: int | None = None
    hit: int | None = None
    field: str = ""
    panel: str = ""
    version: int | None = None
    back: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> "Asked":
        panel = parameters.get("panel", "")
        back = parameters.get("from", "")
        return cls(
            query=" ".join(parameters.get("q", "").split())[:200],
            page=_number(parameters.get("page", "")),
            hit=_number(parameters.get("hit", "")),
            field=parameters.get("field", "")[:40],
            panel=panel if panel in PANELS else "",
            version=_number(parameters.get("version", "")),
            back=back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "",
        )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 7 and int(text) else None


@dataclass(frozen=True, slots=True)
class Thumb:
    number: int
    hit_count: int
    is_current: bool
    link: str


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field, how sure it is in percent, and, where its place is known, the address that shows it."""

    field: ExtractedField
    link: str
    is_chosen: bool
    sureness: int | None

    @property
    def is_doubtful(self) -> bool:
        return self.sureness is not None and self.sureness < _SURE


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A document the paper names, and the address that shows where."""

    named: Named
    link: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class VersionRow:
    version: DocumentVersion
    link: str
    is_open: bool


class View:
    """A version of a document as it is looked at; every part is made when the page asks for it."""

    def __init__(self, document: Document, version: DocumentVersion, asked: Asked, acting: Acting) -> None:
        self.document, self.version, self.asked, self._acting = document, version, asked, acting

    # Pages ---------------------------------------------------------------------------------------

    @cached_property
    def page_count(self) -> int:
        return max(1, self.version.page_count or 1)

    @cached_property
    def number(self) -> int:
        """The page that is open: of the hit or the field asked for, else as asked, else the first with a hit."""
        hit = self.hit_number
        if hit is not None:
            return self.hit_pages[hit - 1]
        page = self.asked.page or next((field.page for field in self.fields if field.code == self.asked.field), None)
        return min(page or 1, self.page_count)

    @cached_property
    def thumbs(self) -> list[Thumb]:
        """The pages around the open one, and the first and the last."""
        near = range(max(1, self.number - _AROUND), min(self.page_count, self.number + _AROUND) + 1)
        numbers = sorted({1, self.page_count, *near})
        return [
            Thumb(number, self.hit_pages.count(number), number == self.number, self.link(page=number))
            for number in numbers
        ]

    @cached_property
    def read(self) -> ReadPage | None:
        return read_page(self.version, self.number)

    @cached_property
    def sheet(self) -> Sheet:
        if self.read is None:
            return blank_sheet(self.number)
        return sheet_of(self.read, self.fields, Looked(self.wanted, self.hit_on_page, self.asked.field))

    @cached_property
    def text(self) -> SafeString | None:
        """The text of the open page with the hits marked."""
        if self.read is None:
            return None
        return marked_text(self.read.text, Tokens.of_text(self.read.text), self.wanted, self.hit_on_page)

    # What is looked for --------------------------------------------------------------------------

    @cached_property
    def pages(self) -> list[tuple[int, Tokens]]:
        """The words of the pages a field may stand on, and of those that say something of what is looked for."""
        near_last = range(self.page_count - PAGES_EACH_END + 1, self.page_count + 1)
        ends = {*range(1, PAGES_EACH_END + 1), *near_last}
        terms = terms_of(self.asked.query)
        texts = texts_of(self.version, numbers=None if terms else ends)
        return [
            (page.number, Tokens.of_text(page.text)) for page in texts if page.number in ends or says(page.text, terms)
        ]

    @cached_property
    def wanted(self) -> Wanted:
        return wanted_in([tokens for _, tokens in self.pages], self.asked.query) if self.asked.query else ()

    @cached_property
    def hit_pages(self) -> list[int]:
        """The page of each hit, in order."""
        if not self.wanted:
            return []
        return [number for number, tokens in self.pages for _ in tokens.runs(self.wanted)]

    @property
    def hit_count(self) -> int:
        return len(self.hit_pages)

    @cached_property
    def hit_number(self) -> int | None:
        """The current hit, from 1: as asked, else the first of the page asked for, else the first of all."""
        if not self.hit_pages:
            return None
        if self.asked.hit is not None:
            return min(self.asked.hit, self.hit_count)
        if self.asked.page is None and not self.asked.field:
            return 1
        return self.hit_pages.index(self.asked.page) + 1 if self.asked.page in self.hit_pages else None

    @cached_property
    def hit_on_page(self) -> int | None:
        """The current hit among those of its page, from 0."""
        if self.hit_number is None:
            return None
        return self.hit_number - 1 - self.hit_pages.index(self.number)

    @cached_property
    def fields(self) -> list[ExtractedField]:
        reading = None if self.version.is_quarantined else self.version.reading
        return extracted_fields(reading.fields, self.pages) if reading else []

    @cached_property
    def field_rows(self) -> list[FieldRow]:
        """What the paper says of itself, of land and of people; the documents it names stand by themselves."""
        return [
            FieldRow(
                field,
                self._link_to(field),
                is_chosen=field.code == self.asked.field,
                sureness=self._sureness_of(field),
            )
            for field in self.fields
            if not field.is_reference
        ]

    @cached_property
    def named_rows(self) -> list[NamedRow]:
        """The documents the paper names, with what the register has of them."""
        named = named_documents(self.fields, self._acting, timezone.localdate())
        return [NamedRow(one, self._link_to(one.field), one.field.code == self.asked.field) for one in named]

    @property
    def more_named(self) -> int:
        """How many it names beyond those shown."""
        return sum(field.is_reference for field in self.fields) - len(self.named_rows)

    def _link_to(self, field: ExtractedField) -> str:
        return self.link(field=field.code, page=field.page) if field.page else ""

    def _sureness_of(self, field: ExtractedField) -> int | None:
        """As the reader says; else as sure as it was of the worst of the words."""
        confidence = field.confidence
        if confidence is None and field.page in self._field_words:
            words = self._field_words[field.page]
            said = words_saying(field, words, Tokens.of_words(words))
            confidence = min((word.confidence for word in said if word.confidence is not None), default=None)
        return None if confidence is None else round(confidence * 100)

    @cached_property
    def _field_words(self) -> dict[int | None, tuple[Word, ...]]:
        """The words of the pages on which fields stand of which the reader didn't say how sure it is."""
        numbers = {field.page for field in self.fields if field.confidence is None and field.page}
        return dict(words_of(self.version, numbers)) if numbers else {}

    # The file ------------------------------------------------------------------------------------

    @cached_property
    def version_rows(self) -> list[VersionRow]:
        """Every version, newest first; one query, and only where the page shows them."""
        return [
            VersionRow(each, self.link(version=each.number, panel="file"), is_open=each.pk == self.version.pk)
            for each in versions_of(self.document)
        ]

    @cached_property
    def copy(self) -> SearchableCopy | None:
        """The searchable copy of what was last read, if one was asked for."""
        return copy_of(self.version)

    @cached_property
    def may_have_copy(self) -> bool:
        """Whether there are words a copy would add."""
        return was_recognised(self.version)

    @cached_property
    def signatures(self) -> list[Signature]:
        return signatures_of(self.version)

    @property
    def lacks_seal(self) -> bool:
        """An issued paper of our own, printed with its number, that bears no signature."""
        is_ours = self.document.state == State.ISSUED and self.document.drafted_by_id is not None
        return is_ours and self.version.uploaded_by_id is None and self.version.signing in ("", NONE)

    @property
    def awaits_seal(self) -> bool:
        return self.lacks_seal and has_seal()

    @property
    def title(self) -> str:
        """What the paper is called, unless one of the files shown here and by default bears a secrecy stamp."""
        current = self.document.current
        reasons = (self.version.quarantine_reason, current.quarantine_reason if current else "")
        reason = CLASSIFIED if CLASSIFIED in reasons else ""
        return name_shown(self.document.title, document_id=self.document.pk, reason=reason)

    @property
    def reason(self) -> str:
        """Why the file lies in quarantine or couldn't be read."""
        return words_for(trouble_of(self.version))

    @property
    def sureness(self) -> int | None:
        """How sure the reader was of the open page, in percent; None for a text layer."""
        confidence = self.read.confidence if self.read else None
        return None if confidence is None else round(confidence * 100)

    @property
    def version_query(self) -> str:
        """What addresses of pictures and files need so that they are this version's."""
        return f"?version={self.version.number}" if self.asked.version else ""

    # Ways on -------------------------------------------------------------------------------------

    @cached_property
    def panel(self) -> str:
        return self.asked.panel or ("fields" if self.fields else "file")

    def link(self, **changes: object) -> str:
        """The address of this page with some things changed; the page itself is dropped unless given."""
        kept: dict[str, object] = {
            "q": self.asked.query,
            "panel": self.asked.panel,
            "version": self.asked.version or "",
            "from": self.asked.back,
        }
        return "?" + urlencode({name: value for name, value in {**kept, **changes}.items() if value})

    @property
    def previous_page(self) -> str:
        return self.link(page=self.number - 1) if self.number > 1 else ""

    @property
    def next_page(self) -> str:
        return self.link(page=self.number + 1) if self.number < self.page_count else ""

    @property
    def previous_hit(self) -> str:
        """Round and round: before the first stands the last."""
        return self.link(hit=(self.hit_number or 1) - 1 or self.hit_count) if self.hit_count else ""

    @property
    def next_hit(self) -> str:
        return self.link(hit=(self.hit_number or 0) % self.hit_count + 1) if self.hit_count else ""

    @property
    def panel_links(self) -> dict[str, str]:
        return {panel: self.link(panel=panel, page=self.number, hit=self.hit_number or "") for panel in PANELS}
