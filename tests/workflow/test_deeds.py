"""Each new kind of deed under the same attacks: sent twice, sent late, sent by who may not, told once."""

from dataclasses import dataclass, field
from datetime import date
from typing import cast

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import Officer
from audit.models import AuditEvent
from tests.factories.moments import MORNING, stop_the_clock
from tests.factories.office import publish
from tests.workflow.harbour import HARBOUR, Harbour, open_by_code
from tests.workflow.untouched import untouched
from workflow.engine.operations.consult import consult
from workflow.models import Case, ProcedureVersion, StepRun

EDITION = "case_edition"


@dataclass(frozen=True)
class Deed:
    """A form of the step pages.

    by     the officer of the office who may send it; step: at which step, of the case divided into its branches
    typed  what he types; is_asked: whether an opinion was asked for at that step, which the form is about
    """

    by: str
    name: str
    step: str
    typed: dict[str, str] = field(default_factory=dict)
    is_asked: bool = False


DEEDS = {
    "ask": Deed(
        "specialist", "opinion_ask", "water", {"content": "Có bồi không?", "due_on": "2026-12-04", "unit": "?"}
    ),
    "answer": Deed("stranger", "opinion_answer", "water", {"answer": "Không", "receipt_key": "k"}, is_asked=True),
    "take back": Deed("specialist", "opinion_take_back", "water", {"reason": "Đã rõ"}, is_asked=True),
    "send back": Deed("specialist", "step_back", "water", {"to_step": "counter", "note": "Thiếu", "receipt_key": "k"}),
    "undo": Deed("specialist", "step_undo", "share", {"reason": "Nhầm"}),
    "jump": Deed("administrator", "step_jump", "water", {"to_step": "agree", "reason": "Mất mạng"}),
    "move": Deed("head", EDITION, "water", {"reason": "Quyết định mới"}),
}
EACH = pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)


@dataclass(frozen=True)
class Scene:
    """The deed's form as a page shows it."""

    harbour: Harbour
    client: Client
    deed: Deed
    case: Case
    run: StepRun
    others: tuple[int, ...]
    typed: dict[str, str]

    def send(self, *, by: Officer | None = None, **changes: str) -> HttpResponse:
        self.client.force_login(by or getattr(self.harbour.office, self.deed.by))
        address = reverse(self.deed.name, args=[self.run.pk, *self.others])
        return cast("HttpResponse", self.client.post(address, {**self.typed, **changes}))


@pytest.fixture
def scene(harbour: Harbour, client: Client, deed: Deed, monkeypatch: pytest.MonkeyPatch) -> Scene:
    stop_the_clock(monkeypatch)
    case = harbour.divided(at=MORNING)
    run = open_by_code(case).get(deed.step) or StepRun.objects.get(process=case, step=deed.step)
    if deed.is_asked:
        run = _asked(harbour, run)
    case.refresh_from_db()
    others = (_later().pk,) if deed.name == EDITION else ()
    version = case.version if deed.name == EDITION else run.version
    typed = {**deed.typed, "version": str(version)}
    if "unit" in typed:
        typed["unit"] = str(harbour.office.other_branch.pk)
    return Scene(harbour, client, deed, case, run, others, typed)


def _asked(harbour: Harbour, run: StepRun) -> StepRun:
    return consult(
        step_run_id=run.pk,
        content="Có bồi không?",
        due_on=date(2026, 12, 4),
        version=run.version,
        acting=harbour.acting(harbour.office.specialist),
        unit_id=harbour.office.other_branch.pk,
        at=MORNING,
    ).asked


def _later() -> ProcedureVersion:
    return publish(HARBOUR.replace('code = "thu"', 'code = "moi"', 1).replace("days = 5\n", "days = 6\n", 1))


@EACH
def test_attack_44_a_form_sent_twice_does_it_once(scene: Scene) -> None:
    assert scene.send().status_code == 303
    with untouched():
        assert scene.send().status_code in (303, 409)


@EACH
def test_attack_46_a_stale_form_changes_nothing_and_keeps_what_was_typed(scene: Scene) -> None:
    with untouched():
        answer = scene.send(version="99")
    assert answer.status_code == 409
    for name in ("content", "answer", "reason", "note"):
        if name in scene.typed:
            assert scene.typed[name] in answer.content.decode()


@EACH
@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40])
def test_a_torn_form_changes_nothing(scene: Scene, version: str) -> None:
    with untouched():
        assert scene.send(version=version).status_code in (409, 422)


@EACH
def test_attack_48_who_may_not_is_refused_and_it_is_told(scene: Scene) -> None:
    office = scene.harbour.office
    for officer in (office.look_up, office.clerk):
        with untouched(refusals=1):
            assert scene.send(by=officer).status_code == 403
    if not scene.deed.is_asked:
        with untouched(refusals=1):
            assert scene.send(by=office.stranger).status_code == 404


@EACH
def test_attack_81_each_deed_is_told_once(scene: Scene) -> None:
    known = AuditEvent.objects.count()
    assert scene.send().status_code == 303
    assert AuditEvent.objects.count() == known + 1


@EACH
def test_attack_35_a_look_up_account_reads_and_changes_nothing(scene: Scene) -> None:
    scene.client.force_login(scene.harbour.office.look_up)
    with untouched():
        assert scene.client.get(reverse("step_further", args=[scene.run.pk])).status_code == 200


@EACH
def test_a_reading_does_nothing(scene: Scene) -> None:
    if scene.deed.name != EDITION:
        with untouched():
            scene.client.force_login(getattr(scene.harbour.office, scene.deed.by))
            assert scene.client.get(reverse(scene.deed.name, args=[scene.run.pk])).status_code == 405
