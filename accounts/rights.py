"""Rights by default deny: ask here before anything changes."""

from django.utils.translation import gettext_lazy as _

from accounts.acting import Acting
from pages.domain_errors import Refused


def require_update(acting: Acting, *, about: str = "") -> None:
    """Raises Refused for a look-up account and for who holds no slot."""
    if not acting.may_update:
        raise Refused(_("Your account may look things up but not change anything."), about=about)


def require_keeping(acting: Acting, unit_id: int | None, *, about: str = "") -> None:
    """Raises Refused unless he keeps this unit's outgoing register and archive lists (văn thư, lưu trữ)."""
    require_update(acting, about=about)
    if not acting.keeps(unit_id):
        raise Refused(_("Only who keeps this unit's records may do this."), about=about)


def require_role(acting: Acting, role: str, unit_id: int | None, *, about: str = "") -> None:
    """Raises Refused unless he does this role's steps in this unit."""
    require_update(acting, about=about)
    if not acting.holds(role, unit_id):
        raise Refused(_("This step belongs to another unit or role."), about=about)
