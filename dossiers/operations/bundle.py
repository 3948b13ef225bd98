"""Several papers scanned in one go: brought as they are, looked through by the machine, split as the clerk confirms."""

from collections.abc import Sequence
from dataclasses import replace

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.acting import Acting
from accounts.sight import allow, tokens_of
from audit.recording import record
from documents.models import Document, DocumentToken, DocumentVersion
from documents.names import clean_name, extension_of
from documents.operations.import_file import UNSORTED
from documents.operations.part import Part, keep_part, take_out
from documents.operations.quarantine import quarantine
from documents.operations.receive import receive_file
from documents.operations.store import take_in
from documents.reasons import CLASSIFIED
from documents.selectors import texts_of
from documents.states import ReadingState, Screening, State
from documents.vault import local_path
from dossiers.models import Bundle, BundlePart, Dossier, DossierComponent, DossierToken
from dossiers.operations.draft_room import demand_room
from dossiers.operations.locked import demand_receiving, locked_draft
from dossiers.selectors import one_bundle, one_dossier, stream_of
from dossiers.splitting import GOES_ON, UNKNOWN, Cut, Place, cuts_of, propose
from jobs.outbox import enqueue
from ocr import PageMark, Unreadable, find_marks
from pages.domain_errors import Conflict, Invalid, NotAvailable

TOPIC = "bundle"


def bring_bundle(*, dossier_id: int, file: File[bytes], name: str, acting: Acting) -> Bundle:
    """Keeps a PDF of several papers as it came and has it read and looked through. One event, in its document's stream.

    Raises NotVisible, Refused, Conflict once the dossier was received, Invalid when the file is refused.
    """
    dossier = one_dossier(acting, dossier_id)
    demand_receiving(dossier, acting)
    if extension_of(clean_name(name)) != ".pdf":
        raise Invalid(_("A bundle is one PDF. Scan the papers together into a PDF."))
    demand_room(file.size, acting)
    stored = take_in(file, name, acting=acting)
    with transaction.atomic():
        dossier = locked_draft(dossier_id, acting)
        version = receive_file(
            stored=stored,
            document_type=UNSORTED,
            title=_("Bundle of scans: %(name)s") % {"name": stored.screened.name[:250]},
            unit_id=dossier.received_unit_id,
            tokens=tokens_of(DossierToken, [dossier.pk]).get(dossier.pk, []),
            acting=acting,
            context={"dossier": dossier.pk},
        )
        return Bundle.objects.create(dossier=dossier, document=version.document, brought_at=timezone.now())


def follow_bundle(version: DocumentVersion) -> None:
    """Goes on when the file of a bundle has been read, whenever that is: first, after a failure, out of quarantine.

    In the transaction that ends the reading: it is looked through then. If it turned out to be secret, so are the
    papers that were split from it.
    """
    bundle = Bundle.objects.select_related("document").filter(document=version.document_id).first()
    if bundle is None:
        return
    if version.reading_state == ReadingState.READ and bundle.document.current_id == version.pk:
        enqueue(TOPIC, str(bundle.pk))
    elif version.quarantine_reason == CLASSIFIED:
        _shut_parts(bundle)


def _shut_parts(bundle: Bundle) -> None:
    rows = DocumentVersion.objects.select_for_update(of=("self",)).select_related("document__unit")
    parts = rows.filter(bundle_part__bundle=bundle).exclude(screening=Screening.DISPOSED)
    for part in parts.exclude(quarantine_reason=CLASSIFIED).order_by("pk"):
        quarantine(part, CLASSIFIED)


def propose_cuts(*, bundle_id: int) -> None:
    """Writes down where the machine would cut a bundle that was read; else nothing. Twice does nothing.

    Raises what keeps the machine from trying; then it waits for another try.
    """
    related = ("dossier", "document__current__reading")
    bundle = Bundle.objects.select_related(*related).filter(pk=bundle_id, proposal__isnull=True).first()
    version = bundle.document.current if bundle else None
    # Not read (yet, or again): whoever ends the reading asks once more.
    if bundle is None or version is None or not _is_read(version):
        return
    texts = [page.text for page in texts_of(version)]
    try:
        with local_path(version.blob_id) as path:
            pages = find_marks(path)
    except Unreadable:
        pages = [PageMark(number, is_blank=False, code="") for number in range(1, len(texts) + 1)]
    rows = bundle.dossier.components.order_by("position").values_list("code", "document_type_id")
    places = [Place(code, kind) for code, kind in rows]
    proposal = propose(pages[: len(texts)], texts[: len(pages)], places)
    Bundle.objects.filter(pk=bundle.pk, proposal__isnull=True).update(proposal=proposal)


def give_up_proposing(*, bundle_id: int) -> None:
    """Leaves the cutting to the clerk: one paper, nobody knows which."""
    version = Bundle.objects.select_related("document__current").get(pk=bundle_id).document.current
    if version is None or not _is_read(version):
        return
    proposal = [UNKNOWN, *[GOES_ON] * ((version.page_count or 1) - 1)]
    Bundle.objects.filter(pk=bundle_id, proposal__isnull=True).update(proposal=proposal)


