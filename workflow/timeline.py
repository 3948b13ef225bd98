"""The verbs of procedures and steps in a clerk's words."""

from django.utils.translation import gettext_lazy as _

from audit.verbs import declare

declare(
    "procedure.published",
    _("Published the edition %(edition)s of %(name)s, in force from %(effective_from)s"),
    icon="journal-check",
)
declare("step.claimed", _("Claimed the step “%(step)s”"), icon="hand-index")
declare("step.reassigned", _("Handed the step “%(step)s” to %(after)s"), icon="person-check")
declare("step.completed", _("Completed the step “%(step)s”: %(outcome)s"), icon="check2-circle")
