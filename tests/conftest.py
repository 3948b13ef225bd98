"""What every test stands on: places of its own for files and index, quick passwords, triggers that outlive a flush."""

import math
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from audit import append_only
from jobs import moments
from land import append_only as land_register

# Argon2 costs 50 ms a sign-in; the tests that are about passwords choose their own hashers.
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# No files are collected for tests: the finders serve them, and no client has to look a folder through.
_NO_STATIC = TemporaryDirectory()
django_settings.STATIC_ROOT = Path(_NO_STATIC.name)
django_settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}

# A busy machine is no fault: nothing here is judged by its seconds.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Files made for a case are named by their place: their bytes may hold the second they were packed in."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, settings: Any) -> None:
    """A vault, an index and page pictures nobody else writes to."""
    settings.STORAGES = {
        **settings.STORAGES,
        "vault": {"BACKEND": "documents.storage.WholeFileStorage", "OPTIONS": {"location": str(tmp_path / "vault")}},
    }
    settings.SEARCH_URL = f"embedded://{tmp_path}/index"
    settings.PICTURES_DIR = tmp_path / "pictures"


@pytest.fixture(autouse=True)
def own_minute() -> Iterator[None]:
    """Requests are counted by officer and minute; many tests fit into a minute, and numbers are used again."""
    cache.clear()
    yield


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A request answered in English leaves its thread in English: not for the next test."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True, scope="session")
def one_clock() -> Iterator[None]:
    """Tests turn and stop this machine's clock; the database's would go on beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(moments, "_measured", (math.inf, timedelta()))
        yield


@pytest.fixture(autouse=True, scope="session")
def flush_past_the_triggers() -> Iterator[None]:
    """Only Django's flush between tests may pass the append-only triggers; every other statement meets them."""
    original = BaseDatabaseOperations.execute_sql_flush

    def flush(self: BaseDatabaseOperations, sql_list: list[str]) -> Any:
        with connection.schema_editor() as editor:
            append_only.disarm(None, editor)
            land_register.disarm(None, editor)
        try:
            return original(self, sql_list)
        finally:
            with connection.schema_editor() as editor:
                append_only.arm(None, editor)
                land_register.arm(None, editor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush)
        yield
