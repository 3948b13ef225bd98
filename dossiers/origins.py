"""What the outgoing register asks of a dossier whose paper is to bear another number."""

from documents.origins import OriginKind, register_origin
from dossiers.models import Dossier, DossierResult
from dossiers.operations.number_result import ISSUED_TOPIC
from dossiers.selectors import KIND
from dossiers.states import Status
from jobs.outbox import enqueue


def _hold_back(dossier_id: int) -> bool:
    """Its results are in the house until somebody has taken them home; locked, nobody hands them over meanwhile."""
    return Dossier.objects.select_for_update().get(pk=dossier_id).status != Status.RETURNED


def _renumbered(document_id: int) -> None:
    result = DossierResult.objects.get(document=document_id)
    enqueue(ISSUED_TOPIC, str(result.pk))


register_origin(OriginKind(code=KIND, hold_back=_hold_back, renumbered=_renumbered))
