"""The verbs of agencies in a clerk's words."""

from django.utils.translation import gettext_lazy as _

from audit.verbs import declare

TURNED_AWAY = {
    "revoked": _("the token is revoked"),
    "expired": _("the token has expired"),
    "disconnected": _("the agency is not connected"),
}

declare("agency.registered", _("Connected the agency %(name)s (%(code)s); it reads: %(units)s"), icon="diagram-2")
declare("agency.disconnected", _("Disconnected the agency %(name)s (%(code)s)"), icon="plug")
declare("agency.token_given", _("Gave the token “%(label)s”, valid until %(expires_at)s"), icon="key")
declare("agency.token_revoked", _("Revoked the token “%(label)s”"), icon="key-fill")
declare(
    "agency.turned_away",
    _("Turned away at %(path)s, token “%(label)s”: %(reason)s"),
    icon="shield-x",
    terms={"reason": TURNED_AWAY},
)
declare("agency.searched", _("Searched: %(found)s found"), icon="search")
declare("dossier.shared", _("Read the dossier %(code)s"), icon="box-arrow-up-right")
