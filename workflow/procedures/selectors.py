"""Which editions are in force. Procedures are public: every officer may read them."""

from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from workflow.procedures.models import ProcedureVersion


def versions_in_force(on: date | None = None) -> QuerySet[ProcedureVersion]:
    """The published editions for a dossier received on this day (today by default), with their procedures."""
    day = on or timezone.localdate()
    is_current = Q(effective_to__isnull=True) | Q(effective_to__gte=day)
    return (
        ProcedureVersion.objects.filter(
            is_current,
            province=settings.PROVINCE,
            status=ProcedureVersion.Status.PUBLISHED,
            effective_from__lte=day,
        )
        .select_related("procedure")
        .order_by("procedure_id", "-effective_from")
    )


def version_in_force(procedure: str, on: date | None = None) -> ProcedureVersion | None:
    """The newest edition of this procedure in force on the day."""
    return versions_in_force(on).filter(procedure=procedure).first()
