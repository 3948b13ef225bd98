"""Signing in and out, and choosing the slot to act through: each one event in the officer's own stream."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.acting import Acting, acting_for, held_today
from accounts.models import Officer, RoleSlot
from audit.recording import Actor, record
from pages.domain_errors import Refused


@transaction.atomic
def record_sign_in(*, officer: Officer, address: str) -> None:
    _record(acting_for(officer, address=address), "account.signed_in")


@transaction.atomic
def record_sign_out(*, acting: Acting) -> None:
    _record(acting, "account.signed_out")


def _record(acting: Acting, verb: str) -> None:
    record(f"account:{acting.officer_id}", verb, actor=acting.actor, payload={})


@transaction.atomic
def record_failed_sign_in(*, username: str, address: str) -> None:
    """Kept in the account's stream when there is one. What was typed is not kept: it may be a password."""
    officer = Officer.objects.filter(username=username).first()
    stream = f"account:{officer.pk}" if officer else "sign-in"
    actor = Actor(officer_id=None, officer_name="", address=address)
    record(stream, "account.sign_in_failed", actor=actor, payload={})


@transaction.atomic
def choose_slot(*, officer: Officer, slot_id: int, address: str) -> Acting:
    """Acts through another of his own slots from now on. Raises Refused for a slot he doesn't hold today."""
    held = held_today(timezone.localdate())
    slot = RoleSlot.objects.filter(id__in=officer.slot_holdings.filter(held).values("slot"), pk=slot_id).first()
    if slot is None:
        raise Refused(_("You do not hold this account."), about=f"account:{officer.pk}")
    acting = acting_for(officer, slot_id=slot_id, address=address)
    payload = {"unit": acting.unit_name, "slot": acting.slot}
    record(f"account:{officer.pk}", "account.slot_chosen", actor=acting.actor, payload=payload)
    return acting
