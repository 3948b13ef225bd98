"""The tables of the engine and of the procedures, for Django to find."""

from workflow.engine.models import Case, ClockEntry, StepRun
from workflow.procedures.models import Procedure, ProcedureVersion

__all__ = ["Case", "ClockEntry", "Procedure", "ProcedureVersion", "StepRun"]
