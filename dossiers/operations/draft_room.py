"""How much the drafts of a clerk may hold together: what is never received must not fill the vault."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import Q, QuerySet, Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from accounts.acting import Acting
from dossiers.models import Bundle, Dossier, DossierComponent
from dossiers.operations.discarded import KEPT_FOR, STILL_HELD
from dossiers.states import Status
from pages.domain_errors import Invalid

_HELD = Sum("document__versions__blob__size", filter=Q(document__versions__screening__in=STILL_HELD))


def demand_room(size: int, acting: Acting) -> None:
    """Raises Invalid when the clerk's drafts would hold more than they may with a file of this size."""
    held = bytes_in_drafts(acting.officer_id)
    if held + size > settings.DRAFT_BYTES:
        words = _(
            "The file was not taken: your drafts hold %(held)s of scans, and %(most)s is the most. "
            "Receive a draft, then bring it again. "
            "One nobody will finish makes room %(days)s days after it is discarded."
        )
        sizes = {"held": filesizeformat(held), "most": filesizeformat(settings.DRAFT_BYTES)}
        raise Invalid(words % {**sizes, "days": KEPT_FOR.days})


def bytes_in_drafts(clerk_id: int) -> int:
    """What the scans and bundles of a clerk's drafts hold, every version of them; discarded ones until they are gone.

    Two sums, each from the few drafts to their files: asked in one question from the files, every upload would look
    through all files there are.
    """
    drafts = [*_drafts(clerk_id).values_list("pk", flat=True), *_discarded(clerk_id).values_list("pk", flat=True)]
    return sum(rows.aggregate(bytes=_HELD)["bytes"] or 0 for rows in _holders(drafts))


def _drafts(clerk_id: int) -> QuerySet[Dossier]:
    return Dossier.objects.filter(clerk=clerk_id, status=Status.REGISTERED)


def _discarded(clerk_id: int) -> QuerySet[Dossier]:
    return Dossier.objects.filter(clerk=clerk_id, status=Status.CANCELLED, code__isnull=True)


def _holders(drafts: Sequence[int]) -> tuple[QuerySet[DossierComponent], QuerySet[Bundle]]:
    scans = DossierComponent.objects.filter(dossier__in=drafts, document__isnull=False)
    return scans, Bundle.objects.filter(dossier__in=drafts)
