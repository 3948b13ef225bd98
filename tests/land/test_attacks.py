"""Attacks on the land register from where it is changed: the steps of dossiers, and the command of the first load."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import call_command

from accounts.models import Officer, UnitSuccession
from accounts.operations.delegate import delegate_work
from audit.models import AuditEvent
from dossiers.models import Dossier, DossierResult
from dossiers.operations.draft_result import draft_result
from jobs.models import OutboxRow
from jobs.worker import drain
from land.holders import Person, together
from land.models import Parcel, ParcelChange
from land.operations import load
from land.operations.register import register_parcel
from land.operations.transfer import transfer_right
from land.selectors import Asked, parcels_for
from land.sight import one_parcel
from pages.domain_errors import Conflict, Invalid, Refused
from tests.factories.accounts import RoleHoldingFactory, StepRoleFactory, UnitFactory, officer_at
from tests.factories.documents import pdf
from tests.factories.dossiers import at_step, complete, open_step, received
from tests.factories.land import KHOI, NGAT, PLACE, held_by, keeper, parcel_at, source
from tests.factories.moments import MORNING
from tests.factories.office import Office, open_office
from tests.workflow.almanac import day_off, recalculated
from tests.workflow.untouched import untouched
from workflow.engine.operations.complete import complete_step
from workflow.engine.operations.jump import jump_to_step
from workflow.models import StepRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return open_office("P6-2025.toml", "P2-2025.toml")


def transfer(office: Office) -> Dossier:
    """About to be issued, of a parcel the register holds."""
    parcel_at(office.acting(office.specialist))
    return at_step(office, received(office, "P2"), "register")


def register_as_it_is() -> dict[str, list[Any]]:
    """Every row of the register."""
    return {model.__name__: list(model._default_manager.values()) for model in apps.get_app_config("land").get_models()}


def jumped(office: Office, run: StepRun, to_step: str) -> StepRun:
    acting = office.acting(office.administrator)
    return jump_to_step(step_run_id=run.pk, to_step=to_step, reason="Mất mạng", version=run.version, acting=acting)


def test_attack_47_issued_while_the_dossier_was_set_on_another_step_nothing_is_entered(office: Office) -> None:
    dossier = transfer(office)
    run, before = open_step(dossier), register_as_it_is()
    jumped(office, run, "draft")
    with untouched(), pytest.raises(Conflict):
        complete_step(
            step_run_id=run.pk,
            outcome="issue",
            version=run.version,
            acting=office.acting(office.specialist),
            data={"serial": "AA 00000116"},
        )
    assert register_as_it_is() == before


def test_attack_48_and_53_leapt_over_the_signing_nothing_is_issued_nor_entered(office: Office) -> None:
    parcel_at(office.acting(office.specialist))
    dossier = at_step(office, received(office, "P2"), "sign")
    before = register_as_it_is()
    jumped(office, open_step(dossier), "register")
    with untouched(), pytest.raises(Conflict):
        complete(office, dossier, "issue")
    assert register_as_it_is() == before


def test_attack_50_a_holiday_entered_since_moves_no_day_of_the_register(office: Office) -> None:
    dossier = transfer(office)
    complete(office, dossier, "issue", at=MORNING)
    before = register_as_it_is()
    day_off(office)
    recalculated(office)
    assert register_as_it_is() == before
    assert ParcelChange.objects.latest("pk").decided_on == MORNING.date()


def test_attack_51_a_unit_that_ended_leaves_its_names_in_the_register_and_its_successor_reads_it(db: None) -> None:
    old = UnitFactory.create(kind="registration_branch", name="CN cũ")
    acting = keeper(old)
    parcel = parcel_at(acting)
    new = UnitFactory.create(kind="registration_branch")
    UnitSuccession.objects.create(predecessor=old, successor=new, succeeded_on=MORNING.date() - timedelta(days=1))
    type(old).objects.filter(pk=old.pk).update(valid_to=MORNING.date() - timedelta(days=2), name="CN mới")
    Officer.objects.filter(pk=acting.officer_id).update(full_name="Tên khác")
    assert one_parcel(keeper(new), parcel.pk) == parcel
    assert {line.officer_name for line in ParcelChange.objects.filter(parcel=parcel)} == {acting.officer_name}
    assert AuditEvent.objects.get(stream=parcel.stream).unit_name == "CN cũ"


def test_attack_53_who_drafted_the_certificate_does_not_bring_it_into_the_register(office: Office) -> None:
    parcel_at(office.acting(office.specialist))
    dossier = at_step(office, received(office, "P2"), "sign")
    RoleHoldingFactory.create(officer=office.specialist, unit=office.branch, role=StepRoleFactory.create(code="head"))
    assert DossierResult.objects.get(dossier=dossier).document.drafted_by == office.specialist
    before = register_as_it_is()
    with untouched(), pytest.raises(Refused):
        complete(office, dossier, "approve", by=office.specialist)
    assert register_as_it_is() == before


def test_attack_53_nor_does_who_did_the_drafters_step_in_his_place_nor_he_himself(office: Office) -> None:
    """A's step is done by B in A's place; then neither of them is the other pair of eyes."""
    parcel_at(office.acting(office.specialist))
    deputy = officer_at(office.branch, "update", ["specialist", "head"])
    dossier = at_step(office, received(office, "P2"), "draft")
    StepRun.objects.filter(pk=open_step(dossier).pk).update(owner=office.specialist)
    delegate_work(
        principal_id=office.specialist.pk,
        delegate_id=deputy.pk,
        role="specialist",
        valid_from=MORNING.date(),
        valid_to=MORNING.date(),
        reason="Nghỉ phép",
        acting=office.acting(office.specialist),
    )
    file = ContentFile(pdf(width=491))
    draft_result(dossier_id=dossier.pk, result="certificate", acting=office.acting(deputy), file=file, name="x.pdf")
    assert complete(office, dossier, "submit", by=deputy).stood_in_for == office.specialist
    RoleHoldingFactory.create(officer=office.specialist, unit=office.branch, role=StepRoleFactory.create(code="head"))
    before = register_as_it_is()
    for who in (deputy, office.specialist):
        with untouched(), pytest.raises(Refused):
            complete(office, dossier, "approve", by=who)
    assert register_as_it_is() == before
    complete(office, dossier, "approve", by=office.head)


def test_attack_63_a_load_that_dies_at_a_line_goes_on_there_and_enters_each_once(tmp_path: Path) -> None:
    acting, path = keeper(), tmp_path / "thua.csv"
    head = "commune,sheet,number,area,purposes,holders\n"
    lines = [f"xã Tân Lộc,24,{number},100,ONT,{NGAT.id_number}|Ngát|1974\n" for number in (1, 2, 3)]
    path.write_text(head + "".join(lines), "utf-8")
    username = Officer.objects.get(pk=acting.officer_id).username
    asked = ["load_land", str(path), "--as", username, "--basis", "12/BB", "--on", "2026-01-12"]
    entered = register_parcel
    deaths = iter([False, True])

    def dying(**told: Any) -> Parcel:
        if next(deaths, False):
            raise SystemExit
        return entered(**told)

    with patch.object(load, "register_parcel", dying), pytest.raises(SystemExit):
        call_command(*asked, stdout=StringIO())
    assert Parcel.objects.count() == 1
    for _time in range(2):
        call_command(*asked, stdout=StringIO())
    assert sorted(Parcel.objects.values_list("number", flat=True)) == ["1", "2", "3"]
    assert AuditEvent.objects.filter(verb="parcel.registered").count() == 3


def test_attack_65_a_parcel_indexed_again_is_what_it_was(office: Office) -> None:
    parcel = parcel_at(office.acting(office.specialist))
    drain()
    before = register_as_it_is()
    events = AuditEvent.objects.count()
    OutboxRow.objects.create(topic="index", key=f"parcel:{parcel.pk}", available_at=MORNING, created_at=MORNING)
    drain()
    assert (register_as_it_is(), AuditEvent.objects.count()) == (before, events)


@pytest.mark.parametrize("number", ["0" * 21, "9" * 5000, "   "])
def test_a_number_no_card_has_is_refused_in_words(number: str) -> None:
    acting = keeper()
    someone = Person(kind="person", id_number=number, name="Sầm Văn Sáu")
    with untouched(), pytest.raises(Invalid):
        parcel_at(acting, people=[someone])
    parcel = parcel_at(acting)
    with pytest.raises(Invalid):
        transfer_right(parcel_id=parcel.pk, recipients=together([someone]), source=source(), acting=acting)
    assert held_by(parcel) == [("1/1", [NGAT.name])]


def test_attack_36_who_holds_what_is_not_asked_by_who_does_not_read_the_register(db: None) -> None:
    parcel_at(keeper(), people=[KHOI])
    stranger = keeper(UnitFactory.create(kind="tax"))
    for asked in (Asked(number=KHOI.id_number), Asked(commune=PLACE.commune), Asked()):
        with pytest.raises(Refused):
            parcels_for(asked, stranger)
