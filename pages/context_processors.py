"""What the frame of every page needs."""

from typing import Any

from django.http import HttpRequest

from pages.navigation import entries_for


def frame(request: HttpRequest) -> dict[str, Any]:
    """The acting officer and the navigation open to him; nothing before sign-in."""
    acting = getattr(request, "acting", None)
    return {"acting": acting, "navigation": entries_for(acting) if acting else []}
