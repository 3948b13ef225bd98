"""Moments at the office, and a clock that stands still: no test may depend on the day it is run."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def moment(text: str) -> datetime:
    """`2026-12-02 09:00` as the office's clock shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


# A Wednesday without a holiday near: five working days later is Wednesday, 09/12/2026.
MORNING = moment("2026-12-02 09:00")


def stop_the_clock(monkeypatch: pytest.MonkeyPatch, at: datetime = MORNING) -> None:
    """From here on it is `at`, for everything that asks Django."""
    monkeypatch.setattr(timezone, "now", lambda: at)
