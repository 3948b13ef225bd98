"""The verbs of the land register in a clerk's words."""

from django.utils.translation import gettext_lazy as _

from audit.verbs import declare
from land.states import Ending, RestrictionKind

_KINDS = {"kind": dict(RestrictionKind.choices)}

declare(
    "parcel.registered",
    _("Registered %(parcel)s, %(area)s m², %(purposes)s, held by %(holders)s (dossier %(dossier)s)"),
    icon="geo",
)
declare(
    "parcel.taken_over",
    _("Took over %(parcel)s, %(area)s m², as dossier %(dossier)s states it; not verified"),
    icon="geo",
)
declare(
    "right.transferred",
    _("Transferred %(share)s of %(parcel)s to %(recipients)s (dossier %(dossier)s)"),
    icon="arrow-left-right",
)
declare(
    "parcel.purpose_changed",
    _("Changed the purpose of %(parcel)s from %(before)s to %(after)s (dossier %(dossier)s)"),
    icon="signpost-split",
)
declare(
    "parcel.term_extended",
    _("Extended the term of %(purposes)s on %(parcel)s until %(until)s (dossier %(dossier)s)"),
    icon="calendar-plus",
)
declare("parcel.split", _("Split %(parcel)s into: %(children)s (dossier %(dossier)s)"), icon="scissors")
declare("parcel.merged", _("Merged %(parcel)s into %(children)s (dossier %(dossier)s)"), icon="union")
declare("parcel.renumbered", _("Gave %(parcel)s another number: %(children)s (dossier %(dossier)s)"), icon="123")
declare("parcel.derived", _("%(parcel)s came from: %(parents)s (dossier %(dossier)s)"), icon="diagram-2")
declare(
    "parcel.corrected",
    _("Corrected the entry of %(parcel)s: %(changed)s. Reason: %(reason)s (dossier %(dossier)s)"),
    icon="pencil-square",
)
declare(
    "certificate.issued",
    _("Issued the certificate %(serial)s, register number %(register_number)s (dossier %(dossier)s)"),
    icon="award",
)
declare(
    "certificate.taken_over",
    _("Took over the certificate %(serial)s as dossier %(dossier)s states it; not verified"),
    icon="award",
)
declare(
    "certificate.withdrawn",
    _("Withdrew the certificate %(serial)s: %(reason)s (dossier %(dossier)s)"),
    icon="x-octagon",
    terms={"reason": dict(Ending.choices)},
)
declare(
    "certificate.annotated",
    _("Noted on the certificate %(serial)s: %(text)s (dossier %(dossier)s)"),
    icon="pen",
)
declare(
    "restriction.registered",
    _("Registered a restriction (%(kind)s) for %(party)s, contract %(contract)s, at %(at)s (dossier %(dossier)s)"),
    icon="lock",
    terms=_KINDS,
)
declare(
    "restriction.released",
    _("Released the restriction (%(kind)s) for %(party)s, contract %(contract)s, at %(at)s (dossier %(dossier)s)"),
    icon="unlock",
    terms=_KINDS,
)
declare("parcel.opened", _("Looked at %(parcel)s in the land register"), icon="eye")
declare("certificate.opened", _("Looked at the certificate %(serial)s in the land register"), icon="eye")
