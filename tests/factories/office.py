"""A small office as the demo province has it: calendar, units, types of paper, editions, and who works where."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from accounts.acting import Acting, acting_for
from accounts.models import Officer, Unit
from audit.recording import SYSTEM
from tests.factories.accounts import OfficerFactory, officer_at
from workflow.models import ProcedureVersion
from workflow.procedures.operations.publish import publish_edition

EDITIONS = Path(settings.BASE_DIR) / "workflow" / "procedures" / "editions" / "yen-giang"
# What most tests are about. The whole province is loaded by `load_procedures`, where a test asks for it.
USUAL = ("P2-2014.toml", "P2-2025.toml", "P6-2014.toml", "P6-2025.toml")
INVENTED = Path(__file__).resolve().parents[1] / "workflow" / "editions" / "invented.toml"


@dataclass(frozen=True)
class Office:
    """The one-stop shop, two branches, and one officer for each hand a dossier goes through."""

    one_stop: Unit
    branch: Unit
    other_branch: Unit
    clerk: Officer
    specialist: Officer
    head: Officer
    look_up: Officer
    stranger: Officer
    administrator: Officer

    def acting(self, officer: Officer) -> Acting:
        """The officer's rights as of now."""
        return acting_for(officer)


def open_office(*editions: str) -> Office:
    """Loads the province's data and these editions (file names; the usual ones by default), and staffs the office."""
    call_command("load_calendar", verbosity=0)
    call_command("load_organisation", verbosity=0)
    call_command("load_document_types", verbosity=0)
    call_command("load_retention", verbosity=0)
    for name in editions or USUAL:
        publish_edition(text=(EDITIONS / name).read_text("utf-8"), actor=SYSTEM)
    one_stop, branch = Unit.objects.get(code="tt-pvhcc"), Unit.objects.get(code="cn-hai-loc")
    other_branch = Unit.objects.get(code="cn-muong-sai")
    return Office(
        one_stop=one_stop,
        branch=branch,
        other_branch=other_branch,
        clerk=officer_at(one_stop, "update", ["clerk"]),
        specialist=officer_at(branch, "update", ["specialist", "records_clerk"]),
        head=officer_at(branch, "update", ["head"]),
        look_up=officer_at(branch, "lookup"),
        stranger=officer_at(other_branch, "update", ["specialist", "head", "records_clerk"]),
        administrator=OfficerFactory.create(is_superuser=True),
    )


def publish(text: str) -> ProcedureVersion:
    """Publishes an edition a test has written."""
    version = publish_edition(text=text, actor=SYSTEM)
    assert version is not None
    return version
