"""What comes off a list stands where it stood (rút khỏi mục lục)."""

from collections.abc import Collection, Sequence

from documents.operations.hold import free_papers
from documents.operations.issued_copy import awaits_issued_copy
from documents.operations.seal import awaits_seal, seal_later
from dossiers.models import DossierResult
from dossiers.operations.number_result import ISSUED_TOPIC
from dossiers.records_models import RecordsLine
from dossiers.records_states import FileState
from dossiers.selectors import document_ids_in
from jobs.outbox import enqueue


def stand_back(lines: Sequence[RecordsLine]) -> None:
    """In the caller's transaction, who records it. Files come again to papers the unit keeps; what is transferred
    stays held."""
    for line in lines:
        file = line.file
        (file.transfer if line.was == FileState.TRANSFERRED else file.take_back)()
        file.save(update_fields=["state"])
    kept_by_unit = [line.file.dossier_id for line in lines if line.was == FileState.CURRENT]
    free_papers(document_ids_in(kept_by_unit))
    _ask_for_what_waited(kept_by_unit)


def _ask_for_what_waited(dossier_ids: Collection[int]) -> None:
    """Results that were to be printed or sealed while nothing could be added to them."""
    results = DossierResult.objects.filter(dossier__in=dossier_ids).select_related("document__current")
    for result in results.order_by("pk"):
        if awaits_issued_copy(result.document):
            enqueue(ISSUED_TOPIC, str(result.pk))
        elif awaits_seal(result.document) and result.document.current is not None:
            seal_later(result.document.current)
