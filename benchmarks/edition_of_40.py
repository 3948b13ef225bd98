"""An edition of forty steps: CPU time to find its faults, and to draw its diagram as SVG."""

import time
from collections.abc import Callable

from django.template.loader import render_to_string

from benchmarks.long_edition import long_edition
from benchmarks.rows import Row, row
from workflow.kinds import known_effects, known_requirements
from workflow.procedures.diagram import diagram_of
from workflow.procedures.outline import outline_of
from workflow.procedures.schema import Edition
from workflow.procedures.validator import Known, faults_of

_GOAL, _ROUNDS = 100, 20


def run() -> list[Row]:
    edition = long_edition()
    names = Known(
        roles={"specialist"},
        document_types={component.document_type for component in edition.components},
        effects=known_effects(),
        requirements=set(known_requirements()),
    )
    if faults := faults_of(edition, names):
        raise RuntimeError("; ".join(faults))
    checked, drawn = _milliseconds(lambda: faults_of(edition, names)), _milliseconds(lambda: _svg(edition))
    goal = f"both together under {_GOAL}"
    return [
        row("edition_of_40: validator", checked, "ms CPU", goal=goal, holds=checked + drawn < _GOAL),
        row("edition_of_40: diagram as SVG", drawn, "ms CPU", goal=goal, holds=checked + drawn < _GOAL),
    ]


def _svg(edition: Edition) -> str:
    done = {step.code for step in edition.steps[:20]}
    diagram = diagram_of(edition, outline_of(edition, {}), done=done, open_now={edition.steps[20].code})
    return render_to_string("workflow/diagram.html", {"diagram": diagram})


def _milliseconds(work: Callable[[], object]) -> float:
    """CPU time of one round, the mean of many; the first, which reads templates, isn't counted."""
    work()
    began = time.process_time()
    for _round in range(_ROUNDS):
        work()
    return 1000 * (time.process_time() - began) / _ROUNDS
