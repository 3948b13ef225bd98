"""Reading a file: what is kept of it, what is set aside, and what is tried again."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.acting import Acting
from accounts.models import RoleSlot, Unit
from audit.models import AuditEvent
from documents.models import Document, DocumentVersion, Reading, ReadPage
from documents.operations.read import ask_for_reading, read_version
from documents.states import ReadingState
from documents.words import unpack
from jobs.models import OutboxRow
from jobs.registry import TOPICS
from jobs.worker import drain_once
from notices.models import Notice
from ocr import Reason, Unreadable
from ocr.reading import Fields, Word
from ocr.reading import Reading as Outcome
from pages.domain_errors import Conflict, Refused
from portal.demo.scanner import print_pdf, typeset
from search.models import Narrowed
from tests.factories.accounts import RoleHoldingFactory, StepRoleFactory, UnitFactory, acting_at, officer_at
from tests.factories.documents import add_version_to, legal_document, paper, pdf
from tests.factories.readings import outcome

pytestmark = pytest.mark.django_db

TEXT = "Thửa đất số 116, tờ bản đồ số 24"
DECISION = """ỦY BAN NHÂN DÂN
TỈNH YÊN GIANG
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 41/2026/QĐ-UBND
Yên Giang, ngày 22 tháng 6 năm 2026
QUYẾT ĐỊNH
Quy định trình tự, thời gian giải quyết thủ tục hành chính về đất đai
Điều 1. Phạm vi điều chỉnh
Quyết định này có hiệu lực từ ngày 01 tháng 7 năm 2026."""


@pytest.fixture
def unit() -> Unit:
    return UnitFactory.create()


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Callable[[Outcome | Exception], list[Path]]:
    """Lets the reader answer so; returns the files it was asked for."""
    asked: list[Path] = []

    def answers(answer: Outcome | Exception) -> list[Path]:
        def read_file(path: Path, *, on_page: Callable[[int, int], None]) -> Outcome:
            asked.append(path)
            if isinstance(answer, Exception):
                raise answer
            for page in answer.pages:
                on_page(page.number, len(answer.pages))
            return answer

        monkeypatch.setattr("documents.operations.read.read_file", read_file)
        return asked

    return answers


def waiting(unit: Unit, **values: Any) -> DocumentVersion:
    version = paper(unit=unit, pages=()).current
    assert version is not None
    for name, value in values.items():
        setattr(version, name, value)
    version.save()
    return version


def reloaded(version: DocumentVersion) -> DocumentVersion:
    return DocumentVersion.objects.get(pk=version.pk)


def test_a_real_file_is_read_with_its_words_and_fields(unit: Unit) -> None:
    document = paper(unit=unit, pages=(), content=print_pdf(typeset(DECISION)))
    read_version(version_id=document.current_id or 0)
    version = DocumentVersion.objects.get()
    assert (version.reading_state, version.page_count, version.pages_read) == ("read", 1, 1)
    assert version.reading is not None
    assert version.reading.fields["number"] == "41/2026/QĐ-UBND"
    assert version.reading.fields["effective_on"] == "2026-07-01"
    page = ReadPage.objects.get()
    assert "thủ tục hành chính" in page.text
    assert "QUYẾT" in [word.text for word in unpack(page.words)]


def test_what_was_read_is_kept_page_by_page(unit: Unit, reader: Any) -> None:
    version = waiting(unit)
    reader(outcome(TEXT, "Trang hai"))
    read_version(version_id=version.pk)
    assert list(ReadPage.objects.order_by("number").values_list("text", flat=True)) == [TEXT, "Trang hai"]
    assert unpack(ReadPage.objects.get(number=1).words) == (Word(TEXT, (0.1, 0.1, 0.5, 0.02), 0.9),)
    assert Reading.objects.get().paper_type == "quyet_dinh"


def test_reading_is_the_systems_event_and_asks_for_the_index(unit: Unit, reader: Any) -> None:
    version = waiting(unit)
    reader(outcome(TEXT))
    read_version(version_id=version.pk)
    event = AuditEvent.objects.get()
    assert (event.stream, event.verb, event.officer_id) == (f"document:{version.document_id}", "document.read", None)
    assert OutboxRow.objects.get().key == f"document:{version.document_id}"


def test_progress_is_saved_as_pages_come(unit: Unit, reader: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    version = waiting(unit)
    seen: list[tuple[str, int, int | None]] = []

    def read_file(path: Path, *, on_page: Callable[[int, int], None]) -> Outcome:
        answer = outcome("a", "b", "c")
        for page in answer.pages:
            on_page(page.number, 3)
            now = reloaded(version)
            seen.append((now.reading_state, now.pages_read, now.page_count))
        return answer

    monkeypatch.setattr("documents.operations.read.read_file", read_file)
    read_version(version_id=version.pk)
    assert seen == [("reading", 1, 3), ("reading", 2, 3), ("reading", 3, 3)]


@pytest.mark.parametrize(
    ("attack", "reason"),
    [
        ("06", Reason.TOO_MANY_PAGES),
        ("07", Reason.ENCRYPTED),
        ("09", Reason.BROKEN),
        ("09", Reason.TIMED_OUT),
        ("10", Reason.TRUNCATED),
        ("11", Reason.TOO_MANY_PIXELS),
    ],
)
def test_attack_06_to_11_what_can_not_be_read_is_set_aside_and_somebody_told(
    unit: Unit, reader: Any, attack: str, reason: Reason
) -> None:
    bringer = officer_at(unit)
    version = waiting(unit, uploaded_by=bringer)
    reader(Unreadable(reason))
    read_version(version_id=version.pk)
    version = reloaded(version)
    assert (version.screening, version.quarantine_reason) == ("quarantined", reason)
    assert version.reading_state == ReadingState.FAILED
    assert Notice.objects.get().recipient_id == bringer.pk
    assert AuditEvent.objects.get().verb == "document.quarantined"


def test_attack_09_the_queue_goes_on_past_a_bad_file(unit: Unit) -> None:
    bad = paper(unit=unit, pages=(), content=b"%PDF-1.4\n%%EOF").current
    good = paper(unit=unit, pages=(), content=print_pdf(typeset("Đơn đề nghị"))).current
    assert bad is not None
    assert good is not None
    for version in (bad, good):
        read_version(version_id=version.pk)
    assert (reloaded(bad).screening, reloaded(good).reading_state) == ("quarantined", "read")


@pytest.mark.parametrize("secrecy", ["mat", "toi_mat", "tuyet_mat"])
def test_a_secret_paper_is_shut_away_and_nothing_of_it_kept(
    unit: Unit, reader: Any, secrecy: str, django_capture_on_commit_callbacks: Any
) -> None:
    leader, bringer = officer_at(unit), officer_at(unit)
    leading = StepRoleFactory.create(code="head", leads=True)
    RoleHoldingFactory.create(officer=leader, unit=unit, role=leading)
    version = waiting(unit, uploaded_by=bringer)
    pictures = Path(settings.PICTURES_DIR) / version.blob_id[:2] / version.blob_id
    pictures.mkdir(parents=True)
    (pictures / "1-160.jpg").write_bytes(b"seen")
    reader(outcome("MẬT: phương án phòng thủ", secrecy=secrecy))
    with django_capture_on_commit_callbacks(execute=True):
        read_version(version_id=version.pk)
        assert pictures.exists()  # whoever shuts it away may still fail to
    version = reloaded(version)
    assert (version.screening, version.quarantine_reason) == ("quarantined", "secret")
    assert not ReadPage.objects.exists()
    reading = Reading.objects.get()
    assert (reading.secrecy, reading.fields) == (secrecy, {})
    assert not pictures.exists()
    assert {notice.recipient_id for notice in Notice.objects.all()} == {leader.pk, bringer.pk}
    assert not any("phòng thủ" in text for text in Notice.objects.values_list("message", flat=True))


def test_a_secret_paper_is_told_to_the_secrecy_officer_of_the_unit_or_above_it(unit: Unit, reader: Any) -> None:
    above = UnitFactory.create()
    Unit.objects.filter(pk=unit.pk).update(parent=above)
    leader, guardian, elsewhere = officer_at(unit), officer_at(above), officer_at(UnitFactory.create())
    guarding = StepRoleFactory.create(code="secrecy_officer", guards_secrets=True)
    RoleHoldingFactory.create(officer=leader, unit=unit, role=StepRoleFactory.create(code="head", leads=True))
    RoleHoldingFactory.create(officer=guardian, unit=above, role=guarding)
    RoleHoldingFactory.create(officer=elsewhere, unit=UnitFactory.create(), role=guarding)
    version = waiting(unit)
    reader(outcome("MẬT", secrecy="mat"))
    read_version(version_id=version.pk)
    told = {notice.recipient_id for notice in Notice.objects.all()}
    assert guardian.pk in told
    assert not told & {leader.pk, elsewhere.pk}


def test_a_secret_paper_leaves_every_search_at_once(unit: Unit, reader: Any) -> None:
    document = paper(unit=unit)
    legal = legal_document(document=document)
    again(document, acting_at(unit))
    reader(outcome("MẬT", secrecy="mat"))
    drain_once(["read"])
    hidden = set(Narrowed.objects.values_list("kind", "object_id"))
    assert hidden == {("document", str(document.pk)), ("decision", str(legal.pk))}


@pytest.mark.databases_differ
def test_a_hostile_text_layer_does_not_stop_the_database(unit: Unit, reader: Any) -> None:
    version = waiting(unit)
    reader(outcome("thửa\x00 116", fields=Fields(number="17\x00/QĐ")))
    read_version(version_id=version.pk)
    assert ReadPage.objects.get().text == "thửa  116"
    assert Reading.objects.get().fields["number"] == "17/QĐ"


def test_attack_65_a_run_that_comes_late_changes_nothing(unit: Unit, reader: Any) -> None:
    version = waiting(unit)
    reader(outcome(TEXT))
    read_version(version_id=version.pk)
    asked = reader(outcome("khác"))
    asked.clear()
    read_version(version_id=version.pk)
    assert asked == []
    assert Reading.objects.count() == 1
    assert AuditEvent.objects.count() == 1


def test_attack_57_a_run_that_was_killed_is_done_once_more(unit: Unit, reader: Any) -> None:
    version = waiting(unit, reading_state=ReadingState.READING, pages_read=4, page_count=9)
    reader(outcome(TEXT))
    read_version(version_id=version.pk)
    version = reloaded(version)
    assert (version.reading_state, version.pages_read, version.page_count) == ("read", 1, 1)


def test_attack_64_after_the_last_try_the_page_says_so(unit: Unit, reader: Any) -> None:
    version = waiting(unit)
    reader(OSError("the disk"))
    OutboxRow.objects.create(
        topic="read", key=str(version.pk), created_at=timezone.now(), available_at=timezone.now(), attempts=3
    )
    drain_once(["read"])
    assert OutboxRow.objects.get(topic="read").died_at is not None
    version = reloaded(version)
    assert (version.reading_state, version.reading_error, version.screening) == ("failed", "internal", "unscanned")


@pytest.mark.parametrize("state", [ReadingState.WAITING, ReadingState.READING])
def test_attack_64_a_file_that_killed_its_reader_each_time_is_not_readable_and_the_queue_goes_on(
    unit: Unit, reader: Any, state: ReadingState
) -> None:
    """A killed worker raises nothing: nobody but the row's end can say so."""
    bringer = officer_at(unit)
    poison, sound = waiting(unit, uploaded_by=bringer, reading_state=state), waiting(unit)
    for version, attempts in ((poison, TOPICS["read"].attempts), (sound, 0)):
        OutboxRow.objects.create(
            topic="read",
            key=str(version.pk),
            created_at=timezone.now(),
            available_at=timezone.now(),
            attempts=attempts,
            lease=uuid4() if attempts else None,
            leased_until=timezone.now() if attempts else None,
        )
    asked = reader(outcome(TEXT))
    while drain_once(["read"]):
        pass
    assert len(asked) == 1
    version = reloaded(poison)
    assert (version.reading_state, version.reading_error, version.screening) == ("failed", "internal", "unscanned")
    assert Notice.objects.get().recipient_id == bringer.pk
    assert reloaded(sound).reading_state == ReadingState.READ
    assert again(version.document, acting_at(unit)).is_in_hand, "it can be read again on demand"


