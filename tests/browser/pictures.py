"""Pictures of pages for the documentation: taken by the story tests when PICTURES=1 (`make pictures`)."""

import os
from pathlib import Path

from django.conf import settings
from playwright.sync_api import Page

PLACE = Path(settings.BASE_DIR) / "docs" / "pictures"


def take(page: Page, name: str) -> None:
    """Keeps a picture of the page as it stands; does nothing unless pictures are wanted."""
    if os.environ.get("PICTURES") == "1":
        PLACE.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(PLACE / f"{name}.png"))
