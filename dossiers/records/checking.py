"""Whether the file of a dossier is whole: every paper there, every byte as its hash says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.models import Document, DocumentVersion
from documents.operations.issued_copy import has_issued_copy
from documents.operations.seal import awaits_seal
from documents.states import State
from documents.vault import verify_blob
from dossiers.models import Dossier, DossierComponent, DossierResult
from dossiers.records_models import RecordsLine, RecordsList
from dossiers.selectors import document_ids_of

# A fault keeps the file off the archive; a note goes with it.
WORDS: dict[str, str | Promise] = {
    "missing": _("The file of “%(about)s” is missing from the storage or was changed"),
    "no_file": _("“%(about)s” has no file"),
    "shut_away": _("“%(about)s” lies in quarantine"),
    "being_read": _("“%(about)s” is not read yet: whether it may leave the house is not known"),
    "not_printed": _("The result “%(about)s” was not printed with its number yet"),
    "not_sealed": _("The result “%(about)s” does not bear its electronic seal yet"),
    "not_issued": _("The result “%(about)s” was not issued"),
    "paper_only": _("“%(about)s” was handed in on paper and not scanned"),
    "left_behind": _("An earlier file of “%(about)s” lies in quarantine and stays behind"),
    "kept": _("The records of %(about)s must still be kept and were not disposed of"),
}
_ISSUED = (State.ISSUED, State.SUPERSEDED, State.REVOKED)


@dataclass(slots=True)
class Verdict:
    """Codes of `WORDS`, each with the title of what it is about."""

    faults: list[list[str]] = field(default_factory=list)
    notes: list[list[str]] = field(default_factory=list)


def is_whole(found: RecordsList) -> bool:
    """Judges every line of a list, writes down what is wrong with which, and says whether nothing is."""
    has_fault = False
    for line in found.lines.select_related("file__dossier").order_by("position"):
        verdict = verdict_on(line.file.dossier)
        RecordsLine.objects.filter(pk=line.pk).update(faults=verdict.faults, notes=verdict.notes)
        has_fault |= bool(verdict.faults)
    return not has_fault


def verdict_on(dossier: Dossier) -> Verdict:
    """Reads every byte of the dossier's papers: takes as long as that takes."""
    verdict = Verdict()
    unscanned = DossierComponent.objects.filter(dossier=dossier, is_handed_in=True, document__isnull=True)
    verdict.notes += [["paper_only", name] for name in unscanned.order_by("position").values_list("name", flat=True)]
    drafts = DossierResult.objects.filter(dossier=dossier).exclude(document__state__in=_ISSUED)
    verdict.faults += [["not_issued", title] for title in drafts.values_list("document__title", flat=True)]
    for document in documents_of(dossier):
        versions = list(document.versions.select_related("blob").order_by("number"))
        verdict.faults += [[code, document.title] for code in _faults_of(document, versions)]
        if any(version.is_quarantined and version.pk != document.current_id for version in versions):
            verdict.notes.append(["left_behind", document.title])
    return verdict


def documents_of(dossier: Dossier) -> Sequence[Document]:
    rows = Document.objects.filter(pk__in=document_ids_of(dossier.pk)).select_related("document_type", "current")
    return list(rows.order_by("pk"))


def versions_to_keep(document: Document) -> Sequence[DocumentVersion]:
    """Every version of a paper that may be given out, in order: originals, drafts, signed, sealed."""
    rows = document.versions.select_related("blob", "reading").order_by("number")
    return [version for version in rows if not version.is_quarantined]


def _faults_of(document: Document, versions: Sequence[DocumentVersion]) -> Iterator[str]:
    if document.current is None:
        yield "no_file"
    elif document.current.is_quarantined:
        yield "shut_away"
    if any(version.is_in_hand for version in versions):
        yield "being_read"
    if document.state == State.ISSUED and not has_issued_copy(document):
        yield "not_printed"
    if awaits_seal(document):
        yield "not_sealed"
    if not all(version.is_quarantined or verify_blob(version.blob_id) for version in versions):
        yield "missing"


def in_words(told: Sequence[Sequence[str]]) -> list[str]:
    """Faults or notes as an officer reads them."""
    return [str(WORDS[code]) % {"about": about} for code, about in told]
