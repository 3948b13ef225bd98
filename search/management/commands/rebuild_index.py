"""Builds the search index anew from the database."""

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.engine import Unavailable
from search.rebuilding import AlreadyRebuilding, HoldLost, rebuild


class Command(BaseCommand):
    help = "Builds a new search index beside the one in use, then changes over; searching goes on meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on one line")

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.perf_counter()
        try:
            counts = rebuild()
        except AlreadyRebuilding as fault:
            raise CommandError("another process is rebuilding the index") from fault
        except HoldLost as fault:
            raise CommandError("a step took too long and a worker writes again; the old index stays") from fault
        except Unavailable as fault:
            raise CommandError(f"the search engine does not answer: {fault}") from fault
        seconds = round(time.perf_counter() - began, 1)
        if options["json"]:
            self.stdout.write(json.dumps({"indexed": counts, "seconds": seconds}))
            return
        for kind, count in counts.items():
            self.stdout.write(f"{kind:<14}{count:>9}")
        self.stdout.write(f"{'together':<14}{sum(counts.values()):>9} in {seconds} s")
