"""A dossier before its receipt: begun, saved as typed, moved to another procedure, discarded."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Acting, unit_token
from accounts.rights import require_update
from accounts.sight import allow
from audit.recording import record
from dossiers.models import Dossier, DossierComponent, DossierToken
from dossiers.operations.discarded import release_later
from dossiers.operations.locked import locked_draft
from dossiers.selectors import stream_of
from pages.domain_errors import Invalid, Refused
from workflow.models import ProcedureVersion
from workflow.procedures.selectors import version_in_force

# More than any form needs; a draft is no place to keep files.
LARGEST_DRAFT = 200_000


@transaction.atomic
def begin_draft(*, procedure: str, acting: Acting) -> Dossier:
    """Begins a dossier under the edition of the procedure in force today (mới đăng ký). It has no code yet.

    Raises Refused for who doesn't receive dossiers, Invalid for a procedure that isn't in force.
    """
    require_update(acting)
    if not acting.may_receive or acting.unit_id is None:
        raise Refused(_("Only a one-stop shop takes dossiers in."))
    version = _in_force(procedure)
    dossier = Dossier.objects.create(
        version=version,
        received_unit_id=acting.unit_id,
        clerk_id=acting.officer_id,
        registered_at=timezone.now(),
    )
    allow(DossierToken, dossier.pk, [unit_token(acting.unit_id)])
    lay_out_components(dossier, version)
    payload = {"procedure": version.procedure.name, "edition": version.code}
    record(stream_of(dossier.pk), "dossier.registered", actor=acting.actor, payload=payload)
    return dossier


def _in_force(procedure: str) -> ProcedureVersion:
    version = version_in_force(procedure)
    if version is None:
        raise Invalid(_("No edition of this procedure is in force today."), {"procedure": _("Choose another.")})
    return version


def lay_out_components(dossier: Dossier, version: ProcedureVersion) -> None:
    """A line for each paper the edition asks for, none of them handed in yet."""
    DossierComponent.objects.bulk_create(
        DossierComponent(
            dossier=dossier,
            code=component.code,
            position=position,
            name=component.name,
            document_type_id=component.document_type,
            form_of_paper=component.form_of_paper,
            quantity=component.quantity,
        )
        for position, component in enumerate(version.edition.components, start=1)
    )


@transaction.atomic
def save_draft(*, dossier_id: int, typed: Mapping[str, Sequence[str]], acting: Acting) -> datetime:
    """Keeps what was typed as it was typed, right or wrong; when it was saved.

    Called while somebody types, so it leaves no event: nothing is decided by it, and receipt records the outcome.
    """
    dossier = locked_draft(dossier_id, acting)
    if sum(len(name) + sum(map(len, values)) for name, values in typed.items()) > LARGEST_DRAFT:
        raise Invalid(_("There is too much text for a draft. Attach long texts as files."))
    dossier.draft = {name: list(values) for name, values in typed.items()}
    dossier.draft_saved_at = timezone.now()
    dossier.save(update_fields=["draft", "draft_saved_at"])
    return dossier.draft_saved_at


@transaction.atomic
def change_procedure(*, dossier_id: int, procedure: str, acting: Acting) -> Dossier:
    """Moves a draft to another procedure; what was typed stays, scans go to the papers of the same type.

    Raises Invalid when a scan would lose its place.
    """
    dossier = locked_draft(dossier_id, acting)
    before, version = dossier.version, _in_force(procedure)
    if version.pk == before.pk:
        return dossier
    scans = list(dossier.components.exclude(document=None).order_by("position"))
    dossier.components.all().delete()
    lay_out_components(dossier, version)
    _rehouse(scans, dossier)
    dossier.version = version
    dossier.save(update_fields=["version"])
    payload = {"before": before.procedure.name, "after": version.procedure.name, "edition": version.code}
    record(stream_of(dossier.pk), "dossier.procedure_changed", actor=acting.actor, payload=payload)
    return dossier


def _rehouse(scans: Sequence[DossierComponent], dossier: Dossier) -> None:
    """Gives each scan a paper of its type: the one of its own code, else the first still without a scan."""
    papers = list(dossier.components.order_by("position"))
    own_codes = {paper.code for paper in papers}
    homeless = []
    for scan in sorted(scans, key=lambda scan: scan.code not in own_codes):
        fitting = [
            paper for paper in papers if paper.document_type_id == scan.document_type_id and paper.document_id is None
        ]
        if not fitting:
            homeless.append(scan.name)
            continue
        paper = next((paper for paper in fitting if paper.code == scan.code), fitting[0])
        paper.document_id, paper.is_handed_in = scan.document_id, True
        paper.save(update_fields=["document", "is_handed_in"])
    if homeless:
        raise Invalid(_("The new procedure has no place for: %(papers)s.") % {"papers": ", ".join(homeless)})


@transaction.atomic
def discard_draft(*, dossier_id: int, acting: Acting) -> None:
    """Puts a draft aside for good (hủy); it keeps its trail and never had a code. Its scans go some days later."""
    dossier = locked_draft(dossier_id, acting)
    dossier.discard()
    dossier.save(update_fields=["status"])
    release_later(dossier.pk)
    record(stream_of(dossier.pk), "dossier.discarded", actor=acting.actor, payload={})
