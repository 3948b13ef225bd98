"""Loads units and step roles of the province from its TOML file."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.operations.load_organisation import FaultyOrganisation, load_organisation
from audit.recording import SYSTEM

SHIPPED = Path(__file__).resolve().parents[2] / "organisations"


class Command(BaseCommand):
    help = "Loads the units and step roles of PROVINCE; nothing happens when they are loaded already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="by default the shipped one of PROVINCE")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"] or SHIPPED / f"{settings.PROVINCE}.toml"
        try:
            is_new = load_organisation(text=path.read_text(encoding="utf-8"), actor=SYSTEM)
        except (OSError, FaultyOrganisation) as fault:
            raise CommandError(f"{path.name}: {fault}") from fault
        self.stdout.write(f"{path.name}: {'loaded' if is_new else 'unchanged'}")
