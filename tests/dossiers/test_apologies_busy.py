"""Two heads who sign at once, and a database that is busy meanwhile: one apology, one number, nothing typed is lost."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Officer
from documents.operations.give_number import give_number
from documents.outgoing import RegisterEntry
from dossiers.clock_models import Apology
from dossiers.models import Dossier
from dossiers.operations.draft_apologies import draft_apologies
from dossiers.operations.sign_apology import sign_apology
from notices.models import Notice
from pages.domain_errors import Conflict
from tests.factories.accounts import officer_at
from tests.factories.dossiers import case_behind, complete, received
from tests.factories.moments import moment
from tests.factories.office import Office
from tests.workflow.test_busy import held

pytestmark = [pytest.mark.databases_differ, pytest.mark.django_db(transaction=True)]

REASON = "Chưa có kết quả trích đo địa chính"


@pytest.fixture
def dossier(office: Office) -> Dossier:
    found = received(office)
    complete(office, found, "forward")
    return found


def test_attack_45_of_two_heads_who_sign_at_once_one_does(office: Office, dossier: Dossier) -> None:
    gate = Barrier(2)

    def sign(officer: Officer) -> str:
        acting = office.acting(officer)
        try:
            gate.wait()
            sign_apology(dossier_id=dossier.pk, until=date(2026, 12, 14), reason=REASON, acting=acting)
        except Conflict:
            return "lost"
        finally:
            connection.close()
        return "won"

    heads = [office.head, officer_at(office.branch, "update", ["head"])]
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(sign, heads)) == ["lost", "won"]
    assert Apology.objects.count() == RegisterEntry.objects.filter(series="apology").count() == 1


def test_attack_65_two_workers_that_draft_at_once_ask_once(office: Office, dossier: Dossier) -> None:
    gate = Barrier(2)

    def draft(_worker: int) -> None:
        try:
            gate.wait()
            draft_apologies(now=moment("2026-12-08 09:00"))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(draft, range(2)))
    draft_apologies(now=moment("2026-12-08 09:00"))
    assert Apology.objects.count() == 1
    assert Notice.objects.filter(recipient_id=office.head.pk).count() == 1


def test_attack_47_signed_while_the_worker_drafts_it_is_signed_and_nobody_is_asked(
    office: Office, dossier: Dossier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker comes between the head's first look and what he writes."""
    workers = list[Future[None]]()

    def meanwhile(**asked: Any) -> RegisterEntry:
        workers.append(pool.submit(draft))
        wait(workers, timeout=2)
        return give_number(**asked)

    def draft() -> None:
        try:
            draft_apologies(now=moment("2026-12-08 09:00"))
        finally:
            connection.close()

    monkeypatch.setattr("dossiers.operations.sign_apology.give_number", meanwhile)
    acting, at = office.acting(office.head), moment("2026-12-08 09:00")
    with ThreadPoolExecutor(1) as pool:
        signed = sign_apology(dossier_id=dossier.pk, until=date(2026, 12, 14), reason=REASON, acting=acting, at=at)
    workers[0].result()
    assert list(Apology.objects.values_list("signed_by", "until")) == [(office.head.pk, signed.until)]
    assert not Notice.objects.filter(recipient_id=office.head.pk).exists()


def test_attack_62_signed_while_the_database_is_busy_it_is_503_with_what_was_typed(
    client: Client, office: Office, dossier: Dossier
) -> None:
    client.force_login(office.head)
    patience = "PRAGMA busy_timeout = 100" if connection.vendor == "sqlite" else "SET lock_timeout = '100ms'"
    with connection.cursor() as cursor:
        cursor.execute(patience)
    address = reverse("dossier_apologize", args=[dossier.pk])
    typed = {"until": "14/12/2026", "reason": REASON}
    with held(case_behind(dossier).pk):
        answer = client.post(address, typed)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert REASON in answer.content.decode()
    assert not RegisterEntry.objects.filter(series="apology").exists()
    assert client.post(address, typed).status_code == 303
    assert Apology.objects.get().is_signed
