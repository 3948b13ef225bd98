"""Files of closed dossiers and the lists they go on, brought as far as a test needs them."""

import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from documents.models import Document
from documents.vault import open_blob
from dossiers.models import Dossier
from dossiers.records.operations.carry_out import check_list, end_list
from dossiers.records.operations.lists import approve_list, make_list
from dossiers.records.operations.packages import pack_list
from dossiers.records_models import RecordFile, RecordsList, RetentionClass
from dossiers.records_states import ListKind
from jobs.worker import drain
from tests.factories.dossiers import at_step, received
from tests.factories.moments import moment, stop_the_clock
from tests.factories.office import Office
from tests.factories.readings import reading_nothing

LATER = moment("2040-01-05 09:00")


def closed(office: Office, procedure: str = "P6", *, scans: tuple[str, ...] = ("application",)) -> RecordFile:
    """All its papers read, its result printed with its number."""
    dossier = at_step(office, received(office, procedure, scans=scans), "")
    with reading_nothing():
        drain(["issued_result", "read"])
    return RecordFile.objects.get(dossier=dossier)


def short(file: RecordFile, years: int = 5) -> RecordFile:
    """To be kept for some years alone."""
    kept_as, _ = RetentionClass.objects.get_or_create(
        code=f"years-{years}", defaults={"name": f"{years} năm", "years": years, "source": "thử"}
    )
    RecordFile.objects.filter(pk=file.pk).update(retention=kept_as, keep_until=date(file.year + years, 12, 31))
    return again(file)


def again(file: RecordFile) -> RecordFile:
    return RecordFile.objects.get(pk=file.pk)


def listed(office: Office, kind: str = ListKind.TRANSFER, year: int = 2026) -> RecordsList:
    made = make_list(kind=kind, year=year, acting=office.acting(office.specialist))
    check_list(list_id=made.pk)
    return RecordsList.objects.get(pk=made.pk)


def approved(office: Office, found: RecordsList) -> RecordsList:
    return approve_list(list_id=found.pk, acting=office.acting(office.head))


def transferred(office: Office) -> RecordsList:
    found = approved(office, listed(office))
    pack_list(list_id=found.pk)
    return RecordsList.objects.get(pk=found.pk)


def disposed(office: Office, monkeypatch: pytest.MonkeyPatch) -> RecordsList:
    stop_the_clock(monkeypatch, LATER)
    found = approved(office, listed(office, ListKind.DISPOSAL))
    end_list(list_id=found.pk)
    drain()
    return RecordsList.objects.get(pk=found.pk)


def documents_of(dossier: Dossier) -> Iterable[Document]:
    found = Document.objects.filter(component__dossier=dossier) | Document.objects.filter(result__dossier=dossier)
    return found.distinct()


def damage(sha256: str) -> None:
    """Past the vault, as a broken disk would."""
    with open_blob(sha256) as file:
        Path(str(file.name)).write_bytes(b"khac")


def bag_of(found: RecordsList) -> ZipFile:
    assert found.package_id
    with open_blob(found.package_id) as file:
        return ZipFile(io.BytesIO(file.read()))
