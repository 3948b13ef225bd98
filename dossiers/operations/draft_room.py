"""How much the drafts of a clerk may hold together: what is never received must not fill the vault."""

from django.conf import settings
from django.db.models import Q, Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from accounts.acting import Acting
from documents.models import DocumentVersion
from dossiers.models import Dossier
from dossiers.states import Status
from pages.domain_errors import Invalid


def demand_room(size: int, acting: Acting) -> None:
    """Raises Invalid when the clerk's drafts would hold more than they may with a file of this size."""
    drafts = Dossier.objects.filter(clerk=acting.officer_id, status=Status.REGISTERED)
    of_drafts = Q(document__component__dossier__in=drafts) | Q(document__bundle__dossier__in=drafts)
    held = DocumentVersion.objects.filter(of_drafts).aggregate(bytes=Sum("blob__size"))["bytes"] or 0
    if held + size > settings.DRAFT_BYTES:
        words = _(
            "The file was not taken: your drafts hold %(held)s of scans, and %(most)s is the most. "
            "Receive a draft or discard one nobody will finish, then bring it again."
        )
        raise Invalid(words % {"held": filesizeformat(held), "most": filesizeformat(settings.DRAFT_BYTES)})
