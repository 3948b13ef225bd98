"""Saying how long records are kept where no rule did, or longer than it said (xác định lại thời hạn bảo quản)."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Acting, unit_token
from accounts.rights import require_keeping
from accounts.sight import NotVisible
from audit.recording import record
from dossiers.records.retention import is_longer, last_day
from dossiers.records_models import RecordFile, RetentionClass
from dossiers.records_states import FileState
from dossiers.selectors import stream_of
from pages.domain_errors import Conflict, Invalid

LONGEST_REASON = 250


@transaction.atomic
def classify_file(*, file_id: int, retention: str, reason: str, acting: Acting) -> RecordFile:
    """Gives the records a class, with a reason, in the hands of who keeps them. Never one that ends sooner.

    Raises NotVisible, Refused, Invalid for no reason or an unknown class, Conflict for what is disposed of and for a
    class that isn't longer than the one it has.
    """
    file = _locked(file_id, acting)
    require_keeping(acting, file.unit_id, about=stream_of(file.dossier_id))
    why = " ".join(reason.split())
    if not why or len(why) > LONGEST_REASON:
        message = _("Say in up to %(count)s characters why they are kept so long.") % {"count": LONGEST_REASON}
        raise Invalid(message, {"reason": _("Give a reason.")})
    kept_as = RetentionClass.objects.filter(pk=retention).first()
    if kept_as is None:
        raise Invalid(_("Choose how long the records are kept."))
    _demand_longer(file, kept_as)
    before, file.retention = file.retention.name if file.retention else "", kept_as
    file.keep_until = last_day(kept_as, file.closed_on)
    file.save(update_fields=["retention", "keep_until"])
    payload = {"before": before, "after": kept_as.name, "keep_until": file.keep_until, "reason": why}
    record(stream_of(file.dossier_id), "dossier.classified", actor=acting.actor, payload=payload)
    return file


def _locked(file_id: int, acting: Acting) -> RecordFile:
    file = RecordFile.objects.select_for_update().filter(pk=file_id).first()
    if file is None:
        raise NotVisible
    if not (acting.is_superuser or unit_token(file.unit_id) in acting.tokens):
        raise NotVisible(about=stream_of(file.dossier_id))
    return file


def _demand_longer(file: RecordFile, kept_as: RetentionClass) -> None:
    if file.state == FileState.DISPOSED:
        raise Conflict(_("These records were disposed of."))
    if file.retention is not None and not is_longer(kept_as, file.retention):
        words = _("These records are kept “%(class)s” already; that can only be made longer.")
        raise Conflict(words % {"class": file.retention.name})
