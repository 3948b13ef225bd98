"""The process that opens a file: confined, without secrets, thrown away afterwards.

`python -m ocr.child REQUEST` with REQUEST as JSON:
`{"task": "read"|"count"|"draw"|"copy"|"marks"|"parts", "path", "limits": {…}, "index", "width", "format", "words",
"target", "title", "ranges", "targets"}`.

It answers in lines of JSON on standard output:
`{"kind": "ready"}` · `{"kind": "start", "pages", "is_repaired"}` · `{"kind": "page", …}` for each page as it is
ready, in any order · `{"kind": "end", …}`, or `{"kind": "refused", "reason", "detail"}` or
`{"kind": "missing", "detail"}`.

It lives as long as its standard input is open: when the caller dies, so do it and every tesseract it started.
"""

import base64
import importlib
import io
import json
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from ocr.domain_errors import ReaderMissing, Reason, Unreadable
from ocr.fields import read_fields
from ocr.limits import Limits, allow_processor, confine
from ocr.pages import PageFile, open_pages
from ocr.paper_types import recognise_type
from ocr.reading import PageReading, with_type
from ocr.secrecy import find_secrecy
from ocr.text_layer import TextLayer

Answer = dict[str, Any]
Task = Callable[[PageFile, Limits, Answer], Iterator[Answer]]


def main(request: Answer, channel: IO[str], tasks: Mapping[str, Task]) -> None:
    """Answers one request on `channel`, with the task of its name."""
    limits = Limits(**request["limits"])
    confine(limits)
    _say(channel, kind="ready")
    try:
        with closing(open_pages(Path(request["path"]), limits)) as pages:
            allow_processor(limits, pages=pages.count)
            _say(channel, kind="start", pages=pages.count, is_repaired=pages.is_repaired)
            for answer in tasks[request["task"]](pages, limits, request):
                _say(channel, **answer)
    except Unreadable as error:
        _say(channel, kind="refused", reason=error.reason_code, detail=error.detail)
    except MemoryError:
        _say(channel, kind="refused", reason=Reason.OUT_OF_MEMORY, detail="")
    except ReaderMissing as error:
        _say(channel, kind="missing", detail=str(error))


def _say(channel: IO[str], **answer: Any) -> None:
    channel.write(json.dumps(answer, ensure_ascii=False) + "\n")
    channel.flush()


def _count(pages: PageFile, limits: Limits, request: Answer) -> Iterator[Answer]:
    yield {"kind": "end"}


def _draw(pages: PageFile, limits: Limits, request: Answer) -> Iterator[Answer]:
    if not 0 <= request["index"] < pages.count:
        yield {"kind": "end", "picture": None}
        return
    image = pages.picture_of_width(request["index"], request["width"])
    buffer = io.BytesIO()
    image.save(buffer, request["format"], quality=80)
    yield {"kind": "end", "picture": base64.b64encode(buffer.getvalue()).decode()}


def _read(pages: PageFile, limits: Limits, request: Answer) -> Iterator[Answer]:
    os.nice(10)  # reading must not make the pages of people at work slow
    readings: dict[int, PageReading] = {}
    for reading in _read_pages(pages, limits):
        readings[reading.number] = reading
        yield {"kind": "page", **reading.as_json()}
    in_order = [readings[number] for number in sorted(readings)]
    texts = [page.text for page in in_order]
    fields = read_fields(in_order)
    paper_type = recognise_type(texts[0] if texts else "", fields.document_type)
    yield {
        "kind": "end",
        "fields": with_type(fields, paper_type).as_json(),
        "paper_type": asdict(paper_type),
        "secrecy": find_secrecy(texts),
    }


def _read_pages(pages: PageFile, limits: Limits) -> Iterator[PageReading]:
    """Text layers that are beyond doubt first, for they cost little; then what must be looked at, several at once."""
    pictures = []
    for index in range(pages.count):
        started = time.monotonic()
        layer = pages.text_layer(index)
        if layer is None or layer.is_doubtful:
            pictures.append(index)
        else:
            yield _reading_of(layer, index, started)
    if pictures:
        yield from _look_at_pages(pages, pictures, limits)


def _reading_of(layer: TextLayer, index: int, started: float) -> PageReading:
    return PageReading(
        number=index + 1,
        source="text-layer",
        text=layer.text,
        confidence=None,
        rotation=0,
        words=layer.words,
        seconds=round(time.monotonic() - started, 3),
        width=layer.width,
        height=layer.height,
    )


def _look_at_pages(pages: PageFile, indexes: list[int], limits: Limits) -> Iterator[PageReading]:
    # OpenCV, NumPy and pytesseract take as long to load as a digital PDF takes to read: only when they are needed.
    recognise = importlib.import_module("ocr.recognition").recognise
    confirms = importlib.import_module("ocr.second_look").confirms

    def read(index: int) -> PageReading:
        started = time.monotonic()
        page = pages.picture(index)
        # Asked for again: the doubtful layers of a long file are not kept meanwhile.
        layer = pages.text_layer(index)
        if layer is not None and confirms(page, layer, seconds=limits.seconds):
            return _reading_of(layer, index, started)
        found = recognise(page, seconds=limits.seconds)
        return PageReading(
            number=index + 1,
            source="ocr",
            text=found.text,
            confidence=round(found.confidence, 3),
            rotation=found.rotation,
            words=found.words,
            seconds=round(time.monotonic() - started, 3),
            width=round(page.width, 2),
            height=round(page.height, 2),
        )

    with ThreadPoolExecutor(limits.pages_at_once()) as workers:
        waiting = [workers.submit(read, index) for index in indexes]
        try:
            for ready in as_completed(waiting):
                yield ready.result()
        finally:
            for page in waiting:
                page.cancel()


def _copy(pages: PageFile, limits: Limits, request: Answer) -> Iterator[Answer]:
    os.nice(10)
    # pypdf and fontTools take as long to load as a page takes to be drawn.
    write = importlib.import_module("ocr.searchable").write_searchable
    for done in write(Path(request["path"]), pages, Path(request["words"]), Path(request["target"]), request["title"]):
        yield {"kind": "page", "done": done}
    yield {"kind": "end"}


def _marks(pages: PageFile, limits: Limits, request: Answer) -> Iterator[Answer]:
    os.nice(10)
    find = importlib.import_module("ocr.bundles").find_marks
    for number, is_blank, code in find(pages):
        yield {"kind": "page", "number": number, "is_blank": is_blank, "code": code}
    yield {"kind": "end"}


def _parts(pages: PageFile, limits: Limits, request: Answer) -> Iterator[Answer]:
    write = importlib.import_module("ocr.bundles").write_parts
    targets = [Path(target) for target in request["targets"]]
    for done in write(Path(request["path"]), request["ranges"], targets):
        yield {"kind": "page", "done": done}
    yield {"kind": "end"}


TASKS: dict[str, Task] = {
    "copy": _copy,
    "count": _count,
    "draw": _draw,
    "marks": _marks,
    "parts": _parts,
    "read": _read,
}


def run(tasks: Mapping[str, Task]) -> None:
    """Answers the request on the command line; ends with whoever asked."""
    threading.Thread(target=_die_with_the_caller, daemon=True).start()
    # Libraries may print what they like: it goes to standard error, the answers have a channel of their own.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as own_channel:
        os.dup2(2, 1)
        main(json.loads(sys.argv[1]), own_channel, tasks)


def _die_with_the_caller() -> None:
    """Ends this process and its group once the caller's end of standard input is closed."""
    while os.read(0, 4096):
        pass
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    run(TASKS)