def split_bundle(*, dossier_id: int, bundle_id: int, marks: Sequence[str], acting: Acting) -> Bundle:
    """Makes each part the scan of its paper, with the words that were read; all or nothing, in one event.

    marks  what begins at each page, see `dossiers.splitting`

    Confirmed twice the same way it is done once. Raises NotVisible, Refused, Invalid naming the page, Conflict when a
    colleague split it another way or it isn't read.
    """
    dossier = one_dossier(acting, dossier_id)
    demand_receiving(dossier, acting)
    bundle = one_bundle(dossier, bundle_id)
    if bundle.split_at is not None:
        return _split_before(bundle, marks)
    version = _demand_read(bundle.document.current)
    if len(marks) != version.page_count:
        raise Invalid(_("The pages of the bundle did not come whole. Open the page again."))
    cuts = _cuts(dossier, marks)
    try:
        parts = take_out(version, [(cut.first, cut.last) for cut in cuts])
    except Unreadable as fault:
        words = _("The pages of this file can't be taken apart. Scan the papers one by one.")
        raise NotAvailable(words) from fault
    with transaction.atomic():
        dossier = locked_draft(dossier_id, acting)
        bundle = Bundle.objects.select_for_update().get(pk=bundle.pk)
        if bundle.split_at is not None:
            return _split_before(bundle, marks)
        # Taking the pages out took its time: the dossier may ask for other papers now, the bundle be read anew.
        cuts = _cuts(dossier, marks)
        lines = {line.code: line for line in dossier.components.select_related("document")}
        _lock_papers(bundle, [lines[cut.component] for cut in cuts])
        version = _demand_unchanged(bundle, version)
        for cut, part in zip(cuts, parts, strict=True):
            _house(bundle, dossier, lines[cut.component], replace(part, source=version), acting)
        bundle.marks, bundle.split_at, bundle.split_by_id = list(marks), timezone.now(), acting.officer_id
        bundle.save(update_fields=["marks", "split_at", "split_by"])
        told = ", ".join(f"{lines[cut.component].name} ({cut.first}-{cut.last})" for cut in cuts)
        payload = {"file_name": version.file_name, "document": version.document_id, "parts": told}
        record(stream_of(dossier.pk), "dossier.bundle_split", actor=acting.actor, payload=payload)
    return bundle


def _cuts(dossier: Dossier, marks: Sequence[str]) -> list[Cut]:
    return cuts_of(marks, dossier.components.values_list("code", flat=True))


def _lock_papers(bundle: Bundle, lines: Sequence[DossierComponent]) -> None:
    """In one order, whoever splits: nobody adds a version to the bundle or to these papers until we are done."""
    pks = [bundle.document_id, *(line.document_id for line in lines if line.document_id)]
    list(Document.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk"))


def _demand_unchanged(bundle: Bundle, taken: DocumentVersion) -> DocumentVersion:
    """The bundle's file, locked. Raises Conflict unless it and its reading are those the parts were taken from.

    The lock keeps both so: a reader who finds a secrecy stamp in it comes after us, and finds the parts.
    """
    current = Document.objects.values_list("current", flat=True).get(pk=bundle.document_id)
    now = _demand_read(DocumentVersion.objects.select_for_update().get(pk=current))
    if (now.pk, now.reading_id) != (taken.pk, taken.reading_id):
        raise Conflict(_("The bundle was read anew meanwhile. Open the page again and split it as it is now."))
    return now


def _is_read(version: DocumentVersion) -> bool:
    return not version.is_quarantined and version.reading_state == ReadingState.READ


def _demand_read(version: DocumentVersion | None) -> DocumentVersion:
    if version is None or not _is_read(version):
        raise Conflict(_("The bundle is not read yet, or can't be. Open the page again."))
    return version


def _split_before(bundle: Bundle, marks: Sequence[str]) -> Bundle:
    if bundle.marks == list(marks):
        return bundle
    who = bundle.split_by.full_name if bundle.split_by else "–"
    at = date_format(timezone.localtime(bundle.split_at), "H:i d/m/Y")
    raise Conflict(_("%(who)s split this bundle another way at %(at)s.") % {"who": who, "at": at})


def _house(bundle: Bundle, dossier: Dossier, line: DossierComponent, part: Part, acting: Acting) -> None:
    """Gives a part to its paper: a document of its own, or the next version of the scan that is there."""
    document = line.document or _new_document(dossier, line)
    version = keep_part(document, part, officer_id=acting.officer_id)
    BundlePart.objects.create(
        bundle=bundle, first_page=part.first, last_page=part.last, component=line.code, version=version
    )
    line.document, line.is_handed_in = document, True
    line.save(update_fields=["document", "is_handed_in"])


def _new_document(dossier: Dossier, line: DossierComponent) -> Document:
    document = Document.objects.create(
        document_type_id=line.document_type_id,
        title=line.name,
        unit_id=dossier.received_unit_id,
        state=State.RECEIVED,
        created_at=timezone.now(),
    )
    allow(DocumentToken, document.pk, tokens_of(DossierToken, [dossier.pk]).get(dossier.pk, []))
    return document
