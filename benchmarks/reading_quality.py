"""How well and how fast treated scans are read, beside bare tesseract and OCRmyPDF on the same files.

`BENCH_READING_PAGES` pages of each treatment (2); texts from LEGAL_TEXTS where set, else the project's own. No text
measured here had a part in the pairs of words that readings are put right by.
"""

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

import pypdfium2 as pdfium
import pytesseract

from benchmarks.reading_page import READING
from benchmarks.rows import Row, row
from ocr import Limits, Unreadable, read_file
from portal.demo.scanner import as_pdf, print_pdf, typeset
from tests.scans import hostile
from tests.scans.generator import Sample, character_error_rate, samples
from tests.scans.treatments import TREATMENTS, Scan, Treatment

OWN_PAGE = READING
LEAST_SPEED, LEAST_DIGITAL_SPEED = 0.9, 100
MOST_MEBIBYTES = 600
MOST_DELAY = 1.1
DIGITAL_PAGES = 40
# The texts no table was made from: every tenth or so of those that LEGAL_TEXTS names.
HELD_OUT = 24
ONE_CORE = Limits(workers=1)
tesseract: Any = pytesseract


@dataclass(frozen=True)
class Outcome:
    """Errors per thousand letters and pages a minute of one core."""

    errors: float
    speed: float


def run() -> list[Row]:
    os.environ["OMP_THREAD_LIMIT"] = "1"
    chosen = samples(HELD_OUT)[: int(os.environ.get("BENCH_READING_PAGES", "2"))]
    rows: list[Row] = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "scan.pdf"
        for treatment in TREATMENTS.values():
            rows += _rows_of(treatment, chosen, path)
        clean = next(found["figure"] for found in rows if found["name"] == _speed_name("clean 300"))
        rows += [_digital(chosen, path, clean), *_machine(chosen, path)]
    return rows


def _rows_of(treatment: Treatment, chosen: list[Sample], path: Path) -> Iterator[Row]:
    scans = [treatment.scan(sample, seed=seed) for seed, sample in enumerate(chosen)]
    path.write_bytes(as_pdf([scan.picture for scan in scans], dpi=treatment.dpi, quality=95))
    ours, bare, peer = (_outcome(scans, partial(read, path, treatment.dpi)) for read in (_ours, _bare, _ocrmypdf))
    most = treatment.most_errors
    yield row(
        f"reading_quality: {treatment.name}",
        ours.errors,
        "errors per 1,000",
        peer=f"tesseract {bare.errors:.1f}, OCRmyPDF {peer.errors:.1f}",
        ratio=ours.errors / max(bare.errors, 0.01),
        goal="" if most is None else f"at most {1000 * most:g}",
        holds=None if most is None else ours.errors <= 1000 * most,
    )
    is_clean = treatment.name == "clean 300"
    yield row(
        _speed_name(treatment.name),
        ours.speed,
        "pages a minute of a core",
        peer=f"tesseract {bare.speed:.1f}, OCRmyPDF {peer.speed:.1f}",
        ratio=ours.speed / bare.speed,
        goal=f"ratio at least {LEAST_SPEED}" if is_clean else "",
        holds=ours.speed / bare.speed >= LEAST_SPEED if is_clean else None,
    )


def _speed_name(treatment: str) -> str:
    return f"reading_quality: {treatment}, speed"


def _outcome(scans: list[Scan], read: Callable[[], list[str]]) -> Outcome:
    texts, seconds = _timed(read)
    errors = [character_error_rate(scan.truth, text) for scan, text in zip(scans, texts, strict=True)]
    return Outcome(1000 * mean(errors), 60 * len(scans) / seconds)


def _timed(read: Callable[[], list[str]]) -> tuple[list[str], float]:
    """What was read and the processor time it took, that of processes waited for included."""
    before = _used()
    texts = read()
    return texts, _used() - before


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _ours(path: Path, dpi: int) -> list[str]:
    return [page.text for page in read_file(path, limits=ONE_CORE).pages]


