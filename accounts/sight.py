"""One rule of sight: an object carries allow-tokens, an officer has tokens, and one in common shows it to him."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from accounts.acting import Acting

Row = TypeVar("Row", bound=models.Model)


class AllowToken(models.Model):
    """A token an object carries. Subclasses add the foreign key `holder`, and this table's constraints by name."""

    token = models.CharField(max_length=60)

    class Meta:
        abstract = True


def _rows(tokens: type[AllowToken]) -> Any:
    """The table of a subclass: `holder` is a field of each, but not of the abstract class."""
    return tokens._default_manager


class NotVisible(Http404):
    """Not there, or not for these eyes: the answer is the same. `about` is set when it is there."""

    def __init__(self, *, about: str = "") -> None:
        super().__init__("not found")
        self.about = about


def visible(rows: QuerySet[Row], tokens: type[AllowToken], acting: Acting) -> QuerySet[Row]:
    """Those of `rows` the acting officer may see; a superuser sees all."""
    if acting.is_superuser:
        return rows
    carried = _rows(tokens).filter(holder=OuterRef("pk"), token__in=sorted(acting.tokens))
    return rows.filter(Exists(carried))


def one_visible(rows: QuerySet[Row], tokens: type[AllowToken], acting: Acting, *, stream: str, pk: int) -> Row:
    """The row with this key, if he may see it. Raises NotVisible, which also tells whether it exists at all."""
    row = visible(rows.filter(pk=pk), tokens, acting).first()
    if row is None:
        exists = rows.model._default_manager.filter(pk=pk).exists()
        raise NotVisible(about=f"{stream}:{pk}" if exists else "")
    return row


def allow(tokens: type[AllowToken], holder_id: int, allowed: Iterable[str]) -> None:
    """Lets the object carry these tokens too; those it has already stay once. One statement."""
    make: Any = tokens
    rows = [make(holder_id=holder_id, token=token) for token in sorted(set(allowed))]
    _rows(tokens).bulk_create(rows, ignore_conflicts=True)


def tokens_of(tokens: type[AllowToken], holder_ids: Iterable[int]) -> dict[int, list[str]]:
    """The tokens each of these objects carries, in one query."""
    found: dict[int, list[str]] = {}
    carried = _rows(tokens).filter(holder__in=list(holder_ids)).order_by("holder_id", "token")
    for holder_id, token in carried.values_list("holder_id", "token"):
        found.setdefault(holder_id, []).append(token)
    return found
