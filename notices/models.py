"""Messages to people, shown on the page."""

from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """One message to one officer (thông báo), in the words he reads; `url` is the page it is about.

    `recipient_id` is the officer's id without a foreign key: this package stands below the accounts.
    """

    recipient_id = models.BigIntegerField()
    message = models.CharField(max_length=500)
    url = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["recipient_id", "-id"], name="notices_of_recipient"),
            models.Index(fields=["recipient_id"], condition=Q(read_at__isnull=True), name="notices_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id}: {self.message}"
