"""What an edition of a procedure says: the shape of its TOML file.

Plain frozen dataclasses, read by pydantic in strict mode, so a file with a wrong, missing or unknown word is refused
with the path of every fault (`steps.1.role: Field required`). Days are working days, in quarters at the smallest.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import ConfigDict

STRICT = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a figure comes from; not confirmed ones are shown as *cần xác nhận*."""

    __pydantic_config__ = STRICT
    document: str
    place: str = ""
    is_confirmed: bool = False

    def __str__(self) -> str:
        return f"{self.document} {self.place}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    __pydantic_config__ = STRICT
    code: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """True when the field (of the same form) has one of these values."""

    __pydantic_config__ = STRICT
    field: str
    is_one_of: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a table field: a simple field without conditions; `reads` as in `FormField`."""

    __pydantic_config__ = STRICT
    code: str
    label: str
    type: Literal["text", "number", "date", "money", "choice"]
    is_required: bool = False
    pattern: str = ""
    pattern_message: str = ""
    choices: tuple[Choice, ...] = ()
    reads: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """A field of an electronic form (trường của biểu mẫu điện tử).

    type       text, number (decimal, exact), date, money (whole đồng), choice, table (rows of `columns`)
    width      1–12, of the twelve columns of the page
    pattern    a regular expression the whole text must match; `pattern_message` says so in words
    required_if  makes the field required when another field has one of some values
    reads      what it is held against on the papers (đối chiếu), one of `meanings.MEANINGS`
    reads_on   on which papers, by the codes of components; on all of them when empty
    """

    __pydantic_config__ = STRICT
    code: str
    label: str
    type: Literal["text", "number", "date", "money", "choice", "table"]
    is_required: bool = False
    required_if: Condition | None = None
    pattern: str = ""
    pattern_message: str = ""
    help: str = ""
    default: str = ""
    unit: str = ""
    width: int = 4
    choices: tuple[Choice, ...] = ()
    columns: tuple[Column, ...] = ()
    reads: str = ""
    reads_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectronicForm:
    """The form an applicant's wish is typed into (biểu mẫu điện tử); its code means nothing without its regulation.

    `summary` says in one line what the dossier is about, with field codes in braces: `thửa {parcel}, tờ {sheet}`.
    """

    __pydantic_config__ = STRICT
    title: str
    code: str
    regulation: str
    summary: str = ""
    fields: tuple[FormField, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A paper the edition asks for (thành phần hồ sơ); `required_if` is a condition on the electronic form."""

    __pydantic_config__ = STRICT
    code: str
    name: str
    document_type: str
    form_code: str = ""
    is_required: bool = True
    required_if: Condition | None = None
    form_of_paper: Literal["original", "copy", "certified"] = "original"
    quantity: int = 1
    note: str = ""


DayUnit = Literal["working_days", "days"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoreDays:
    """Days added to an appointment where the form says so, such as in communes that are hard to reach."""

    __pydantic_config__ = STRICT
    days: Decimal
    label: str
    only_if: Condition
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A promised limit (hẹn trả): the second one runs from the proof of the financial obligations.

    days   of none the result is due the same working day
    unit   working days, or days of the calendar where the law counts so
    more   what is added to it, each under its condition
    """

    __pydantic_config__ = STRICT
    number: int
    days: Decimal
    label: str
    source: Source
    unit: DayUnit = "working_days"
    more: tuple[MoreDays, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A named way out of a step (kết quả bước).

    to       the next step's code; empty ends the case
    splits   the steps that open side by side instead (nhánh song song); they come together at the step that joins
    opens    the procedure of a dossier of its own that this one waits for (hồ sơ con)
    manner   forward, back (to an earlier step) or stop: how the button looks and is asked about
    effect   what it does to the subject, by the name its owner registered; empty for nothing
    fields   what is asked for with it, beside the note
    """

    __pydantic_config__ = STRICT
    code: str
    name: str
    to: str = ""
    splits: tuple[str, ...] = ()
    opens: str = ""
    manner: Literal["forward", "back", "stop"] = "forward"
    effect: str = ""
    is_note_required: bool = False
    fields: tuple[FormField, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """Ends a step by itself once its time has passed (niêm yết, đăng tin): by the worker, once."""

    __pydantic_config__ = STRICT
    days: Decimal
    outcome: str
    unit: DayUnit = "days"
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFile:
    """A paper brought in at a step (giấy tờ của bước): minutes of an inspection, a map extract, what was posted.

    is_required  without it the step doesn't go forward
    """

    __pydantic_config__ = STRICT
    code: str
    name: str
    document_type: str
    is_required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step (bước xử lý).

    place     received: the unit that took the dossier in; competent: the one that handles it; kind: that of `unit_kind`
    unit_kind the kind of unit that does it: the nearest above the competent unit, else the only one there is
    days      its own limit; none means outside the time limit
    joins     opens once when every branch of the split has come here
    pauses    the cause for which the clock stands still while this step is open
    timer     ends it after so many days
    checklist what whoever does it ticks off before a forward outcome (danh mục kiểm tra)
    waits_for the outside event this step waits for; whoever holds `role` records it
    source    why its time doesn't count, where the law says so
    needs     requirements that must be met before a forward outcome
    drafts    codes of the results drafted here
    files     papers brought in here
    """

    __pydantic_config__ = STRICT
    code: str
    name: str
    role: str
    outcomes: tuple[Outcome, ...]
    place: Literal["received", "competent", "kind"] = "competent"
    unit_kind: str = ""
    days: Decimal | None = None
    joins: bool = False
    pauses: str = ""
    timer: Timer | None = None
    checklist: tuple[str, ...] = ()
    waits_for: str = ""
    source: Source | None = None
    needs: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    note: str = ""
    files: tuple[StepFile, ...] = ()

    def outcome(self, code: str) -> Outcome | None:
        return next((outcome for outcome in self.outcomes if outcome.code == code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultKind:
    """A result the dossier may end in (kết quả giải quyết): its paper type, template and number series.

    `template` is a printed form of papers/catalogue.toml; `number` a pattern with `{number}`, `{number5}` and `{year}`.
    """

    __pydantic_config__ = STRICT
    code: str
    name: str
    document_type: str
    template: str
    series: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One dated edition of a procedure (phiên bản thủ tục). A dossier keeps the edition it was received under."""

    __pydantic_config__ = STRICT
    procedure: str
    code: str
    name: str
    short_name: str
    field: str
    effective_from: date
    basis: tuple[Source, ...]
    competent_kind: str
    appointments: tuple[Appointment, ...]
    form: ElectronicForm
    components: tuple[Component, ...]
    steps: tuple[Step, ...]
    results: tuple[ResultKind, ...] = ()
    effective_to: date | None = None
    national_code: str = ""
    keywords: tuple[str, ...] = ()

    def step(self, code: str) -> Step:
        """The step of this code; KeyError when there is none."""
        for step in self.steps:
            if step.code == code:
                return step
        raise KeyError(code)

    def appointment(self, number: int) -> Appointment:
        for appointment in self.appointments:
            if appointment.number == number:
                return appointment
        raise KeyError(number)

    def result(self, code: str) -> ResultKind:
        for result in self.results:
            if result.code == code:
                return result
        raise KeyError(code)
