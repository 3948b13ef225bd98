"""Cancelling a number (hủy số): it stays in the register, struck out with its reason, and is never given again.

What becomes of the paper:

- reserved, or entered for a paper written elsewhere: nothing, this system doesn't hold it;
- a paper of ours written for something (the result of a dossier) that hasn't left the house: it bears the next
  number from now on, in the same action, because what it was written for stands on it. Once it was handed over its
  number can't be cancelled: the paper itself has to be recalled (thu hồi) by who may decide that;
- a paper of ours written for nothing else: it is revoked;
- the slip of a dossier to another agency: it has left the house with its number.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Acting
from accounts.rights import require_keeping
from audit.recording import record
from documents.models import Document
from documents.operations.give_number import Outgoing, give_number
from documents.operations.lifecycle import renumber, revoke
from documents.operations.reserve_number import locked_entry
from documents.origins import ORIGINS, Origin
from documents.outgoing import RegisterEntry
from documents.selectors import entry_in_register
from documents.states import NumberState, State
from pages.domain_errors import Conflict, Invalid

LONGEST_REASON = 250


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The cancelled number, and the one its paper bears instead, if any."""

    entry: RegisterEntry
    successor: RegisterEntry | None


@transaction.atomic
def cancel_number(*, entry_id: int, reason: str, acting: Acting) -> Cancelled:
    """Cancels a number with a reason; what becomes of its paper is told above.

    Raises NotVisible, Refused, Invalid without a reason, Conflict for what is cancelled already or has left the house.
    """
    seen = entry_in_register(acting, entry_id)
    require_keeping(acting, seen.unit_id, about=seen.stream)
    why = _checked_reason(reason)
    # What it was written for comes before the entry, as everywhere: two ways round would wait for each other.
    is_in_house = _held_back(seen)
    entry = locked_entry(entry_id, acting)
    if entry.state == NumberState.CANCELLED:
        raise Conflict(_("The number %(number)s is cancelled already.") % {"number": entry.written})
    if entry.origin_id and not (entry.document_id and is_in_house):
        message = _(
            "The paper %(number)s has left the house: its number can't be cancelled. "
            "It has to be recalled by whoever may decide that."
        )
        raise Conflict(message % {"number": entry.written})
    entry.cancel(acting.officer_id, timezone.now(), why)
    entry.save()
    successor = _followed(entry, acting)
    payload = {"number": entry.written, "reason": why, "subject": entry.subject, "document": entry.document_id}
    if successor is None:
        record(entry.stream, "register.number_cancelled", actor=acting.actor, payload=payload)
    else:
        payload["successor"] = successor.written
        record(entry.stream, "register.number_replaced", actor=acting.actor, payload=payload)
    return Cancelled(entry, successor)


def _checked_reason(reason: str) -> str:
    why = " ".join(reason.split())
    if not why or len(why) > LONGEST_REASON:
        message = _("Say in up to %(count)s characters why the number is cancelled.") % {"count": LONGEST_REASON}
        raise Invalid(message, {"reason": _("Give a reason.")})
    return why


def _held_back(entry: RegisterEntry) -> bool:
    kind = ORIGINS.get(entry.origin_kind)
    return kind is not None and entry.origin_id is not None and kind.hold_back(entry.origin_id)


def _followed(entry: RegisterEntry, acting: Acting) -> RegisterEntry | None:
    """What the cancellation does to the paper."""
    if entry.document_id is None:
        return None
    if not entry.origin_id:
        revoke(document_id=entry.document_id, acting=acting)
        return None
    document = Document.objects.get(pk=entry.document_id)
    if document.state != State.ISSUED:
        message = _("The paper is already %(state)s. Open it again to see how it stands.")
        raise Conflict(message % {"state": document.state_words.lower()})
    successor = _successor(entry, acting)
    renumber(
        document_id=entry.document_id,
        number=successor.written,
        issued_on=successor.issued_on or timezone.localdate(),
        acting=acting,
    )
    ORIGINS[entry.origin_kind].renumbered(entry.document_id)
    return successor


def _successor(entry: RegisterEntry, acting: Acting) -> RegisterEntry:
    """The next number of the same series, written as this one is, for the same paper."""
    origin = Origin(entry.origin_kind, entry.origin_id or 0, entry.origin_code)
    paper = Outgoing(
        series=entry.series,
        pattern=entry.pattern,
        kind=entry.kind,
        subject=entry.subject,
        document_type_id=entry.document_type_id,
        signer=entry.signer,
        recipients=entry.recipients,
        issued_on=timezone.localdate(),
        document_id=entry.document_id,
        origin=origin,
    )
    successor = give_number(unit=entry.unit, paper=paper, acting=acting)
    entry.successor = successor
    entry.save()
    return successor
