"""An officer's messages; nobody reads another's."""

from notices.models import Notice
from pages.paging import KeyPage, page_newest_first


def unread_count(recipient_id: int) -> int:
    return Notice.objects.filter(recipient_id=recipient_id, read_at__isnull=True).count()


def notices_of(recipient_id: int, *, key: str = "") -> KeyPage[Notice]:
    """A page of his messages, newest first."""
    return page_newest_first(Notice.objects.filter(recipient_id=recipient_id), key=key)
