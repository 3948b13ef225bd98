"""The land register's place in the navigation."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from land.sight import reads_register
from pages.navigation import Entry, add_entry

if TYPE_CHECKING:
    from accounts.acting import Acting


def _reads(acting: "Acting") -> bool:
    return reads_register(acting)


add_entry(Entry(section="land", label=_("Parcels"), url_name="parcels", order=45, is_for=_reads))
