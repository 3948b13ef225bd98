"""The issued result with its number: printed after the step that issued it."""

from django.core.files.base import ContentFile
from django.db import transaction

from audit.recording import SYSTEM, record
from documents.operations.issued_copy import awaits_issued_copy, keep_issued_copy
from documents.operations.store import take_in
from dossiers.models import Dossier, DossierResult
from dossiers.results import print_result
from dossiers.selectors import KIND, stream_of
from workflow.engine.selectors import case_of
from workflow.procedures.schema import Edition

ISSUED_TOPIC = "issued_result"


def print_numbered_result(*, result_id: int) -> None:
    """Keeps the result as issued, with number, date and signer, as its document's last file. Twice does nothing.

    Nor is one printed whose records are on a list: it is asked for again when they are taken off.
    """
    related = ("document__signed_by", "dossier__version__procedure", "dossier__unit__parent", "dossier__received_unit")
    result = DossierResult.objects.select_related(*related).get(pk=result_id)
    if not awaits_issued_copy(result.document):
        return
    kind = _edition(result.dossier).result(result.code)
    stored = take_in(ContentFile(print_result(result.dossier, kind, result)), f"{kind.code}-{result.dossier.pk}.pdf")
    with transaction.atomic():
        number = result.document.number
        if keep_issued_copy(document_id=result.document_id, stored=stored, number=number):
            payload = {"result": kind.name, "number": number, "document": result.document_id}
            record(stream_of(result.dossier_id), "result.numbered", actor=SYSTEM, payload=payload)


def _edition(dossier: Dossier) -> Edition:
    """The one its case goes by, which may be another than it was received under."""
    case = case_of(KIND, dossier.pk)
    edition: Edition = case.edition_version.edition if case else dossier.version.edition
    return edition
