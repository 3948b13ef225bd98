"""Drafting the result of a dossier: printed from the template, or brought as a file."""

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Acting
from accounts.rights import require_role
from accounts.sight import tokens_of
from documents.operations.add_version import add_version
from documents.operations.draft import draft_document
from documents.operations.store import StoredFile, take_in
from dossiers.models import Dossier, DossierResult, DossierToken
from dossiers.results import print_result
from dossiers.selectors import KIND, one_dossier, stream_of
from pages.domain_errors import Conflict, Invalid, Refused
from workflow.engine.models import Case, StepRun
from workflow.engine.selectors import case_of, open_runs
from workflow.procedures.schema import ResultKind


def draft_result(
    *, dossier_id: int, result: str, acting: Acting, file: File[bytes] | None = None, name: str = ""
) -> DossierResult:
    """Makes a new draft of the result (dự thảo kết quả), a further version if there is one already.

    Only in the hands of who has the open step that drafts it. Without `file` it is printed from the edition's template.
    One event, in the document's stream. Raises NotVisible, Refused, Conflict when no open step drafts this result.
    """
    dossier = one_dossier(acting, dossier_id)
    kind = _demand_drafting(dossier, result, acting)
    # Printing and screening take long: before any lock.
    source: File[bytes] = file if file is not None else ContentFile(print_result(dossier, kind))
    brings = acting if file is not None else None
    stored = take_in(source, name or f"du-thao-{kind.code}-{dossier.pk}.pdf", acting=brings)
    with transaction.atomic():
        Dossier.objects.select_for_update().get(pk=dossier.pk)
        _demand_drafting(dossier, result, acting)
        return _keep(dossier, kind, stored, acting)


def _keep(dossier: Dossier, kind: ResultKind, stored: StoredFile, acting: Acting) -> DossierResult:
    existing = DossierResult.objects.filter(dossier=dossier, code=kind.code).first()
    context = {"dossier": dossier.code or "", "result": kind.name}
    if existing:
        add_version(document_id=existing.document_id, stored=stored, acting=acting, context=context)
        return existing
    if dossier.unit_id is None:
        raise Invalid(_("The dossier has no competent unit yet."))
    version = draft_document(
        stored=stored,
        document_type=kind.document_type,
        title=f"{kind.name} · {dossier.applicant_name}",
        unit_id=dossier.unit_id,
        tokens=tokens_of(DossierToken, [dossier.pk]).get(dossier.pk, []),
        acting=acting,
        context=context,
    )
    return DossierResult.objects.create(dossier=dossier, code=kind.code, document_id=version.document_id)


def _demand_drafting(dossier: Dossier, code: str, acting: Acting) -> ResultKind:
    case = case_of(KIND, dossier.pk)
    run = drafting_run(case, code) if case else None
    if case is None or run is None:
        raise Conflict(_("No open step of this dossier drafts such a result."))
    require_role(acting, run.role, run.unit_id, about=stream_of(dossier.pk))
    if not acting.may_take(run.owner_id, run.role):
        raise Refused(_("The step is in the hands of somebody else."), about=stream_of(dossier.pk))
    return case.edition_version.edition.result(code)


def drafting_run(case: Case, code: str) -> StepRun | None:
    """The open step in which this result is drafted."""
    edition = case.edition_version.edition
    return next((run for run in open_runs(case) if code in edition.step(run.step).drafts), None)
