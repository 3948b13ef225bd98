"""What other packages ask of the reader: read a file, count its pages, draw one."""

import base64
import json
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Literal

from ocr.conversation import Answers, ask
from ocr.limits import Limits
from ocr.reading import Fields, PageMark, PageReading, PaperType, Reading, RecognisedPage

OnPage = Callable[[int, int], None]
PictureFormat = Literal["JPEG", "WEBP"]

WIDEST_PICTURE = 4000


def read_file(path: Path, *, limits: Limits | None = None, on_page: OnPage | None = None) -> Reading:
    """Text, words and fields of a file.

    `on_page(done, pages)` is called whenever a page is ready, with how many are and how many the file has.
    Raises Unreadable for the file, OSError when it can't be opened, ReaderMissing when the machine can't read.
    """
    started = time.monotonic()
    count, is_repaired = 0, False
    pages: list[PageReading] = []
    for answer in _answers("read", path, limits):
        match answer.pop("kind"):
            case "start":
                count, is_repaired = answer["pages"], answer["is_repaired"]
            case "page":
                pages.append(PageReading.from_json(answer))
                if on_page is not None:
                    on_page(len(pages), count)
            case "end":
                return Reading(
                    pages=tuple(sorted(pages, key=lambda page: page.number)),
                    fields=Fields.from_json(answer["fields"]),
                    paper_type=PaperType(**answer["paper_type"]),
                    secrecy=answer["secrecy"],
                    is_repaired=is_repaired,
                    seconds=round(time.monotonic() - started, 3),
                )
    raise AssertionError("the last answer is an end")


def count_pages(path: Path, *, limits: Limits | None = None) -> int:
    """The number of pages of a file. Raises as `read_file`."""
    return next(int(answer["pages"]) for answer in _answers("count", path, limits) if answer["kind"] == "start")


def render_page(
    path: Path, number: int, width: int, *, picture_format: PictureFormat = "JPEG", limits: Limits | None = None
) -> bytes:
    """The picture of page `number` (from 1) for the viewer, about `width` pixels across.

    Raises as `read_file`, and LookupError when the file has no such page.
    """
    wanted = {"index": number - 1, "width": min(max(width, 16), WIDEST_PICTURE), "format": picture_format}
    end = next(answer for answer in _answers("draw", path, limits, **wanted) if answer["kind"] == "end")
    if end["picture"] is None:
        raise LookupError(f"the file has no page {number}")
    return base64.b64decode(end["picture"])


def write_searchable(
    path: Path,
    target: Path,
    pages: Iterable[RecognisedPage],
    *,
    title: str = "",
    limits: Limits | None = None,
    on_page: OnPage | None = None,
) -> None:
    """Writes to `target` a PDF that looks as the file does, with the words of its pages unseen under them.

    Pages whose words are not given have the text they have. Raises as `read_file`.
    """
    with NamedTemporaryFile("w", encoding="utf-8", suffix=".jsonl") as words:
        for page in pages:
            words.write(json.dumps(page.as_json(), ensure_ascii=False) + "\n")
        words.flush()
        wanted = {"words": words.name, "target": str(target.resolve()), "title": title}
        count = 0
        for answer in _answers("copy", path, limits, **wanted):
            if answer["kind"] == "start":
                count = answer["pages"]
            elif answer["kind"] == "page" and on_page is not None:
                on_page(answer["done"], count)


def find_marks(path: Path, *, limits: Limits | None = None) -> list[PageMark]:
    """What each page of a bundle is marked with, in order. Raises as `read_file`."""
    pages = [answer for answer in _answers("marks", path, limits) if answer["kind"] == "page"]
    return [PageMark(page["number"], page["is_blank"], page["code"]) for page in pages]


def take_pages(
    path: Path, ranges: Sequence[tuple[int, int]], folder: Path, *, limits: Limits | None = None
) -> list[Path]:
    """Each range of pages of a PDF (from 1, both ends included) as a file of its own in the folder, pages undrawn.

    Raises as `read_file`.
    """
    targets = [folder.resolve() / f"{first}-{last}.pdf" for first, last in ranges]
    for _answer in _answers("parts", path, limits, ranges=list(ranges), targets=list(map(str, targets))):
        pass
    return targets


def _answers(task: str, path: Path, limits: Limits | None, **wanted: Any) -> Answers:
    with path.open("rb"):
        pass  # a missing or forbidden file is the caller's fault, not the file's
    with closing(ask(task, path, limits or Limits(), **wanted)) as answers:
        yield from answers
