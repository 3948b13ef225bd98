"""Revokes a token of an agency, from this moment on."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.recording import SYSTEM
from exchange.models import Agency
from exchange.operations.tokens import revoke_token
from pages.domain_errors import Invalid


class Command(BaseCommand):
    help = "Revokes an agency's token by its label."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the agency")
        parser.add_argument("label", help="as given with the token")

    def handle(self, *args: Any, **options: Any) -> None:
        agency = Agency.objects.filter(code=options["code"]).first()
        if agency is None:
            raise CommandError(f"no agency has the code {options['code']}")
        try:
            revoke_token(agency=agency, label=options["label"], actor=SYSTEM)
        except Invalid as fault:
            raise CommandError(str(fault.message)) from fault
        self.stdout.write(f"{agency.code}: revoked {options['label']}")
