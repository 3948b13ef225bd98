"""An office of several people, made by the real operations, whose passwords work on the real sign-in page."""

from dataclasses import dataclass

from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from accounts.models import Unit
from accounts.operations.officers import create_officer, give_role, give_slot
from audit.recording import SYSTEM

ONE_STOP, BRANCH = "tt-pvhcc", "cn-hai-loc"


@dataclass(frozen=True, slots=True)
class Person:
    username: str
    unit: str
    roles: tuple[str, ...]

    @property
    def password(self) -> str:
        return f"{self.username}-Kill-2026!"


def people(clerks: int, specialists: int, heads: int) -> list[Person]:
    return (
        [Person(f"clerk{number}", ONE_STOP, ("clerk",)) for number in range(clerks)]
        + [Person(f"specialist{number}", BRANCH, ("specialist", "records_clerk")) for number in range(specialists)]
        + [Person(f"head{number}", BRANCH, ("head",)) for number in range(heads)]
    )


def open_for_business(staff: list[Person]) -> None:
    """Loads what an office needs and gives everybody an account; the database is migrated."""
    for command in ("load_calendar", "load_organisation", "load_document_types", "load_procedures"):
        call_command(command, verbosity=0)
    # The servers know no other hasher, whatever the tests use.
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"]):
        for person in staff:
            _employ(person)


@transaction.atomic
def _employ(person: Person) -> None:
    officer = create_officer(
        username=person.username,
        full_name=person.username.capitalize(),
        title="",
        password=person.password,
        is_superuser=False,
        actor=SYSTEM,
    )
    unit = Unit.objects.get(code=person.unit)
    give_slot(officer=officer, unit=unit, kind="update", actor=SYSTEM)
    for role in person.roles:
        give_role(officer=officer, unit=unit, role=role, actor=SYSTEM)
