"""Reading clean 300-dpi pages, beside bare tesseract on the same pages; rasterising is in both."""

import os
import resource
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import pypdfium2 as pdfium
import pytesseract

from benchmarks.rows import Row, row
from ocr import read_file
from portal.demo.scanner import as_pdf, print_pages

LEAST_RATIO = 0.9
tesseract: Any = pytesseract
DPI, PAGES, ROUNDS = 300, 3, 3
_PARAGRAPH = (
    "Điều {number}. Giao Sở Nông nghiệp và Môi trường chủ trì, phối hợp với các cơ quan, đơn vị có liên quan "
    "hướng dẫn, kiểm tra, đôn đốc việc đăng ký biến động đất đai, cấp Giấy chứng nhận quyền sử dụng đất, "
    "quyền sở hữu tài sản gắn liền với đất trên địa bàn tỉnh Yên Giang theo quy định của pháp luật."
)
_HEAD = """ỦY BAN NHÂN DÂN TỈNH YÊN GIANG
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 128/QĐ-UBND
Yên Giang, ngày 16 tháng 11 năm 2026
QUYẾT ĐỊNH
Về việc ban hành quy trình giải quyết thủ tục hành chính
"""


def run() -> list[Row]:
    """Pages a second of one core, by the processor time both take, so that a busy machine doesn't count."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "clean.pdf"
        path.write_bytes(_scan())
        bare, ours = [], []
        for _ in range(ROUNDS):
            bare.append(_processor_seconds(lambda: _bare(path)))
            ours.append(_processor_seconds(lambda: _ours(path)))
    figure, peer = PAGES / median(ours), PAGES / median(bare)
    return [
        row(
            "ocr_speed: clean pages of 300 dpi",
            figure,
            "pages/s per core",
            peer=f"pypdfium2 and bare tesseract, {peer:.3f} pages/s per core",
            ratio=figure / peer,
            goal=f"ratio at least {LEAST_RATIO}",
            holds=figure / peer >= LEAST_RATIO,
        )
    ]


def _scan() -> bytes:
    pages = []
    for number in range(PAGES):
        text = _HEAD + "\n".join(_PARAGRAPH.format(number=number * 10 + line) for line in range(1, 9))
        pages += print_pages(text, dpi=DPI)[:1]
    return as_pdf(pages, dpi=DPI)


def _processor_seconds(work: Callable[[], None]) -> float:
    """Seconds of processor time of this process and of those it waited for."""
    before = _used()
    work()
    return _used() - before


def _used() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def _bare(path: Path) -> None:
    os.environ["OMP_THREAD_LIMIT"] = "1"
    document = pdfium.PdfDocument(path)
    try:
        for page in document:
            tesseract.image_to_data(page.render(scale=DPI / 72).to_pil(), lang="vie")
    finally:
        document.close()


def _ours(path: Path) -> None:
    reading = read_file(path)
    if len(reading.pages) != PAGES or not all(page.text for page in reading.pages):
        raise RuntimeError("the pages were not read")
