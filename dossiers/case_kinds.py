"""A dossier's processing as a kind of case: where it is shown, who sees it, what steps may do to it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.acting import Acting, unit_token
from accounts.sight import allow
from documents.operations.sight import widen_sight
from dossiers import effects, land_effects
from dossiers.cross_check import open_mismatches
from dossiers.land_warnings import stops_on
from dossiers.models import Dossier, DossierToken
from dossiers.operations.open_beside import open_beside
from dossiers.pauses import PAUSES
from dossiers.selectors import (
    KIND,
    brought_for,
    document_ids_of,
    is_worked_on_since,
    sees_dossier,
    stream_of,
    visible_dossiers,
)
from dossiers.whereabouts import PLACES
from search.indexing import index_later
from workflow.kinds import CaseKind, Effect, Remark, Requirement, register_kind


def _url(dossier_id: int) -> str:
    return reverse("dossier", args=[dossier_id])


def _sees(acting: Acting, dossier_id: int) -> bool:
    return sees_dossier(acting, dossier_id)


def _seen(acting: Acting, column: str) -> Q:
    if acting.is_superuser:
        return Q()
    return Q(Exists(DossierToken.objects.filter(holder=OuterRef(column), token__in=sorted(acting.tokens))))


def _handed_over(dossier_ids: Sequence[int], from_unit_id: int, to_unit_id: int) -> None:
    """The competent unit is another from now on; who received it, its code and its signed papers stay as they are."""
    Dossier.objects.filter(pk__in=dossier_ids, unit=from_unit_id).update(unit=to_unit_id)


def _reached(dossier_id: int, unit_id: int) -> None:
    """The unit a dossier came to sees it from now on, with all its papers."""
    token = unit_token(unit_id)
    if DossierToken.objects.filter(holder=dossier_id, token=token).exists():
        return
    allow(DossierToken, dossier_id, [token])
    widen_sight(document_ids=document_ids_of(dossier_id), tokens=[token])


def _moved(dossier_id: int) -> None:
    index_later(KIND, str(dossier_id))


def _remarks(acting: Acting, dossier_id: int) -> list[Remark]:
    """Mismatches between form and papers nobody has decided yet, and what will stop the result in the register."""
    dossier = visible_dossiers(acting).select_related("version__procedure").filter(pk=dossier_id).first()
    if dossier is None:
        return []
    count = open_mismatches(dossier, acting)
    words = ngettext("%(count)s value differs from the papers", "%(count)s values differ from the papers", count)
    found = [Remark(words % {"count": count}, reverse("dossier_check", args=[dossier_id]))] if count else []
    return [*found, *(Remark(one.words, one.url, one.tone) for one in stops_on(dossier, acting))]


def _values(dossier_id: int) -> Mapping[str, Any]:
    values: Mapping[str, Any] = Dossier.objects.values_list("values", flat=True).get(pk=dossier_id)
    return values


register_kind(
    CaseKind(
        code=KIND,
        label=_("Dossier"),
        url=_url,
        stream=stream_of,
        sees=_sees,
        reached=_reached,
        moved=_moved,
        seen=_seen,
        handed_over=_handed_over,
        remarks=_remarks,
        values=_values,
        effects={
            "begin_processing": Effect(
                effects.begin_processing, _("Begins processing"), undo=effects.stay_in_processing
            ),
            "await_obligations": Effect(
                effects.await_obligations, _("Awaits financial obligations"), is_final=True, by_officer=True
            ),
            "settle_obligations": Effect(
                effects.settle_obligations,
                _("Settles financial obligations"),
                needs=("notice_number", "proof", "amount", "proven_on"),
                opens_appointment=True,
                is_final=True,
                by_officer=True,
            ),
            "submit_result": Effect(
                effects.submit_result, _("Submits the result"), undo=effects.return_result_draft, by_officer=True
            ),
            "return_result_draft": Effect(
                effects.return_result_draft, _("Returns the result's draft"), by_officer=True
            ),
            "sign_result": Effect(effects.sign_result, _("Signs the result"), is_final=True, by_officer=True),
            "promulgate_result": Effect(
                effects.promulgate_result, _("Promulgates the decision"), is_final=True, by_officer=True
            ),
            "issue_result": Effect(land_effects.issue_result, _("Issues the result"), is_final=True, by_officer=True),
            "resolve": Effect(land_effects.resolve, _("Resolves without a paper"), is_final=True, by_officer=True),
            "return_result": Effect(
                effects.return_result,
                _("Returns the result"),
                needs=("receiver_name", "receiver_id"),
                is_final=True,
                by_officer=True,
            ),
            **land_effects.LAND_EFFECTS,
        },
        causes={
            **PAUSES,
            "complete": _("the dossier is complete"),
            "supplemented": _("the dossier was completed"),
            "proof": _("proof of the financial obligations, notice %(reference)s"),
            "result": _("the result is there"),
        },
        open_sub=open_beside,
        worked_on=is_worked_on_since,
        brought=brought_for,
        places=PLACES,
        requirements={
            "result_drafted": Requirement(effects.result_is_drafted, _("A draft of the result")),
        },
    )
)
