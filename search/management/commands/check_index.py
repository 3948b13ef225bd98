"""Compares the search index with the database."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.checking import Drift, drifts, mend
from search.engine import Unavailable


class Command(BaseCommand):
    help = "Finds entries the search index lacks, has otherwise or has too many; exit 1 when there are any."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object a kind, each on a line")
        parser.add_argument("--mend", action="store_true", help="have what differs indexed again by the worker")

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        try:
            for drift in drifts():
                found += len(drift.keys)
                if options["mend"]:
                    mend(drift)
                self.stdout.write(json.dumps(drift.as_json()) if options["json"] else _as_line(drift))
        except Unavailable as fault:
            raise CommandError(f"the search engine does not answer: {fault}") from fault
        if found and not options["mend"]:
            raise CommandError(f"{found} entries differ: check_index --mend has them indexed again")


def _as_line(drift: Drift) -> str:
    counts = f"{drift.entries:>9} entries, {drift.waiting} waiting"
    differing = f"{len(drift.missing)} missing, {len(drift.stale)} stale, {len(drift.surplus)} surplus"
    return f"{drift.kind:<14}{counts}: {differing}"