def _bare(path: Path, dpi: int) -> list[str]:
    document = pdfium.PdfDocument(path)
    try:
        pictures = (page.render(scale=dpi / 72).to_pil() for page in document)
        return [tesseract.image_to_string(picture, lang="vie", config=f"--dpi {dpi}") for picture in pictures]
    finally:
        document.close()


def _ocrmypdf(path: Path, dpi: int) -> list[str]:
    text = path.with_suffix(".txt")
    settings = ["-l", "vie", "--deskew", "--rotate-pages", "--jobs", "1", "--output-type", "pdf", "--quiet"]
    command = [sys.executable, "-m", "ocrmypdf", *settings, "--sidecar", str(text), str(path), f"{path}.out"]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603 our own interpreter and files
    pages = text.read_text("utf-8").split("\f")
    return pages[:-1] if not pages[-1].strip() else pages


def _digital(chosen: list[Sample], path: Path, clean: float) -> Row:
    """Pages with a text layer, whole process included."""
    path.write_bytes(print_pdf(typeset("\n".join(sample.text for sample in chosen) * DIGITAL_PAGES)))
    texts, seconds = _timed(lambda: [page.text for page in read_file(path, limits=ONE_CORE).pages])
    speed = 60 * len(texts) / seconds
    return row(
        f"reading_quality: digital, {len(texts)} pages, speed",
        speed,
        "pages a minute of a core",
        peer="clean scans of 300 dpi",
        ratio=speed / clean,
        goal=f"ratio at least {LEAST_DIGITAL_SPEED}",
        holds=speed / clean >= LEAST_DIGITAL_SPEED,
    )


def _machine(chosen: list[Sample], path: Path) -> Iterator[Row]:
    """What a reader takes of the machine, and what a hostile file takes from others."""
    scans = [TREATMENTS[name].scan(chosen[0]) for name in ("clean 300",) * 2]
    path.write_bytes(as_pdf([scan.picture for scan in scans], dpi=300))
    with _watched() as most:
        read_file(path, limits=ONE_CORE)
    yield row(
        "reading_quality: memory of a worker with its tesseract, 300 dpi",
        most[0],
        "MiB",
        goal=f"at most {MOST_MEBIBYTES} MiB",
        holds=most[0] <= MOST_MEBIBYTES,
    )
    enemy = path.with_name("hostile.pdf")
    enemy.write_bytes(hostile.looping_form())
    alone, beside = [], []
    for _ in range(3):
        alone.append(_wall_seconds(path))
        with _reading_all_the_time(enemy):
            beside.append(_wall_seconds(path))
    yield row(
        "reading_quality: two pages beside a hostile file read again and again",
        min(beside),
        "s",
        peer=f"alone, {min(alone):.1f} s",
        ratio=min(beside) / min(alone),
        goal=f"ratio at most {MOST_DELAY}",
        holds=min(beside) / min(alone) <= MOST_DELAY,
    )


def _wall_seconds(path: Path) -> float:
    began = time.perf_counter()
    read_file(path, limits=ONE_CORE)
    return time.perf_counter() - began


@contextmanager
def _in_the_background(work: Callable[[], None]) -> Iterator[None]:
    """Does a piece of work again and again meanwhile."""
    over = threading.Event()

    def repeat() -> None:
        while not over.is_set():
            work()

    thread = threading.Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def _reading_all_the_time(enemy: Path) -> Iterator[None]:
    def read() -> None:
        with suppress(Unreadable):
            read_file(enemy, limits=ONE_CORE)

    with _in_the_background(read):
        yield


@contextmanager
def _watched() -> Iterator[list[float]]:
    """The most memory, in MiB, that the processes started meanwhile held together."""
    most = [0.0]

    def look() -> None:
        most[0] = max(most[0], sum(_resident(pid) for pid in _descendants(os.getpid())))
        time.sleep(0.02)

    with _in_the_background(look):
        yield most


def _descendants(pid: int) -> Iterator[int]:
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, thread.read_text().split()):
                yield child
                yield from _descendants(child)


def _resident(pid: int) -> float:
    """Its share of memory, pages it has in common with others counted in part; 0 once it has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
