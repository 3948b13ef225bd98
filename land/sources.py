"""Why the register may change: the result of a dossier, and nothing else."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from pages.domain_errors import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The dossier whose result a change rests on (căn cứ ghi biến động).

    kind        its kind among the things to find: "dossier"
    decided_on  the day its result was decided: from then on the change counts
    """

    kind: str
    subject_id: int
    code: str
    decided_on: date

    @property
    def stream(self) -> str:
        return f"{self.kind}:{self.subject_id}"


def demand_source(source: Source) -> None:
    """Raises Invalid for a change without a dossier behind it, or by a decision of a day to come."""
    if not source.kind or not source.code.strip() or source.subject_id < 1:
        raise Invalid(_("The land register changes only by the result of a dossier."))
    if source.decided_on > timezone.localdate():
        raise Invalid(_("A change of the land register can't rest on a decision of a day to come."))
