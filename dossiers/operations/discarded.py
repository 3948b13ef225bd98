"""What was scanned for a draft nobody finished: kept some days after it was discarded, then let go of.

Not at once: nothing takes a discarding back, and by the time a clerk notices that it was the wrong draft, the applicant
has gone home with the papers. Until then whoever saw the scans still finds them, opens them and can save them. Not
for good either: the papers of a dossier that was never received are no records, no retention class ever ends them.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import ForeignObjectRel

from audit.recording import SYSTEM, record
from documents.models import Document, DocumentVersion
from documents.operations.release import release_files
from documents.states import Screening
from dossiers.models import Bundle, Dossier, DossierComponent
from dossiers.selectors import document_ids_of, stream_of
from dossiers.states import Status
from jobs import moments
from jobs.outbox import enqueue

TOPIC = "discarded_draft"
KEPT_FOR = timedelta(days=7)
STILL_HELD = [state for state in Screening if state != Screening.DISPOSED]

# What a scan of a draft consists of and stands in. Anything else that names it, or one of its versions, keeps it.
_OF_DRAFT = {
    "documents.documenttoken",
    "documents.documentversion",
    "documents.document",
    "documents.reading",
    "dossiers.dossiercomponent",
    "dossiers.bundle",
    "dossiers.bundlepart",
}


def release_later(dossier_id: int) -> None:
    """Has the scans of a discarded draft let go of when the days are over; in the caller's transaction."""
    enqueue(TOPIC, str(dossier_id), at=moments.now() + KEPT_FOR)


@transaction.atomic
def release_forgotten() -> None:
    """Asks the same for discarded drafts nobody asked for yet: those of before there was such a rule."""
    of_discarded = {"dossier__status": Status.CANCELLED, "dossier__code__isnull": True}
    for holders in (DossierComponent.objects.filter(document__isnull=False), Bundle.objects.all()):
        rows = holders.filter(**of_discarded, document__versions__screening__in=STILL_HELD)
        for dossier_id in set(rows.values_list("dossier_id", flat=True)):
            release_later(dossier_id)


@transaction.atomic
def release_scans(*, dossier_id: int) -> None:
    """Lets go of the scans and bundles of a discarded draft that nothing else refers to. Twice does nothing."""
    dossier = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier_id)
    if not dossier.is_discarded:
        return
    papers = Document.objects.select_for_update(of=("self",)).filter(pk__in=document_ids_of(dossier.pk))
    own = [paper.pk for paper in papers.order_by("pk")]
    shared = _referred_to(own)
    kept = DocumentVersion.objects.filter(document__in=set(own) - shared).exclude(screening=Screening.DISPOSED)
    gone = sorted(set(kept.values_list("document_id", flat=True)))
    if not gone:
        return
    release_files(gone)
    payload = {"papers": len(gone), "documents": gone}
    record(stream_of(dossier.pk), "dossier.scans_released", actor=SYSTEM, payload=payload)


def _referred_to(document_ids: Sequence[int]) -> set[int]:
    """Those of the documents something else refers to, whatever that is: a number, a result, a batch."""
    referred: set[int] = set()
    for model, path in ((Document, ""), (DocumentVersion, "__document")):
        for field in model._meta.get_fields(include_hidden=True):
            if isinstance(field, ForeignObjectRel) and field.related_model._meta.label_lower not in _OF_DRAFT:
                name = f"{field.field.name}{path}"
                rows = field.related_model._default_manager.filter(**{f"{name}__in": document_ids})
                referred |= set(rows.values_list(name, flat=True))
    return referred
