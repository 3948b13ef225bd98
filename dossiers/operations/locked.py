"""A draft under lock, in the hands of a clerk who may work on it."""

from django.utils.translation import gettext as _

from accounts.acting import Acting
from accounts.rights import require_update
from accounts.sight import one_visible
from dossiers.models import Dossier, DossierToken
from dossiers.selectors import KIND, stream_of
from pages.domain_errors import Conflict, Refused


def locked_dossier(dossier_id: int, acting: Acting) -> Dossier:
    """The dossier, locked until the caller's transaction ends. Raises NotVisible."""
    # Alone: joined, PostgreSQL holds the row it waited for against the other tables' rows of before the wait, and drops
    # it when a colleague has become its clerk meanwhile. He who came second would be told there is no such dossier.
    one_visible(Dossier.objects.select_for_update(), DossierToken, acting, stream=KIND, pk=dossier_id)
    related = ("version__procedure", "received_unit__parent", "clerk")
    return Dossier.objects.select_related(*related).get(pk=dossier_id)


def locked_draft(dossier_id: int, acting: Acting) -> Dossier:
    """The draft, locked. Raises NotVisible, Refused for who doesn't receive at its unit, Conflict once received."""
    dossier = locked_dossier(dossier_id, acting)
    demand_receiving(dossier, acting)
    demand_kept(dossier)
    if not dossier.is_draft:
        message = _("The dossier was received meanwhile as %(code)s.")
        raise Conflict(message % {"code": dossier.code or "–"})
    return dossier


def demand_kept(dossier: Dossier) -> None:
    """Raises Conflict for a draft that was discarded."""
    if dossier.is_discarded:
        raise Conflict(_("This draft was discarded meanwhile. Begin a new dossier."))


def demand_receiving(dossier: Dossier, acting: Acting) -> None:
    """Raises Refused unless the officer takes dossiers in at the dossier's own one-stop shop."""
    require_update(acting, about=stream_of(dossier.pk))
    if not acting.may_receive or not acting.acts_in(dossier.received_unit_id):
        raise Refused(_("Only the one-stop shop that began this dossier works on it."), about=stream_of(dossier.pk))
