"""The names an edition may use in an installation."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from workflow.kinds import Effect


@dataclass(frozen=True, slots=True)
class Known:
    """The names an edition may use: step roles, document types, effects with their needs, requirements.

    causes, unit_kinds, procedures, templates  what the clock may pause for, the kinds of units there are, the
                                    procedures a dossier of its own may be opened under, the printed forms results are
                                    drafted on; None where nobody knows, and nothing is asked
    """

    roles: Collection[str]
    document_types: Collection[str]
    effects: Mapping[str, Effect]
    requirements: Collection[str]
    causes: Collection[str] | None = None
    unit_kinds: Collection[str] | None = None
    procedures: Collection[str] | None = None
    templates: Collection[str] | None = None
