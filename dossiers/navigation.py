"""The counter's place in the navigation."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from pages.navigation import Entry, add_entry

if TYPE_CHECKING:
    from accounts.acting import Acting


def _receives(acting: "Acting") -> bool:
    return acting.may_receive


add_entry(Entry(section="intake", label=_("Receive"), url_name="intake_start", order=20, is_for=_receives))


def _everyone(acting: "Acting") -> bool:
    return True


add_entry(Entry(section="dossiers", label=_("Dossiers"), url_name="dossiers", order=40, is_for=_everyone))


def _has_unit(acting: "Acting") -> bool:
    return acting.unit_id is not None or acting.is_superuser


add_entry(Entry(section="records", label=_("Archive"), url_name="records", order=55, is_for=_has_unit))
