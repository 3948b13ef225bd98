"""Puts a backup back."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from upkeep.backups.databases import ToolMissing
from upkeep.backups.manifest import Unsound
from upkeep.backups.restoring import restore_backup
from upkeep.backups.taking import NotEmpty


class Command(BaseCommand):
    help = (
        "Verifies a backup, makes it the database and vault in use, and verifies the trail. Stop web and worker first."
    )
    # The database may be empty, as any check that reads it would say.
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", type=Path, metavar="SOURCE_DIR", help="a folder `backup` wrote")
        parser.add_argument("--force", action="store_true", help="replace a database and add to a vault not empty")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest, verdict = restore_backup(options["source"].absolute(), is_forced=options["force"])
        except (NotEmpty, Unsound, ToolMissing, OSError) as fault:
            raise CommandError(f"not restored: {fault}") from fault
        self.stdout.write(
            f"restored as of {manifest.made_at}: {manifest.vault_files} files, "
            f"{verdict.events} events in {verdict.streams} streams as they were written"
        )
        self.stdout.write("now run: manage.py migrate, then manage.py rebuild_index, then check_integrity")
