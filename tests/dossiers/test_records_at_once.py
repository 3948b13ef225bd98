"""Records at the same moment in two hands: on both databases one of them has its way, and nothing goes unjudged."""

import pytest
from django.core.files.base import ContentFile

from accounts.acting import Acting
from audit.models import AuditEvent
from documents.models import Document, DocumentVersion
from documents.operations.add_version import bring_version
from documents.states import Screening
from dossiers.records.operations.carry_out import end_list
from dossiers.records.operations.lists import PACKAGE, approve_list, make_list
from dossiers.records_models import RecordFile, RecordsList
from dossiers.records_states import FileState, ListKind, ListState
from jobs.models import OutboxRow
from pages.domain_errors import Conflict
from tests.dossiers.test_receive_at_once import at_once
from tests.factories.accounts import acting_at
from tests.factories.documents import pdf
from tests.factories.moments import stop_the_clock
from tests.factories.office import Office
from tests.factories.records import LATER, again, approved, closed, listed, short

pytestmark = [pytest.mark.databases_differ, pytest.mark.django_db(transaction=True)]


def approving(found: RecordsList, acting: Acting) -> object:
    return lambda: approve_list(list_id=found.pk, acting=acting).state


def bringing(office: Office, file: RecordFile, *, width: int) -> object:
    document, acting = Document.objects.get(component__dossier=file.dossier), office.acting(office.clerk)
    content = pdf(width=width)
    return lambda: (
        bring_version(document_id=document.pk, file=ContentFile(content), name="quet-moi.pdf", acting=acting).screening
    )


def test_attack_45_of_two_heads_one_approves_a_list(office: Office) -> None:
    closed(office)
    found, other = listed(office), acting_at(office.branch, roles=["head"])
    outcomes = at_once(approving(found, office.acting(office.head)), approving(found, other))
    assert sorted(map(str, outcomes)) == sorted([ListState.APPROVED.value, str(Conflict)])
    assert AuditEvent.objects.filter(verb="records.approved").count() == 1
    assert OutboxRow.objects.filter(topic=PACKAGE).count() == 1


def test_a_scan_brought_while_records_end_is_refused_and_nothing_of_it_stays(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = short(closed(office))
    stop_the_clock(monkeypatch, LATER)
    found = approved(office, listed(office, ListKind.DISPOSAL))
    before = DocumentVersion.objects.count()
    outcomes = at_once(bringing(office, file, width=333), lambda: end_list(list_id=found.pk))
    assert outcomes == [Conflict, None]
    assert DocumentVersion.objects.count() == before
    assert again(file).state == FileState.DISPOSED


def test_a_scan_brought_while_records_are_listed_is_on_the_list_or_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, keeper = short(closed(office)), office.acting(office.specialist)
    stop_the_clock(monkeypatch, LATER)
    document = Document.objects.get(component__dossier=file.dossier)
    outcomes = at_once(
        *(bringing(office, file, width=width) for width in (331, 332, 333)),
        lambda: make_list(kind=ListKind.DISPOSAL, year=2026, acting=keeper).kind,
    )
    assert outcomes[-1] == ListKind.DISPOSAL
    assert document.versions.count() == 1 + 3 - outcomes.count(Conflict)
    # Whoever came before the list is on it; nobody comes after it.
    assert str(at_once(bringing(office, file, width=334))) == str([Conflict])
    RecordsList.objects.update(checked_at=LATER)
    end_list(list_id=approved(office, RecordsList.objects.get()).pk)
    assert not document.versions.exclude(screening=Screening.DISPOSED).exists()
