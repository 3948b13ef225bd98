"""Imports files, folders and JSON lines of legal documents into the register."""

import json
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from documents.batch_models import Batch
from documents.importing import import_paths
from documents.models import DocumentType


class Command(BaseCommand):
    help = (
        "Imports files, folders and .jsonl(.gz) of legal documents, for every officer to see, and returns when all "
        "can be found. Importing again does nothing; what was cut off is resumed by starting again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path)
        parser.add_argument(
            "--batch", type=int, help="number of a batch opened on the page: the files join it, for its unit alone"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        if not DocumentType.objects.exists():
            # What is imported is sorted by these; on a new installation nobody may have loaded them yet.
            call_command("load_document_types", stdout=self.stderr)
        batch = None
        if options["batch"] is not None:
            batch = Batch.objects.filter(pk=options["batch"]).first()
            if batch is None:
                raise CommandError("There is no such batch. Open one on the page and take its number.")
        tally = import_paths(options["paths"], batch=batch)
        failed = [{"item": item, "error": error} for item, error in tally.failed]
        if options["json"]:
            row = {"imported": tally.imported, "skipped": tally.skipped, "failed": failed}
            self.stdout.write(json.dumps(row, ensure_ascii=False))
            return
        for fault in failed:
            self.stderr.write(f"{fault['item']}: {fault['error']}")
        self.stdout.write(f"imported {tally.imported}, skipped {tally.skipped}, failed {len(failed)}")
