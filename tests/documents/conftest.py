"""A vault and a place for uploads of each test's own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.documents.shelter import FileShelter, ObjectShelter, Shelter
from tests.servers import s3_storage


@pytest.fixture(autouse=True)
def own_vault(own_places: None, tmp_path: Path, settings: Any) -> Path:
    """The vault's folder; uploads wait in `incoming` beside it."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "incoming")
    (tmp_path / "incoming").mkdir()
    return tmp_path / "vault"


@pytest.fixture
def object_vault(own_vault: Path, settings: Any) -> Iterator[dict[str, Any]]:
    """The vault lies on an S3 server; its options."""
    with s3_storage() as options:
        entry = {"BACKEND": "documents.object_storage.ObjectStorage", "OPTIONS": {**options, "location": "kho"}}
        settings.STORAGES = {**settings.STORAGES, "vault": entry}
        yield options


@pytest.fixture(params=["file", pytest.param("s3", marks=pytest.mark.storages_differ)])
def shelter(request: pytest.FixtureRequest, own_vault: Path) -> Shelter:
    """Runs the test once on each storage, and tells what lies in it past the vault."""
    if request.param == "file":
        return FileShelter(own_vault)
    return ObjectShelter(request.getfixturevalue("object_vault"))
