# django-fsm-2 types every transition as Any: a wrong keyword would pass unseen.
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from django.db import models

_Method = TypeVar("_Method", bound=Callable[..., Any])

class TransitionNotAllowed(Exception): ...

class FSMField(models.CharField[str, str]):
    def __init__(self, *args: Any, protected: bool = ..., **kwargs: Any) -> None: ...

class FSMModelMixin(models.Model):
    class Meta:
        abstract = True

def transition(
    field: FSMField,
    source: str | Collection[str] = ...,
    target: str | None = ...,
    *,
    conditions: list[Callable[[Any], bool]] | None = ...,
    permission: str | Callable[[Any, Any], bool] | None = ...,
    custom: dict[str, Any] | None = ...,
) -> Callable[[_Method], _Method]: ...
def can_proceed(bound_method: Callable[..., Any], check_conditions: bool = ...) -> bool: ...
