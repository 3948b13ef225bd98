"""Agencies for tests, registered and given tokens by the real operations, and a client that shows a token."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import Unit
from audit.models import AuditEvent
from audit.recording import SYSTEM
from exchange.models import Agency
from exchange.operations.register import register_agency
from exchange.operations.tokens import GivenToken, give_token

AGENCY = "H99.20"


def connected(units: Iterable[Unit], *, code: str = AGENCY, **agreed: Any) -> Agency:
    """An agency that reads the dossiers of these units; personal data is included unless it is left out."""
    agreed = {"has_personal_data": True, "name": f"Thuế tỉnh Yên Giang {code}", **agreed}
    return register_agency(code=code, units=list(units), actor=SYSTEM, **agreed)


def given(agency: Agency, label: str = "máy chủ trục liên thông", *, days: int = 30) -> GivenToken:
    end = timezone.now() + timedelta(days=days)
    return give_token(agency=agency, label=label, expires_at=end, actor=SYSTEM)


@dataclass(frozen=True)
class Partner:
    """An agency's system: it knows its secret and asks."""

    agency: Agency
    secret: str

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return Client().get(path, query or {}, headers={"Authorization": f"Bearer {self.secret}", **headers})


def partner(*units: Unit, **agreed: Any) -> Partner:
    agency = connected(units, **agreed)
    return Partner(agency, given(agency).secret)


def trail(agency: Agency) -> list[tuple[str, dict[str, Any]]]:
    """The verbs and payloads of what the agency did and what was done with it, but its beginnings."""
    events = AuditEvent.objects.filter(stream=f"agency:{agency.pk}").order_by("sequence")
    beginnings = ("agency.registered", "agency.token_given")
    return [(event.verb, json.loads(event.payload)) for event in events if event.verb not in beginnings]
