"""The verbs of accounts and units in a clerk's words."""

from django.utils.translation import gettext_lazy as _

from accounts.models import RoleSlot
from audit.verbs import declare

_SLOTS = {"slot": dict(RoleSlot.Kind.choices)}

declare("account.signed_in", _("Signed in"), icon="box-arrow-in-right")
declare("account.sign_in_failed", _("Sign-in failed"), icon="shield-exclamation")
declare("account.signed_out", _("Signed out"), icon="box-arrow-right")
declare("account.slot_chosen", _("Acts for %(unit)s, %(slot)s"), icon="person-badge", terms=_SLOTS)
declare("account.created", _("Created the officer %(full_name)s (%(username)s)"), icon="person-plus")
declare("account.slot_given", _("Placed %(full_name)s in %(unit)s, %(slot)s"), icon="person-check", terms=_SLOTS)
declare("account.role_given", _("Gave %(full_name)s the role %(role)s in %(unit)s"), icon="person-gear")
declare(
    "delegation.made",
    _("%(principal)s is away from %(valid_from)s to %(valid_to)s; %(delegate)s does the steps as %(role)s: %(reason)s"),
    icon="person-dash",
)
declare("delegation.ended", _("Ended the delegation of %(principal)s to %(delegate)s"), icon="person-check")
declare("access.refused", _("Refused: %(method)s %(path)s"), icon="shield-x")
declare("organisation.loaded", _("Loaded the organisation: %(units)s units, %(roles)s roles"), icon="diagram-3")
