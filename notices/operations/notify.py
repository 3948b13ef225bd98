"""Telling people something on the page."""

from collections.abc import Iterable

from django.utils import timezone

from notices.models import Notice

LONGEST = 500


def notify(recipient_ids: Iterable[int | None], message: str, url: str = "") -> None:
    """Leaves each of these officers the message, once, in the caller's transaction; `None` among them is passed over.

    `message` is text in the recipient's language, `url` a path of ours. One statement. The event belongs to the
    action that tells them.
    """
    now = timezone.now()
    Notice.objects.bulk_create(
        Notice(recipient_id=recipient_id, message=message[:LONGEST], url=url, created_at=now)
        for recipient_id in sorted({pk for pk in recipient_ids if pk is not None})
    )
