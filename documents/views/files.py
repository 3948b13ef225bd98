"""What is taken out of a paper: pictures of its pages, its text, its original file. Each asks for sight anew."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.acting import Acting
from accounts.web import acting_of
from documents.models import Document, DocumentVersion
from documents.operations.looked_at import record_copy_download, record_download
from documents.operations.report_missing import report_missing
from documents.pictures import WIDTHS, page_picture
from documents.reasons import trouble_of, words_for
from documents.selectors import copy_of, one_document, one_version, texts_of
from documents.states import Screening
from documents.vault import BlobMissing, open_blob
from documents.viewer import Asked
from documents.views.ranges import given_out
from ocr import Unreadable
from pages.domain_errors import NotAvailable, Refused

logger = logging.getLogger(__name__)
# A file from outside never runs here, whatever it turns out to be: no script, no form, no frame, no origin.
SANDBOX = "default-src 'none'; sandbox"


@require_safe
def document_page_picture(
    request: HttpRequest, document_id: int, number: int, width: int
) -> HttpResponse | FileResponse:
    """A page as a picture, in one of the widths the viewer uses."""
    _document, version = _opened(request, document_id)
    if width not in WIDTHS or number < 1:
        raise Http404
    try:
        with _from_the_vault(version, acting_of(request)):
            picture = page_picture(version.blob_id, number, width)
    except (Unreadable, LookupError) as fault:
        raise Http404 from fault
    return FileResponse(picture, content_type="image/jpeg")


@require_safe
def document_text(request: HttpRequest, document_id: int) -> HttpResponse:
    """What was read, page after page, as plain text; of one page with `page`."""
    _document, version = _opened(request, document_id)
    page = Asked.of(request.GET).page
    pages = texts_of(version, numbers=None if page is None else [page])
    return HttpResponse("\n\f".join(page.text for page in pages), content_type="text/plain; charset=utf-8")


@require_safe
def document_original(request: HttpRequest, document_id: int) -> HttpResponse | FileResponse:
    """The file as it was handed in, to be saved, never to be shown; a part of it for who was cut off."""
    document, version = _opened(request, document_id)
    acting = acting_of(request)
    with _from_the_vault(version, acting):
        file = open_blob(version.blob_id)
    record_download(document=document, version=version, acting=acting)
    response = given_out(
        request,
        file,
        size=version.blob.size,
        tag=version.blob_id,
        name=version.file_name,
        media_type=version.blob.media_type,
    )
    response["Content-Security-Policy"] = SANDBOX
    return response


@require_safe
def document_copy(request: HttpRequest, document_id: int) -> HttpResponse | FileResponse:
    """The searchable copy, to be saved."""
    document, version = _opened(request, document_id)
    copy, acting = copy_of(version), acting_of(request)
    if copy is None or copy.blob is None:
        raise Http404
    with _from_the_vault(version, acting):
        file = open_blob(copy.blob.sha256)
    record_copy_download(document=document, version=version, acting=acting)
    response = given_out(
        request,
        file,
        size=copy.blob.size,
        tag=copy.blob.sha256,
        name=f"{Path(version.file_name).stem}-tim-duoc.pdf",
        media_type=copy.blob.media_type,
    )
    response["Content-Security-Policy"] = SANDBOX
    return response


def _opened(request: HttpRequest, document_id: int) -> tuple[Document, DocumentVersion]:
    """The paper and the version asked for, if he may see it and it doesn't lie in quarantine."""
    document = one_document(acting_of(request), document_id)
    version = one_version(document, Asked.of(request.GET).version)
    if version.screening == Screening.DISPOSED:
        raise Refused(words_for(trouble_of(version)), about=f"document:{document_id}")
    if version.is_quarantined:
        raise Refused(_("This file lies in quarantine and isn't given out."), about=f"document:{document_id}")
    return document, version


@contextmanager
def _from_the_vault(version: DocumentVersion, acting: Acting) -> Iterator[None]:
    """Says what is wrong when the file can't be got at, and tells the administrators when it is lost."""
    try:
        yield
    except BlobMissing as fault:
        report_missing(version=version, actor=acting.actor)
        words = _("The original file of this paper is missing from the storage. The administrators have been told.")
        raise NotAvailable(words) from fault
    except OSError as fault:
        logger.exception("the vault did not give out a file")
        words = _("The storage of original files does not answer. Nothing is lost; try again in a few minutes.")
        raise NotAvailable(words) from fault
