"""Who calls (bên gọi): an agency behind a token, with its sight."""

from dataclasses import dataclass

from django.http import HttpRequest

from accounts.acting import Acting, tokens_of_units
from audit.recording import Actor
from exchange.models import Agency, AgencyToken

# No officer has this key: what asks for somebody's own things finds nothing.
_NOBODY = 0


def stream_of(agency_id: int) -> str:
    """The audit stream of an agency: what it was given, and what it read."""
    return f"agency:{agency_id}"


@dataclass(frozen=True, slots=True)
class Caller:
    """A snapshot for one request; `acting` carries the tokens of the units agreed upon, and no right to change."""

    agency: Agency
    token: AgencyToken
    acting: Acting

    @property
    def stream(self) -> str:
        return stream_of(self.agency.pk)

    @property
    def actor(self) -> Actor:
        """The agency itself, for no officer stands behind a token."""
        return actor_of(self.agency, self.acting.address)


class AgencyRequest(HttpRequest):
    """A request behind `exchange.bearer.AgencyBearer`."""

    auth: Caller


def actor_of(agency: Agency, address: str) -> Actor:
    return Actor(officer_id=None, officer_name=agency.name, address=address)


def caller_of(token: AgencyToken, *, address: str) -> Caller:
    """The agency as it may read today: the units of its agreement and those they took over from.

    `everyone` means every officer: an agency has no such token.
    """
    agency = token.agency
    units = set(agency.units.values_list("pk", flat=True))
    acting = Acting(
        officer_id=_NOBODY,
        officer_name=agency.name,
        is_superuser=False,
        unit_id=None,
        units=frozenset(),
        unit_name="",
        slot="",
        slot_id=None,
        roles=frozenset(),
        is_receiving=False,
        is_leading=False,
        tokens=tokens_of_units(units),
        address=address,
    )
    return Caller(agency, token, acting)
