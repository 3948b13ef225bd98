"""Loads how long the records of closed dossiers are kept from the province's TOML file."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.recording import SYSTEM
from dossiers.records.operations.load_retention import FaultyRetention, load_retention

SHIPPED = Path(__file__).resolve().parents[2] / "records" / "classes"


class Command(BaseCommand):
    help = "Loads the retention classes and rules of PROVINCE; nothing happens when they are loaded already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="by default the shipped one of PROVINCE")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"] or SHIPPED / f"{settings.PROVINCE}.toml"
        try:
            is_new = load_retention(text=path.read_text(encoding="utf-8"), actor=SYSTEM)
        except (OSError, FaultyRetention) as fault:
            raise CommandError(f"{path.name}: {fault}") from fault
        self.stdout.write(f"retention {path.name}: {'loaded' if is_new else 'unchanged'}")
