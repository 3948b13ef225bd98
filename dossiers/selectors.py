"""Dossiers, as far as the acting officer may see them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.acting import Acting
from accounts.sight import NotVisible, one_visible, visible
from documents.models import DocumentVersion
from documents.origins import Origin
from dossiers.models import (
    Applicant,
    Bundle,
    Dossier,
    DossierComponent,
    DossierResult,
    DossierToken,
    FinancialObligation,
)
from dossiers.states import Status
from dossiers.step_paper_models import StepPaper

KIND = "dossier"


def stream_of(dossier_id: int) -> str:
    """The audit stream of a dossier."""
    return f"{KIND}:{dossier_id}"


def origin_of(dossier: Dossier) -> Origin:
    """The dossier as outgoing papers are written for it."""
    return Origin(KIND, dossier.pk, dossier.code or "")


def visible_dossiers(acting: Acting) -> QuerySet[Dossier]:
    return visible(Dossier.objects.all(), DossierToken, acting)


def one_dossier(acting: Acting, dossier_id: int) -> Dossier:
    """The dossier with its edition and units. Raises NotVisible, the same for hidden and for missing."""
    rows = Dossier.objects.select_related("version__procedure", "received_unit", "unit", "clerk", "applicant")
    return one_visible(rows, DossierToken, acting, stream=KIND, pk=dossier_id)


def sees_dossier(acting: Acting, dossier_id: int) -> bool:
    return visible_dossiers(acting).filter(pk=dossier_id).exists()


def own_drafts(acting: Acting) -> QuerySet[Dossier]:
    """Drafts the officer began at the unit he acts for, newest first."""
    drafts = Dossier.objects.filter(clerk=acting.officer_id, received_unit__in=acting.units, status=Status.REGISTERED)
    return drafts.select_related("version__procedure").order_by("-registered_at")


def received_at_unit(acting: Acting) -> QuerySet[Dossier]:
    """What the officer's unit took in, newest first."""
    rows = Dossier.objects.filter(received_unit__in=acting.units, received_at__isnull=False)
    return rows.select_related("version__procedure", "clerk").order_by("-received_at", "-id")


def waiting_for_pick_up(acting: Acting) -> QuerySet[Dossier]:
    """Resolved dossiers of the officer's one-stop shop whose applicants haven't come yet, longest waiting first."""
    rows = Dossier.objects.filter(received_unit__in=acting.units, status=Status.RESOLVED)
    return rows.select_related("version__procedure").order_by("resolved_at", "id")


def papers_of(dossier: Dossier) -> list[DossierComponent]:
    """The papers of a dossier in order, with their scans."""
    related = ("document__current", "document_type")
    return list(dossier.components.select_related(*related).order_by("position"))


def results_of(dossier: Dossier) -> list[DossierResult]:
    related = ("document__current", "document__drafted_by", "document__signed_by", "document__legal_document")
    return list(dossier.results.select_related(*related).order_by("id"))


def is_worked_on_since(dossier_id: int, since: datetime) -> bool:
    """Whether anybody drafted a result or brought a paper in, or another version of one, since then."""
    own = Q(document__result__dossier=dossier_id) | Q(document__step_paper__dossier=dossier_id)
    return DocumentVersion.objects.filter(own, uploaded_at__gt=since).exists()


def step_papers_of(dossier: Dossier) -> list[StepPaper]:
    """What was brought in while it was worked on, in order."""
    related = ("document__current__uploaded_by", "document__document_type", "step_run")
    return list(dossier.step_papers.select_related(*related).order_by("id"))


def brought_for(dossier_id: int, codes: Sequence[str]) -> set[str]:
    """Which of these files its steps ask for were brought in."""
    found = StepPaper.objects.filter(dossier=dossier_id, code__in=codes)
    return set(found.values_list("code", flat=True))


def obligations_of(dossier: Dossier) -> list[FinancialObligation]:
    return list(dossier.obligations.order_by("id"))


def one_bundle(dossier: Dossier, bundle_id: int) -> Bundle:
    """A bundle of a dossier that was seen. Raises NotVisible."""
    related = ("split_by", "document__current__reading", "document__current__blob")
    bundle = Bundle.objects.select_related(*related).filter(dossier=dossier, pk=bundle_id).first()
    if bundle is None:
        raise NotVisible
    return bundle


def document_ids_of(dossier_id: int) -> list[int]:
    """Every document of the dossier: scans, bundles they were taken from, and results."""
    return document_ids_in([dossier_id])


def document_ids_in(dossier_ids: Collection[int]) -> list[int]:
    """The same of several dossiers, in three queries however many they are."""
    scans = DossierComponent.objects.filter(dossier__in=dossier_ids, document__isnull=False)
    results = DossierResult.objects.filter(dossier__in=dossier_ids).values_list("document_id", flat=True)
    bundles = Bundle.objects.filter(dossier__in=dossier_ids).values_list("document_id", flat=True)
    brought = StepPaper.objects.filter(dossier__in=dossier_ids).values_list("document_id", flat=True)
    return [*scans.values_list("document_id", flat=True), *results.union(bundles, brought)]


def streams_of(dossier_id: int) -> Sequence[str]:
    """The audit streams that tell a dossier's history: its own and those of its documents."""
    return [stream_of(dossier_id), *(f"document:{pk}" for pk in document_ids_of(dossier_id))]


def earlier_dossiers(acting: Acting, *, kind: str, id_number: str, besides: int | None = None) -> QuerySet[Dossier]:
    """Dossiers of the same applicant the officer may see, newest first: their data and papers can be used again."""
    rows = visible_dossiers(acting).filter(
        applicant__kind=kind, applicant__id_number=id_number, received_at__isnull=False
    )
    if besides is not None:
        rows = rows.exclude(pk=besides)
    return rows.select_related("version__procedure").order_by("-id")


def namesakes(acting: Acting, *, name: str, id_number: str) -> QuerySet[Dossier]:
    """Dossiers of somebody of the same name under another identity number: perhaps the same person entered twice."""
    # By spellings, through the index of names: folding every name would read a decade, and SQLite folds no Vietnamese.
    spelled = {name, name.upper(), name.title()}
    same = Applicant.objects.filter(name__in=spelled).exclude(id_number=id_number)
    return visible_dossiers(acting).filter(applicant__in=same, received_at__isnull=False).order_by("-id")