def test_before_the_last_try_the_file_waits(unit: Unit, reader: Any) -> None:
    version = waiting(unit)
    reader(OSError("the disk"))
    OutboxRow.objects.create(topic="read", key=str(version.pk), created_at=timezone.now(), available_at=timezone.now())
    drain_once(["read"])
    row = OutboxRow.objects.get(topic="read")
    assert row.died_at is None
    assert row.available_at > timezone.now() + timedelta(seconds=1)
    assert reloaded(version).is_in_hand


# Once more ---------------------------------------------------------------------------------------


def again(document: Document, acting: Acting) -> DocumentVersion:
    return ask_for_reading(document_id=document.pk, acting=acting)


def test_a_paper_is_read_again_on_demand_and_both_runs_stay(unit: Unit, reader: Any) -> None:
    document = paper(unit=unit)
    again(document, acting_at(unit))
    assert AuditEvent.objects.get().verb == "document.reading_asked"
    reader(outcome(TEXT))
    drain_once(["read"])
    assert Reading.objects.count() == 2
    version = DocumentVersion.objects.get()
    assert version.reading_id == Reading.objects.latest("id").pk


def test_what_can_be_read_after_all_leaves_quarantine(unit: Unit, reader: Any) -> None:
    document = paper(unit=unit, pages=())
    DocumentVersion.objects.update(
        screening="quarantined", quarantine_reason="timed_out", reading_state="failed", reading_error="timed_out"
    )
    again(document, acting_at(unit))
    reader(outcome(TEXT))
    drain_once(["read"])
    version = DocumentVersion.objects.get()
    assert (version.screening, version.quarantine_reason, version.reading_error) == ("unscanned", "", "")


def test_a_secret_paper_is_not_read_again(unit: Unit) -> None:
    document = paper(unit=unit, pages=())
    DocumentVersion.objects.update(screening="quarantined", quarantine_reason="secret", reading_state="failed")
    with pytest.raises(Refused):
        again(document, acting_at(unit))


def test_what_is_being_read_is_not_asked_for_twice(unit: Unit) -> None:
    with pytest.raises(Conflict):
        again(paper(unit=unit, pages=()), acting_at(unit))


def test_a_look_up_account_asks_for_no_reading(unit: Unit) -> None:
    with pytest.raises(Refused):
        again(paper(unit=unit), acting_at(unit, RoleSlot.Kind.LOOKUP))


def test_a_newer_version_is_what_is_read_again(unit: Unit) -> None:
    document = paper(unit=unit)
    version = add_version_to(document, pdf(pages=3), reading_state=ReadingState.READ)
    assert again(document, acting_at(unit)).pk == version.pk
