"""Loads the land register for the first time, from a file of parcels."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.acting import Acting, acting_for
from accounts.models import Officer
from accounts.sight import NotVisible
from land.loading import Line, read_parcels
from land.operations.load import load_parcel, source_of_load, stands_from
from land.sources import Source
from pages.domain_errors import DomainError


class Command(BaseCommand):
    help = (
        "Enters parcels with their holders, certificates and mortgages from a CSV or TOML file. Each line stands for "
        "itself: one that is refused is named with its number and reason, the others are entered. Loading the same "
        "file again skips what stands."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--as", dest="username", required=True, help="the officer who loads, as signed in")
        parser.add_argument("--basis", required=True, help="number of the minutes or decision the load rests on")
        parser.add_argument("--on", type=date.fromisoformat, help="the day of these; today by default")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        officer = Officer.objects.filter(username=options["username"]).first()
        if officer is None:
            raise CommandError(f"There is no officer {options['username']}.")
        day = options["on"] or timezone.localdate()
        try:
            source = source_of_load(options["basis"], datetime.combine(day, datetime.min.time()))
            told = _load(options["file"], source, acting_for(officer))
        except OSError as fault:
            raise CommandError(f"{options['file']}: {fault.strerror}") from fault
        except DomainError as fault:
            raise CommandError(str(fault.message)) from fault
        self._tell(told, is_json=options["json"])

    def _tell(self, told: dict[str, Any], *, is_json: bool) -> None:
        if is_json:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for fault in told["refused"]:
            self.stderr.write(f"{fault['line']}: {fault['reason']}")
        self.stdout.write(f"entered {told['entered']}, skipped {told['skipped']}, refused {len(told['refused'])}")


def _load(path: Path, source: Source, acting: Acting) -> dict[str, Any]:
    """How many lines were entered and skipped, and which were refused. Raises Invalid where the file can't be read."""
    tally = {"entered": 0, "skipped": 0}
    refused = []
    for line in read_parcels(path):
        outcome, reason = _loaded(line, source, acting)
        if reason:
            refused.append({"line": line.number, "reason": reason})
        else:
            tally[outcome] += 1
    return {**tally, "refused": refused}


def _loaded(line: Line, source: Source, acting: Acting) -> tuple[str, str]:
    """What became of a line, or why it was refused."""
    if line.parcel is None:
        return "", line.fault
    try:
        if stands_from(line.parcel, source, acting):
            return "skipped", ""
        load_parcel(told=line.parcel, source=source, acting=acting)
    except NotVisible:
        return "", "not visible"
    except DomainError as fault:
        return "", str(fault.message)
    return "entered", ""
