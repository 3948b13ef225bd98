"""Verifies the whole audit trail and names the first bad event."""

import json
import os
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from audit.side_by_side import verify_side_by_side


class Command(BaseCommand):
    help = "Recomputes every hash of the audit trail; exit status 1 when something was changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--processes", type=int, default=min(os.cpu_count() or 1, 4), help="how many share the work"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object on one line")

    def handle(self, *args: Any, **options: Any) -> None:
        verdict = verify_side_by_side(options["processes"])
        bad = verdict.first_bad
        if options["json"]:
            answer = {
                "events": verdict.events,
                "streams": verdict.streams,
                "ok": verdict.is_ok,
                "first_bad": asdict(bad) if bad else None,
            }
            self.stdout.write(json.dumps(answer))
        elif bad:
            # In ASCII: what a forger wrote into the stream's name may be meant for the terminal.
            self.stderr.write(
                f"first bad event: {ascii(bad.stream) if bad.stream else 'the table'} #{bad.sequence}: {bad.reason}"
            )
        else:
            self.stdout.write(f"{verdict.events} events in {verdict.streams} streams are as they were written")
        if not verdict.is_ok:
            sys.exit(1)
