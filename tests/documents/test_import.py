"""Bringing in the past: once, all that can be, visible to every officer, and findable when the command returns."""

import gzip
import json
import threading
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from accounts.acting import EVERYONE
from audit.models import AuditEvent
from documents.importing import import_paths
from documents.models import Document, DocumentVersion, LegalDocument, LegalDocumentToken, LegalText
from documents.operations.import_records import import_records
from jobs.models import OutboxRow
from portal.demo.scanner import print_pdf, typeset
from search.selectors import Query, find
from tests.documents.test_read import DECISION
from tests.factories.accounts import UnitFactory, acting_at
from tests.factories.documents import DocumentTypeFactory, locked_pdf, pdf

pytestmark = pytest.mark.django_db

RECORDS: list[dict[str, Any]] = [
    {
        "id": "000001",
        "number": "41/2026/QĐ-UBND",
        "type": "Quyết định",
        "subject": "Quy định trình tự giải quyết thủ tục hành chính về đất đai",
        "issuer": "ỦY BAN NHÂN DÂN TỈNH YÊN GIANG",
        "issued_on": "2026-06-22",
        "effective_on": "2026-07-01",
        "status": "Còn hiệu lực",
        "text": "Điều 9. Tạm dừng tính thời hạn\nHồ sơ chờ nghĩa vụ tài chính",
    },
    {"id": "000002", "number": None, "type": "Nghị quyết", "subject": None, "text": "Thông qua bảng giá đất"},
    {"type": "Giấy chứng nhận", "number": "DK 248032", "subject": "Thửa 116, tờ 24", "text": "Bà Phùng Thị Ngát"},
]


def written(path: Path, rows: list[Any]) -> Path:
    lines = "\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(lines.encode()))
    else:
        path.write_text(lines, encoding="utf-8")
    return path


def imported(*paths: Path) -> dict[str, Any]:
    said = StringIO()
    call_command("import_documents", *map(str, paths), "--json", stdout=said, stderr=StringIO())
    row: dict[str, Any] = json.loads(said.getvalue())
    return row


@pytest.mark.parametrize("name", ["van-ban.jsonl", "van-ban.jsonl.gz"])
def test_records_enter_the_register_for_every_officer(tmp_path: Path, name: str) -> None:
    assert imported(written(tmp_path / name, RECORDS)) == {"imported": 3, "skipped": 0, "failed": []}
    legal = LegalDocument.objects.get(number="41/2026/QĐ-UBND")
    assert (legal.kind, legal.document_type, legal.status) == ("decision", "Quyết định", "Còn hiệu lực")
    assert (str(legal.issued_on), str(legal.effective_on)) == ("2026-06-22", "2026-07-01")
    assert legal.wording.text.startswith("Điều 9.")
    assert set(LegalDocumentToken.objects.values_list("token", flat=True)) == {EVERYONE}
    assert LegalDocument.objects.get(number="DK 248032").kind == "certificate"


def test_each_record_is_one_event(tmp_path: Path) -> None:
    imported(written(tmp_path / "van-ban.jsonl", RECORDS))
    events = AuditEvent.objects.filter(verb="legal_document.imported")
    assert events.count() == events.values("stream").distinct().count() == 3


def test_attack_86_importing_again_does_nothing(tmp_path: Path) -> None:
    path = written(tmp_path / "van-ban.jsonl", RECORDS)
    imported(path)
    before = AuditEvent.objects.count()
    assert imported(path) == {"imported": 0, "skipped": 3, "failed": []}
    assert LegalText.objects.count() == 3
    assert AuditEvent.objects.count() == before


def test_attack_86_a_record_twice_in_one_file_counts_once(tmp_path: Path) -> None:
    assert imported(written(tmp_path / "van-ban.jsonl", [*RECORDS, RECORDS[0]])) == {
        "imported": 3,
        "skipped": 1,
        "failed": [],
    }


def test_a_faulty_record_fails_alone_and_says_where(tmp_path: Path) -> None:
    faulty = [
        '{"broken',
        '["no object"]',
        {"type": "Quyết định"},
        {"type": "Quyết định", "text": "x", "issued_on": "22/06/2026"},
        {"type": "Quyết định", "text": "x", "number": "9" * 81},
        {"type": "Quyết định", "text": "x", "number": 41},
    ]
    result = imported(written(tmp_path / "van-ban.jsonl", [*faulty, *RECORDS]))
    assert (result["imported"], len(result["failed"])) == (3, len(faulty))
    assert [fault["item"].rpartition(":")[2] for fault in result["failed"]] == ["1", "2", "3", "4", "5", "6"]
    assert "issued_on" in result["failed"][3]["error"]


def test_an_import_that_was_cut_off_is_resumed(tmp_path: Path) -> None:
    imported(written(tmp_path / "dau.jsonl", RECORDS[:1]))
    assert imported(written(tmp_path / "ca.jsonl", RECORDS)) == {"imported": 2, "skipped": 1, "failed": []}


