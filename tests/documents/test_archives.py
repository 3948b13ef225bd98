"""ZIP archives are judged by their table of contents: what could do harm is refused whole, before it is inflated."""

import io
import stat
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile

from documents import archives
from documents.archives import check_archive, files_in, name_of, taken_out
from pages.domain_errors import Invalid
from tests.factories.batches import zipped
from tests.factories.documents import pdf


def checked(content: bytes, name: str = "ke-12.zip") -> int:
    return check_archive(ContentFile(content), name)


def with_link() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        link = zipfile.ZipInfo("don.pdf")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(link, "/etc/passwd")
    return buffer.getvalue()


def locked() -> bytes:
    """The same archive, saying of its entry that it is locked."""
    content = bytearray(zipped({"don.pdf": pdf()}))
    flags = content.index(b"PK\x01\x02") + 8
    content[flags : flags + 2] = struct.pack("<H", 1)
    return bytes(content)


def says_it_holds(count: int) -> bytes:
    content = bytearray(zipped({"don.pdf": pdf()}))
    end = content.rindex(b"PK\x05\x06")
    content[end + 10 : end + 12] = struct.pack("<H", count)
    return bytes(content)


def beyond_32_bits() -> bytes:
    """An archive whose real table of contents is told where only large archives have it."""
    content = zipped({"don.pdf": pdf()})
    end = content.rindex(b"PK\x05\x06")
    return content[:end] + b"PK\x06\x07" + bytes(16) + content[end:]


def test_an_archive_of_scans_is_taken_and_its_files_counted() -> None:
    clutter = {"__MACOSX/._don.pdf": b"x", "2009/.DS_Store": b"x", "2009/Thumbs.db": b"x"}
    assert checked(zipped({"2009/don.pdf": pdf(), "2009/so/so.pdf": pdf(width=601), **clutter})) == 2


HOSTILE: dict[str, Callable[[], bytes]] = {
    "climbs out": lambda: zipped({"../../etc/passwd.pdf": b"x"}),
    "climbs out in the middle": lambda: zipped({"2009/../../../x.pdf": b"x"}),
    "climbs out as Windows does": lambda: zipped({"..\\..\\x.pdf": b"x"}),
    "from the root": lambda: zipped({"/etc/passwd.pdf": b"x"}),
    "from a drive": lambda: zipped({"C:/x.pdf": b"x"}),
    "a link": with_link,
    "an archive within": lambda: zipped({"trong.zip": zipped({"don.pdf": pdf()})}),
    "an office file within": lambda: zipped({"don.docx": b"x"}),
    "an archive within, among scans": lambda: zipped({"don.pdf": pdf(), "a/b.tar.gz": b"x"}),
    "locked": locked,
    "more entries than one may": lambda: says_it_holds(archives.MOST_ENTRIES + 1),
    "a second table of contents": beyond_32_bits,
}


@pytest.mark.parametrize("case", HOSTILE)
def test_attack_04_an_archive_that_climbs_links_or_nests_is_refused(case: str) -> None:
    with pytest.raises(Invalid, match=r"ke-12\.zip"):
        checked(HOSTILE[case]())


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06", b"%PDF-1.7", zipped({"a.pdf": b"x"})[:-30], zipped({})])
def test_what_is_no_archive_or_an_empty_one_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid):
        checked(content)


def test_attack_03_a_bomb_is_refused_before_anything_is_inflated(monkeypatch: pytest.MonkeyPatch) -> None:
    def inflated(*_: Any, **__: Any) -> Any:
        raise AssertionError("something was inflated")

    bomb = zipped({f"{number}.pdf": bytes(9_000_000) for number in range(3)})
    monkeypatch.setattr(zipfile.ZipFile, "open", inflated)
    assert len(bomb) < 100_000
    with pytest.raises(Invalid):
        checked(bomb)


def test_attack_03_an_entry_larger_than_a_file_may_be_is_refused(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 5000
    assert checked(zipped({"a.pdf": bytes(4999)})) == 1
    with pytest.raises(Invalid, match=r"a\.pdf"):
        checked(zipped({"a.pdf": bytes(5001)}))


def test_attack_03_all_entries_together_have_a_bound(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 4000
    files = {f"{number}.pdf": bytes(4000) for number in range(20)}
    assert checked(zipped(files)) == 20
    with pytest.raises(Invalid):
        checked(zipped({**files, "20.pdf": b"x"}))


def test_attack_03_an_entry_that_inflates_to_more_than_it_says_is_not_taken_out() -> None:
    honest = zipped({"a.pdf": bytes(50_000)})
    lying = honest.replace(struct.pack("<I", 50_000), struct.pack("<I", 100))
    with zipfile.ZipFile(io.BytesIO(lying)) as archive:
        [entry] = files_in(archive)
        with pytest.raises(zipfile.BadZipFile), taken_out(archive, entry):
            pass


def test_attack_19_an_archive_over_the_limit_is_refused(settings: Any) -> None:
    content = zipped({"a.pdf": pdf()})
    settings.UPLOAD_MAX_BYTES = len(content) - 1
    with pytest.raises(Invalid):
        checked(content)


def test_attack_14_names_in_the_old_code_page_are_read_as_utf_8_where_they_are() -> None:
    entry = zipfile.ZipInfo("Đơn đăng ký.pdf".encode().decode("cp437"))
    assert name_of(entry) == "Đơn đăng ký.pdf"
    entry.flag_bits = 0x800
    assert name_of(entry) == entry.filename


def test_an_entry_comes_out_as_it_went_in() -> None:
    with zipfile.ZipFile(io.BytesIO(zipped({"2009/a.pdf": b"noi dung"}))) as archive:
        [entry] = files_in(archive)
        with taken_out(archive, entry) as file:
            assert (file.name, file.read(), file.size) == ("a.pdf", b"noi dung", 8)
