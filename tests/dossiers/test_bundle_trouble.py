"""Bundles when something goes wrong or happens meanwhile: none is stuck, and nothing secret slips through a split."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from documents.models import DocumentVersion, Reading
from documents.operations.add_version import bring_version
from documents.operations.part import Part, take_out
from documents.operations.quarantine import quarantine
from documents.operations.read import ask_for_reading, give_up_reading
from documents.reasons import CLASSIFIED, SCANNER_DOWN
from documents.states import ReadingState, Screening
from documents.tasks import scan_waiting
from dossiers.models import Bundle, BundlePart
from dossiers.operations.bundle import bring_bundle, give_up_proposing, propose_cuts, split_bundle
from dossiers.operations.draft import change_procedure
from jobs.worker import drain
from pages.domain_errors import Conflict, DomainError, Invalid
from tests.dossiers.test_splitting import APPLICATION, CERTIFICATE, MORE
from tests.factories.documents import pdf
from tests.factories.dossiers import begun, scanned
from tests.factories.office import Office
from tests.factories.readings import outcome

pytestmark = pytest.mark.django_db

TEXTS = (APPLICATION, MORE, CERTIFICATE)
MARKS = ["application", "", "certificate"]


class Reader:
    """Finds the texts on the pages, and a secrecy stamp when told."""

    stamp: str | None = None

    def __call__(self, path: Path, **_: Any) -> Any:
        return outcome(*TEXTS, secrecy=self.stamp)


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    reader = Reader()
    monkeypatch.setattr("documents.operations.read.read_file", reader)
    return reader


def brought(office: Office) -> Bundle:
    content = ContentFile(pdf(pages=len(TEXTS)))
    acting = office.acting(office.clerk)
    return bring_bundle(dossier_id=begun(office).pk, file=content, name="tap-quet.pdf", acting=acting)


def looked_through(office: Office) -> Bundle:
    bundle = brought(office)
    drain(["read", "bundle"])
    return Bundle.objects.get(pk=bundle.pk)


def version_of(bundle: Bundle) -> DocumentVersion:
    return DocumentVersion.objects.get(document=bundle.document_id)


def split(office: Office, bundle: Bundle) -> Bundle:
    acting = office.acting(office.clerk)
    return split_bundle(dossier_id=bundle.dossier_id, bundle_id=bundle.pk, marks=MARKS, acting=acting)


def read_again(office: Office, bundle: Bundle) -> None:
    ask_for_reading(document_id=bundle.document_id, acting=office.acting(office.clerk))
    drain(["read", "bundle"])


def page_of(client: Client, office: Office, bundle: Bundle) -> str:
    client.force_login(office.clerk)
    return client.get(reverse("intake_bundle", args=[bundle.dossier_id, bundle.pk])).content.decode()


# Trouble before it is looked through -------------------------------------------------------------------


def test_a_bundle_that_waited_for_the_scanner_is_looked_through_once_it_is_let_out(
    office: Office, settings: Any
) -> None:
    settings.MALWARE_URL = "tcp://127.0.0.1:9"
    bundle = brought(office)
    drain(["read", "bundle"])
    assert Bundle.objects.get().proposal is None
    settings.MALWARE_URL = ""
    scan_waiting()
    drain(["read", "bundle"])
    assert split(office, Bundle.objects.get(pk=bundle.pk)).parts.count() == 2
    assert Bundle.objects.get().proposal == MARKS


def test_a_bundle_whose_reading_failed_is_looked_through_once_it_is_read_after_all(
    client: Client, office: Office
) -> None:
    bundle = brought(office)
    version = version_of(bundle)
    give_up_reading(version_id=version.pk)
    propose_cuts(bundle_id=bundle.pk)
    give_up_proposing(bundle_id=bundle.pk)
    assert Bundle.objects.get().proposal is None
    assert "hx-trigger" not in page_of(client, office, bundle).partition('id="bundle"')[2]
    read_again(office, bundle)
    assert Bundle.objects.get().proposal == MARKS


def test_a_bundle_that_was_looked_through_before_it_was_read_is_cut_by_the_clerk(
    client: Client, office: Office
) -> None:
    bundle = looked_through(office)
    Bundle.objects.update(proposal=[])
    assert page_of(client, office, bundle).count("<select") == 3


# What happens while the pages are taken out ------------------------------------------------------------


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Has something done between taking the pages out and filing them."""

    def happens(what: Callable[[], object]) -> None:
        def taken_out(*given: Any) -> list[Part]:
            parts = take_out(*given)
            what()
            return list(parts)

        monkeypatch.setattr("dossiers.operations.bundle.take_out", taken_out)

    return happens


