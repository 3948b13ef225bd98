"""The life of a paper of our own: submitted, sent back, signed, issued, superseded, revoked.

Each of these is part of an action of the caller's (a step that is completed, say), in the caller's transaction, and
the caller records that action: **no event is written here**. Who holds the step is the caller's to check; here it is
checked that the officer may change things at all, sees the paper, and, for signing, didn't make it.
All raise NotVisible, Refused, and Conflict when the paper isn't in the state the move begins from.
"""

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from accounts.acting import Acting
from accounts.rights import require_update
from accounts.selectors import acted_as_one
from accounts.sight import one_visible
from documents.models import Document, DocumentToken
from documents.operations.register import mark_no_longer_in_force, register_issued
from pages.domain_errors import Conflict, Invalid, Refused
from search.indexing import index_later


@transaction.atomic
def submit_for_review(*, document_id: int, acting: Acting) -> Document:
    """Trình ký: draft → in review; by the unit that drafted it."""
    document = _held(document_id, acting)
    if not acting.acts_in(document.unit_id):
        raise Refused(_("Only the unit this paper belongs to may change it."), about=_stream(document))
    return _moved(document, document.submit)


@transaction.atomic
def return_to_draft(*, document_id: int, acting: Acting) -> Document:
    """Trả lại: in review → draft."""
    document = _held(document_id, acting)
    return _moved(document, document.send_back)


@transaction.atomic
def sign(*, document_id: int, acting: Acting) -> Document:
    """Ký duyệt: in review → signed. Nobody signs what he drafted or any file of it he brought (Refused).

    Nor does who has stood in for the drafter since, or for whom the drafter has: these two are one pair of eyes.
    """
    document = _held(document_id, acting)
    brought = document.versions.values_list("uploaded_by_id", flat=True)
    makers = {pk for pk in (document.drafted_by_id, *brought) if pk is not None}
    if acting.officer_id in makers:
        raise Refused(_("You drafted this paper; somebody else has to sign it."), about=_stream(document))
    if acted_as_one(acting.officer_id, makers, since=timezone.localdate(document.created_at)):
        message = _("You and who drafted this paper stood in for each other; somebody else has to sign it.")
        raise Refused(message, about=_stream(document))
    return _moved(document, lambda: document.sign(acting.officer_id))


@transaction.atomic
def issue(*, document_id: int, number: str, issued_on: date, acting: Acting) -> Document:
    """Ban hành: signed → issued, with its number and date; enters the register its type belongs to."""
    document = _held(document_id, acting)
    if not number.strip():
        raise Invalid(_("A paper is issued with a number. Enter it."), {"number": _("A number is needed.")})
    moved = _moved(document, lambda: document.issue(number.strip(), issued_on))
    register_issued(moved)
    return moved


@transaction.atomic
def renumber(*, document_id: int, number: str, issued_on: date, acting: Acting) -> Document:
    """Cấp số khác: stays issued, under another number and date; the register of its type follows."""
    document = _held(document_id, acting)
    moved = _moved(document, lambda: document.renumber(number, issued_on))
    register_issued(moved)
    return moved


@transaction.atomic
def supersede(*, document_id: int, acting: Acting) -> Document:
    """Bị thay thế: issued → superseded."""
    document = _held(document_id, acting)
    moved = _moved(document, document.supersede)
    mark_no_longer_in_force(moved)
    return moved


@transaction.atomic
def revoke(*, document_id: int, acting: Acting) -> Document:
    """Bị thu hồi: issued → revoked."""
    document = _held(document_id, acting)
    moved = _moved(document, document.revoke)
    mark_no_longer_in_force(moved)
    return moved


def _held(document_id: int, acting: Acting) -> Document:
    """The document, locked, for an officer who may change things and sees it."""
    require_update(acting, about=f"document:{document_id}")
    rows = Document.objects.select_for_update(of=("self",))
    return one_visible(rows, DocumentToken, acting, stream="document", pk=document_id)


def _moved(document: Document, move: Callable[[], None]) -> Document:
    try:
        move()
    except TransitionNotAllowed as fault:
        words = _("The paper is already %(state)s. Open it again to see how it stands.")
        raise Conflict(words % {"state": document.state_words.lower()}) from fault
    document.save()
    index_later("document", str(document.pk))
    return document


def _stream(document: Document) -> str:
    return f"document:{document.pk}"
