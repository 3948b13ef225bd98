"""Bringing in the past (nhập dữ liệu cũ): files, folders, and JSON lines of legal documents, until all can be found."""

import gzip
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.db.models import Max

from audit.recording import SYSTEM
from documents.batch_models import Batch, Fate
from documents.models import DocumentVersion
from documents.operations.batches.bring import Bringer, keep_file
from documents.operations.import_file import import_file
from documents.operations.import_records import Tally, import_records
from documents.operations.reading_queue import READ, READ_PATIENTLY
from documents.reasons import trouble_of, words_for
from documents.states import ReadingState
from jobs.models import OutboxRow
from jobs.worker import drain
from pages.domain_errors import DomainError, Invalid

RECORDS = (".jsonl", ".jsonl.gz")
BATCH = 50
PAUSE_SECONDS = 0.3


def import_paths(paths: Sequence[Path], *, batch: Batch | None = None) -> Tally:
    """Imports everything under these paths and returns when it is read and indexed.

    Files go into the batch, for its unit to see, or else to every officer; legal documents that come as data always do
    the latter. A paused batch is not waited for.
    What fails is listed and the rest goes on; what was imported before is skipped, so an import that was cut off is
    simply started again.
    """
    tally = Tally()
    brought: dict[int, Path] = {}
    for path in _files(paths, tally):
        if path.name.endswith(RECORDS):
            _import_lines(path, tally)
        else:
            _import_one(path, tally, brought, batch)
    _settle(READ, READ_PATIENTLY)
    _count_read(brought, tally)
    _settle("index")
    return tally


def _files(paths: Sequence[Path], tally: Tally) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(inner for inner in path.rglob("*") if inner.is_file())
        elif path.exists():
            yield path
        else:
            tally.failed.append((str(path), "no such file"))


def _import_one(path: Path, tally: Tally, brought: dict[int, Path], batch: Batch | None) -> None:
    try:
        version = import_file(path=path) if batch is None else _into_batch(batch, path)
    except (DomainError, OSError) as fault:
        tally.failed.append((str(path), str(fault)))
        return
    if version is None:
        tally.skipped += 1
    else:
        brought[version.pk] = path


def _into_batch(batch: Batch, path: Path) -> DocumentVersion | None:
    """As `import_file`; what isn't taken stands on the batch's page too."""
    with path.open("rb") as handle:
        file = File(handle, name=path.name)
        brought = keep_file(batch=batch, file=file, name=path.name, bringer=Bringer(SYSTEM))
    if brought.item.fate == Fate.REFUSED:
        raise Invalid(brought.item.refusal)
    return brought.item.version if brought.is_new else None


def _count_read(brought: Mapping[int, Path], tally: Tally) -> None:
    """A file counts as imported once it is read; what can't be is kept, and listed."""
    keys = iter(brought)
    while batch := list(islice(keys, BATCH)):
        for version in DocumentVersion.objects.filter(pk__in=batch).order_by("pk"):
            if version.reading_state == ReadingState.READ:
                tally.imported += 1
            else:
                reason = words_for(trouble_of(version)) or version.reading_state
                tally.failed.append((str(brought[version.pk]), reason))


def _import_lines(path: Path, tally: Tally) -> None:
    lines = _lines(path, tally)
    while batch := list(islice(lines, BATCH)):
        done = import_records(records=batch)
        tally.imported += done.imported
        tally.skipped += done.skipped
        tally.failed += done.failed


def _lines(path: Path, tally: Tally) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a file of JSON lines, each named by its line; what is no object is listed as failed."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        try:
            for number, line in enumerate(file, 1):
                name = f"{path}:{number}"
                row = _object(line) if line.strip() else {}
                if row is None:
                    tally.failed.append((name, "no JSON object"))
                elif row:
                    yield name, row
        except (OSError, EOFError) as fault:
            tally.failed.append((str(path), str(fault)))


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None


def _settle(*topics: str) -> None:
    """Works off what of these topics waits by now, or waits for the workers that have it in hand.

    What is asked for later by others doesn't hold us up; a row that failed too often is dead and doesn't either.
    """
    last = OutboxRow.objects.filter(topic__in=topics).aggregate(last=Max("id"))["last"] or 0
    while True:
        drain(topics)
        if not OutboxRow.objects.filter(topic__in=topics, id__lte=last, died_at__isnull=True).exists():
            return
        time.sleep(PAUSE_SECONDS)
