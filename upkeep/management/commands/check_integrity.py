"""Holds database, vault, index and trail against each other."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from upkeep.integrity.checking import findings
from upkeep.integrity.findings import Finding


class Command(BaseCommand):
    help = "Finds what does not agree between database, vault, index and trail; exit status 1 when something is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--deep", action="store_true", help="read every file of the vault and compare whole texts")
        parser.add_argument("--json", action="store_true", help="one JSON object a line, the last one the sum")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = notes = 0
        for finding in findings(is_deep=options["deep"]):
            wrong, notes = wrong + (not finding.is_note), notes + finding.is_note
            self.stdout.write(_as_json(finding) if options["json"] else _as_line(finding))
        if options["json"]:
            self.stdout.write(json.dumps({"ok": not wrong, "findings": wrong, "notes": notes}))
        else:
            self.stdout.write(f"{wrong} findings, {notes} notes")
        if wrong:
            sys.exit(1)


def _as_json(finding: Finding) -> str:
    told: dict[str, object] = {"check": finding.check, "about": finding.about, "what": finding.what}
    return json.dumps({**told, "note": True} if finding.is_note else told, ensure_ascii=False)


def _as_line(finding: Finding) -> str:
    return f"{'note ' if finding.is_note else ''}{finding.check:<18} {finding.about}: {finding.what}"
