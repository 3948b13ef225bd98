"""Making officers and giving them a place and a role."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import Officer, RoleHolding, RoleSlot, SlotHolding, StepRole, Unit
from audit.recording import Actor, record


@transaction.atomic
def create_officer(
    *, username: str, full_name: str, password: str, actor: Actor, title: str = "", is_superuser: bool = False
) -> Officer:
    """A new officer with an initial password. Raises ValidationError when the name is taken or malformed."""
    officer = Officer(username=username, full_name=full_name, title=title, is_superuser=is_superuser)
    officer.set_password(password)
    officer.full_clean()
    officer.save()
    payload = {"username": username, "full_name": full_name, "is_superuser": is_superuser}
    record(f"account:{officer.pk}", "account.created", actor=actor, payload=payload)
    return officer


@transaction.atomic
def give_slot(*, officer: Officer, unit: Unit, kind: str, actor: Actor, since: date | None = None) -> SlotHolding:
    """Places the officer in the unit's update or look-up slot, from today unless said otherwise."""
    slot, _ = RoleSlot.objects.get_or_create(unit=unit, kind=kind)
    holding = SlotHolding.objects.create(slot=slot, officer=officer, valid_from=since or timezone.localdate())
    payload = {"full_name": officer.full_name, "unit": unit.name, "unit_id": unit.pk, "slot": kind}
    record(f"account:{officer.pk}", "account.slot_given", actor=actor, payload=payload)
    return holding


@transaction.atomic
def give_role(*, officer: Officer, unit: Unit, role: str, actor: Actor, since: date | None = None) -> RoleHolding:
    """Lets the officer do this role's steps in the unit, from today unless said otherwise."""
    step_role = StepRole.objects.get(code=role)
    holding = RoleHolding.objects.create(
        officer=officer, unit=unit, role=step_role, valid_from=since or timezone.localdate()
    )
    payload = {"full_name": officer.full_name, "unit": unit.name, "unit_id": unit.pk, "role": step_role.name}
    record(f"account:{officer.pk}", "account.role_given", actor=actor, payload=payload)
    return holding
