"""Takes a backup of database and vault."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from upkeep.backups.databases import ToolMissing
from upkeep.backups.manifest import Unsound
from upkeep.backups.taking import NotEmpty, take_backup


class Command(BaseCommand):
    help = "Writes database and vault into a new folder while people work; valid only once its manifest.json is there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", type=Path, metavar="TARGET_DIR", help="an empty or new folder")
        parser.add_argument(
            "--link", action="store_true", help="link the vault's files where they lie on the same disk"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object on one line")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = take_backup(options["target"].absolute(), is_linked=options["link"])
        except (NotEmpty, Unsound, ToolMissing, OSError) as fault:
            raise CommandError(f"no backup was taken: {fault}") from fault
        told = {
            "database_bytes": manifest.database.size,
            "vault_files": manifest.vault_files,
            "vault_bytes": manifest.vault_bytes,
            "audit_streams": manifest.audit.streams,
            "audit_head": manifest.audit.sha256,
        }
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        for name, value in told.items():
            self.stdout.write(f"{name:<16}{value}")
