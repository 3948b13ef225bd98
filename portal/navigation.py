"""The first word of the navigation."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from pages.navigation import Entry, add_entry

if TYPE_CHECKING:
    from accounts.acting import Acting


def _everyone(acting: "Acting") -> bool:
    return True


add_entry(Entry(section="home", label=_("Home"), url_name="home", order=10, is_for=_everyone))
