"""What the database knows about the index."""

from uuid import uuid4

from django.db import models


class IndexState(models.Model):
    """The one row that says which index was filled, whether it is whole, and the last version given out.

    identity  of the index that was filled; another one in its place has lost what stood in it
    version   see `search.state.next_version`
    """

    identity = models.CharField(max_length=200, blank=True)
    is_whole = models.BooleanField(default=True)
    version = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.identity


class Narrowed(models.Model):
    """A thing whose sight was narrowed: left out of every answer until it lies in the index with its new tokens.

    `mark` changes with each narrowing, so indexing that began before the last one doesn't end it.
    """

    kind = models.CharField(max_length=40)
    object_id = models.CharField(max_length=70)
    mark = models.UUIDField(default=uuid4)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_one_narrowing")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.object_id}"
