"""Sends dead letters of the outbox again."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from pages.domain_errors import Conflict
from upkeep.operations.dead_letters import resend


class Command(BaseCommand):
    help = "Sends work that was given up again: all of it, one topic's, or one row; the trail records it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--topic", default="", help="work of this topic only")
        parser.add_argument("--id", type=int, default=None, help="this row only")
        parser.add_argument("--json", action="store_true", help="one JSON object on one line")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sent = resend(topic=options["topic"], row_id=options["id"])
        except Conflict as fault:
            raise CommandError(f"no dead row has the id {options['id']}") from fault
        if options["json"]:
            self.stdout.write(json.dumps({"sent": sent}))
            return
        for topic, count in sent.items():
            self.stdout.write(f"{topic:<30}{count:>7}")
        if not sent:
            self.stdout.write("nothing is dead")
