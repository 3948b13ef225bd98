"""Connects an agency, or puts what is agreed now in place of what was."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Unit
from audit.recording import SYSTEM
from exchange.operations.register import register_agency
from pages.domain_errors import Invalid


class Command(BaseCommand):
    help = "Connects an agency to the API; said again it replaces the whole agreement, what is left out included."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="the agency's identity: H99.20")
        parser.add_argument("name")
        parser.add_argument("--unit", action="append", default=[], dest="units", help="code of a unit it reads")
        parser.add_argument("--agreement", default="", help="number of the sharing agreement")
        parser.add_argument("--personal-data", action="store_true", help="names of applicants, and the search")
        parser.add_argument("--from", type=date.fromisoformat, dest="valid_from", help="first day; today when new")
        parser.add_argument("--until", type=date.fromisoformat, dest="valid_to", help="last day of the agreement")
        parser.add_argument("--disconnect", action="store_true", help="its tokens open nothing from now on")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            agency = register_agency(
                code=options["code"],
                name=options["name"],
                units=_units(options["units"]),
                agreement=options["agreement"],
                has_personal_data=options["personal_data"],
                is_active=not options["disconnect"],
                valid_from=options["valid_from"],
                valid_to=options["valid_to"],
                actor=SYSTEM,
            )
        except Invalid as fault:
            raise CommandError(str(fault.message)) from fault
        self.stdout.write(f"{agency.code}: {'connected' if agency.is_active else 'disconnected'}")


def _units(codes: list[str]) -> list[Unit]:
    units = list(Unit.objects.filter(code__in=codes))
    missing = sorted(set(codes) - {unit.code for unit in units})
    if missing:
        raise CommandError(f"no unit has the code {', '.join(missing)}")
    return units
