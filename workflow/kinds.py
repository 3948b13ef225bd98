"""What the engine may carry, and what an edition's steps may do to it.

The engine knows cases only. Whoever owns the subject of a case registers its kind in `case_kinds.py`: the effects and
requirements an edition may name, and where the subject is shown.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.acting import Acting
    from workflow.engine.models import Case, StepRun
    from workflow.procedures.schema import Step

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an effect gets: the step that was completed, what follows, by whom, when, and what was typed with it."""

    case: "Case"
    step_run: "StepRun"
    step: "Step"
    next_step: "Step | None"
    acting: "Acting"
    at: datetime
    note: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a step does to the subject (tác động), in its transaction.

    needs               fields its outcome must ask for
    opens_appointment   the clock runs the next appointment from here
    undo                takes it back, in the transaction that undoes the step; without it the step can't be undone
    is_final            nobody is sent back behind it but as the edition itself says
    by_officer          only a person does it: no timer may
    """

    run: Callable[[Occasion], None]
    label: Words
    needs: tuple[str, ...] = ()
    opens_appointment: bool = False
    undo: Callable[[Occasion], None] | None = None
    is_final: bool = False
    by_officer: bool = False


@dataclass(frozen=True, slots=True)
class Requirement:
    """What must be so before a step may be completed; `is_met` takes the subject's id."""

    is_met: Callable[[int], bool]
    label: Words


@dataclass(frozen=True, slots=True)
class Remark:
    """What whoever works on a case should know before he opens it, and where he finds it."""

    words: Words
    url: str
    tone: str = "near"


@dataclass(frozen=True, slots=True)
class Places:
    """Where a kind's subjects lie, so that lists can be narrowed to a commune (xã, phường).

    named   the communes these subjects lie in, each by one name; takes a query of their ids
    within  which subjects lie in the commune of this name, as a condition for rows whose column holds their ids
    """

    named: Callable[["QuerySet[Any]"], Sequence[str]]
    within: Callable[[str, str], Q]


def _no_values(_subject_id: int) -> Mapping[str, Any]:
    return {}


def _no_remarks(_acting: "Acting", _subject_id: int) -> Sequence[Remark]:
    return ()


def _nothing_more(_subject_ids: Sequence[int], _from_unit_id: int, _to_unit_id: int) -> None:
    """The engine's own columns say it all."""


def _nothing_brought(_subject_id: int, _codes: Sequence[str]) -> Collection[str]:
    return ()


def _not_worked_on(_subject_id: int, _since: datetime) -> bool:
    return False


# What the engine itself writes to a clock's ledger, whatever the kind.
CALENDAR, APOLOGY, EDITION = "calendar", "apology", "edition"
_OWN_CAUSES: Mapping[str, Words] = {
    CALENDAR: _("the working calendar was changed (change %(reference)s)"),
    APOLOGY: _("apology and new appointment %(reference)s"),
    EDITION: _("moved to the edition %(reference)s"),
}


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of case (loại vụ việc).

    url      the page of a subject, by its id
    stream   the audit stream its events go to
    sees     whether the acting officer may see a subject
    reached  called when a case comes to a unit that must see its subject from now on
    moved    called when a case moved on, so that lists and the index can follow
    seen     which subjects he may see, as a condition for rows whose column of this name holds their ids; without it,
             those in whose units he works
    handed_over  called when cases of these subjects went from one unit to another
    remarks  what there is to know of a subject, as far as the acting officer may see it
    values   the subject's form as it was received: an appointment may add days where it says so
    causes   what the clock starts, pauses or stops for, in words; `%(reference)s` is the number of the paper behind it
    open_sub    opens a subject and case of its own under this procedure, for which the step given waits; its code.
                Raises Invalid when that is not possible. Kinds without it have no cases within cases
    worked_on   whether anything was drafted for the subject since a moment: what was begun can't be undone
    brought     which of the files that steps ask for, by their codes, were brought in for a subject
    places      where subjects lie; without it, nowhere a list could be narrowed to
    """

    code: str
    label: Words
    url: Callable[[int], str]
    stream: Callable[[int], str]
    sees: Callable[["Acting", int], bool]
    reached: Callable[[int, int], None]
    moved: Callable[[int], None]
    seen: Callable[["Acting", str], Q] | None = None
    handed_over: Callable[[Sequence[int], int, int], None] = _nothing_more
    remarks: Callable[["Acting", int], Sequence[Remark]] = _no_remarks
    values: Callable[[int], Mapping[str, Any]] = _no_values
    effects: Mapping[str, Effect] = field(default_factory=dict)
    requirements: Mapping[str, Requirement] = field(default_factory=dict)
    causes: Mapping[str, Words] = field(default_factory=dict)
    open_sub: Callable[[Occasion, str, "StepRun"], str] | None = None
    worked_on: Callable[[int, datetime], bool] = _not_worked_on
    brought: Callable[[int, Sequence[str]], Collection[str]] = _nothing_brought
    places: Places | None = None

    def cause(self, code: str) -> Words:
        """What the clock was touched for, in words; KeyError for a cause that has none."""
        return self.causes[code] if code in self.causes else _OWN_CAUSES[code]


_KINDS: dict[str, CaseKind] = {}


def register_kind(kind: CaseKind) -> None:
    _KINDS[kind.code] = kind


def kind_of(code: str) -> CaseKind:
    """The kind of this code; KeyError when nobody registered it."""
    return _KINDS[code]


def all_kinds() -> list[CaseKind]:
    return list(_KINDS.values())


def known_effects() -> dict[str, Effect]:
    """Every effect any kind offers, by name."""
    return {name: effect for kind in _KINDS.values() for name, effect in kind.effects.items()}


def known_requirements() -> dict[str, Requirement]:
    return {name: requirement for kind in _KINDS.values() for name, requirement in kind.requirements.items()}


def known_causes() -> set[str]:
    """Every cause any kind has words for."""
    return {cause for kind in _KINDS.values() for cause in kind.causes}
