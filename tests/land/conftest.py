"""Somebody who keeps the register, on a morning that is always the same."""

import pytest

from accounts.acting import Acting
from tests.factories.land import keeper
from tests.factories.moments import stop_the_clock


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def acting(db: None) -> Acting:
    return keeper()
