"""Which editions are in force. Procedures are public: every officer may read them."""

from datetime import date

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.acting import Acting
from accounts.sight import NotVisible
from workflow.procedures.draft_models import EditionDraft
from workflow.procedures.models import ProcedureVersion
from workflow.procedures.rights import may_publish, require_publisher


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
        .order_by("procedure_id", "-effective_from", "-id")
    )


def version_in_force(procedure: str, on: date | None = None) -> ProcedureVersion | None:
    """The newest edition of this procedure in force on the day; of two from the same day the one published last."""
    return versions_in_force(on).filter(procedure=procedure).first()


def published_versions() -> QuerySet[ProcedureVersion]:
    """Every published edition of the province, by procedure, newest first."""
    return (
        ProcedureVersion.objects.filter(province=settings.PROVINCE)
        .filter(status__in=[ProcedureVersion.Status.PUBLISHED, ProcedureVersion.Status.RETIRED])
        .select_related("procedure")
        .order_by("procedure_id", "-effective_from", "-id")
    )


def one_version(version_id: int, acting: Acting, *, locked: bool = False) -> ProcedureVersion:
    """A published edition, which every officer may read. Raises NotVisible where there is none."""
    versions = published_versions()
    found = (versions.select_for_update(of=("self",)) if locked else versions).filter(pk=version_id).first()
    if found is None:
        raise NotVisible
    return found


def drafts_for(acting: Acting) -> QuerySet[EditionDraft]:
    """The drafts of editions, newest first; of no concern to who may not publish."""
    drafts = EditionDraft.objects.filter(province=settings.PROVINCE).select_related("changed_by")
    return (drafts if may_publish(acting) else drafts.none()).order_by("-changed_at", "-id")


def one_draft(draft_id: int, acting: Acting, *, locked: bool = False) -> EditionDraft:
    """A draft. Raises Refused for who may not publish, NotVisible where there is none."""
    require_publisher(acting)
    drafts = drafts_for(acting)
    found = (drafts.select_for_update(of=("self",)) if locked else drafts).filter(pk=draft_id).first()
    if found is None:
        raise NotVisible
    return found
