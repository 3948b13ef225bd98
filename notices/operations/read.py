"""Marking messages as read. They are the reader's own affair: nothing of it goes to the trail."""

from django.utils import timezone

from notices.models import Notice


def mark_read(*, recipient_id: int, notice_id: int) -> Notice | None:
    """Marks one message of this officer; None when it is not his."""
    mine = Notice.objects.filter(recipient_id=recipient_id, pk=notice_id)
    mine.filter(read_at__isnull=True).update(read_at=timezone.now())
    return mine.first()


def mark_all_read(*, recipient_id: int, up_to: int) -> int:
    """Marks what the officer had before him, up to the message `up_to`; how many were new.

    What came in while he looked at the page stays new.
    """
    unread = Notice.objects.filter(recipient_id=recipient_id, read_at__isnull=True, pk__lte=up_to)
    return unread.update(read_at=timezone.now())
