"""What a dossier's time limit stands still for, each with its words and the law behind it."""

import pytest
from django.db import transaction

from dossiers.pauses import PAUSES
from tests.factories.dossiers import case_behind, received
from tests.factories.moments import moment
from tests.factories.office import Office
from workflow.engine.clockwork import pause_clock, resume_clock
from workflow.engine.story import clock_story

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("cause", sorted(PAUSES))
def test_each_pause_is_a_line_with_its_words_and_its_law_and_moves_the_appointment(office: Office, cause: str) -> None:
    """Received on Wednesday, paused from Thursday noon to Friday noon: a day more."""
    case = case_behind(received(office))
    before = case.due_at
    with transaction.atomic():
        pause_clock(case, at=moment("2026-12-03 11:30"), cause=cause, reference="17/PB", basis="NĐ 101/2024, Điều 22")
        assert (case.clock_state, case.due_at) == ("paused", before)
        resume_clock(case, at=moment("2026-12-04 11:30"), cause=cause, reference="18/PB")
    assert (before, case.due_at) == (moment("2026-12-09 17:00"), moment("2026-12-10 17:00"))
    lines = clock_story(case, now=moment("2026-12-04 11:30")).lines
    assert [line.basis for line in lines if line.icon == "pause-circle"] == ["NĐ 101/2024, Điều 22"]
    assert "%(" not in lines[1].words


def test_a_cause_the_law_does_not_know_stops_no_clock(office: Office) -> None:
    case = case_behind(received(office))
    with pytest.raises(KeyError):
        pause_clock(case, at=moment("2026-12-03 11:30"), cause="lunch")
