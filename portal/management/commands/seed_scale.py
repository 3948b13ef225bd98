"""Fills an empty database with invented dossiers, to see how it all does after a decade."""

import json
import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from portal.scale.plan import usual_open
from portal.scale.seeding import LARGEST, NotEmpty, Order, Seeded, moment_of_interrupted, seed
from search.rebuilding import rebuild

_FEWEST_OFFICERS = 120


class Command(BaseCommand):
    help = (
        "Fills an empty database with invented dossiers of ten years, for measuring; a run that was cut off goes on "
        "when it is ordered again. Nobody else may work meanwhile."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dossiers", type=int, required=True)
        parser.add_argument("--officers", type=int, default=500)
        parser.add_argument("--open", type=int, help="cases that are still open, about; by default as many as usual")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--as-of", type=datetime.fromisoformat, help="the moment at which it all stands; now")
        parser.add_argument("--index", action="store_true", help="build the search index from it afterwards")
        parser.add_argument("--json", action="store_true", help="one JSON object on one line")

    def handle(self, *args: Any, **options: Any) -> None:
        order = self._order(options)
        began = time.perf_counter()
        settings.DEBUG = False
        try:
            seeded = seed(order, say=self._progress(began))
        except NotEmpty as fault:
            raise CommandError(str(fault)) from fault
        seconds = time.perf_counter() - began
        indexed = rebuild() if options["index"] else {}
        _learn_sizes()
        self._report(seeded, seconds, indexed, is_json=options["json"])

    def _order(self, options: dict[str, Any]) -> Order:
        dossiers, officers = options["dossiers"], options["officers"]
        if not 0 < dossiers <= LARGEST:
            raise CommandError(f"--dossiers: from 1 to {LARGEST}")
        if officers < _FEWEST_OFFICERS:
            raise CommandError(f"--officers: every unit needs its people, at least {_FEWEST_OFFICERS}")
        moment = moment_of_interrupted() or options["as_of"] or timezone.now()
        now = (timezone.make_aware(moment) if timezone.is_naive(moment) else moment).replace(second=0, microsecond=0)
        wanted = options["open"] if options["open"] is not None else usual_open(dossiers)
        return Order(dossiers=dossiers, officers=officers, open_cases=wanted, seed=options["seed"], now=now)

    def _progress(self, began: float) -> Any:
        def say(done: int, wanted: int) -> None:
            rate = done / (time.perf_counter() - began)
            self.stderr.write(f"\r{done}/{wanted} dossiers, {rate:.0f} a second", ending="\n" if done == wanted else "")

        return say

    def _report(self, seeded: Seeded, seconds: float, indexed: dict[str, int], *, is_json: bool) -> None:
        facts: dict[str, Any] = {
            "dossiers": seeded.dossiers,
            "rows": seeded.rows,
            "seconds": round(seconds, 1),
            "indexed": indexed,
            "password": seeded.password,
        }
        if is_json:
            self.stdout.write(json.dumps(facts))
            return
        for name, value in facts.items():
            self.stdout.write(f"{name:<10}{value}")


def _learn_sizes() -> None:
    """Lets the database plan by what is there now."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
