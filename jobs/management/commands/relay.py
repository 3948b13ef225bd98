"""The relay: hands due work to Celery workers and ticks the schedule. Several may run."""

import signal
from datetime import timedelta
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from jobs.by_celery import deliver
from jobs.relay import PATIENCE, Relay


class Command(BaseCommand):
    help = "With TASKS=celery: hands the work the outbox asks for to Celery workers until it is told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--patience",
            type=float,
            default=PATIENCE.total_seconds(),
            help="seconds after which a row that no worker took is handed over again",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.TASKS != "celery":
            raise CommandError("TASKS is database: `manage.py work` does the work by itself. Set TASKS=celery.")
        relay = Relay(deliver, patience=timedelta(seconds=options["patience"]))

        def stop(number: int, frame: FrameType | None) -> None:
            relay.stop()

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        self.stdout.write("handing over; stop with Ctrl+C")
        relay.run()
