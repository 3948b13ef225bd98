"""Ways of a dossier beside its outcomes: undone, sent back, waiting for a dossier of its own."""

from datetime import timedelta

import pytest

from documents.models import Document
from documents.states import State
from dossiers.models import Dossier
from dossiers.states import Status
from jobs.models import OutboxRow
from pages.domain_errors import Conflict, Invalid
from tests.factories.dossiers import at_step, case_behind, complete, drafted, open_step, received
from tests.factories.moments import MORNING, stop_the_clock
from tests.factories.office import EDITIONS, Office, open_office, publish
from tests.workflow.untouched import untouched
from workflow.engine.operations.send_back import send_back, steps_behind
from workflow.engine.operations.time_out import report_sub_case
from workflow.engine.operations.undo import undo_step
from workflow.engine.selectors import run_seen
from workflow.models import StepRun

pytestmark = pytest.mark.django_db

P6 = (EDITIONS / "P6-2025.toml").read_text("utf-8")


@pytest.fixture
def office() -> Office:
    return open_office("P6-2025.toml", "P2-2025.toml")


def passed(dossier: Dossier, step: str) -> StepRun:
    found: StepRun = StepRun.objects.filter(process=case_behind(dossier), step=step, status="DONE").latest("number")
    return found


def draft(office: Office, dossier: Dossier) -> Document:
    drafted(office, dossier)
    return Document.objects.get(result__dossier=dossier)


def undo(office: Office, run: StepRun) -> StepRun:
    assert run.completed_by is not None
    return undo_step(step_run_id=run.pk, version=run.version, acting=office.acting(run.completed_by))


def test_a_submitted_result_is_a_draft_again_when_submitting_is_undone(office: Office) -> None:
    dossier = at_step(office, received(office), "check")
    paper = draft(office, dossier)
    complete(office, dossier, "submit")
    undo(office, passed(dossier, "check"))
    paper.refresh_from_db()
    assert (paper.state, open_step(dossier).step) == (State.DRAFT, "check")
    complete(office, dossier, "submit")
    assert open_step(dossier).step == "sign"


def test_handing_over_is_undone_as_long_as_nobody_drafted_anything(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = at_step(office, received(office), "check")
    undo(office, passed(dossier, "receive"))
    assert open_step(dossier).step == "receive"
    complete(office, dossier, "forward")
    stop_the_clock(monkeypatch, MORNING + timedelta(minutes=5))
    drafted(office, dossier)
    with untouched(), pytest.raises(Conflict):
        undo(office, passed(dossier, "receive"))


def test_what_was_signed_and_issued_is_not_undone(office: Office) -> None:
    dossier = at_step(office, received(office), "register")
    with untouched(), pytest.raises(Invalid):
        undo(office, passed(dossier, "sign"))
    dossier = at_step(office, received(office), "hand_over")
    with untouched(), pytest.raises(Invalid):
        undo(office, passed(dossier, "register"))


def test_attack_53_who_drafted_it_does_not_come_to_sign_it_by_sending_it_round(office: Office) -> None:
    """Sent back from the signer to the counter the draft is a draft again, and whose it was is not forgotten."""
    dossier = at_step(office, received(office), "check")
    paper = draft(office, dossier)
    complete(office, dossier, "submit")
    run = run_seen(open_step(dossier).pk, office.acting(office.head))
    assert [step.code for step in steps_behind(run)] == ["check", "receive"]
    send_back(
        step_run_id=run.pk, to_step="receive", note="Thiếu", version=run.version, acting=office.acting(office.head)
    )
    paper.refresh_from_db()
    assert (paper.state, paper.drafted_by) == (State.DRAFT, office.specialist)
    assert open_step(dossier).step == "receive"


# A dossier of its own ------------------------------------------------------------------------------


WAITING = """
[[steps]]
code = "own"
name = "Chờ hồ sơ đăng ký"
role = "specialist"
waits_for = "own"

[[steps.outcomes]]
code = "done"
name = "Đã có"
to = "sign"
"""


def publish_with_own() -> None:
    """P6 under an edition whose checking step may open a dossier of P2."""
    text = P6.replace('code = "2025"', 'code = "con"', 1).replace("2025-07-01", "2025-07-02", 1)
    way = '[[steps.outcomes]]\ncode = "first"\nname = "Phải đăng ký trước"\nto = "own"\nopens = "P2"\n\n'
    place = text.index('[[steps.outcomes]]\ncode = "send_back"')
    results = text.index("[[results]]")
    publish(text[:place] + way + text[place:results] + WAITING + text[results:])


@pytest.fixture
def with_own(office: Office) -> Office:
    publish_with_own()
    return office


def test_a_step_opens_a_dossier_of_the_same_applicant_and_waits_for_it(with_own: Office) -> None:
    office = with_own
    dossier = at_step(office, received(office), "check")
    drafted(office, dossier)
    complete(office, dossier, "first")
    own = Dossier.objects.get(version__procedure="P2")
    assert (own.applicant, own.applicant_name, own.status) == (
        *(dossier.applicant, dossier.applicant_name),
        Status.RECEIVED,
    )
    assert own.code and own.code != dossier.code
    assert own.components.exists()
    assert (open_step(dossier).step, open_step(dossier).awaited) == ("own", 1)
    assert case_behind(own).opened_from == open_step(dossier)


def test_once_it_has_ended_the_dossier_goes_on(with_own: Office) -> None:
    office = with_own
    dossier = at_step(office, received(office), "check")
    drafted(office, dossier)
    complete(office, dossier, "first")
    with untouched(), pytest.raises(Invalid):
        complete(office, dossier, "done")
    own = Dossier.objects.get(version__procedure="P2")
    # Of its form only the parcel is filled in: who handles it says who receives it.
    recipients = [{"id_number": "099079001262", "name": "Lương Văn Khởi", "birth_year": "1979", "share": "1/1"}]
    Dossier.objects.filter(pk=own.pk).update(values={**own.values, "scope": "whole", "recipients": recipients})
    at_step(office, own, "")
    row = OutboxRow.objects.get(topic="sub_case_ended")
    report_sub_case(case_id=int(row.key))
    complete(office, dossier, "done")
    assert open_step(dossier).step == "sign"
