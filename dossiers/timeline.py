"""The verbs of a dossier in a clerk's words."""

from django.utils.translation import gettext_lazy as _

from audit.verbs import declare
from dossiers.records_states import ListKind, Released, SentBack
from dossiers.states import Ruling

declare("dossier.registered", _("Began a dossier for %(procedure)s"), icon="file-earmark-plus")
declare("dossier.procedure_changed", _("Changed the procedure from %(before)s to %(after)s"), icon="arrow-left-right")
declare("dossier.discarded", _("Discarded the draft"), icon="trash")
declare("dossier.scans_released", _("Deleted the scans of the discarded draft: %(papers)s"), icon="trash")
declare(
    "dossier.received",
    _("Received the dossier %(code)s from %(applicant)s; result due %(due_at)s"),
    icon="box-arrow-in-down",
)
declare(
    "dossier.opened_beside",
    _("Opened as %(code)s for the dossier %(from)s, which waits for it"),
    icon="box-arrow-in-down",
)
declare("result.numbered", _("Printed the issued result “%(result)s”, number %(number)s"), icon="file-earmark-check")
declare("apology.drafted", _("Drafted an apology: the result is due %(due_at)s"), icon="envelope-exclamation")
declare(
    "apology.signed",
    _("Signed the apology %(number)s: appointment moved from %(before)s to %(after)s. Reason: %(reason)s"),
    icon="envelope-check",
)
declare(
    "mismatch.decided",
    _("Decided on “%(field)s” (form: %(form)s; papers: %(papers)s): %(ruling)s. Reason: %(note)s"),
    icon="ui-checks",
    terms={"ruling": dict(Ruling.choices)},
)
declare("dossier.bundle_split", _("Split the bundle %(file_name)s into papers (pages): %(parts)s"), icon="scissors")

_KINDS = {"kind": dict(ListKind.choices)}

declare("retention.loaded", _("Loaded how long records are kept: %(classes)s classes, %(rules)s rules"), icon="list-ul")
declare(
    "retention.changed",
    _("How long records are kept, %(about)s: %(after)s instead of %(before)s"),
    icon="hourglass-split",
)
declare("records.listed", _("Listed the records of %(files)s dossiers: %(kind)s"), icon="list-check", terms=_KINDS)
declare("records.taken_off", _("Took the records of %(dossier)s off the list"), icon="dash-circle")
declare("records.dropped", _("Dropped the list: %(reason)s"), icon="x-circle")
declare("records.approved", _("Approved the list: %(kind)s of %(files)s dossiers"), icon="check2-square", terms=_KINDS)
declare("records.transferred", _("Packed the records of %(files)s dossiers for the archive"), icon="archive")
declare("records.disposed", _("Disposed of the records of %(files)s dossiers"), icon="trash")
declare(
    "records.sent_back",
    _("Sent the approved list back: %(why)s"),
    icon="arrow-counterclockwise",
    terms={**_KINDS, "why": dict(SentBack.choices)},
)
declare(
    "records.package_released",
    _("Let the package of the list go, %(why)s; records of %(left)s dossiers are left"),
    icon="archive",
    terms={"why": dict(Released.choices)},
)
declare("records.repacked", _("Packed what is left of the list anew: %(files)s dossiers"), icon="archive")
declare("records.downloaded", _("Took away the package of the list"), icon="download")
declare(
    "dossier.disposed",
    _("Disposed of the papers of the dossier by list %(list)s, to be kept until %(keep_until)s"),
    icon="trash",
)
declare(
    "dossier.classified",
    _("Keeps the papers of the dossier as “%(after)s” from now on: %(reason)s"),
    icon="hourglass-split",
)
declare(
    "dossier.kept",
    _("Kept the papers of the dossier when list %(list)s was carried out: their time has not run out"),
    icon="archive",
)
