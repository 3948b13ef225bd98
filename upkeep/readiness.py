"""Whether this process can serve: each part's state, and what it comes to."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.db.models import Min
from django.utils import timezone

from audit.append_only import guards_standing
from documents.malware import is_answering, is_scanner_set
from documents.models import Blob, DocumentVersion
from documents.reasons import SCANNER_DOWN
from documents.states import Screening
from jobs.models import OutboxRow
from jobs.registry import TOPICS
from search.engine import Sight, Unavailable, engine
from search.kinds import KINDS
from search.nodes import In
from upkeep.gauges import seconds_since

OK, DEGRADED, DOWN = "ok", "degraded", "down"
# Without these nothing may be served; the others make it poorer or later.
_NEEDED = ("database", "vault", "audit")
_LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Part:
    """A part's state, and why in a few words of our own: no address, no message of a library."""

    state: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Readiness:
    parts: dict[str, Part]

    @property
    def is_serving(self) -> bool:
        return all(self.parts[name].state != DOWN for name in _NEEDED)

    @property
    def state(self) -> str:
        if not self.is_serving:
            return DOWN
        return OK if all(part.state == OK for part in self.parts.values()) else DEGRADED


def readiness() -> Readiness:
    """Looks at each part once; what can't be looked at is down."""
    looks: dict[str, Callable[[], Part]] = {
        "database": _database,
        "vault": _vault,
        "audit": _audit,
        "outbox": _outbox,
        "search": _search,
        "malware": _malware,
    }
    return Readiness({name: _looked(look) for name, look in looks.items()})


def _looked(look: Callable[[], Part]) -> Part:
    try:
        return look()
    except (DatabaseError, OSError) as fault:
        return Part(DOWN, type(fault).__name__)
    except Exception as fault:  # noqa: BLE001 a storage's client fails in classes of its own; none may fail the probe
        return Part(DOWN, type(fault).__name__)


def _database() -> Part:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return Part(OK)


def _vault() -> Part:
    vault = storages["vault"]
    try:
        root = Path(vault.path(""))
    except NotImplementedError:
        # Elsewhere: whether it answers at all.
        vault.exists("ready")
        return Part(OK)
    if root.is_dir():
        is_open = os.access(root, os.R_OK | os.W_OK | os.X_OK)
        return Part(OK) if is_open else Part(DOWN, "not writable")
    # A disk that isn't mounted looks just like an office's first day.
    return Part(DOWN, "not there") if Blob.objects.exists() else Part(OK, "empty")


def _audit() -> Part:
    return Part(OK) if guards_standing() else Part(DOWN, "the triggers of the trail are not in place")


def _outbox() -> Part:
    now = timezone.now()
    # What gives way to other work may wait for days: that is its purpose, and no trouble.
    patient = [topic.name for topic in TOPICS.values() if topic.gives_way_to]
    due = OutboxRow.objects.filter(died_at__isnull=True, available_at__lte=now).exclude(topic__in=patient)
    since = due.aggregate(since=Min("available_at"))["since"]
    waited = int(seconds_since(since, now))
    dead = OutboxRow.objects.filter(died_at__isnull=False).count()
    is_late = waited > _LONGEST_WAIT.total_seconds()
    return Part(DEGRADED if is_late or dead else OK, f"oldest waits {waited} s, {dead} given up")


def _malware() -> Part:
    if not is_scanner_set():
        return Part(OK, "no scanner is set: files are not scanned")
    if is_answering():
        return Part(OK)
    waiting = DocumentVersion.objects.filter(quarantine_reason=SCANNER_DOWN, screening=Screening.QUARANTINED).count()
    return Part(DOWN, f"the scanner does not answer, {waiting} files wait in quarantine")


def _search() -> Part:
    try:
        engine().counts({"all": In("kind", tuple(KINDS))}, Sight())
    except Unavailable:
        return Part(DOWN, "the engine does not answer")
    return Part(OK)
