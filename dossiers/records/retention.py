"""How long the records of a dossier are kept: the longest its procedure and its papers ask for; unknown is for good."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from dossiers.models import Dossier, DossierComponent, DossierResult
from dossiers.records_models import RetentionClass, RetentionRule

# A file is kept as long as the paper in it that is kept longest; no class is longer than for good.
_FOR_GOOD = 10_000


@dataclass(frozen=True, slots=True)
class Retention:
    """A class and the last day; both none when no rule says anything of the procedure: for good."""

    kept_as: RetentionClass | None
    keep_until: date | None


def retention_of(dossier: Dossier, closed_on: date) -> Retention:
    """By the rules in force on the day the dossier was closed.

    The procedure's rule begins it; types of papers among its own can only lengthen it. Years run from the end of the
    year of closing.
    """
    in_force = RetentionRule.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=closed_on))
    in_force = in_force.filter(valid_from__lte=closed_on).select_related("retention")
    of_procedure = in_force.filter(procedure=dossier.version.procedure_id).order_by("-valid_from").first()
    if of_procedure is None:
        return Retention(None, None)
    of_papers = in_force.filter(document_type__in=_types_in(dossier)).order_by("document_type", "valid_from")
    # As for procedures: of two rules for a type the newer one counts, whatever the older one said.
    newest = {rule.document_type: rule.retention for rule in of_papers}
    longest = _longest([of_procedure.retention, *newest.values()])
    return Retention(longest, last_day(longest, closed_on))


def last_day(kept_as: RetentionClass, closed_on: date) -> date | None:
    """Years run from the end of the year of closing; none: for good."""
    return date(closed_on.year + kept_as.years, 12, 31) if kept_as.years is not None else None


def is_longer(kept_as: RetentionClass, before: RetentionClass) -> bool:
    return _span(kept_as) > _span(before)


def _types_in(dossier: Dossier) -> set[str]:
    components = DossierComponent.objects.filter(dossier=dossier, is_handed_in=True)
    results = DossierResult.objects.filter(dossier=dossier)
    return {
        *components.values_list("document_type_id", flat=True),
        *results.values_list("document__document_type_id", flat=True),
    }


def _longest(classes: Iterable[RetentionClass]) -> RetentionClass:
    return max(classes, key=_span)


def _span(kept_as: RetentionClass) -> int:
    return _FOR_GOOD if kept_as.years is None else kept_as.years
