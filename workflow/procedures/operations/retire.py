"""Taking a published edition out of use."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Acting
from audit.recording import record
from pages.domain_errors import Conflict, Invalid
from workflow.procedures.models import ProcedureVersion
from workflow.procedures.rights import require_publisher
from workflow.procedures.selectors import one_version

LONGEST_REASON = 250


@transaction.atomic
def retire_edition(*, version_id: int, reason: str, acting: Acting) -> ProcedureVersion:
    """Takes the edition for no new dossier from now on (ngừng áp dụng); those received under it finish on it.

    The edition before it counts again where it has no end. Raises Refused, Invalid without a reason, Conflict when
    it was retired already.
    """
    require_publisher(acting)
    reason = reason.strip()
    if not reason:
        raise Invalid(_("Say why the edition is retired."), {"reason": _("Fill this in.")})
    if len(reason) > LONGEST_REASON:
        message = _("Up to %(count)s characters; what is longer goes into a paper.") % {"count": LONGEST_REASON}
        raise Invalid(message, {"reason": _("Make it shorter.")})
    version = one_version(version_id, acting, locked=True)
    if version.status == ProcedureVersion.Status.RETIRED:
        raise Conflict(_("This edition is retired already."))
    version.retire()
    version.save(update_fields=["status"])
    payload = {
        "procedure": version.procedure_id,
        "name": version.procedure.name,
        "edition": version.code,
        "reason": reason,
    }
    record(f"procedure:{version.procedure_id}", "procedure.retired", actor=acting.actor, payload=payload)
    return version
