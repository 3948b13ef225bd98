"""Writes the published document of the API to docs/, so that a change of it is seen in review."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from exchange.openapi import as_text

DOCUMENT = Path(settings.BASE_DIR) / "docs" / "openapi.json"


class Command(BaseCommand):
    help = "Writes what /api/openapi.json answers to docs/openapi.json."

    def handle(self, *args: Any, **options: Any) -> None:
        text = as_text()
        is_new = not DOCUMENT.exists() or DOCUMENT.read_text("utf-8") != text
        DOCUMENT.write_text(text, "utf-8")
        self.stdout.write(f"docs/openapi.json: {'written' if is_new else 'unchanged'}")
