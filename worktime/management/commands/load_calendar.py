"""Loads the working calendar of the province from its TOML file."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.recording import SYSTEM
from worktime.operations.load import FaultyCalendar, load_calendar

SHIPPED = Path(__file__).resolve().parents[2] / "calendars"


class Command(BaseCommand):
    help = "Loads the working calendar of PROVINCE; nothing happens when it is loaded already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="by default the shipped one of PROVINCE")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"] or SHIPPED / f"{settings.PROVINCE}.toml"
        try:
            is_new = load_calendar(code=settings.PROVINCE, text=path.read_text(encoding="utf-8"), actor=SYSTEM)
        except (OSError, UnicodeDecodeError, FaultyCalendar) as fault:
            raise CommandError(f"{path.name}: {fault}") from fault
        self.stdout.write(f"{path.name}: {'loaded' if is_new else 'unchanged'}")
