"""Publishes the editions of a folder, by default the shipped ones of PROVINCE."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.recording import SYSTEM
from workflow.procedures.operations.publish import publish_edition
from workflow.procedures.reading import FaultyEdition

SHIPPED = Path(__file__).resolve().parents[2] / "procedures" / "editions"
# Editions open dossiers of each other's procedures, in whatever order they are read.
_PROCEDURE = re.compile(r'^procedure *= *"([^"]+)"', re.MULTILINE)


def _text(file: Path) -> str:
    """What the file says, as far as it can be read; what can't is told when its turn comes."""
    return file.read_bytes().decode("utf-8", "replace") if file.is_file() else ""


class Command(BaseCommand):
    help = "Checks and publishes procedure editions from TOML; what is published already stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, help="a TOML file or a folder of them")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["path"] or SHIPPED / settings.PROVINCE
        files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        if not files:
            raise CommandError(f"{path.name}: no editions here")
        beside = {found.group(1) for file in files for found in [_PROCEDURE.search(_text(file))] if found}
        faults = [fault for file in files for fault in self._publish(file, beside)]
        if faults:
            raise CommandError("\n".join(faults))

    def _publish(self, file: Path, beside: set[str]) -> list[str]:
        try:
            version = publish_edition(text=file.read_text(encoding="utf-8"), actor=SYSTEM, beside=beside)
        except OSError as fault:
            return [f"{file.name}: {fault.strerror}"]
        except UnicodeDecodeError as fault:
            return [f"{file.name}: no UTF-8 text at byte {fault.start}"]
        except FaultyEdition as faulty:
            return [f"{file.name}: {fault}" for fault in faulty.faults]
        self.stdout.write(f"{file.name}: {'published' if version else 'unchanged'}")
        return []
