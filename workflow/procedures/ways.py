"""How the steps of an edition hang together: which branch each stands in, where branches meet, what comes before what.

Pure arithmetic over an edition, right or wrong: the validator tells its faults, the engine and the pages use it for
published ones.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from workflow.procedures.schema import Edition, Outcome, Step

# Deeper than any office divides its work; a branch's path has room for so many.
DEEPEST = 4


class Fork(NamedTuple):
    """An outcome at which a case divides (tách nhánh)."""

    step: str
    outcome: str


class Turn(NamedTuple):
    """One of the branches of a fork, counted from 1."""

    fork: Fork
    branch: int


Region = tuple[Turn, ...]


@dataclass(slots=True)
class Ways:
    """What there is to know of an edition's ways.

    regions  the branch each step stands in, from the outside in; the trunk is empty, what no way leads to is absent
    joins    the step at which the branches of a fork meet; forks whose branches all end by themselves are absent
    faults   what keeps the branches from being told apart, each with its place
    """

    regions: dict[str, Region] = field(default_factory=dict)
    joins: dict[Fork, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def targets(outcome: Outcome) -> tuple[str, ...]:
    """The steps an outcome opens."""
    return outcome.splits or ((outcome.to,) if outcome.to else ())


def forward(step: Step) -> Iterator[Outcome]:
    return (outcome for outcome in step.outcomes if outcome.manner == "forward")


def ways_of(edition: Edition) -> Ways:
    """Walks every way from the first step, branch by branch."""
    steps = {step.code: step for step in edition.steps}
    ways = Ways()
    if not edition.steps:
        return ways
    first = edition.steps[0]
    if first.joins:
        ways.faults.append(f"steps.{first.code}: joins branches, but a case begins here")
    left: dict[str, Region] = {first.code: ()}
    while left:
        ways.regions |= left
        _walk(list(left), steps, ways)
        left = _only_led_back_to(steps, ways)
    _look_back(edition, ways)
    return ways


def _walk(codes: list[str], steps: Mapping[str, Step], ways: Ways) -> None:
    """Goes forward from these steps as long as there is something new."""
    while codes:
        step = steps[codes.pop()]
        for outcome in forward(step):
            codes += [code for code, region in _led_to(step, outcome, steps, ways) if _is_new(code, region, ways)]


def _only_led_back_to(steps: Mapping[str, Step], ways: Ways) -> dict[str, Region]:
    """A step no way forward leads to, such as one for mending, stands in the branch it is sent back from."""
    for code, region in ways.regions.items():
        for outcome in steps[code].outcomes:
            if outcome.manner == "back" and outcome.to in steps and outcome.to not in ways.regions:
                return {outcome.to: region}
    return {}


def _led_to(step: Step, outcome: Outcome, steps: Mapping[str, Step], ways: Ways) -> Iterator[tuple[str, Region]]:
    """The steps a forward outcome opens, each with the branch it opens in."""
    region, place = ways.regions[step.code], f"steps.{step.code}.{outcome.code}"
    for number, code in enumerate(outcome.splits, start=1):
        if code not in steps:
            continue
        if steps[code].joins:
            ways.faults.append(f"{place}: a branch can't begin with {code}, where branches meet")
        elif len(region) >= DEEPEST:
            ways.faults.append(f"{place}: branches within branches, {DEEPEST} deep at most")
        else:
            yield code, (*region, Turn(Fork(step.code, outcome.code), number))
    if outcome.splits or outcome.to not in steps:
        return
    if not steps[outcome.to].joins:
        yield outcome.to, region
    elif not region:
        ways.faults.append(f"{place}: {outcome.to} joins branches, but no branch comes from here")
    else:
        fork = region[-1].fork
        known = ways.joins.setdefault(fork, outcome.to)
        if known != outcome.to:
            ways.faults.append(f"steps.{fork.step}.{fork.outcome}: its branches meet at {known} and at {outcome.to}")
        yield outcome.to, region[:-1]


def _is_new(code: str, region: Region, ways: Ways) -> bool:
    """Puts the step into its branch; False when it stands in one already."""
    if code not in ways.regions:
        ways.regions[code] = region
        return True
    known = ways.regions[code]
    fault = f"steps.{code}: stands in two branches, {branch_words(known)} and {branch_words(region)}"
    if known != region and fault not in ways.faults:
        ways.faults.append(fault)
    return False


def _look_back(edition: Edition, ways: Ways) -> None:
    """A way back leads to a step of the same branch, or of one around it; and where branches meet some come."""
    for step in edition.steps:
        region = ways.regions.get(step.code)
        for outcome in step.outcomes:
            there = ways.regions.get(outcome.to)
            if outcome.manner != "back" or region is None or there is None:
                continue
            if region[: len(there)] != there:
                place = f"steps.{step.code}.{outcome.code}"
                ways.faults.append(f"{place}: leads back into a branch it doesn't stand in, to {outcome.to}")
    met = set(ways.joins.values())
    for step in edition.steps[1:]:
        if step.joins and step.code not in met:
            ways.faults.append(f"steps.{step.code}: joins branches, but none comes here")


def branch_words(region: Region) -> str:
    """A branch as a fault names it."""
    return (
        " in ".join(f"{turn.fork.step}.{turn.fork.outcome}:{turn.branch}" for turn in reversed(region)) or "the trunk"
    )


def ahead_of(edition: Edition, codes: list[str]) -> list[Step]:
    """The steps still to come from these if every one of them goes forward, all branches of a fork one by one.

    Each stands once, after all it waits for, and none of `codes` among them.
    """
    steps = {step.code: step for step in edition.steps}
    seen, found = set(codes), list[Step]()

    def visit(code: str) -> None:
        chosen = next(forward(steps[code]), None)
        for following in reversed(targets(chosen) if chosen else ()):
            if following in steps and following not in seen:
                seen.add(following)
                visit(following)
                found.append(steps[following])

    for code in reversed(codes):
        if code in steps:
            visit(code)
    return found[::-1]
