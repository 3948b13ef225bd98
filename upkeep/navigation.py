"""The administrators' word of the navigation."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from pages.navigation import Entry, add_entry

if TYPE_CHECKING:
    from accounts.acting import Acting


def _administrators(acting: "Acting") -> bool:
    return acting.is_superuser


add_entry(Entry(section="upkeep", label=_("Failed jobs"), url_name="dead_letters", order=90, is_for=_administrators))
