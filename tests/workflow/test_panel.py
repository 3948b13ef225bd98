"""The panel of an open step: to whom it offers what."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from accounts.models import Officer, RoleSlot
from tests.factories.accounts import officer_at
from tests.factories.dossiers import at_step, received
from tests.factories.moments import MORNING, moment
from tests.factories.office import Office, open_office
from tests.workflow.ferry import River, boats, only_open
from workflow.engine.operations.hand import claim_step
from workflow.engine.panel import Panel, outcome_prefix, panel_for
from workflow.engine.selectors import case_of, open_runs, run_seen
from workflow.models import Case, StepRun
from workflow.procedures.eforms import EForm


@pytest.fixture
def case(river: River) -> Case:
    """A case whose second step is in the queue of the branch."""
    case = river.start(at=MORNING)
    river.end(case, "pass", at=MORNING)
    return case


@pytest.fixture
def sounding(river: River, case: Case) -> StepRun:
    """The step with an outcome that asks for a number and a table."""
    return river.walk(case, "fits", at=MORNING)


def panel(river: River, case: Case, officer: Officer, *, now: datetime = MORNING, **asked: Any) -> Panel:
    acting = river.acting(officer)
    return panel_for(run_seen(only_open(case).pk, acting), acting, now=now, **asked)


def form(shown: Panel, outcome: str) -> EForm:
    found = next(choice.form for choice in shown.choices if choice.outcome.code == outcome)
    assert found is not None
    return found


def typed(outcome: str, **fields: str) -> dict[str, str]:
    """Fields as the panel's form posts them."""
    return {f"{outcome_prefix(outcome)}-{name}": text for name, text in fields.items()}


# To whom -------------------------------------------------------------------------------------------


def test_who_does_such_steps_may_claim_or_complete_what_nobody_has(river: River, case: Case) -> None:
    shown = panel(river, case, river.office.specialist)
    assert (shown.may_claim, shown.may_complete) == (True, True)


def test_what_somebody_has_only_he_completes_and_nobody_claims(river: River, case: Case) -> None:
    colleague = officer_at(river.branch, RoleSlot.Kind.UPDATE, ["specialist"])
    claim_step(step_run_id=only_open(case).pk, version=0, acting=river.acting(river.office.specialist))
    own, other = panel(river, case, river.office.specialist), panel(river, case, colleague)
    assert (own.may_claim, own.may_complete) == (False, True)
    assert (other.may_claim, other.may_complete) == (False, False)


def test_who_does_other_steps_may_neither(river: River, case: Case) -> None:
    office = river.office
    for officer in (office.clerk, office.head, office.look_up, office.administrator):
        shown = panel(river, case, officer)
        assert (shown.may_claim, shown.may_complete) == (False, False)


def test_attack_35_a_look_up_slot_with_the_right_role_is_offered_nothing(river: River, case: Case) -> None:
    shown = panel(river, case, officer_at(river.branch, RoleSlot.Kind.LOOKUP, ["specialist", "head"]))
    assert (shown.may_claim, shown.may_complete, list(shown.colleagues)) == (False, False, [])


def test_who_leads_the_unit_is_offered_the_others_who_do_such_steps(river: River, case: Case) -> None:
    second = officer_at(river.branch, RoleSlot.Kind.UPDATE, ["specialist"])
    office = river.office
    assert set(panel(river, case, office.head).colleagues) == {office.specialist, second}
    claim_step(step_run_id=only_open(case).pk, version=0, acting=river.acting(office.specialist))
    assert list(panel(river, case, office.head).colleagues) == [second]


def test_nobody_else_is_offered_colleagues(river: River, case: Case) -> None:
    office = river.office
    for officer in (office.specialist, office.clerk, office.look_up, office.administrator):
        assert list(panel(river, case, officer).colleagues) == []


def test_a_finished_step_offers_nothing(river: River, case: Case) -> None:
    run = river.end(case, "fits", at=MORNING)
    acting = river.acting(river.office.specialist)
    shown = panel_for(run_seen(run.pk, acting), acting, now=MORNING)
    assert (shown.may_claim, shown.may_complete) == (False, False)


# What ----------------------------------------------------------------------------------------------


