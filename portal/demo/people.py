"""The invented officers of the demonstration, made through the same operations an administrator uses."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from accounts.models import Officer, Unit
from accounts.operations.officers import create_officer, give_role, give_slot
from audit.recording import SYSTEM


@dataclass(frozen=True, slots=True)
class Person:
    """A demonstration account: where it sits, what it may do."""

    username: str
    full_name: str
    title: str
    unit: str
    slot: str = "update"
    roles: tuple[str, ...] = ()
    is_superuser: bool = False


PEOPLE = (
    Person("admin", "Quản trị hệ thống", "Quản trị viên", "tt-thong-tin", is_superuser=True),
    Person("clerk", "Đỗ Thị Lan Chi", "Cán bộ tiếp nhận", "tt-pvhcc", roles=("clerk",)),
    Person("specialist", "Vũ Minh Khuê", "Chuyên viên", "cn-hai-loc", roles=("specialist", "records_clerk")),
    Person("head", "Hoàng Đức Thiện", "Giám đốc Chi nhánh", "cn-hai-loc", roles=("head",)),
    Person("lookup", "Lương Gia Bảo Anh", "Chuyên viên", "cn-hai-loc", slot="lookup"),
    Person("specialist2", "Sầm Văn Út", "Chuyên viên", "cn-muong-sai", roles=("specialist", "records_clerk", "head")),
)
_KEPT = "demo_passwords.json"


def employ() -> dict[str, str]:
    """Makes the officers that aren't there yet; the passwords of all of them by username.

    The passwords are random, and kept in DATA_DIR for the owner alone so that the next demonstration can say them.
    """
    path = Path(settings.DATA_DIR) / _KEPT
    kept: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    for person in PEOPLE:
        if not Officer.objects.filter(username=person.username).exists():
            kept[person.username] = f"{secrets.token_urlsafe(9)}-Aa1"
            _employ(person, kept[person.username])
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(kept, file)
    return kept


@transaction.atomic
def _employ(person: Person, password: str) -> None:
    officer = create_officer(
        username=person.username,
        full_name=person.full_name,
        title=person.title,
        password=password,
        is_superuser=person.is_superuser,
        actor=SYSTEM,
    )
    unit = Unit.objects.get(code=person.unit)
    give_slot(officer=officer, unit=unit, kind=person.slot, actor=SYSTEM)
    for role in person.roles:
        give_role(officer=officer, unit=unit, role=role, actor=SYSTEM)
