"""An office with something of everything the integrity check looks at."""

from django.core.management import call_command

from dossiers.models import Dossier
from jobs.models import OutboxRow
from tests.factories.documents import legal_document, paper, pdf
from tests.factories.dossiers import at_step, begun, received
from tests.factories.office import Office, open_office
from workflow.models import Case


def office_to_check() -> Office:
    """Two dossiers at their end, one on its way, a draft; papers, a decision; and all of it in the index."""
    office = open_office("P6-2025.toml", "P2-2025.toml")
    at_step(office, received(office), "")
    at_step(office, received(office, "P2"), "")
    at_step(office, received(office, scans=("application",)), "check")
    begun(office)
    paper(content=pdf(width=333))
    legal_document(text="Điều 1. Giao đất")
    call_command("rebuild_index", verbosity=0)
    OutboxRow.objects.all().delete()
    return office


def going(office: Office) -> Dossier:
    return Dossier.objects.get(status="in_process")


def ended() -> Case:
    case: Case = Case.objects.filter(finished__isnull=False).order_by("pk")[0]
    return case