def test_every_outcome_of_the_step_is_offered_in_the_editions_order(river: River, case: Case) -> None:
    shown = panel(river, case, river.office.specialist)
    assert [(choice.outcome.code, choice.form) for choice in shown.choices] == [
        ("fits", None),
        ("ask_again", None),
        ("stop", None),
    ]


def test_what_must_be_done_first_is_shown_with_whether_it_is(river: River, case: Case) -> None:
    for is_measured in (True, False):
        river.landing.is_measured = is_measured
        [check] = panel(river, case, river.office.specialist).checks
        assert (check.label, check.is_met) == ("Bản đo bến", is_measured)


def test_a_step_that_needs_nothing_has_no_checks(river: River, case: Case, sounding: StepRun) -> None:
    assert list(panel(river, case, river.office.specialist).checks) == []


def test_the_deadline_is_the_steps_own(river: River, case: Case) -> None:
    for now, tone, words in (
        (moment("2026-12-03 11:30"), "ok", "Còn 1,2 ngày"),
        (moment("2026-12-03 16:30"), "near", "Còn 0,8 ngày"),
        (moment("2026-12-07 09:30"), "late", "Quá hạn 0,6 ngày"),
    ):
        deadline = panel(river, case, river.office.specialist, now=now).deadline
        assert (deadline.tone, deadline.words) == (tone, words)


@pytest.mark.django_db
def test_the_results_drafted_in_a_step_are_named() -> None:
    office: Office = open_office("P6-2025.toml")
    dossier = at_step(office, received(office, at=MORNING), "check")
    found = case_of("dossier", dossier.pk)
    assert found is not None
    [run] = open_runs(found)
    edition = found.edition_version.edition
    shown = panel_for(run, office.acting(office.specialist), now=MORNING)
    assert [kind.code for kind in shown.drafts] == list(edition.step("check").drafts) != []
    assert shown.drafts[0] == edition.result(shown.drafts[0].code)


def test_each_panel_has_a_receipt_key_of_its_own(river: River, case: Case) -> None:
    keys = {panel(river, case, river.office.specialist).receipt_key for _time in range(3)}
    assert len(keys) == 3
    assert all(0 < len(key) <= 40 for key in keys)


# When the form comes back --------------------------------------------------------------------------


def back(river: River, case: Case, data: Mapping[str, str], **asked: Any) -> Panel:
    return panel(river, case, river.office.specialist, data=data, **asked)


def test_what_was_typed_for_the_chosen_outcome_comes_back_with_its_faults(
    river: River, case: Case, sounding: StepRun
) -> None:
    shown = back(river, case, {"outcome": "deep", **typed("deep", depth="sâu", **boats("Cát Bà"))})
    judged = form(shown, "deep")
    assert judged["depth"].value() == "sâu"
    assert judged["depth"].errors
    assert [row["name"].value() for row in judged.rows["boats"].forms] == ["Cát Bà"]


@pytest.mark.parametrize("outcome", ["leaks", ""])
def test_what_was_typed_for_another_outcome_comes_back_unjudged(
    river: River, case: Case, sounding: StepRun, outcome: str
) -> None:
    shown = back(river, case, {"outcome": outcome, **typed("deep", depth="sâu", **boats("Cát Bà", "Cát Hải"))})
    kept = form(shown, "deep")
    assert kept["depth"].value() == "sâu"
    assert [row["name"].value() for row in kept.rows["boats"].forms] == ["Cát Bà", "Cát Hải"]
    assert not kept.is_bound


def test_the_note_the_faults_and_the_message_come_back(river: River, case: Case) -> None:
    shown = back(river, case, {"outcome": "fits", "note": "Đo lần hai."}, faults={"note": "x"}, message="Chưa xong.")
    assert (shown.typed_note, shown.faults, shown.message) == ("Đo lần hai.", {"note": "x"}, "Chưa xong.")


def test_the_receipt_key_stays_the_same(river: River, case: Case) -> None:
    assert back(river, case, {"outcome": "fits", "receipt_key": "k-7"}).receipt_key == "k-7"


def test_an_untouched_panel_has_nothing_typed_and_no_faults(river: River, case: Case, sounding: StepRun) -> None:
    shown = panel(river, case, river.office.specialist)
    empty = form(shown, "deep")
    assert (shown.typed_note, shown.faults, shown.message) == ("", None, "")
    assert (empty.is_bound, empty["depth"].value()) == (False, None)
    assert len(empty.rows["boats"].forms) == 1
