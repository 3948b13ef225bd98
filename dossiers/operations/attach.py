"""A scan for a paper of the dossier."""

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.acting import Acting
from accounts.sight import tokens_of
from documents.models import DocumentVersion
from documents.operations.add_version import add_version
from documents.operations.receive import receive_file
from documents.operations.store import take_in
from dossiers.models import Dossier, DossierComponent, DossierToken
from dossiers.operations.draft_room import demand_room
from dossiers.operations.locked import demand_receiving, locked_draft
from dossiers.selectors import one_dossier
from pages.domain_errors import Invalid


def attach_scan(*, dossier_id: int, component: str, file: File[bytes], name: str, acting: Acting) -> DocumentVersion:
    """Keeps the file as the scan of this paper and has it read; the paper counts as handed in.

    A second file for the same paper is a new version of its document. One event, in the document's stream.
    Raises Invalid when the file is refused; then nothing of it stays.
    """
    dossier = one_dossier(acting, dossier_id)
    demand_receiving(dossier, acting)
    _component(dossier, component)
    # Screening and copying may take long: nobody shall wait for a lock meanwhile.
    demand_room(file.size, acting)
    stored = take_in(file, name, acting=acting)
    with transaction.atomic():
        dossier = locked_draft(dossier_id, acting)
        line = _component(dossier, component)
        context = {"dossier": dossier.pk, "paper": line.name}
        if line.document_id is not None:
            version = add_version(document_id=line.document_id, stored=stored, acting=acting, context=context)
        else:
            version = receive_file(
                stored=stored,
                document_type=line.document_type_id,
                title=line.name,
                unit_id=dossier.received_unit_id,
                tokens=tokens_of(DossierToken, [dossier.pk]).get(dossier.pk, []),
                acting=acting,
                context=context,
            )
        line.document_id, line.is_handed_in = version.document_id, True
        line.save(update_fields=["document", "is_handed_in"])
    return version


def _component(dossier: Dossier, code: str) -> DossierComponent:
    line = dossier.components.filter(code=code).first()
    if line is None:
        raise Invalid(_("This procedure doesn't ask for such a paper."))
    return line
