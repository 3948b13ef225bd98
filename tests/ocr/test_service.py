"""Reading a file from outside: in a process of its own, within its limits, with nothing left behind."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ocr import Limits, ReaderMissing, Reason, Unreadable, count_pages, read_file, render_page
from ocr.service import PictureFormat
from portal.demo.scanner import as_jpeg, as_pdf, as_png, as_tiff, damage
from tests.ocr.papers import SLIP, joined, kept, processes_about, same_letters, slip_pdf, slip_picture
from tests.scans import hostile
from tests.scans.generator import character_error_rate

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_WAIT = 30.0


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where readers keep their temporary files in these tests."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def refusal(path: Path, limits: Limits | None = None) -> Reason:
    with pytest.raises(Unreadable) as caught:
        read_file(path, limits=limits)
    return caught.value.reason_code


def wait_until(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + SECONDS_TO_WAIT
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)
    return holds()


def test_a_digital_file_is_read_from_its_text_layer(tmp_path: Path) -> None:
    reading = read_file(kept(tmp_path, "slip.pdf", slip_pdf()))
    [page] = reading.pages
    assert (page.number, page.source, page.text, page.confidence, page.rotation) == (1, "text-layer", SLIP, None, 0)
    assert reading.fields.number == "31/GM-UBND"
    assert reading.fields.document_type == "Giấy mời"
    assert (reading.secrecy, reading.is_repaired) == (None, False)
    assert 0 < page.seconds < reading.seconds


def test_a_mixed_file_tells_its_progress_and_keeps_its_order(tmp_path: Path) -> None:
    path = kept(tmp_path, "mixed.pdf", joined(as_pdf([slip_picture()]), slip_pdf(), as_pdf([slip_picture()])))
    told: list[tuple[int, int]] = []
    reading = read_file(path, on_page=lambda done, pages: told.append((done, pages)))
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert [(page.number, page.source) for page in reading.pages] == [(1, "ocr"), (2, "text-layer"), (3, "ocr")]
    assert all(character_error_rate(SLIP, page.text) < 0.02 for page in reading.pages)


@pytest.mark.parametrize("file", [as_png, as_jpeg, lambda page: as_tiff([page]), lambda page: as_pdf([page])])
def test_every_kind_of_scan_is_read(tmp_path: Path, file: Callable[..., bytes]) -> None:
    [page] = read_file(kept(tmp_path, "scan", file(slip_picture()))).pages
    assert page.source == "ocr"
    assert character_error_rate(SLIP, page.text) < 0.02
    assert (page.width, page.height) == pytest.approx((595, 842), abs=2)


def test_a_secret_paper_is_told(tmp_path: Path) -> None:
    assert read_file(kept(tmp_path, "secret.pdf", slip_pdf("TỐI MẬT\n" + SLIP))).secrecy == "toi_mat"


def test_pages_are_counted_without_being_read(tmp_path: Path) -> None:
    assert count_pages(kept(tmp_path, "three.tif", as_tiff([slip_picture()] * 3))) == 3


@pytest.mark.parametrize("picture_format", ["JPEG", "WEBP"])
def test_a_page_is_drawn_at_the_width_asked_for(tmp_path: Path, picture_format: PictureFormat) -> None:
    path = kept(tmp_path, "two.pdf", joined(slip_pdf(), as_pdf([slip_picture()])))
    for number in (1, 2):
        drawn = render_page(path, number, 800, picture_format=picture_format)
        with Image.open(io.BytesIO(drawn)) as image:
            assert image.format == picture_format
            assert image.width == pytest.approx(800, abs=1)
            assert image.height == pytest.approx(1131, abs=3)


@pytest.mark.parametrize("number", [0, 2])
def test_a_page_the_file_has_not_can_not_be_drawn(tmp_path: Path, number: int) -> None:
    with pytest.raises(LookupError):
        render_page(kept(tmp_path, "slip.pdf", slip_pdf()), number, 800)


def test_a_missing_file_is_the_callers_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path / "none.pdf")


def test_importing_the_reader_loads_no_imaging_library() -> None:
    heavy = "{'cv2', 'numpy', 'pytesseract', 'pypdfium2', 'PIL', 'django'}"
    code = f"import sys, ocr, ocr.fields; print(sorted({heavy} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_reader_gets_no_secret_of_the_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "not for readers")
    given: list[dict[str, str]] = []

    class Seen(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **options: Any) -> None:
            given.append(options["env"])
            super().__init__(*args, **options)

    monkeypatch.setattr("ocr.conversation.subprocess.Popen", Seen)
    assert read_file(kept(tmp_path, "slip.pdf", slip_pdf())).pages
    assert "TMPDIR" in given[0]
    assert "not for readers" not in given[0].values()


def test_nothing_is_left_behind(tmp_path: Path, scratch: Path) -> None:
    good, bad = kept(tmp_path, "good.png", as_png(slip_picture())), kept(tmp_path, "bad.pdf", hostile.looping_form())
    read_file(good)
    refusal(bad)
    assert list(scratch.iterdir()) == []
    assert wait_until(lambda: not processes_about(str(tmp_path)))


def test_the_caller_may_stop_half_way(tmp_path: Path, scratch: Path) -> None:
    path = kept(tmp_path, "three.pdf", as_pdf([slip_picture()] * 3))

    def stop(done: int, pages: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_file(path, on_page=stop)
    assert list(scratch.iterdir()) == []
    assert wait_until(lambda: not processes_about(str(tmp_path)))


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path, scratch: Path) -> None:
    path = kept(tmp_path, "slow.pdf", as_pdf([damage(slip_picture(), noise=20)] * 2))
    assert refusal(path, Limits(seconds=0.8, seconds_a_page=0.4)) == Reason.TIMED_OUT
    assert list(scratch.iterdir()) == []
    assert wait_until(lambda: not processes_about(str(tmp_path)))


def test_a_long_file_has_time_for_each_page() -> None:
    limits = Limits(seconds=60, seconds_a_page=20)
    assert [limits.seconds_for(pages) for pages in (1, 3, 4, 200)] == [60, 60, 80, 4000]


def test_a_file_that_takes_too_much_memory_is_given_up(tmp_path: Path) -> None:
    sheet = io.BytesIO()
    Image.new("RGB", (9000, 9000), "white").save(sheet, "PNG", compress_level=1)
    path = kept(tmp_path, "wide.png", sheet.getvalue())
    assert refusal(path, Limits(memory=420 * 1024 * 1024)) == Reason.OUT_OF_MEMORY


def test_a_machine_without_tesseract_says_so_and_blames_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ReaderMissing):
        read_file(kept(tmp_path, "scan.png", as_png(slip_picture())))
    assert same_letters(read_file(kept(tmp_path, "slip.pdf", slip_pdf())).text, SLIP)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("attack_06_pages", hostile.pages_of(100_000), Reason.TOO_MANY_PAGES),
        ("attack_07_locked", hostile.locked(slip_pdf(), password="open sesame"), Reason.ENCRYPTED),
        ("attack_09_page_loop", hostile.looping_page_tree(), Reason.BROKEN),
        ("attack_09_form_loop", hostile.looping_form(), Reason.OUT_OF_MEMORY),
        ("attack_09_lost_page", hostile.missing_page(), Reason.BROKEN),
        ("attack_09_burst", hostile.bursting_stream(1200), Reason.OUT_OF_MEMORY),
        ("attack_10_truncated", as_jpeg(slip_picture())[:60_000], Reason.TRUNCATED),
        ("attack_11_png_bomb", hostile.png_of(60_000, 60_000), Reason.TOO_MANY_PIXELS),
        ("attack_11_tiff_bomb", hostile.tiff_of(60_000, 60_000), Reason.TOO_MANY_PIXELS),
        ("attack_18_empty", b"", Reason.EMPTY),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("attack") else "",
)
def test_hostile_files_are_refused_within_the_default_limits(
    tmp_path: Path, name: str, data: bytes, reason: Reason
) -> None:
    assert refusal(kept(tmp_path, name, data)) == reason


def test_attack_57_when_the_caller_is_killed_its_reader_ends_and_clears_away(tmp_path: Path) -> None:
    path = kept(tmp_path, "long.pdf", as_pdf([slip_picture()] * 12))
    places = {"TMPDIR": str(tmp_path / "scratch"), "PATH": os.environ["PATH"]}
    code = "import sys, pathlib, ocr; ocr.read_file(pathlib.Path(sys.argv[1]))"
    caller = subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=ROOT, env=places, start_new_session=True)
    assert wait_until(lambda: len(processes_about(str(tmp_path))) >= 3)
    caller.send_signal(signal.SIGKILL)
    caller.wait()
    assert wait_until(lambda: not processes_about(str(tmp_path)))
    assert wait_until(lambda: not list((tmp_path / "scratch").iterdir()))
