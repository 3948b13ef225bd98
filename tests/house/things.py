"""What stands in the office in full swing, one thing at a time."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Delegation
from accounts.operations.delegate import delegate_work
from documents.models import Document, SearchableCopy
from documents.states import CopyState
from dossiers.models import Bundle, Dossier
from dossiers.operations.bundle import bring_bundle
from dossiers.records_models import RecordFile, RecordsLine, RecordsList
from dossiers.records_states import FileState, ListKind, ListState
from jobs.models import OutboxRow
from tests.factories.accounts import officer_at
from tests.factories.documents import add_version_to, pdf
from tests.factories.office import Office, publish
from workflow.models import HandOver, HandOverLine, ProcedureVersion, StepRun


def away(office: Office) -> Delegation:
    """The specialist is away for a week and a colleague does his steps."""
    colleague, today = officer_at(office.branch, "update", ["specialist"]), timezone.localdate()
    return delegate_work(
        principal_id=office.specialist.pk,
        delegate_id=colleague.pk,
        role="specialist",
        valid_from=today,
        valid_to=today + timedelta(days=7),
        reason="Nghỉ phép",
        acting=office.acting(office.specialist),
    )


def given(run: StepRun, office: Office) -> HandOver:
    """The branch's work, listed by its head to go to the other branch; one line stands for all of it."""
    made = HandOver.objects.create(
        from_unit=office.branch,
        to_unit=office.other_branch,
        reason="Sắp xếp lại tổ chức",
        runs=1,
        cases=1,
        drafted_by=office.head,
        drafted_at=timezone.now(),
    )
    case = run.process
    HandOverLine.objects.create(
        hand_over=made, position=1, case=case, run=run, code=case.code, title=case.title, matter=case.matter
    )
    return made


def later(dossier: Dossier) -> ProcedureVersion:
    """The edition the dossier came under once more, in force after many years."""
    text, edition = dossier.version.source, dossier.version.edition
    text = text.replace(f'code = "{edition.code}"', 'code = "sau"', 1)
    return publish(text.replace(f"effective_from = {edition.effective_from}", "effective_from = 2099-01-01", 1))


def filed(dossier: Dossier, office: Office, state: FileState) -> RecordFile:
    """Its records, as if it were closed."""
    day = date(2026, 11, 20)
    return RecordFile.objects.create(dossier=dossier, unit=office.branch, closed_on=day, year=day.year, state=state)


def listed(file: RecordFile, office: Office) -> RecordsLine:
    """On a list its specialist has made and nobody has approved."""
    now = timezone.now()
    made = RecordsList.objects.create(
        kind=ListKind.TRANSFER, unit=file.unit, year=file.year, made_by=office.specialist, made_at=now, checked_at=now
    )
    return RecordsLine.objects.create(records_list=made, file=file, position=1, was=FileState.CURRENT)


def packed(document: Document, office: Office) -> RecordsList:
    """A list that was carried out; any bytes stand for its package."""
    document.refresh_from_db()
    assert document.current is not None
    now = timezone.now()
    return RecordsList.objects.create(
        kind=ListKind.TRANSFER,
        unit=office.branch,
        year=2025,
        state=ListState.DONE,
        made_by=office.specialist,
        made_at=now,
        checked_at=now,
        approved_by=office.head,
        approved_at=now,
        done_at=now,
        package=document.current.blob,
    )


def copied(document: Document) -> None:
    """The searchable copy of the paper, made."""
    document.refresh_from_db()
    assert document.current is not None
    reading, blob = document.current.reading, document.current.blob
    assert reading is not None
    SearchableCopy.objects.create(reading=reading, state=CopyState.MADE, blob=blob, asked_at=timezone.now())


def bundled(office: Office, draft: Dossier) -> Bundle:
    """A bundle of two pages in the draft, read and looked through."""
    file = SimpleUploadedFile("tap-quet.pdf", pdf(width=317))
    bundle = bring_bundle(dossier_id=draft.pk, file=file, name="tap-quet.pdf", acting=office.acting(office.clerk))
    add_version_to(bundle.document, pdf(pages=2, width=318), pages=("Đơn đăng ký biến động", "Giấy chứng nhận"))
    Bundle.objects.filter(pk=bundle.pk).update(proposal=["application", "certificate"])
    return Bundle.objects.get(pk=bundle.pk)


def given_up() -> OutboxRow:
    """Work of the machine that failed for good."""
    now = timezone.now()
    moments = {"created_at": now, "available_at": now, "died_at": now}
    return OutboxRow.objects.create(topic="read", key="0", attempts=4, last_error="OSError: no", **moments)
