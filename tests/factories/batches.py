"""Batches of files of the past for tests: opened by an officer named for it, and filled."""

import io
import zipfile
from collections.abc import Mapping
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db.models import F
from django.utils import timezone

from accounts.acting import Acting
from accounts.models import Unit
from documents.batch_models import Batch, BatchItem
from documents.operations.batches.bring import Brought, bring_file
from documents.operations.batches.open import open_batch
from jobs.models import OutboxRow
from jobs.worker import drain
from tests.factories.accounts import StepRoleFactory, UnitFactory, acting_at
from tests.factories.documents import DocumentTypeFactory, pdf

ROLE = "records_clerk"


def importer(unit: Unit | None = None) -> Acting:
    """A new officer of the unit, named for bringing in files of the past; the type nobody sorted is in force."""
    StepRoleFactory.create(code=ROLE, imports=True)
    DocumentTypeFactory.create(code="giay_to_khac", name="Giấy tờ khác")
    return acting_at(unit or UnitFactory.create(), "update", [ROLE])


def opened(acting: Acting, name: str = "Kệ 12, năm 2009") -> Batch:
    return open_batch(name=name, acting=acting)


def put_in(batch: Batch, acting: Acting, content: bytes | None = None, name: str = "so-muc-ke.pdf") -> Brought:
    """A file brought into the batch."""
    file = ContentFile(pdf() if content is None else content)
    return bring_file(batch_id=batch.pk, file=file, name=name, acting=acting)


def filled(acting: Acting, count: int) -> Batch:
    """A batch with so many files that wait, each of its own bytes."""
    batch = opened(acting)
    for number in range(count):
        put_in(batch, acting, pdf(width=600 + number), f"trang-{number}.pdf")
    return batch


def settled() -> None:
    """A minute passes in which nothing was brought: whether batches are through is looked at."""
    BatchItem.objects.update(brought_at=F("brought_at") - timedelta(minutes=2))
    OutboxRow.objects.filter(topic="settle_batch").update(available_at=timezone.now())
    drain(["settle_batch"])


def zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return buffer.getvalue()
