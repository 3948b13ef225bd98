"""How far the index is behind the database."""

from datetime import timedelta

from django.db.models import Min
from django.utils import timezone

from jobs.models import OutboxRow
from search.indexing import TOPIC
from search.rebuilding import HOLD


def index_lag() -> timedelta:
    """For how long the oldest change that isn't indexed yet has waited; nothing when none waits.

    Entries that were given up (dead rows) don't count: they are named in the outbox.
    """
    rows = OutboxRow.objects.filter(topic=TOPIC, died_at__isnull=True).exclude(key=HOLD)
    oldest = rows.aggregate(oldest=Min("created_at"))["oldest"]
    return max(timezone.now() - oldest, timedelta()) if oldest else timedelta()
