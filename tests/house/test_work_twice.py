"""Whatever work the outbox carries may be delivered twice: the second time changes nothing."""

import hashlib
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings as house
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from documents.batch_models import BatchItem
from documents.models import DocumentVersion
from documents.operations.batches.unpack import bring_archive
from documents.operations.read import read_version
from documents.operations.searchable_copy import ask_for_copy
from dossiers.models import Bundle, Dossier, DossierResult
from dossiers.operations.bundle import bring_bundle
from dossiers.operations.draft import discard_draft
from dossiers.operations.number_result import print_numbered_result
from dossiers.records.operations.carry_out import check_list, end_list
from dossiers.records.operations.lists import approve_list, make_list
from dossiers.records_models import RecordFile, RecordsList, RetentionClass
from dossiers.records_states import ListKind
from jobs.models import OutboxRow
from jobs.registry import SCHEDULE, TOPICS, Job
from jobs.worker import drain
from search.models import IndexState
from search.records import key_of
from search.selectors import Query, find
from search.state import notice_loss
from tests.factories.batches import opened, put_in, zipped
from tests.factories.documents import pdf
from tests.factories.dossiers import at_step, begun, case_behind, open_step, received, scanned
from tests.factories.moments import moment
from tests.factories.office import EDITIONS, Office, open_office, publish
from tests.factories.signatures import Identity
from tests.workflow.almanac import day_off, ordered
from workflow.engine.operations.hand_over import accept_hand_over, hand_over_unit
from workflow.engine.operations.time_out import sweep_timers
from workflow.models import Case, HandOver, StepRun
from worktime.models import WorkingCalendar

pytestmark = pytest.mark.django_db

# How to come by a job of each topic. A topic that is not here fails the first test.
JOBS: dict[str, Callable[[Office], str]] = {
    "read": lambda office: str(_paper(office)),
    "read_batch": lambda office: str(_past(office)),
    "unpack": lambda office: str(_archive(office)),
    "settle_batch": lambda office: str(_quiet_batch(office)),
    "bundle": lambda office: str(_bundle(office)),
    "discarded_draft": lambda office: str(_discarded(office)),
    "copy": lambda office: str(_copy(office)),
    "seal": lambda office: str(_printed(office)),
    "index": lambda office: key_of("dossier", str(_dossier(office).pk)),
    "issued_result": lambda office: str(_issued(office).pk),
    "release": lambda office: _released(office),
    "records_check": lambda office: str(_listed(office, ListKind.TRANSFER).pk),
    "records_package": lambda office: str(_approved(office, ListKind.TRANSFER).pk),
    "records_disposal": lambda office: str(_approved(office, ListKind.DISPOSAL).pk),
    "hand_over": lambda office: str(_given(office).pk),
    "sub_case_ended": lambda office: str(_waited_for(office).pk),
    "rebuild_index": lambda office: _lost_index(office),
    "recalculate": lambda office: _reckoned_anew(office),
    "step_timer": lambda office: _timed(office),
    "near_rule": lambda office: _earlier_warning(office),
    "schedule": lambda office: "documents.drop_parts",
}


def _dossier(office: Office) -> Dossier:
    return received(office, scans=("application",))


def _paper(office: Office) -> int:
    document = _dossier(office).components.get(code="application").document
    assert document is not None
    assert document.current_id is not None
    return document.current_id


def _past(office: Office) -> int:
    """A file of the past in a batch."""
    acting = office.acting(office.specialist)
    version = put_in(opened(acting), acting).item.version
    assert version is not None
    return version.pk


def _quiet_batch(office: Office) -> int:
    """A batch whose one file is read, some minutes after it came."""
    read_version(version_id=_past(office))
    BatchItem.objects.update(brought_at=timezone.now() - timedelta(minutes=5))
    return BatchItem.objects.get().batch_id


def _discarded(office: Office) -> int:
    """A draft with a scan and a bundle nobody has looked through, discarded."""
    bundle = Bundle.objects.select_related("dossier").get(pk=_bundle(office))
    scanned(office, bundle.dossier, "application")
    discard_draft(dossier_id=bundle.dossier_id, acting=office.acting(office.clerk))
    return bundle.dossier_id


def _archive(office: Office) -> int:
    """An archive of two files, brought into a batch."""
    acting = office.acting(office.specialist)
    file = ContentFile(zipped({"a.pdf": pdf(width=601), "b.exe": b"MZ"}))
    return bring_archive(batch_id=opened(acting).pk, file=file, name="ke-12.zip", acting=acting).pk


def _bundle(office: Office) -> int:
    """A bundle of two pages, read and not looked through yet."""
    file, acting = ContentFile(pdf(pages=2)), office.acting(office.clerk)
    bundle = bring_bundle(dossier_id=begun(office).pk, file=file, name="tap-quet.pdf", acting=acting)
    assert bundle.document.current_id is not None
    read_version(version_id=bundle.document.current_id)
    return bundle.pk


def _copy(office: Office) -> int:
    """Asked for by the clerk, of a paper that was read."""
    version = DocumentVersion.objects.select_related("document").get(pk=_paper(office))
    read_version(version_id=version.pk)
    acting = office.acting(office.clerk)
    return ask_for_copy(document_id=version.document_id, number=None, acting=acting).reading_id


def _printed(office: Office) -> int:
    """An issued result with its number, not sealed yet."""
    result = _issued(office)
    print_numbered_result(result_id=result.pk)
    return DocumentVersion.objects.get(document=result.document_id, uploaded_by=None).pk


def _issued(office: Office) -> DossierResult:
    return DossierResult.objects.get(dossier=at_step(office, _dossier(office), "hand_over"))


