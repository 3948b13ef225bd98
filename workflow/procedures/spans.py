"""The steps under each appointment, and the longest way through them.

Of branches side by side the longest counts, as of ways one has to choose between.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from workflow.kinds import Effect
from workflow.procedures.schema import Edition, Step
from workflow.procedures.ways import forward, targets

Stage = tuple[str, int]


@dataclass(slots=True)
class Spans:
    """What each appointment covers.

    longest  the days its longest way takes, by its number
    again    ways back behind an appointment's beginning: the step, its outcome, and the appointment
    """

    longest: dict[int, Decimal] = field(default_factory=dict)
    again: list[tuple[str, str, int]] = field(default_factory=list)


def spans_of(edition: Edition, effects: Mapping[str, Effect]) -> Spans:
    """Walks every way from the first step, counting the appointments its effects open."""
    return _Walk({step.code: step for step in edition.steps}, effects).run(edition)


@dataclass(slots=True)
class _Walk:
    """`stages` are the steps with the number of the appointment they may be passed under."""

    steps: Mapping[str, Step]
    effects: Mapping[str, Effect]
    stages: dict[Stage, list[Stage]] = field(default_factory=dict)
    found: Spans = field(default_factory=Spans)

    def run(self, edition: Edition) -> Spans:
        if not edition.steps:
            return self.found
        starts, number = {edition.steps[0].code}, 1
        while starts:
            before = self._leading_to_next() if number > 1 else frozenset[str]()
            openers = self._fill(starts, number, before)
            longest = _longest(self.stages, self.steps)
            self.found.longest[number] = max((longest[code, number] for code in starts), default=Decimal(0))
            starts, number = openers - before, number + 1
            if number > len(self.steps) + 1:
                break
        return self.found

    def _fill(self, starts: set[str], number: int, before: frozenset[str]) -> set[str]:
        """Everything on the way under this appointment; the steps at which the next one begins."""
        openers, left = set[str](), sorted(starts)
        while left:
            code = left.pop()
            if (code, number) in self.stages:
                continue
            following: list[Stage] = []
            self.stages[code, number] = following
            for target, opens in self._edges(code, number, before):
                if opens:
                    openers.add(target)
                else:
                    following.append((target, number))
                    left.append(target)
        return openers

    def _edges(self, code: str, number: int, before: frozenset[str]) -> Iterator[tuple[str, bool]]:
        step = self.steps[code]
        for outcome in step.outcomes:
            behind = [target for target in targets(outcome) if target in before]
            if behind:
                self.found.again.append((code, outcome.code, number))
            elif outcome.manner == "forward":
                opens = self._opens(outcome.effect)
                if opens and not targets(outcome):
                    self.found.longest.setdefault(number + 1, Decimal(0))
                for target in targets(outcome):
                    if target in self.steps:
                        yield target, opens

    def _opens(self, effect: str) -> bool:
        return effect in self.effects and self.effects[effect].opens_appointment

    def _leading_to_next(self) -> frozenset[str]:
        """The steps from which the way forward leads to the beginning of this appointment: it would begin again."""
        comes_from: dict[str, set[str]] = {}
        found = set[str]()
        for code, _number in self.stages:
            for outcome in forward(self.steps[code]):
                if self._opens(outcome.effect):
                    found.add(code)
                    continue
                for target in targets(outcome):
                    comes_from.setdefault(target, set()).add(code)
        left = list(found)
        while left:
            fresh = comes_from.get(left.pop(), set()) - found
            found |= fresh
            left += fresh
        return frozenset(found)


def _longest(stages: Mapping[Stage, list[Stage]], steps: Mapping[str, Step]) -> dict[Stage, Decimal]:
    """The days from each stage to the end of its appointment; a round counts once, without coming back."""
    days: dict[Stage, Decimal] = {}
    # Without recursion: a procedure may be longer than Python's stack is deep. None marks what is on the way itself.
    under_way = set[Stage]()
    for start in stages:
        left = [start]
        while left:
            stage = left[-1]
            if stage in days:
                left.pop()
                continue
            fresh = [one for one in stages[stage] if one not in days and one not in under_way and one != stage]
            if fresh and stage not in under_way:
                under_way.add(stage)
                left += fresh
                continue
            own = steps[stage[0]].days or Decimal(0)
            days[stage] = own + max((days[one] for one in stages[stage] if one in days), default=Decimal(0))
            under_way.discard(stage)
            left.pop()
    return days


def appointments_over(edition: Edition, effects: Mapping[str, Effect]) -> dict[str, set[int]]:
    """Under which appointments each step may be passed; a step no way leads to isn't among them."""
    walk = _Walk({step.code: step for step in edition.steps}, effects)
    walk.run(edition)
    found: dict[str, set[int]] = {}
    for code, number in walk.stages:
        found.setdefault(code, set()).add(number)
    return found


def behind_appointment(edition: Edition, effects: Mapping[str, Effect], number: int) -> frozenset[str]:
    """The steps from which this appointment, or an earlier one than it but the first, would begin again."""
    if number <= 1:
        return frozenset()
    return frozenset(code for code, over in appointments_over(edition, effects).items() if max(over) < number)
