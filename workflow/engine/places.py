"""Where a step is done: at the counter, in the competent unit, or in a unit of another kind."""

from django.utils.translation import gettext as _

from accounts.models import Unit
from accounts.selectors import units_in_force
from pages.domain_errors import Invalid
from workflow.engine.models import Case
from workflow.procedures.schema import Step


def unit_for(case: Case, step: Step) -> int:
    """The unit on whose list the step comes to stand. Raises Invalid when there is none of its kind."""
    if step.place == "received":
        return case.home_unit_id
    if step.place == "competent":
        return case.unit_id
    return _unit_of_kind(case, step)


def _unit_of_kind(case: Case, step: Step) -> int:
    found = nearest_of_kind(step.unit_kind, case.unit_id)
    if found is None:
        message = _("The step “%(step)s” needs a unit of the kind “%(kind)s” above %(unit)s, or a single one: none is.")
        words = {"step": step.name, "kind": step.unit_kind, "unit": case.unit.short_name}
        raise Invalid(message % words)
    return found


def nearest_of_kind(kind: str, unit_id: int) -> int | None:
    """The unit itself or the nearest above it that is of this kind today, else the only one there is."""
    candidates = set(units_in_force(kind=kind).values_list("pk", flat=True))
    parents = dict(Unit.objects.values_list("pk", "parent_id")) if candidates else {}
    above: int | None = unit_id
    seen = set[int]()
    while above is not None and above not in seen:
        if above in candidates:
            return above
        seen.add(above)
        above = parents.get(above)
    return candidates.pop() if len(candidates) == 1 else None
