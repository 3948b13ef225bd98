"""Gives an agency a token and prints it, this once."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from audit.recording import SYSTEM
from exchange.models import Agency
from exchange.operations.tokens import LONGEST_LIFE, give_token
from pages.domain_errors import Invalid

USUAL_DAYS = 365


class Command(BaseCommand):
    help = "Gives an agency a token; it is printed on the first line and kept nowhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the agency")
        parser.add_argument("label", help="where the token is used, unique among the agency's tokens")
        parser.add_argument("--days", type=int, default=USUAL_DAYS, help=f"until it ends, at most {LONGEST_LIFE.days}")

    def handle(self, *args: Any, **options: Any) -> None:
        agency = Agency.objects.filter(code=options["code"]).first()
        if agency is None:
            raise CommandError(f"no agency has the code {options['code']}")
        try:
            end = timezone.now() + timedelta(days=options["days"])
            given = give_token(agency=agency, label=options["label"], expires_at=end, actor=SYSTEM)
        except OverflowError as fault:
            raise CommandError(f"--days: at most {LONGEST_LIFE.days}") from fault
        except Invalid as fault:
            raise CommandError(str(fault.message)) from fault
        self.stdout.write(given.secret)
        self.stderr.write(f"{agency.code}: valid until {timezone.localtime(end):%Y-%m-%d %H:%M}; not shown again")
