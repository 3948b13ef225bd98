"""The diagram of a case's edition with its place in it."""

from collections.abc import Sequence

from workflow.engine.models import Case
from workflow.engine.story import StepLine
from workflow.procedures.diagram import Diagram, diagram_of
from workflow.procedures.shown import lines_of


def case_diagram(case: Case, steps: Sequence[StepLine]) -> Diagram:
    """`steps` as the story tells them: what was passed, what is open, and what is still to come."""
    edition = case.edition_version.edition
    runs = [line.run for line in steps if line.run is not None and not line.run.is_opinion]
    return diagram_of(
        edition,
        lines_of(edition),
        done={run.step for run in runs if not run.is_open and not run.is_cancelled},
        open_now={run.step for run in runs if run.is_open},
    )
