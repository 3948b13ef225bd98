"""The work list's place in the navigation."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from pages.navigation import Entry, add_entry
from workflow.engine.selectors import my_work
from workflow.procedures.rights import may_publish

if TYPE_CHECKING:
    from accounts.acting import Acting


def _has_unit(acting: "Acting") -> bool:
    return acting.unit_id is not None


def _administrators(acting: "Acting") -> bool:
    return acting.is_superuser


def _open_count(acting: "Acting") -> int:
    return my_work(acting).count() if acting.may_update else 0


add_entry(
    Entry(section="work", label=_("Work list"), url_name="work_mine", order=30, is_for=_has_unit, count=_open_count)
)
# Who works by them finds a procedure from the dossier; who writes them, here.
add_entry(
    Entry(section="procedures", label=_("Procedures"), url_name="procedures", order=80, is_for=may_publish),
)
add_entry(Entry(section="calendar", label=_("Working calendar"), url_name="calendar", order=85, is_for=_administrators))
