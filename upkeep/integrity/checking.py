"""All checks one after the other."""

from collections.abc import Iterator

from upkeep.integrity.cases import case_findings
from upkeep.integrity.findings import Finding
from upkeep.integrity.index import index_findings
from upkeep.integrity.numbers import number_findings
from upkeep.integrity.outbox import outbox_findings
from upkeep.integrity.register import register_findings
from upkeep.integrity.trail import trail_findings
from upkeep.integrity.vault import vault_findings


def findings(*, is_deep: bool = False) -> Iterator[Finding]:
    """Whatever is wrong, as it is found; `is_deep` reads every file and compares whole texts."""
    yield from outbox_findings()
    yield from case_findings()
    yield from number_findings()
    yield from register_findings()
    yield from trail_findings()
    yield from vault_findings(is_deep=is_deep)
    yield from index_findings(is_deep=is_deep)
