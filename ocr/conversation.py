"""Starts the process that opens a file (`ocr.child`), listens to it within its limits, and clears away after it."""

import contextlib
import json
import logging
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ocr.domain_errors import ReaderMissing, Reason, Unreadable
from ocr.limits import Limits

logger = logging.getLogger(__name__)

Answer = dict[str, Any]
Answers = Generator[Answer, None, None]

# All that is handed on of the environment: no password or key reaches the process that opens files.
_INHERITED = ("PATH", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")
_ROOT = Path(__file__).resolve().parent.parent
_CHUNK = 1 << 16
_LONGEST_ANSWER = 1 << 26
_STDERR_TAIL = 2000
# PDFium aborts when memory is refused; the kernel kills when there is none.
_DEATHS_BY_MEMORY = (-signal.SIGABRT, -signal.SIGKILL)
_SIGNS_OF_EXHAUSTION = (
    "bad_alloc",
    "MemoryError",
    "annot allocate",
    "out of memory",
    "Insufficient memory",
    "failed to map",
)


def ask(task: str, path: Path, limits: Limits, *, module: str = "ocr.child", **wanted: object) -> Answers:
    """The answers of a reader process, "start" first and "end" last; close the generator to stop it.

    `module` runs `ocr.child.run` with tasks of its own.

    Raises Unreadable when it refuses, dies or takes too long, ReaderMissing when it can't start or finds no tesseract.
    """
    request = {"task": task, "path": str(path.resolve()), "limits": asdict(limits), **wanted}
    scratch = Path(tempfile.mkdtemp(prefix="ocr-"))
    try:
        with (scratch / "stderr").open("wb") as stderr:
            process = _start(module, request, scratch, stderr.fileno())
        try:
            yield from _Listener(process, limits, scratch / "stderr").answers()
        finally:
            _stop(process)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _start(module: str, request: Answer, scratch: Path, stderr: int) -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ} | {
        "PYTHONPATH": os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH")))),
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",
        # Pictures are given back to the system at once instead of lying about in pieces.
        "MALLOC_ARENA_MAX": "2",
        "MALLOC_MMAP_THRESHOLD_": "1048576",
    }
    return subprocess.Popen(  # noqa: S603 our own interpreter and module, no shell; the path is one JSON string
        [sys.executable, "-P", "-m", module, json.dumps(request)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        cwd=scratch,
        env=environment,
        start_new_session=True,  # a group of its own: one signal ends it with every tesseract it started
    )


def _stop(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


class _Listener:
    """Hears one reader process out, within the limits of its file."""

    def __init__(self, process: subprocess.Popen[bytes], limits: Limits, stderr: Path) -> None:
        self._process = process
        self._limits = limits
        self._stderr = stderr
        self._started = time.monotonic()
        self._pages = 1
        self._is_ready = False

    def answers(self) -> Iterator[Answer]:
        for line in self._lines():
            answer: Answer = json.loads(line)
            kind = answer["kind"]
            if kind == "ready":
                self._is_ready = True
                continue
            if kind == "refused":
                raise Unreadable(Reason(answer["reason"]), detail=answer["detail"])
            if kind == "missing":
                raise ReaderMissing(answer["detail"])
            if kind == "start":
                self._pages = answer["pages"]
            yield answer
            if kind == "end":
                return
        raise self._cause_of_death()

    def _lines(self) -> Iterator[bytes]:
        """Whole lines until the process closes its side; the clock runs for the next line and for all of them."""
        rest = b""
        while chunk := self._next_chunk():
            rest += chunk
            *lines, rest = rest.split(b"\n")
            yield from lines
            if len(rest) > _LONGEST_ANSWER:
                raise Unreadable(Reason.OUT_OF_MEMORY, detail="an answer without end")

    def _next_chunk(self) -> bytes:
        stdout = self._process.stdout
        if stdout is None:
            return b""
        end_of_all = self._started + self._limits.seconds_for(self._pages)
        seconds = min(self._limits.seconds, end_of_all - time.monotonic())
        ready, _, _ = select.select([stdout], [], [], max(seconds, 0))
        if not ready:
            raise Unreadable(Reason.TIMED_OUT, detail=f"no answer within {seconds:.0f} seconds")
        return os.read(stdout.fileno(), _CHUNK)

    def _cause_of_death(self) -> Exception:
        """What a reader that fell silent before the end died of."""
        code = self._process.wait()
        last_words = self._stderr.read_bytes()[-_STDERR_TAIL:].decode(errors="replace")
        if not self._is_ready:
            return ReaderMissing(f"the reader did not start ({code}): {last_words}")
        logger.warning("a reader died with %s: %s", code, last_words)
        if code == -signal.SIGXCPU:
            reason = Reason.TIMED_OUT
        elif code in _DEATHS_BY_MEMORY or any(sign in last_words for sign in _SIGNS_OF_EXHAUSTION):
            reason = Reason.OUT_OF_MEMORY
        else:
            reason = Reason.BROKEN
        return Unreadable(reason, detail=f"the reader died with {code}")
