"""The frame is tested alone, without the words other packages add to its navigation."""

import pytest

from pages import navigation


@pytest.fixture(autouse=True)
def own_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_ENTRIES", {})
