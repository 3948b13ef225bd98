"""The worker: drains the outbox and ticks the schedule. Several may run."""

import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from jobs.worker import Worker, drain


class Command(BaseCommand):
    help = "Does the work the outbox asks for until it is told to stop (SIGTERM, Ctrl+C)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until-idle", action="store_true", help="end when nothing that is due is left")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["until_idle"]:
            drain()
            return
        worker = Worker()

        def stop(number: int, frame: FrameType | None) -> None:
            worker.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        self.stdout.write("working; stop with Ctrl+C")
        worker.run()
