"""The word for files of the past in the navigation."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from pages.navigation import Entry, add_entry

if TYPE_CHECKING:
    from accounts.acting import Acting


def _importers(acting: "Acting") -> bool:
    return acting.may_import or acting.is_superuser


add_entry(Entry(section="batches", label=_("Digitising"), url_name="batches", order=60, is_for=_importers))
