"""The bell in the frame of every page."""

from functools import cache
from typing import Any

from django.http import HttpRequest

from notices.selectors import unread_count


def unread(request: HttpRequest) -> dict[str, Any]:
    """`unread_notices`: how many messages the officer hasn't read. One query, and only where a page shows it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_notices": 0}
    # Called by the template; the cache serves the other places of the page that show it.
    return {"unread_notices": cache(lambda: unread_count(user.pk))}
