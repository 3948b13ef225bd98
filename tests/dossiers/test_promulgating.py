"""A decision that goes out before the dossier is done: numbered and issued, and the dossier goes on."""

from datetime import date

import pytest

from documents.models import Document
from documents.states import State
from dossiers.models import Dossier
from dossiers.states import Status
from tests.factories.dossiers import at_step, case_behind, complete, received
from tests.factories.office import EDITIONS, Office, publish
from workflow.clock.ledger import ClockState

pytestmark = pytest.mark.django_db
_PROCLAIM = """[[steps]]
code = "proclaim"
name = "Ban hành quyết định"
role = "records_clerk"
days = 0.25

[[steps.outcomes]]
code = "promulgate"
name = "Cấp số, chuyển quyết định"
to = "register"
effect = "promulgate_result"

[[steps]]
code = "register"
"""


@pytest.fixture
def proclaimed(office: Office) -> Dossier:
    """Renewal with a step more, in which what was signed goes out; the dossier stands before that step."""
    text = (EDITIONS / "P6-2025.toml").read_text("utf-8")
    for old, new in (
        ('code = "2025"', 'code = "thu"'),
        ("effective_from = 2025-07-01", "effective_from = 2025-07-02"),
        ('to = "register"', 'to = "proclaim"'),
        ('[[steps]]\ncode = "register"\n', _PROCLAIM),
        ('effect = "issue_result"', 'effect = "resolve"'),
        ("days = 2.5", "days = 2.25"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    publish(text)
    return at_step(office, received(office), "proclaim")


def test_what_is_promulgated_bears_number_and_date_and_the_dossier_goes_on(office: Office, proclaimed: Dossier) -> None:
    complete(office, proclaimed, "promulgate")
    document = Document.objects.get(result__dossier=proclaimed)
    assert (document.state, document.number, document.issued_on) == (State.ISSUED, "VP 00001", date(2026, 12, 2))
    assert Dossier.objects.get(pk=proclaimed.pk).status == Status.IN_PROCESS
    assert case_behind(proclaimed).clock_state == ClockState.RUNNING


def test_what_was_promulgated_is_issued_once(office: Office, proclaimed: Dossier) -> None:
    complete(office, proclaimed, "promulgate")
    complete(office, proclaimed, "issue")
    assert Document.objects.get(result__dossier=proclaimed).number == "VP 00001"
    assert Dossier.objects.get(pk=proclaimed.pk).status == Status.RESOLVED
