"""Who may write and publish editions. Published ones are public: every officer may read them."""

from django.utils.translation import gettext_lazy as _

from accounts.acting import Acting
from pages.domain_errors import Refused


def may_publish(acting: Acting) -> bool:
    return acting.is_superuser


def require_publisher(acting: Acting, *, about: str = "") -> None:
    """Raises Refused for everybody but an administrator."""
    if not may_publish(acting):
        raise Refused(_("Only an administrator may write and publish editions of procedures."), about=about)
