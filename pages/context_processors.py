"""What the frame of every page needs."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from pages.navigation import navigation_for


def frame(request: HttpRequest) -> dict[str, Any]:
    """The acting officer and the navigation open to him; nothing before sign-in, no query where no page shows it."""
    acting = getattr(request, "acting", None)
    return {"acting": acting, "navigation": SimpleLazyObject(lambda: navigation_for(acting) if acting else [])}
