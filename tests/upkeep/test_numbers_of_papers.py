"""Papers that bear a number the outgoing register doesn't have: apologies and the minutes of hand-overs."""

import pytest
from django.utils import timezone

from documents.outgoing import RegisterEntry
from dossiers.models import IssuedForm
from tests.factories.accounts import officer_at
from tests.factories.dossiers import received
from tests.factories.office import Office, open_office
from upkeep.integrity.numbers import number_findings
from workflow.engine.operations.hand_over import accept_hand_over, hand_over_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return open_office("P6-2025.toml")


def found() -> list[tuple[str, str]]:
    return [(finding.check, finding.about) for finding in number_findings()]


def test_minutes_the_register_lost_are_named(office: Office) -> None:
    received(office)
    head = officer_at(office.one_stop, "update", ["head"])
    taker = officer_at(office.branch, "update", ["head"])
    units = {"from_unit_id": office.one_stop.pk, "to_unit_id": office.branch.pk}
    made = hand_over_unit(**units, reason="Sắp xếp lại", acting=office.acting(head))
    assert found() == []
    accept_hand_over(hand_over_id=made.pk, acting=office.acting(taker))
    assert found() == []
    RegisterEntry.objects.filter(series="hand-over").update(origin_id=made.pk + 1)
    assert found() == [("number.unregistered", made.stream)]


def test_an_apology_the_register_does_not_know_is_named(office: Office) -> None:
    dossier = received(office)
    IssuedForm.objects.create(
        dossier=dossier,
        code="apology",
        regulation="03/2025/TT-VPCP",
        number="7/XL-MC",
        issued_at=timezone.now(),
        issued_by=office.head,
        content={},
    )
    assert found() == [("number.unregistered", f"dossier:{dossier.pk}")]
