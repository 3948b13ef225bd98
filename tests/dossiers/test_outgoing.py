"""What dossiers send out is in the outgoing register, with numbers that come from nowhere else."""

import importlib
from typing import Any

import pytest
from django.apps import apps

from accounts.models import NumberSeries
from audit.models import AuditEvent
from documents.models import Document, DocumentType, LegalDocument
from documents.operations.cancel_number import cancel_number
from documents.operations.give_number import series_of
from documents.outgoing import RegisterEntry
from documents.states import NumberState, State
from dossiers.models import Dossier, DossierResult
from dossiers.states import Status
from jobs.worker import drain
from pages.domain_errors import Conflict
from tests.dossiers.pdf_words import words
from tests.factories.dossiers import at_step, complete, received
from tests.factories.office import Office
from upkeep.integrity.numbers import number_findings
from workflow.models import ProcedureVersion

pytestmark = pytest.mark.django_db


def issued(office: Office) -> Dossier:
    return at_step(office, received(office), "hand_over")


def entry_of(dossier: Dossier) -> RegisterEntry:
    return RegisterEntry.objects.get(origin_id=dossier.pk, series="certificate", state=NumberState.USED)


def document_of(dossier: Dossier) -> Document:
    return Document.objects.get(result__dossier=dossier)


def cancelled(office: Office, dossier: Dossier) -> RegisterEntry | None:
    acting = office.acting(office.specialist)
    done = cancel_number(entry_id=entry_of(dossier).pk, reason="Ghi nhầm số", acting=acting)
    return done.successor


def test_an_issued_result_is_entered_with_all_the_register_asks_for(office: Office) -> None:
    dossier = issued(office)
    entry, document = entry_of(dossier), document_of(dossier)
    assert (entry.agency, entry.series, entry.year, entry.number) == ("H99.16.21", "certificate", 2026, 1)
    assert (entry.written, entry.issued_on, entry.subject) == ("VP 00001", document.issued_on, document.title)
    assert (entry.signer, entry.recipients) == (office.head.full_name, "Phùng Thị Ngát")
    assert (entry.origin_kind, entry.origin_id, entry.origin_code) == ("dossier", dossier.pk, dossier.code)
    assert (entry.document, entry.given_by) == (document, office.specialist)


def test_a_slip_to_the_tax_authority_is_entered(office: Office) -> None:
    dossier = at_step(office, received(office, "P2"), "await_tax")
    entry = RegisterEntry.objects.get(origin_id=dossier.pk)
    assert (entry.written, entry.series, entry.document_type_id) == ("0001/2026", "tax-slip", "phieu_chuyen_thue")
    assert dossier.obligations.get().slip_number == entry.written


def test_what_rolls_back_leaves_neither_number_nor_entry(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = at_step(office, received(office), "register")

    def fails(*_args: object, **_kwargs: object) -> None:
        raise OSError

    with monkeypatch.context() as patch, pytest.raises(OSError):
        patch.setattr("dossiers.effects.stop_clock", fails)
        complete(office, dossier, "issue")
    assert not RegisterEntry.objects.exists()
    assert not NumberSeries.objects.filter(kind="certificate").exists()


def test_a_cancelled_number_gives_the_result_the_next_one(office: Office) -> None:
    dossier = issued(office)
    drain()
    first = entry_of(dossier)
    successor = cancelled(office, dossier)
    assert successor is not None
    document = document_of(dossier)
    assert (document.state, document.number, successor.written) == (State.ISSUED, "VP 00002", "VP 00002")
    assert RegisterEntry.objects.get(pk=first.pk).state == NumberState.CANCELLED
    assert RegisterEntry.objects.get(pk=first.pk).successor == successor
    assert LegalDocument.objects.get(document=document).number == "VP 00002"
    [event] = AuditEvent.objects.filter(verb__startswith="register.")
    assert event.verb == "register.number_replaced"


def test_the_result_is_printed_anew_under_its_new_number_and_the_old_file_stays(office: Office) -> None:
    dossier = issued(office)
    drain()
    before = document_of(dossier).versions.count()
    cancelled(office, dossier)
    drain()
    document = document_of(dossier)
    assert document.versions.count() == before + 1
    assert document.current is not None
    assert entry_of(dossier).printed == document.current
    assert "00002" in words(document.current)
    assert list(number_findings()) == []


def test_a_number_cancelled_before_it_was_printed_is_never_printed(office: Office) -> None:
    dossier = issued(office)
    cancelled(office, dossier)
    drain()
    printed = document_of(dossier).versions.filter(uploaded_by__isnull=True)
    assert ["00002" in words(version) for version in printed] == [True]


def test_the_number_of_a_result_taken_home_is_not_cancelled(office: Office) -> None:
    dossier = at_step(office, received(office), "")
    assert dossier.status == Status.RETURNED
    with pytest.raises(Conflict):
        cancelled(office, dossier)
    assert (document_of(dossier).number, entry_of(dossier).state) == ("VP 00001", NumberState.USED)


def test_the_number_of_a_slip_that_went_out_is_not_cancelled(office: Office) -> None:
    dossier = at_step(office, received(office, "P2"), "await_tax")
    entry = RegisterEntry.objects.get(origin_id=dossier.pk)
    with pytest.raises(Conflict):
        cancel_number(entry_id=entry.pk, reason="Không", acting=office.acting(office.specialist))
    assert RegisterEntry.objects.get(pk=entry.pk).state == NumberState.USED


def test_shipped_editions_number_results_as_their_types_of_paper_do(office: Office) -> None:
    types = {kind.pk: kind for kind in DocumentType.objects.all()}
    for version in ProcedureVersion.objects.all():
        for result in version.edition.results:
            kind = types[result.document_type]
            assert (series_of(kind), kind.number_pattern) == (result.series, result.number)


# What was numbered before the register was kept -------------------------------------------------------


def facts() -> list[tuple[Any, ...]]:
    names = (
        *("agency", "series", "year", "number", "written", "pattern", "kind", "subject", "issued_on", "state"),
        *("document_id", "printed_id", "origin_kind", "origin_id", "origin_code", "folded"),
    )
    return sorted(RegisterEntry.objects.values_list(*names), key=repr)


def test_numbers_given_before_are_entered_and_taken_out_again(office: Office) -> None:
    migration = importlib.import_module("dossiers.migrations.0004_numbers_given_before")
    issued(office)
    at_step(office, received(office, "P2"), "await_tax")
    drain()
    wanted = facts()
    RegisterEntry.objects.all().delete()
    assert {finding.check for finding in number_findings()} == {"number.gap", "number.unregistered"}
    migration.enter(apps, None)
    assert facts() == wanted
    assert list(number_findings()) == []
    migration.enter(apps, None)
    assert facts() == wanted
    migration.leave_out(apps, None)
    assert not RegisterEntry.objects.exists()
    assert DossierResult.objects.exclude(document__number="").exists()
