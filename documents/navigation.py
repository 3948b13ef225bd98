"""Files of the past and the outgoing register in the navigation."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from pages.navigation import Entry, add_entry

if TYPE_CHECKING:
    from accounts.acting import Acting


def _importers(acting: "Acting") -> bool:
    return acting.may_import or acting.is_superuser


add_entry(Entry(section="batches", label=_("Digitising"), url_name="batches", order=60, is_for=_importers))


def _has_unit(acting: "Acting") -> bool:
    return acting.unit_id is not None or acting.is_superuser


add_entry(Entry(section="register", label=_("Outgoing"), url_name="register", order=50, is_for=_has_unit))
