"""The calendar's verbs in a clerk's words."""

from django.utils.translation import gettext_lazy as _

from audit.verbs import declare

declare("calendar.loaded", _("Loaded the working calendar %(calendar)s: %(hours)s"), icon="calendar-check")
