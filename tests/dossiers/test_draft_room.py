"""What the drafts of a clerk may hold together: found by index, discarded ones counted until their scans are gone."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.acting import Acting
from audit.models import AuditEvent
from documents.batch_models import Batch, BatchItem
from documents.models import Blob, DocumentVersion, ReadPage
from documents.states import Screening
from dossiers.models import Dossier
from dossiers.operations.bundle import bring_bundle
from dossiers.operations.discarded import TOPIC, release_scans
from dossiers.operations.draft import discard_draft
from dossiers.operations.draft_room import bytes_in_drafts
from dossiers.tasks import ask_for_forgotten
from jobs.models import OutboxRow
from jobs.worker import drain
from pages.domain_errors import Invalid
from tests.factories.documents import pdf
from tests.factories.dossiers import begun, received, scanned
from tests.factories.office import Office
from tests.plans import prefer_indexes

pytestmark = pytest.mark.django_db


def with_scans(office: Office) -> Dossier:
    """A draft with a scan and a bundle."""
    dossier = begun(office)
    scanned(office, dossier, "application")
    file = ContentFile(pdf(pages=3))
    bring_bundle(dossier_id=dossier.pk, file=file, name="tap.pdf", acting=office.acting(office.clerk))
    return dossier


def discarded(office: Office, clerk: Acting) -> Dossier:
    dossier = with_scans(office)
    discard_draft(dossier_id=dossier.pk, acting=clerk)
    return dossier


def days_go_by() -> None:
    OutboxRow.objects.filter(topic=TOPIC).update(available_at=timezone.now())
    drain([TOPIC, "release"])


def open_versions() -> int:
    return DocumentVersion.objects.exclude(screening=Screening.DISPOSED).count()


def test_scans_and_bundles_count_together_each_version_once(office: Office, clerk: Acting) -> None:
    scanned(office, with_scans(office), "application", pdf(width=701))
    sizes = DocumentVersion.objects.values_list("blob__size", flat=True)
    assert bytes_in_drafts(clerk.officer_id) == sum(sizes)
    held = sum(sizes)
    received(office, scans=("certificate",))
    assert bytes_in_drafts(clerk.officer_id) == held


@pytest.mark.databases_differ
def test_room_is_reckoned_from_the_drafts_by_index_and_no_table_is_gone_through(office: Office, clerk: Acting) -> None:
    with_scans(office)
    prefer_indexes("seqscan", "bitmapscan", "hashjoin", "mergejoin", "material")
    with CaptureQueriesContext(connection) as asked:
        bytes_in_drafts(clerk.officer_id)
    explain = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    assert len(asked) == 4
    for query in asked.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(explain + query["sql"])
            plan = [str(row[-1]) for row in cursor.fetchall()]
        assert not [line for line in plan if "Seq Scan" in line or line.startswith("SCAN ")], plan


def test_attack_22_discarding_makes_no_room_until_the_scans_are_gone(
    office: Office, clerk: Acting, settings: Any
) -> None:
    discarded(office, clerk)
    held = bytes_in_drafts(clerk.officer_id)
    settings.DRAFT_BYTES = held
    with pytest.raises(Invalid, match="7"):
        scanned(office, begun(office), "application")
    days_go_by()
    assert bytes_in_drafts(clerk.officer_id) == 0


def test_the_scans_of_a_discarded_draft_are_let_go_of_after_some_days_and_not_before(
    office: Office, clerk: Acting
) -> None:
    dossier = discarded(office, clerk)
    drain()
    assert open_versions() == 2
    days_go_by()
    assert (open_versions(), ReadPage.objects.count()) == (0, 0)
    assert not Blob.objects.filter(released_at=None).exists()
    [event] = AuditEvent.objects.filter(stream=f"dossier:{dossier.pk}", verb="dossier.scans_released")
    assert event.officer_id is None
    release_scans(dossier_id=dossier.pk)
    assert AuditEvent.objects.filter(verb="dossier.scans_released").count() == 1


def test_drafts_discarded_before_there_was_the_rule_are_asked_for_once_with_the_same_days_to_go(
    office: Office, clerk: Acting
) -> None:
    discarded(office, clerk)
    due = OutboxRow.objects.get(topic=TOPIC).available_at
    ask_for_forgotten()
    assert OutboxRow.objects.get(topic=TOPIC).available_at == due
    OutboxRow.objects.filter(topic=TOPIC).delete()
    ask_for_forgotten()
    assert OutboxRow.objects.get(topic=TOPIC).available_at >= due
    days_go_by()
    assert open_versions() == 0
    ask_for_forgotten()
    assert not OutboxRow.objects.filter(topic=TOPIC).exists()


def test_what_something_else_refers_to_stays(office: Office, clerk: Acting) -> None:
    dossier = discarded(office, clerk)
    version = DocumentVersion.objects.get(document__bundle__dossier=dossier)
    batch = Batch.objects.create(name="Kệ 12", unit=office.one_stop, opened_by=office.clerk, opened_at=timezone.now())
    BatchItem.objects.create(
        batch=batch, key=version.blob_id, name="tap.pdf", fate="repeated", version=version, brought_at=timezone.now()
    )
    days_go_by()
    assert list(DocumentVersion.objects.exclude(screening=Screening.DISPOSED)) == [version]


def test_bytes_another_paper_has_as_well_stay(office: Office, clerk: Acting) -> None:
    discarded(office, clerk)
    kept = scanned(office, begun(office), "application")
    days_go_by()
    assert open_versions() == 1
    assert Blob.objects.get(pk=kept.blob_id).released_at is None


def test_only_the_scans_of_discarded_drafts_are_let_go_of(office: Office) -> None:
    draft, dossier = with_scans(office), received(office, scans=("certificate",))
    before = open_versions()
    for one in (draft, dossier):
        release_scans(dossier_id=one.pk)
    Dossier.objects.filter(pk=dossier.pk).update(status="cancelled")
    release_scans(dossier_id=dossier.pk)
    assert open_versions() == before
