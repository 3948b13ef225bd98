"""The verbs of a dossier in a clerk's words."""

from django.utils.translation import gettext_lazy as _

from audit.verbs import declare
from dossiers.states import Ruling

declare("dossier.registered", _("Began a dossier for %(procedure)s"), icon="file-earmark-plus")
declare("dossier.procedure_changed", _("Changed the procedure from %(before)s to %(after)s"), icon="arrow-left-right")
declare("dossier.discarded", _("Discarded the draft"), icon="trash")
declare(
    "dossier.received",
    _("Received the dossier %(code)s from %(applicant)s; result due %(due_at)s"),
    icon="box-arrow-in-down",
)
declare("result.numbered", _("Printed the issued result “%(result)s”, number %(number)s"), icon="file-earmark-check")
declare(
    "mismatch.decided",
    _("Decided on “%(field)s” (form: %(form)s; papers: %(papers)s): %(ruling)s. Reason: %(note)s"),
    icon="ui-checks",
    terms={"ruling": dict(Ruling.choices)},
)
declare("dossier.bundle_split", _("Split the bundle %(file_name)s into papers (pages): %(parts)s"), icon="scissors")
