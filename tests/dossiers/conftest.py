"""An office with all its editions, on a morning that is always the same."""

import pytest

from accounts.acting import Acting
from tests.factories.moments import stop_the_clock
from tests.factories.office import INVENTED, Office, open_office, publish


@pytest.fixture(autouse=True)
def same_morning(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)


@pytest.fixture
def office(db: None) -> Office:
    """With the shipped editions and one that no code knows."""
    opened = open_office()
    publish(INVENTED.read_text("utf-8"))
    return opened


@pytest.fixture
def clerk(office: Office) -> Acting:
    return office.acting(office.clerk)
