"""Whether the file of a dossier is whole: every paper there, every byte as its hash says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.models import Document, DocumentVersion
from documents.states import State
from documents.vault import verify_blob
from dossiers.models import Dossier, DossierComponent, DossierResult
from dossiers.selectors import document_ids_of

# A fault keeps the file off the archive; a note goes with it.
WORDS: dict[str, str | Promise] = {
    "missing": _("The file of “%(about)s” is missing from the storage or was changed"),
    "no_file": _("“%(about)s” has no file"),
    "shut_away": _("“%(about)s” lies in quarantine"),
    "not_issued": _("The result “%(about)s” was not issued"),
    "paper_only": _("“%(about)s” was handed in on paper and not scanned"),
}
_ISSUED = (State.ISSUED, State.SUPERSEDED, State.REVOKED)


@dataclass(slots=True)
class Verdict:
    """Codes of `WORDS`, each with the title of what it is about."""

    faults: list[list[str]] = field(default_factory=list)
    notes: list[list[str]] = field(default_factory=list)


def verdict_on(dossier: Dossier) -> Verdict:
    """Reads every byte of the dossier's papers: takes as long as that takes."""
    verdict = Verdict()
    unscanned = DossierComponent.objects.filter(dossier=dossier, is_handed_in=True, document__isnull=True)
    verdict.notes += [["paper_only", name] for name in unscanned.order_by("position").values_list("name", flat=True)]
    drafts = DossierResult.objects.filter(dossier=dossier).exclude(document__state__in=_ISSUED)
    verdict.faults += [["not_issued", title] for title in drafts.values_list("document__title", flat=True)]
    for document in documents_of(dossier):
        verdict.faults += [[code, document.title] for code in _faults_of(document)]
    return verdict


def documents_of(dossier: Dossier) -> Sequence[Document]:
    rows = Document.objects.filter(pk__in=document_ids_of(dossier.pk)).select_related("document_type", "current")
    return list(rows.order_by("pk"))


def versions_to_keep(document: Document) -> Sequence[DocumentVersion]:
    """Every version of a paper that may be given out, in order: originals, drafts, signed, sealed."""
    rows = document.versions.select_related("blob", "reading").order_by("number")
    return [version for version in rows if not version.is_quarantined]


def _faults_of(document: Document) -> Iterator[str]:
    if document.current is None:
        yield "no_file"
    elif document.current.is_quarantined:
        yield "shut_away"
    if not all(verify_blob(version.blob_id) for version in versions_to_keep(document)):
        yield "missing"


def in_words(told: Sequence[Sequence[str]]) -> list[str]:
    """Faults or notes as an officer reads them."""
    return [str(WORDS[code]) % {"about": about} for code, about in told]
