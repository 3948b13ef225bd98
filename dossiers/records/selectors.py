"""Records and their lists, as far as the acting officer may see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.acting import Acting, unit_token
from accounts.selectors import units_seen_by
from accounts.sight import NotVisible
from documents.models import DocumentVersion
from documents.states import Screening
from dossiers.models import Bundle, DossierComponent, DossierResult
from dossiers.records_models import RecordsLine, RecordsList
from dossiers.records_states import FileState
from dossiers.selectors import document_ids_in
from dossiers.step_paper_models import StepPaper


@dataclass(frozen=True, slots=True)
class Counted:
    """A list, how many files stand on it, and how many of these are not whole."""

    list: RecordsList
    files: int
    faulty: int


def lists_for(acting: Acting) -> QuerySet[RecordsList]:
    """The lists of the units whose papers show to him."""
    rows = RecordsList.objects.filter(unit__in=units_seen_by(acting).order_by().values("pk"))
    return rows.select_related("unit", "made_by", "approved_by")


def counted(lists: Sequence[RecordsList]) -> Sequence[Counted]:
    """These lists with the figures of their lines, in one query: of a page, never of everything there is."""
    lines = RecordsLine.objects.filter(records_list__in=[found.pk for found in lists])
    figures = lines.values("records_list").annotate(files=Count("pk"), faulty=Count("pk", filter=~Q(faults=[])))
    by_list = {row["records_list"]: (row["files"], row["faulty"]) for row in figures.order_by()}
    return [Counted(found, *by_list.get(found.pk, (0, 0))) for found in lists]


def withheld_from(found: RecordsList) -> bool:
    """Whether something in the list's package lies in quarantine by now."""
    rows = found.lines.exclude(file__state=FileState.DISPOSED).values_list("file__dossier", "packed")
    packed = dict(rows)
    shut = DocumentVersion.objects.filter(document__in=document_ids_in(packed), screening=Screening.QUARANTINED)
    if any(keys is None for keys in packed.values()):
        return shut.exists()
    inside = {key for keys in packed.values() for key in keys or ()}
    return not inside.isdisjoint(shut.values_list("pk", flat=True))


def lists_with_shut_files() -> QuerySet[RecordsList]:
    """Lists whose package may hold something that lies in quarantine."""
    shut = DocumentVersion.objects.filter(quarantine_reason__gt="", screening=Screening.QUARANTINED).values("document")
    of_scans = DossierComponent.objects.filter(document__in=shut).values("dossier")
    of_results = DossierResult.objects.filter(document__in=shut).values("dossier")
    of_bundles = Bundle.objects.filter(document__in=shut).values("dossier")
    of_steps = StepPaper.objects.filter(document__in=shut).values("dossier")
    lines = RecordsLine.objects.filter(file__dossier__in=of_scans.union(of_results, of_bundles, of_steps))
    return RecordsList.objects.filter(package__isnull=False, pk__in=lines.values("records_list"))


def one_list(acting: Acting, list_id: int) -> RecordsList:
    """Raises NotVisible, the same for hidden and for missing."""
    related = ("unit", "made_by", "approved_by", "package")
    found = RecordsList.objects.select_related(*related).filter(pk=list_id).first()
    if found is None:
        raise NotVisible
    if not (acting.is_superuser or unit_token(found.unit_id) in acting.tokens):
        raise NotVisible(about=found.stream)
    return found


def lines_of(found: RecordsList) -> QuerySet[RecordsLine]:
    return found.lines.select_related("file__dossier__version__procedure", "file__retention")
