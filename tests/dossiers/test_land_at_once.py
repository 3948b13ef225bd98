"""Two dossiers on one parcel, the same moment: the register takes one of them, the other is told why."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from audit.models import AuditEvent
from dossiers.models import Dossier
from land.models import Parcel, ParcelChange
from land.rights_models import Certificate, LandRight
from pages.domain_errors import Conflict
from tests.factories.dossiers import at_step, open_step, received
from tests.factories.land import parcel_at
from tests.factories.office import Office, open_office
from workflow.engine.operations.complete import complete_step

pytestmark = [pytest.mark.databases_differ, pytest.mark.django_db(transaction=True)]

SAME: dict[str, Any] = {"form-parcel": "116", "form-certificate_serial": "DK 248032"}


@pytest.fixture
def office(transactional_db: None) -> Office:
    return open_office("P6-2025.toml", "P2-2025.toml")


def at_once(office: Office, dossiers: list[Dossier]) -> list[object]:
    """What issuing each of these comes to; all begin together, each with a blank of its own."""
    together = Barrier(len(dossiers))
    acting = office.acting(office.specialist)
    runs = [open_step(dossier) for dossier in dossiers]

    def issue(number: int) -> object:
        run = runs[number]
        try:
            together.wait(timeout=20)
            data = {"serial": f"AA {number + 1:08d}"}
            complete_step(step_run_id=run.pk, outcome="issue", version=run.version, acting=acting, data=data)
        except Conflict as conflict:
            return type(conflict)
        else:
            return "entered"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(dossiers)) as pool:
        return list(pool.map(issue, range(len(dossiers))))


def both(office: Office) -> list[Dossier]:
    return [at_step(office, received(office, "P2", **SAME), "register") for _ in range(2)]


def test_attack_45_of_two_transfers_of_one_parcel_one_is_entered(office: Office) -> None:
    parcel = parcel_at(office.acting(office.specialist))
    outcomes = at_once(office, both(office))
    assert sorted(map(str, outcomes)) == sorted(["entered", str(Conflict)])
    assert LandRight.objects.filter(parcel=parcel, valid_until__isnull=True).count() == 1
    assert ParcelChange.objects.filter(verb="right.transferred").count() == 1
    assert AuditEvent.objects.filter(verb="right.transferred").count() == 1
    assert Certificate.objects.filter(valid_until__isnull=True).count() == 1


def test_attack_45_a_parcel_the_register_does_not_know_is_taken_over_once(office: Office) -> None:
    outcomes = at_once(office, both(office))
    assert sorted(map(str, outcomes)) == sorted(["entered", str(Conflict)])
    assert Parcel.objects.count() == 1


def test_attack_44_a_double_click_enters_once(office: Office) -> None:
    dossier = at_step(office, received(office, "P2", **SAME), "register")
    outcomes = at_once(office, [dossier, dossier])
    assert sorted(map(str, outcomes)) == sorted(["entered", str(Conflict)])
    assert ParcelChange.objects.filter(verb="right.transferred").count() == 1
