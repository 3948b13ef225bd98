"""Telling many people something of their own at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from notices.models import Notice
from notices.operations.notify import LONGEST


@dataclass(frozen=True, slots=True)
class Word:
    """What one officer is told, in his language; `url` is the page it is about."""

    recipient_id: int
    message: str
    url: str = ""


def notify_each(words: Iterable[Word]) -> None:
    """Leaves each of these messages, in the caller's transaction and in one statement."""
    now = timezone.now()
    Notice.objects.bulk_create(
        Notice(recipient_id=word.recipient_id, message=word.message[:LONGEST], url=word.url, created_at=now)
        for word in words
    )
