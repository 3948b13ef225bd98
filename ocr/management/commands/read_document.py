"""Reads files without storing anything."""

import json
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from ocr.domain_errors import Unreadable
from ocr.limits import Limits
from ocr.reading import Fields, PaperType, Reading
from ocr.service import read_file

_PAGE_KEYS = ("number", "source", "text", "confidence", "rotation", "seconds")


class Command(BaseCommand):
    help = "Reads PDF, JPEG, PNG and TIFF files: text of each page and the fields of the document; stores nothing."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--json", action="store_true", dest="as_json", help="one JSON object a line, in order")

    def handle(self, *, files: list[str], as_json: bool, **options: Any) -> None:
        for found in _read_all(files):
            line = json.dumps(found, ensure_ascii=False) if as_json else _summary(found)
            # A file name need not be UTF-8; "\\udcff" is how JSON writes such a byte.
            self.stdout.write(line.encode("utf-8", "backslashreplace").decode())


def _read_all(files: list[str]) -> Iterator[dict[str, Any]]:
    """Several files at once, their objects in the order given; the cores are shared out among them."""
    cores = len(os.sched_getaffinity(0))
    at_once = min(cores, len(files))
    limits = replace(Limits(), workers=-(-cores // at_once))
    with ThreadPoolExecutor(at_once) as workers:
        yield from workers.map(partial(_read, limits=limits), files)


def _read(file: str, *, limits: Limits) -> dict[str, Any]:
    try:
        return _as_object(file, read_file(Path(file), limits=limits), error=None)
    except Unreadable as fault:
        return _as_object(file, None, error=f"{fault.reason_code}: {fault.detail}".rstrip(": "))
    except OSError as fault:
        return _as_object(file, None, error=str(fault))


def _as_object(file: str, reading: Reading | None, *, error: str | None) -> dict[str, Any]:
    pages = reading.pages if reading else ()
    return {
        "file": file,
        "pages": [{key: getattr(page, key) for key in _PAGE_KEYS} for page in pages],
        "fields": (reading.fields if reading else Fields()).as_json(),
        "paper_type": asdict(reading.paper_type if reading else PaperType()),
        "secrecy": reading.secrecy if reading else None,
        "error": error,
    }


def _summary(found: dict[str, Any]) -> str:
    """A few lines for a person: what the file is, and how each page was read."""
    lines = [found["file"]]
    if found["error"]:
        return "\n".join([*lines, f"  not read: {found['error']}"])
    lines += [
        f"  {name}: {value}"
        for name, value in found["fields"].items()
        if value and name not in ("references", "extracted")
    ]
    lines += [_field_line(one) for one in found["fields"]["extracted"] if one["name"] not in found["fields"]]
    lines += [f"  secrecy: {found['secrecy']}"] if found["secrecy"] else []
    references = [f"{one['number']} ({one['relation']})" for one in found["fields"]["references"]]
    lines += [f"  references: {', '.join(references)}"] if references else []
    lines += [_page_line(page) for page in found["pages"]]
    return "\n".join(lines)


def _field_line(one: dict[str, Any]) -> str:
    """A value of land or of people, with how sure it is."""
    group = f" {one['group']}" if one["group"] else ""
    return f"  {one['name']}{group}: {one['value']} ({one['confidence']:.2f})"


def _page_line(page: dict[str, Any]) -> str:
    sure = "" if page["confidence"] is None else f", confidence {page['confidence']:.2f}"
    turned = f", turned {page['rotation']}°" if page["rotation"] else ""
    words = len(page["text"].split())
    return f"  page {page['number']}: {words} words from {page['source']}{sure}{turned}, {page['seconds']:.1f} s"
