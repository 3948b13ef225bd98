"""Records and their lists, as far as the acting officer may see them."""

from django.db.models import Count, Q, QuerySet

from accounts.acting import Acting, unit_token
from accounts.selectors import units_seen_by
from accounts.sight import NotVisible
from dossiers.records_models import RecordsLine, RecordsList


def lists_for(acting: Acting) -> QuerySet[RecordsList]:
    """The lists of the units whose papers show to him."""
    rows = RecordsList.objects.filter(unit__in=units_seen_by(acting).order_by().values("pk"))
    counts = {"files": Count("lines"), "faulty": Count("lines", filter=~Q(lines__faults=[]))}
    return rows.select_related("unit", "made_by", "approved_by").annotate(**counts)


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
