"""The clock's verbs in a clerk's words; `workflow.timeline` brings them in."""

from django.utils.translation import gettext_lazy as _

from audit.verbs import declare

declare(
    "calendar.recalculation_ordered",
    _("Ordered that due dates be reckoned anew by the working calendar. Reason: %(reason)s"),
    icon="calendar-check",
)
declare(
    "calendar.recalculation_done",
    _("Reckoned due dates anew: %(moved)s of %(examined)s moved"),
    icon="calendar-check",
)
declare(
    "calendar.recalculation_superseded",
    _("Stopped reckoning due dates anew, the calendar was changed again: %(moved)s of %(examined)s moved"),
    icon="calendar-x",
)
declare(
    "calendar.recalculation_given_up",
    _("Reckoning due dates anew was given up: %(moved)s of %(examined)s moved"),
    icon="exclamation-octagon",
)
declare(
    "case.recalculated",
    _("The due date moved from %(before)s to %(after)s by a change of the working calendar: %(reason)s"),
    icon="calendar-range",
)
