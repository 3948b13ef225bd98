"""A dossier's processing as a kind of case: where it is shown, who sees it, what steps may do to it."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.acting import Acting, unit_token
from accounts.sight import allow
from documents.operations.sight import widen_sight
from dossiers import effects
from dossiers.cross_check import cross_check
from dossiers.models import DossierToken
from dossiers.selectors import KIND, document_ids_of, sees_dossier, stream_of, visible_dossiers
from search.indexing import index_later
from workflow.kinds import CaseKind, Effect, Remark, Requirement, register_kind


def _url(dossier_id: int) -> str:
    return reverse("dossier", args=[dossier_id])


def _sees(acting: Acting, dossier_id: int) -> bool:
    return sees_dossier(acting, dossier_id)


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
    """Mismatches between form and papers nobody has decided yet."""
    dossier = visible_dossiers(acting).select_related("version__procedure").filter(pk=dossier_id).first()
    count = cross_check(dossier, acting).open_count if dossier else 0
    words = ngettext("%(count)s value differs from the papers", "%(count)s values differ from the papers", count)
    return [Remark(words % {"count": count}, reverse("dossier_check", args=[dossier_id]))] if count else []


register_kind(
    CaseKind(
        code=KIND,
        label=_("Dossier"),
        url=_url,
        stream=stream_of,
        sees=_sees,
        reached=_reached,
        moved=_moved,
        remarks=_remarks,
        effects={
            "begin_processing": Effect(effects.begin_processing, _("Begins processing")),
            "await_obligations": Effect(effects.await_obligations, _("Awaits financial obligations")),
            "settle_obligations": Effect(
                effects.settle_obligations,
                _("Settles financial obligations"),
                needs=("notice_number", "proof", "amount", "proven_on"),
                opens_appointment=True,
            ),
            "submit_result": Effect(effects.submit_result, _("Submits the result")),
            "return_result_draft": Effect(effects.return_result_draft, _("Returns the result's draft")),
            "sign_result": Effect(effects.sign_result, _("Signs the result")),
            "issue_result": Effect(effects.issue_result, _("Issues the result")),
            "resolve": Effect(effects.resolve, _("Resolves without a paper")),
            "return_result": Effect(
                effects.return_result, _("Returns the result"), needs=("receiver_name", "receiver_id")
            ),
        },
        causes={
            "complete": _("the dossier is complete"),
            "tax": _("slip %(reference)s sent to the tax authority"),
            "proof": _("proof of the financial obligations, notice %(reference)s"),
            "result": _("the result is there"),
        },
        requirements={
            "result_drafted": Requirement(effects.result_is_drafted, _("A draft of the result")),
        },
    )
)
