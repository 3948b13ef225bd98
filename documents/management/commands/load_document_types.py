"""Loads the types of papers from TOML files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.recording import SYSTEM
from documents.operations.load_types import FaultyTypes, load_document_types

SHIPPED = Path(__file__).resolve().parents[2] / "types"


class Command(BaseCommand):
    help = "Loads the types of papers; nothing happens when they are loaded already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, help="by default the shipped ones")

    def handle(self, *args: Any, **options: Any) -> None:
        paths: list[Path] = options["files"] or sorted(SHIPPED.glob("*.toml"))
        try:
            is_new = load_document_types(texts=[path.read_text(encoding="utf-8") for path in paths], actor=SYSTEM)
        except (OSError, FaultyTypes) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"document types: {'loaded' if is_new else 'unchanged'}")
