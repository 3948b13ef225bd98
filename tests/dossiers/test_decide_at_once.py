"""Two specialists decide on one mismatch at the same moment: on both databases one of them does."""

import pytest

from accounts.acting import Acting
from audit.models import AuditEvent
from dossiers.cross_check import cross_check
from dossiers.models import Dossier, MismatchRuling
from dossiers.operations.decide_mismatch import Seen, decide_mismatch
from dossiers.states import Ruling
from pages.domain_errors import Conflict
from tests.dossiers.test_receive_at_once import at_once
from tests.factories.accounts import acting_at
from tests.factories.dossiers import at_step, received
from tests.factories.office import Office
from tests.factories.readings import land, read_as

pytestmark = [pytest.mark.databases_differ, pytest.mark.django_db(transaction=True)]


def deciding(dossier: Dossier, ruling: Ruling, acting: Acting) -> object:
    row = cross_check(dossier, acting).row("area")
    assert row is not None
    seen = Seen(row.fingerprint, 0)
    return lambda: (
        decide_mismatch(
            dossier_id=dossier.pk, fact="area", ruling=ruling, note="Lý do", seen=seen, acting=acting
        ).ruling
    )


def test_attack_45_of_two_who_decide_one_wins(office: Office) -> None:
    dossier = at_step(office, received(office, scans=("certificate",)), "check")
    read_as(dossier, "certificate", *land("116", "24", "321.5"))
    first, second = office.acting(office.specialist), acting_at(office.branch, roles=["specialist"])
    outcomes = at_once(deciding(dossier, Ruling.FORM_RIGHT, first), deciding(dossier, Ruling.IGNORED, second))
    assert outcomes.count(Conflict) == 1
    assert MismatchRuling.objects.get().ruling in outcomes
    assert AuditEvent.objects.filter(verb="mismatch.decided").count() == 1
