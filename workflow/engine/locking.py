"""The lock under which a case changes: the engine's own and that of every operation."""

from django.db.models.expressions import Combinable

from workflow.engine.models import Case


def lock_case(key: int | Combinable) -> bool:
    """Waits until nobody else can change the case while the caller's transaction lasts; whether there is one.

    `key` is its key, or a subquery that yields it.
    """
    return Case.objects.select_for_update().filter(pk=key).values_list("pk").first() is not None
