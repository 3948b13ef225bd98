"""A vault and a place for uploads of each test's own."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def own_vault(own_places: None, tmp_path: Path, settings: Any) -> Path:
    """The vault's folder; uploads wait in `incoming` beside it."""
    vault = tmp_path / "vault"
    settings.STORAGES = {
        **settings.STORAGES,
        "vault": {"BACKEND": "documents.storage.WholeFileStorage", "OPTIONS": {"location": str(vault)}},
    }
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "incoming")
    (tmp_path / "incoming").mkdir()
    return vault