def test_a_cut_archive_keeps_what_it_gave_and_says_so(tmp_path: Path) -> None:
    rows = [{**RECORDS[0], "id": str(number), "text": f"Điều {number} " * 400} for number in range(300)]
    path = written(tmp_path / "van-ban.jsonl.gz", rows)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    result = imported(path)
    assert 0 < result["imported"] < 300
    assert len(result["failed"]) == 1


def test_a_path_that_is_not_there_is_listed(tmp_path: Path) -> None:
    result = imported(tmp_path / "khong-co", written(tmp_path / "van-ban.jsonl", RECORDS))
    assert result["imported"] == 3
    assert result["failed"] == [{"item": str(tmp_path / "khong-co"), "error": "no such file"}]


# Files ---------------------------------------------------------------------------------------------


def test_a_scanned_decision_is_read_and_enters_the_register(tmp_path: Path) -> None:
    (tmp_path / "scan001.pdf").write_bytes(print_pdf(typeset(DECISION)))
    assert imported(tmp_path / "scan001.pdf") == {"imported": 1, "skipped": 0, "failed": []}
    document, legal = Document.objects.get(), LegalDocument.objects.get()
    assert (document.state, document.number, document.document_type.name) == (
        "received",
        "41/2026/QĐ-UBND",
        "Quyết định",
    )
    assert (legal.document_id, legal.kind, legal.number) == (document.pk, "decision", "41/2026/QĐ-UBND")
    assert str(legal.effective_on) == "2026-07-01"
    assert {token.token for token in [*document.tokens.all(), *legal.tokens.all()]} == {EVERYONE}


def test_any_other_paper_stays_a_paper(tmp_path: Path) -> None:
    (tmp_path / "don.pdf").write_bytes(print_pdf(typeset("Kính gửi: Chi nhánh\nTôi đề nghị")))
    assert imported(tmp_path / "don.pdf")["imported"] == 1
    assert Document.objects.get().title == "don"
    assert not LegalDocument.objects.exists()


def test_attack_86_a_file_is_known_by_its_bytes(tmp_path: Path) -> None:
    content = print_pdf(typeset(DECISION))
    folder = tmp_path / "quet"
    folder.mkdir()
    for name in ("mot.pdf", "hai.pdf"):
        (folder / name).write_bytes(content)
    assert imported(folder) == {"imported": 1, "skipped": 1, "failed": []}
    assert imported(folder) == {"imported": 0, "skipped": 2, "failed": []}
    assert DocumentVersion.objects.count() == 1


def test_a_folder_goes_on_past_bad_files(tmp_path: Path) -> None:
    inner = tmp_path / "nam-2019"
    inner.mkdir()
    (inner / "tot.pdf").write_bytes(pdf())
    (inner / "khoa.pdf").write_bytes(locked_pdf())
    (inner / "lai.exe").write_bytes(b"MZ" * 99)
    written(inner / "van-ban.jsonl", RECORDS)
    result = imported(tmp_path)
    assert result["imported"] == 4
    assert sorted(Path(fault["item"]).name for fault in result["failed"]) == ["khoa.pdf", "lai.exe"]


# Finding -------------------------------------------------------------------------------------------


def test_everything_can_be_found_when_the_command_returns(tmp_path: Path) -> None:
    written(tmp_path / "van-ban.jsonl", RECORDS)
    (tmp_path / "don.pdf").write_bytes(print_pdf(typeset("Kính gửi: Chi nhánh\nTôi đề nghị cấp đổi")))
    imported(tmp_path / "van-ban.jsonl", tmp_path / "don.pdf")
    acting = acting_at(UnitFactory.create())
    assert [hit.number for hit in find(Query(text="tam dung tinh thoi han"), acting).hits] == ["41/2026/QĐ-UBND"]
    assert [hit.kind for hit in find(Query(text="Phùng Thị Ngát"), acting).hits] == ["certificate"]
    assert [hit.kind for hit in find(Query(text="đề nghị cấp đổi"), acting).hits] == ["document"]
    assert not OutboxRow.objects.exists()


@pytest.mark.databases_differ
@pytest.mark.django_db(transaction=True)
def test_attack_86_two_imports_at_once_make_each_record_once(tmp_path: Path) -> None:
    DocumentTypeFactory.create()
    rows = [(str(number), {**RECORDS[0], "id": str(number)}) for number in range(20)]
    start = threading.Barrier(3)
    counts: list[int] = []
    faults: list[BaseException] = []

    def run() -> None:
        try:
            start.wait()
            counts.append(import_records(records=rows).imported)
        except BaseException as fault:  # noqa: BLE001 whatever went wrong in the thread fails the test
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert sorted(counts) == [0, 0, 20]
    assert LegalDocument.objects.count() == 20


def test_real_texts_can_be_imported(settings: Any, tmp_path: Path) -> None:
    """With LEGAL_TEXTS the real ones, else our own."""
    path = Path(settings.LEGAL_TEXTS) if settings.LEGAL_TEXTS else written(tmp_path / "van-ban.jsonl", RECORDS)
    tally = import_paths([path])
    assert tally.failed == []
    assert tally.imported == LegalDocument.objects.count() > 0
