"""Sheets to put between papers that are scanned in one go (tờ phân cách): one for each paper the procedure asks for."""

from django.utils import timezone

from dossiers.models import Dossier
from dossiers.splitting import SHEET
from papers.catalogue import form_in_force
from papers.rendering import printed, qr_code

FORM = "separator"


def print_separators(dossier: Dossier) -> bytes:
    """A PDF with a sheet for each component of the dossier's edition; they serve every dossier of the procedure."""
    components = dossier.version.edition.components
    sheets = [{"name": component.name, "qr": qr_code(SHEET + component.code)} for component in components]
    content = {"sheets": sheets, "procedure": dossier.version.procedure.name}
    return printed(form_in_force(FORM, timezone.localdate()), content)
