"""Looking at the digital signatures of a file while it is read, and keeping what came of it."""

from pathlib import Path

from django.conf import settings

from documents.models import Reading, Signature
from documents.signing import NONE, UNCHECKED
from signatures import Checked, check_signatures, worst_of


def look_at_signatures(path: Path) -> Checked:
    """What the signatures of the file are worth to this house; in the worker, never while somebody waits for a page."""
    return check_signatures(path, trust=Path(settings.SIGNATURE_TRUST_DIR) if settings.SIGNATURE_TRUST_DIR else None)


def keep_signatures(reading: Reading, checked: Checked) -> str:
    """Keeps each with the run that looked at it; the gravest verdict as a code of `documents.signing`.

    In the caller's transaction.
    """
    Signature.objects.bulk_create(
        Signature(
            reading=reading,
            number=number,
            verdict=found.verdict,
            signer=found.signer,
            issuer=found.issuer,
            serial_number=found.serial_number,
            signed_at=found.signed_at,
            is_time_proven=found.is_time_proven,
            valid_until=found.valid_until,
        )
        for number, found in enumerate(checked.signatures, 1)
    )
    if not checked.is_whole:
        return UNCHECKED
    return str(worst_of(found.verdict for found in checked.signatures) or NONE)
