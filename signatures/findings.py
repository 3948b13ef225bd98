"""What was found out about a signature."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self


class Verdict(StrEnum):
    """What a signature is worth; only the first may be relied on.

    valid     whole document covered, intact, certificate of a trusted issuer
    expired   the same, but the certificate is outside its term and nothing proves that it was signed within
    stranger  intact, but nobody trusted vouches for who signed
    revoked   the issuer has withdrawn the certificate
    extended  what was signed is intact, but something else was added to the file afterwards
    partial   only a part of the file is covered
    changed   what was signed is no longer what the file says
    broken    can't be checked: damaged, or of a kind nobody knows
    """

    VALID = "valid"
    EXPIRED = "expired"
    STRANGER = "stranger"
    REVOKED = "revoked"
    EXTENDED = "extended"
    PARTIAL = "partial"
    CHANGED = "changed"
    BROKEN = "broken"


_BY_GRAVITY = list(Verdict)


def worst_of(verdicts: Iterable[Verdict]) -> Verdict | None:
    """The gravest; None of none."""
    return max(verdicts, key=_BY_GRAVITY.index, default=None)


@dataclass(frozen=True, slots=True)
class Found:
    """A signature: who says to have signed and when, and what that is worth.

    `signed_at` is what the signer's clock said unless `is_time_proven` by a trusted timestamp; `signer` and `issuer`
    are names as in the certificate, empty where it can't be read. Names prove nothing unless the verdict is valid.
    """

    verdict: Verdict
    signer: str = ""
    issuer: str = ""
    serial_number: str = ""
    signed_at: datetime | None = None
    is_time_proven: bool = False
    valid_until: datetime | None = None

    def as_json(self) -> dict[str, Any]:
        row = {name: getattr(self, name) for name in self.__slots__}
        return {**row, **{name: row[name] and row[name].isoformat() for name in ("signed_at", "valid_until")}}

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Self:
        moments = {name: row[name] and datetime.fromisoformat(row[name]) for name in ("signed_at", "valid_until")}
        return cls(**{**row, **moments, "verdict": Verdict(row["verdict"])})
