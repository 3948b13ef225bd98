"""The trail: every event as it was written, every stream as its head says."""

from collections.abc import Iterator

from audit.verifier import verify
from upkeep.integrity.findings import Finding


def trail_findings() -> Iterator[Finding]:
    """The first bad event, as `verify_audit` finds it."""
    bad = verify().first_bad
    if bad:
        # In ASCII: what a forger wrote into the stream's name may be meant for the terminal.
        yield Finding(
            f"audit.{bad.reason}", f"{ascii(bad.stream)[1:-1] or 'audit_event'}#{bad.sequence}", "first bad event"
        )
