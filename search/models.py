"""What the index must not show although it still holds it."""

from uuid import uuid4

from django.db import models


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
