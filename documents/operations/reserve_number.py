"""Numbers for papers written outside the system: kept for them (giữ số), entered once they are signed (ghi sổ)."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Acting
from accounts.models import Unit
from accounts.rights import require_keeping
from audit.recording import record
from documents.operations.give_number import Outgoing, give_number, series_of
from documents.operations.store import type_in_force
from documents.outgoing import RegisterEntry
from documents.selectors import entry_in_register
from documents.states import NumberState
from pages.domain_errors import Conflict, Invalid

LONGEST_SUBJECT = 1000


@transaction.atomic
def reserve_number(*, document_type: str, subject: str, recipients: str = "", acting: Acting) -> RegisterEntry:
    """Keeps the next number of the officer's agency for a paper of this type that is written elsewhere.

    Raises Refused for who doesn't keep the register, Invalid for a type we give no numbers to and without a subject.
    """
    require_keeping(acting, acting.unit_id)
    kind = type_in_force(document_type)
    if not kind.number_pattern:
        raise Invalid(
            _("Papers of this kind get no number here."), {"document_type": _("Choose another kind of paper.")}
        )
    paper = Outgoing(
        series=series_of(kind),
        pattern=kind.number_pattern,
        kind=kind.name,
        document_type_id=kind.code,
        subject=checked_subject(subject),
        recipients=" ".join(recipients.split())[:250],
    )
    entry = give_number(unit=Unit.objects.get(pk=acting.unit_id or 0), paper=paper, acting=acting)
    payload = {"number": entry.written, "kind": entry.kind, "subject": entry.subject, "recipients": entry.recipients}
    record(entry.stream, "register.number_reserved", actor=acting.actor, payload=payload)
    return entry


@transaction.atomic
def enter_number(*, entry_id: int, issued_on: date | None, signer: str, acting: Acting) -> RegisterEntry:
    """Enters the date and signer of the paper a number was kept for.

    Raises NotVisible, Refused, Invalid, and Conflict for a number that isn't reserved (any more).
    """
    entry = locked_entry(entry_id, acting)
    if entry.state != NumberState.RESERVED:
        words = _("The number %(number)s is already %(state)s. Open it again to see how it stands.")
        raise Conflict(words % {"number": entry.written, "state": entry.state_words.lower()})
    name = " ".join(signer.split())
    if not name or len(name) > 160:
        raise Invalid(_("Say who signed the paper."), {"signer": _("A name of up to 160 characters.")})
    today = timezone.localdate()
    if issued_on is None or issued_on > today or issued_on.year != entry.year:
        message = _("The date of the paper lies in %(year)s, and not after today.") % {"year": entry.year}
        raise Invalid(message, {"issued_on": message})
    entry.enter(issued_on, name)
    entry.save()
    payload = {"number": entry.written, "issued_on": issued_on, "signer": name, "subject": entry.subject}
    record(entry.stream, "register.number_entered", actor=acting.actor, payload=payload)
    return entry


def locked_entry(entry_id: int, acting: Acting) -> RegisterEntry:
    """The entry, locked, for who keeps the register it stands in. Raises NotVisible and Refused."""
    entry = entry_in_register(acting, entry_id)
    require_keeping(acting, entry.unit_id, about=entry.stream)
    return RegisterEntry.objects.select_for_update(of=("self",)).get(pk=entry_id)


def checked_subject(subject: str) -> str:
    """Trích yếu in one line. Raises Invalid without one or with too long a one."""
    words = " ".join(subject.split())
    if not words or len(words) > LONGEST_SUBJECT:
        message = _("Say in up to %(count)s characters what the paper is about.") % {"count": LONGEST_SUBJECT}
        raise Invalid(message, {"subject": _("A subject is needed.")})
    return words
