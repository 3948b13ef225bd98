"""What the engine may carry, and what an edition's steps may do to it.

The engine knows cases only. Whoever owns the subject of a case registers its kind in `case_kinds.py`: the effects and
requirements an edition may name, and where the subject is shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

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
    """

    run: Callable[[Occasion], None]
    label: Words
    needs: tuple[str, ...] = ()
    opens_appointment: bool = False


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


def _no_remarks(_acting: "Acting", _subject_id: int) -> Sequence[Remark]:
    return ()


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of case (loại vụ việc).

    url      the page of a subject, by its id
    stream   the audit stream its events go to
    sees     whether the acting officer may see a subject
    reached  called when a case comes to a unit that must see its subject from now on
    moved    called when a case moved on, so that lists and the index can follow
    remarks  what there is to know of a subject, as far as the acting officer may see it
    causes   what the clock starts, pauses or stops for, in words; `%(reference)s` is the number of the paper behind it
    """

    code: str
    label: Words
    url: Callable[[int], str]
    stream: Callable[[int], str]
    sees: Callable[["Acting", int], bool]
    reached: Callable[[int, int], None]
    moved: Callable[[int], None]
    remarks: Callable[["Acting", int], Sequence[Remark]] = _no_remarks
    effects: Mapping[str, Effect] = field(default_factory=dict)
    requirements: Mapping[str, Requirement] = field(default_factory=dict)
    causes: Mapping[str, Words] = field(default_factory=dict)


_KINDS: dict[str, CaseKind] = {}


def register_kind(kind: CaseKind) -> None:
    _KINDS[kind.code] = kind


def kind_of(code: str) -> CaseKind:
    """The kind of this code; KeyError when nobody registered it."""
    return _KINDS[code]


def known_effects() -> dict[str, Effect]:
    """Every effect any kind offers, by name."""
    return {name: effect for kind in _KINDS.values() for name, effect in kind.effects.items()}


def known_requirements() -> dict[str, Requirement]:
    return {name: requirement for kind in _KINDS.values() for name, requirement in kind.requirements.items()}
