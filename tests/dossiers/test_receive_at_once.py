"""Two clerks, one draft, the same moment: on both databases one of them receives it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from accounts.acting import Acting
from audit.models import AuditEvent
from dossiers.models import Applicant, Dossier, IssuedForm
from dossiers.operations.draft import discard_draft
from dossiers.operations.receive import receive_dossier
from pages.domain_errors import Conflict
from tests.factories.accounts import acting_at
from tests.factories.dossiers import begun, typed_intake
from tests.factories.office import Office
from workflow.models import Case

pytestmark = [pytest.mark.databases_differ, pytest.mark.django_db(transaction=True)]


def at_once(*acts: object) -> list[object]:
    """What each of these comes to, a conflict as its class; all begin together."""
    together = Barrier(len(acts))

    def run(act: object) -> object:
        try:
            together.wait(timeout=10)
            return act()  # type: ignore[operator]
        except Conflict as conflict:
            return type(conflict)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def receiving(dossier: Dossier, office: Office, acting: Acting) -> object:
    return lambda: receive_dossier(dossier_id=dossier.pk, typed=typed_intake(office), acting=acting).code


def test_attack_44_a_double_click_receives_once(office: Office, clerk: Acting) -> None:
    draft = begun(office)
    outcomes = at_once(*[receiving(draft, office, clerk)] * 4)
    assert outcomes == ["H99.15-261202-0001"] * 4
    assert (Case.objects.count(), IssuedForm.objects.count(), Applicant.objects.count()) == (1, 1, 1)
    assert AuditEvent.objects.filter(verb="dossier.received").count() == 1


def test_attack_45_of_two_clerks_one_receives(office: Office, clerk: Acting) -> None:
    draft, colleague = begun(office), acting_at(office.one_stop, roles=["clerk"])
    outcomes = at_once(receiving(draft, office, clerk), receiving(draft, office, colleague))
    assert sorted(map(str, outcomes)) == sorted(["H99.15-261202-0001", str(Conflict)])
    assert AuditEvent.objects.filter(verb="dossier.received").count() == 1


def test_attack_47_receiving_against_discarding_leaves_one_of_both(office: Office, clerk: Acting) -> None:
    draft = begun(office)
    outcomes = at_once(
        receiving(draft, office, clerk), lambda: [discard_draft(dossier_id=draft.pk, acting=clerk), "gone"][-1]
    )
    draft.refresh_from_db()
    assert Conflict in outcomes
    assert (draft.code is None) is ("gone" in outcomes)


def test_the_same_new_applicant_at_two_counters_is_one(office: Office, clerk: Acting) -> None:
    drafts = [begun(office) for _ in range(4)]
    codes = at_once(*(receiving(draft, office, clerk) for draft in drafts))
    assert sorted(map(str, codes)) == [f"H99.15-261202-{number:04d}" for number in (1, 2, 3, 4)]
    assert Applicant.objects.count() == 1
