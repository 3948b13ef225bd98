"""Taking a transfer's package away."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Acting
from accounts.rights import require_update
from audit.recording import record
from documents.models import Blob
from dossiers.records.selectors import one_list, withheld_from
from dossiers.records_models import RecordsList
from pages.domain_errors import Conflict, Refused


@transaction.atomic
def take_package(*, list_id: int, acting: Acting) -> tuple[RecordsList, Blob]:
    """The package, for who keeps the unit's records or leads it; the trail says who took it.

    Raises NotVisible, Refused, and Conflict where there is no package (yet, or any more) and where something
    in it must not be given out by now.
    """
    found = one_list(acting, list_id)
    require_update(acting, about=found.stream)
    if not (acting.keeps(found.unit_id) or acting.leads(found.unit_id)):
        raise Refused(_("Only who keeps this unit's records or leads it may do this."), about=found.stream)
    if found.package is None:
        raise Conflict(_("This list has no package. It is built once the list is approved."))
    if withheld_from(found):
        raise Conflict(_("A file in this package was put into quarantine. The package is taken back and built anew."))
    payload = {"sha256": found.package.sha256, "size": found.package.size}
    record(found.stream, "records.downloaded", actor=acting.actor, payload=payload)
    return found, found.package
