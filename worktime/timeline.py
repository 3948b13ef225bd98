"""The calendar's verbs in a clerk's words."""

from django.utils.translation import gettext_lazy as _

from audit.verbs import declare
from worktime.models import ChangeKind

declare("calendar.loaded", _("Loaded the working calendar %(calendar)s: %(hours)s"), icon="calendar-check")
declare(
    "calendar.changed",
    _("Changed the working calendar %(calendar)s, %(kind)s %(day)s: %(before)s → %(after)s. Reason: %(reason)s"),
    icon="calendar-range",
    terms={"kind": dict(ChangeKind.choices)},
)
