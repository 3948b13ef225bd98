"""Who may change the working calendar."""

from django.utils.translation import gettext_lazy as _

from accounts.acting import Acting
from pages.domain_errors import Refused


def require_calendar_rights(acting: Acting, *, about: str = "") -> None:
    """Raises Refused for everybody but an administrator."""
    if not acting.is_superuser:
        raise Refused(_("Only an administrator may change the working calendar."), about=about)
