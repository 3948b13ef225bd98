"""What comes into force on a day shows so in searches from that day on, though nobody touched it."""

from datetime import date, datetime, time

import pytest
from django.utils import timezone

from documents.tasks import come_into_force
from documents.validity import NOT_YET
from jobs.models import OutboxRow
from jobs.worker import drain
from search.kinds import badge_of
from search.records import key_of
from tests.factories.documents import legal_document
from tests.factories.moments import stop_the_clock
from tests.factories.shelf import anybody, found

pytestmark = pytest.mark.django_db


def on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    stop_the_clock(monkeypatch, datetime.combine(day, time(0, 30), tzinfo=timezone.get_default_timezone()))


def asked() -> set[str]:
    return set(OutboxRow.objects.filter(topic="index").values_list("key", flat=True))


def test_a_decision_is_found_as_in_force_from_its_day_on(monkeypatch: pytest.MonkeyPatch) -> None:
    legal = legal_document(subject="Quy định hạn mức giao đất", status=NOT_YET, effective_on=date(2026, 12, 1))
    on(monkeypatch, date(2026, 11, 30))
    come_into_force()
    assert asked() == set()
    on(monkeypatch, date(2026, 12, 1))
    come_into_force()
    assert asked() == {key_of(legal.kind, str(legal.pk))}
    drain(["index"])
    [hit] = found("hạn mức giao đất", anybody()).hits
    assert hit.status == badge_of("in_force")


@pytest.mark.parametrize(("day", "noticed"), [(date(2026, 12, 7), 1), (date(2026, 12, 8), 0)])
def test_a_server_off_for_a_week_notices_what_came_meanwhile(
    day: date, noticed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    legal_document(status=NOT_YET, effective_on=date(2026, 12, 1))
    legal_document(status=NOT_YET, effective_on=None)
    on(monkeypatch, day)
    come_into_force()
    assert len(asked()) == noticed