def demand_unsplit(office: Office, bundle: Bundle, fault: type[DomainError]) -> None:
    with pytest.raises(fault):
        split(office, bundle)
    assert not BundlePart.objects.exists()
    assert Bundle.objects.get(pk=bundle.pk).split_at is None
    assert not bundle.dossier.components.exclude(document=None).exists()


def test_attack_17_a_bundle_found_secret_while_it_is_split_leaves_no_part(
    office: Office, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    bundle = looked_through(office)

    def is_found_secret() -> None:
        with transaction.atomic():
            quarantine(version_of(bundle), CLASSIFIED)

    meanwhile(is_found_secret)
    demand_unsplit(office, bundle, Conflict)


def test_a_bundle_read_anew_while_it_is_split_is_not_filed_with_the_words_of_before(
    office: Office, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    bundle = looked_through(office)
    meanwhile(lambda: read_again(office, bundle))
    demand_unsplit(office, bundle, Conflict)
    assert Reading.objects.count() == 2


def test_a_bundle_being_read_anew_when_it_is_to_be_filed_waits_for_that(
    office: Office, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    bundle = looked_through(office)
    meanwhile(lambda: ask_for_reading(document_id=bundle.document_id, acting=office.acting(office.clerk)))
    demand_unsplit(office, bundle, Conflict)


def test_a_dossier_that_asks_for_other_papers_meanwhile_is_said_in_words(
    office: Office, meanwhile: Callable[[Callable[[], object]], None]
) -> None:
    bundle, clerk = looked_through(office), office.acting(office.clerk)
    meanwhile(lambda: change_procedure(dossier_id=bundle.dossier_id, procedure="ONG", acting=clerk))
    demand_unsplit(office, bundle, Invalid)


# Afterwards --------------------------------------------------------------------------------------------


def test_attack_17_the_parts_of_a_bundle_found_secret_afterwards_are_shut_away_too(
    office: Office, reader: Reader
) -> None:
    bundle = split(office, looked_through(office))
    reader.stamp = "mat"
    read_again(office, bundle)
    parts = DocumentVersion.objects.filter(bundle_part__bundle=bundle)
    found = set(parts.values_list("screening", "quarantine_reason", "reading_state"))
    assert found == {(Screening.QUARANTINED, CLASSIFIED, ReadingState.FAILED)}
    assert parts.count() == 2


def test_a_part_disposed_of_in_quarantine_stays_disposed_of(office: Office, reader: Reader) -> None:
    bundle = split(office, looked_through(office))
    parts = DocumentVersion.objects.filter(bundle_part__bundle=bundle)
    parts.update(screening=Screening.DISPOSED, quarantine_reason=SCANNER_DOWN)
    reader.stamp = "mat"
    read_again(office, bundle)
    assert set(parts.values_list("screening", "quarantine_reason")) == {(Screening.DISPOSED, SCANNER_DOWN)}


def test_a_bundle_of_as_many_pages_as_are_read_can_be_posted(client: Client, office: Office) -> None:
    bundle = looked_through(office)
    DocumentVersion.objects.filter(document=bundle.document_id).update(page_count=2000)
    client.force_login(office.clerk)
    address = reverse("intake_bundle_split", args=[bundle.dossier_id, bundle.pk])
    answer = client.post(address, {"mark": ["nothing"] * 2000})
    assert answer.status_code == 422


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
def test_attack_45_a_file_brought_for_a_paper_while_a_part_is_filed_there_comes_after_it(office: Office) -> None:
    """The other comes when the part has its number and isn't written yet."""
    bundle = looked_through(office)
    paper = scanned(office, bundle.dossier, "certificate", pdf(width=701)).document
    clerk, others = office.acting(office.clerk), list[threading.Thread]()

    def bring() -> None:
        try:
            bring_version(document_id=paper.pk, file=ContentFile(pdf(width=702)), name="khac.pdf", acting=clerk)
        finally:
            connection.close()

    def another_comes(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        if sql.startswith('INSERT INTO "documents_documentversion"') and paper.pk in params and not others:
            others.append(threading.Thread(target=bring))
            others[0].start()
            others[0].join(timeout=1)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(another_comes):
        split(office, bundle)
    others[0].join()
    versions = DocumentVersion.objects.filter(document=paper).order_by("number")
    assert list(versions.values_list("number", flat=True)) == [1, 2, 3]
    assert [part is not None for part in versions.values_list("bundle_part", flat=True)] == [False, True, False]
