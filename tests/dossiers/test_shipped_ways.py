"""Each shipped procedure from the counter to the return, through units, branches and postings into the register."""

from functools import cache

import pytest
from django.core.files.base import ContentFile

from accounts.models import Officer, RoleSlot, Unit
from dossiers.models import Dossier
from dossiers.operations.draft import begin_draft
from dossiers.operations.draft_result import draft_result
from dossiers.operations.receive import receive_dossier
from dossiers.selectors import KIND
from dossiers.states import Status
from land.models import ParcelChange
from tests.factories.accounts import officer_at
from tests.factories.counter import typed_for
from tests.factories.documents import pdf
from tests.factories.dossiers import case_behind, told_for
from tests.factories.office import EDITIONS, Office, open_office
from workflow.engine.operations.complete import complete_step
from workflow.engine.selectors import open_runs
from workflow.models import StepRun
from workflow.procedures.reading import read_edition

NAMES = [path.name for path in sorted(EDITIONS.glob("*-2025*.toml"))]


def walked(office: Office, dossier: Dossier) -> list[str]:
    """Takes the first way forward out of every step, by an officer of the unit it came to; the steps in order."""

    @cache
    def officer(unit_id: int, role: str) -> Officer:
        return officer_at(Unit.objects.get(pk=unit_id), RoleSlot.Kind.UPDATE, [role])

    def end(run: StepRun) -> None:
        edition = case_behind(dossier).edition_version.edition
        step = edition.step(run.step)
        acting = office.acting(run.owner or officer(run.unit_id or 0, run.role))
        for number, result in enumerate(step.drafts):
            file = ContentFile(pdf(width=400 + 10 * run.number + number))
            draft_result(dossier_id=dossier.pk, result=result, acting=acting, file=file, name="du-thao.pdf")
        onward = next(outcome for outcome in step.outcomes if outcome.manner == "forward")
        complete_step(
            step_run_id=run.pk,
            outcome=onward.code,
            version=run.version,
            acting=acting,
            data={**told_for(onward), "serial": "AA 00000116"},
            ticked=range(len(step.checklist)),
        )

    passed = []
    while runs := open_runs(case_behind(dossier)):
        passed.append(runs[0].step)
        end(runs[0])
    return passed


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_a_dossier_goes_all_the_way_and_its_result_is_in_the_register(name: str) -> None:
    office, edition = open_office(name), read_edition((EDITIONS / name).read_text("utf-8"))
    acting = office.acting(officer_at(office.one_stop, RoleSlot.Kind.UPDATE, ["clerk"]))
    draft = begin_draft(procedure=edition.procedure, acting=acting)
    dossier = receive_dossier(dossier_id=draft.pk, typed=typed_for(edition), acting=acting)
    passed = walked(office, dossier)
    dossier.refresh_from_db()
    assert dossier.status == Status.RETURNED
    assert case_behind(dossier).finished is not None
    assert (passed[0], passed[-1]) == (edition.steps[0].code, edition.steps[-1].code)
    assert ParcelChange.objects.filter(source_kind=KIND, source_id=dossier.pk).exists()
