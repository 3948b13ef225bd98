"""The work list's place in the navigation."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from pages.navigation import Entry, add_entry
from workflow.engine.selectors import my_work

if TYPE_CHECKING:
    from accounts.acting import Acting


def _has_unit(acting: "Acting") -> bool:
    return acting.unit_id is not None


def _open_count(acting: "Acting") -> int:
    return my_work(acting).count() if acting.may_update else 0


add_entry(
    Entry(section="work", label=_("Work list"), url_name="work_mine", order=30, is_for=_has_unit, count=_open_count)
)