def _listed(office: Office, kind: str) -> RecordsList:
    """A list of one closed dossier, whose time has run out."""
    dossier = at_step(office, _dossier(office), "")
    drain(["read", "issued_result", "seal"])
    kept_as = RetentionClass.objects.get(code="years-5")
    RecordFile.objects.filter(dossier=dossier).update(retention=kept_as, keep_until=date(2020, 12, 31))
    year = RecordFile.objects.get(dossier=dossier).year
    return make_list(kind=kind, year=year, acting=office.acting(office.specialist))


def _approved(office: Office, kind: str) -> RecordsList:
    made = _listed(office, kind)
    check_list(list_id=made.pk)
    return approve_list(list_id=made.pk, acting=office.acting(office.head))


def _given(office: Office) -> HandOver:
    """The branch's work, accepted by the head of the other one."""
    at_step(office, _dossier(office), "check")
    units = {"from_unit_id": office.branch.pk, "to_unit_id": office.other_branch.pk}
    made = hand_over_unit(**units, reason="Sắp xếp lại tổ chức", acting=office.acting(office.head))
    return accept_hand_over(hand_over_id=made.pk, acting=office.acting(office.stranger))


def _waited_for(office: Office) -> Case:
    """The case of a dossier that has ended, for which a step of another waits."""
    waiting = open_step(at_step(office, _dossier(office), "check"))
    ended = case_behind(at_step(office, _dossier(office), ""))
    Case.objects.filter(pk=ended.pk).update(opened_from=waiting)
    StepRun.objects.filter(pk=waiting.pk).update(awaited=1)
    return ended


def _released(office: Office) -> str:
    """The bytes of a scan, its dossier ended."""
    end_list(list_id=_approved(office, ListKind.DISPOSAL).pk)
    return str(OutboxRow.objects.filter(topic="release").order_by("pk").values_list("key", flat=True)[0])


def _reckoned_anew(office: Office) -> str:
    """An order to reckon anew, after a holiday between receipt and promise was entered."""
    received(office, at=moment("2026-12-02 09:00"))
    day_off(office)
    return str(ordered(office).pk)


def _earlier_warning(office: Office) -> str:
    """A dossier whose open step is near two days before its end from now on; the work begins at the first case."""
    received(office, at=moment("2026-12-02 09:00"))
    WorkingCalendar.objects.update(near_days=2, revision=uuid4())
    return "0"


def _timed(office: Office) -> str:
    """A step that ends by itself a day after receipt, found by a sweep."""
    text = (EDITIONS / "P6-2025.toml").read_text("utf-8").replace('code = "2025"', 'code = "hen"', 1)
    text = text.replace('code = "receive"\n', 'code = "receive"\ntimer = { days = 1, outcome = "forward" }\n', 1)
    publish(text.replace("effective_from = 2025-07-01", "effective_from = 2025-07-02", 1))
    run = open_step(received(office, at=moment("2026-12-02 09:00")))
    assert sweep_timers(moment("2026-12-04 09:00")) == 1
    return str(run.pk)


def _lost_index(office: Office) -> str:
    """The topic has one key; what was indexed is gone."""
    _dossier(office)
    drain()
    shutil.rmtree(house.SEARCH_URL.removeprefix("embedded://"))
    notice_loss()
    return "all"


@pytest.fixture
def office(tmp_path: Path, settings: Any) -> Office:
    """A unit with a seal, so that whatever is issued is sealed."""
    (tmp_path / "seal.p12").write_bytes(Identity.of("Văn phòng Đăng ký đất đai").as_pkcs12("mat-khau"))
    settings.SEAL_PKCS12, settings.SEAL_PASSWORD = str(tmp_path / "seal.p12"), "mat-khau"
    return open_office("P6-2025.toml")


def everything(office: Office) -> dict[str, str]:
    """Each table, each file of the vault and what search finds, as one short word each."""
    found = {
        model._meta.label: _word(sorted(map(str, model._default_manager.values_list())))
        for model in apps.get_models()
        # The index counts its versions up with whatever is written; only what it holds matters.
        if model not in (OutboxRow, IndexState)
    }
    vault = Path(storages["vault"].path(""))
    found["vault"] = _word(sorted(str(path) for path in vault.rglob("*") if path.is_file()))
    hits = find(Query("Phùng Thị Ngát"), office.acting(office.specialist)).hits
    found["search"] = _word(sorted(f"{hit.kind} {hit.id}" for hit in hits))
    return found


def _word(lines: list[str]) -> str:
    return f"{len(lines)} {hashlib.sha256(chr(10).join(lines).encode()).hexdigest()[:12]}"


def test_every_topic_of_the_house_is_tried_here() -> None:
    assert set(JOBS) == set(TOPICS)


@pytest.mark.parametrize("topic", sorted(JOBS))
def test_attack_63_a_job_done_twice_leaves_what_once_left(topic: str, office: Office) -> None:
    key = JOBS[topic](office)
    asked = OutboxRow.objects.filter(topic=topic, key=key)
    payload = asked.first().payload if asked.exists() else {}  # type: ignore[union-attr]
    TOPICS[topic].handler([Job(key, payload, 1)])
    drain([name for name in TOPICS if name != topic])
    once = everything(office)
    for attempt in (2, 3):
        TOPICS[topic].handler([Job(key, payload, attempt)])
        drain([name for name in TOPICS if name != topic])
    assert everything(office) == once


@pytest.mark.parametrize("name", sorted(SCHEDULE))
def test_a_task_of_the_schedule_run_twice_leaves_what_once_left(name: str, office: Office) -> None:
    assert SCHEDULE[name].every >= timedelta(minutes=1)
    received(office)
    SCHEDULE[name].run()
    once = everything(office)
    SCHEDULE[name].run()
    assert everything(office) == once
