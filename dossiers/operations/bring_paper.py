"""A paper brought in while a dossier is worked on: minutes, a map extract, what was posted."""

from collections.abc import Sequence

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Acting
from accounts.rights import require_role
from accounts.sight import tokens_of
from documents.models import DocumentType
from documents.operations.add_version import add_version
from documents.operations.receive import receive_file
from documents.operations.store import StoredFile, take_in
from dossiers.models import Dossier, DossierToken
from dossiers.selectors import KIND, one_dossier, stream_of
from dossiers.step_paper_models import StepPaper
from pages.domain_errors import Conflict, Invalid, Refused
from workflow.engine.models import StepRun
from workflow.engine.selectors import case_of, open_runs
from workflow.procedures.schema import StepFile

# What a step's officer brings in beside what the edition asks him for (documents/types).
OTHER_TYPES: Sequence[str] = (
    "bien_ban_kiem_tra_thuc_dia",
    "trich_luc_ban_do",
    "bien_ban_ranh_gioi",
    "ho_so_niem_yet",
    "don_khieu_nai",
    "ban_an",
    "giay_to_khac",
)
LONGEST_NAME = 250


def bring_paper(
    *,
    dossier_id: int,
    step_run_id: int,
    file: File[bytes],
    file_name: str,
    acting: Acting,
    code: str = "",
    other: StepFile | None = None,
) -> StepPaper:
    """Keeps the file as a paper of the dossier (giấy tờ trong quá trình giải quyết) and has it read.

    code   which file of the step's edition it is; a second one for it is a new version of its document
    other  what it is, where the edition doesn't ask for it; its code is empty

    Only in the hands of who has the step. One event, in the document's stream. Raises NotVisible, Refused, Conflict
    when the step is over, Invalid when the file is refused; then nothing of it stays.
    """
    dossier = one_dossier(acting, dossier_id)
    run, asked = _demand_step(dossier, step_run_id, code, acting)
    wanted = asked or _checked(other)
    # Screening and copying may take long: before any lock.
    stored = take_in(file, file_name, acting=acting)
    with transaction.atomic():
        Dossier.objects.select_for_update().get(pk=dossier.pk)
        _demand_step(dossier, step_run_id, code, acting)
        return _keep(dossier, run, wanted, stored, acting)


def other_types() -> list[DocumentType]:
    """The same as people call them."""
    return list(DocumentType.objects.filter(pk__in=OTHER_TYPES).order_by("name"))


def _keep(dossier: Dossier, run: StepRun, wanted: StepFile, stored: StoredFile, acting: Acting) -> StepPaper:
    context = {"dossier": dossier.code or "", "paper": wanted.name, "step": run.title}
    existing = StepPaper.objects.filter(dossier=dossier, code=wanted.code).first() if wanted.code else None
    if existing:
        add_version(document_id=existing.document_id, stored=stored, acting=acting, context=context)
        return existing
    version = receive_file(
        stored=stored,
        document_type=wanted.document_type,
        title=wanted.name,
        unit_id=acting.unit_id or dossier.received_unit_id,
        tokens=tokens_of(DossierToken, [dossier.pk]).get(dossier.pk, []),
        acting=acting,
        context=context,
    )
    kept = {"code": wanted.code, "name": wanted.name, "document_id": version.document_id}
    return StepPaper.objects.create(dossier=dossier, step_run=run, **kept)


def _demand_step(dossier: Dossier, step_run_id: int, code: str, acting: Acting) -> tuple[StepRun, StepFile | None]:
    """The open step in his hands, and the file of this code it asks for."""
    case = case_of(KIND, dossier.pk)
    run = next((one for one in open_runs(case) if one.pk == step_run_id), None) if case else None
    if case is None or run is None:
        raise Conflict(_("This step is over. Open the dossier again."))
    require_role(acting, run.role, run.unit_id, about=stream_of(dossier.pk))
    if not acting.may_take(run.owner_id, run.role):
        raise Refused(_("The step is in the hands of somebody else."), about=stream_of(dossier.pk))
    asked = next((file for file in case.edition_version.edition.step(run.step).files if file.code == code), None)
    if code and asked is None:
        raise Invalid(_("This step doesn't ask for such a paper."))
    return run, asked


def _checked(other: StepFile | None) -> StepFile:
    if other is None or not other.name.strip():
        raise Invalid(_("Say what paper it is."), {"name": _("Fill this in.")})
    if len(other.name) > LONGEST_NAME or other.document_type not in OTHER_TYPES:
        raise Invalid(_("The form is incomplete. Open the page again."))
    return other
