"""The tables of the engine and of the procedures, for Django to find."""

from workflow.deadlines.models import DeadlineWarning, Recalculation
from workflow.engine.models import Case, ClockEntry, Consultation, StepRun
from workflow.engine.work_models import Follow, HandOver, HandOverLine
from workflow.procedures.draft_models import EditionDraft
from workflow.procedures.models import Procedure, ProcedureVersion

__all__ = [
    "Case",
    "ClockEntry",
    "Consultation",
    "DeadlineWarning",
    "EditionDraft",
    "Follow",
    "HandOver",
    "HandOverLine",
    "Procedure",
    "ProcedureVersion",
    "Recalculation",
    "StepRun",
]
