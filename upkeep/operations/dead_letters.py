"""Dead letters sent again or set aside for good, by an administrator or from the command line."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.acting import Acting
from audit.recording import SYSTEM, Actor, record
from jobs.models import OutboxRow
from jobs.outbox import send_again
from pages.domain_errors import Conflict, Invalid
from upkeep.rights import require_administrator
from upkeep.selectors import told_error

# In one transaction; who has more presses the button again.
AT_ONCE = 500
LONGEST_REASON = 250


@transaction.atomic
def send_letter_again(*, row_id: int, acting: Acting) -> OutboxRow:
    """Brings one dead row back to life, with all its tries. Raises Conflict when it isn't dead any more."""
    require_administrator(acting)
    row = _locked(row_id)
    _send(row, actor=acting.actor)
    return row


@transaction.atomic
def send_topic_again(*, topic: str, acting: Acting) -> int:
    """Brings dead rows of a topic back to life, the oldest first, up to `AT_ONCE`; how many.

    Raises Conflict when there are none.
    """
    require_administrator(acting)
    rows = _oldest(OutboxRow.objects.filter(topic=topic))
    if not rows:
        raise Conflict(_dealt_with())
    _send_all(topic, rows, actor=acting.actor)
    return len(rows)


@transaction.atomic
def set_letter_aside(*, row_id: int, reason: str, acting: Acting) -> OutboxRow:
    """Removes a dead row nobody will send again; the trail keeps what it was and why. Raises Invalid and Conflict."""
    require_administrator(acting)
    why = " ".join(reason.split())
    if not why or len(why) > LONGEST_REASON:
        message = _("Say in up to %(count)s characters why this job is set aside for good.")
        raise Invalid(message % {"count": LONGEST_REASON}, {"reason": _("Give a reason.")})
    row = _locked(row_id)
    payload = {
        "topic": row.topic,
        "key": row.key,
        "attempts": row.attempts,
        "asked_at": row.created_at,
        "error": told_error(row.last_error).kind,
        "reason": why,
    }
    record(_stream(row.topic), "job.set_aside", actor=acting.actor, payload=payload)
    OutboxRow.objects.filter(pk=row.pk).delete()
    return row


def resend(*, topic: str = "", row_id: int | None = None) -> dict[str, int]:
    """Everything dead as of now, or of one topic, or one row, sent again by the system; how many of each topic."""
    before = timezone.now()
    if row_id is not None:
        return _resent_one(row_id, topic)
    dead = OutboxRow.objects.filter(died_at__lte=before)
    topics = dead.filter(topic=topic) if topic else dead
    names = list(topics.order_by("topic").values_list("topic", flat=True).distinct())
    return {name: _resent_topic(name, before) for name in names}


def _resent_one(row_id: int, topic: str) -> dict[str, int]:
    with transaction.atomic():
        row = _locked(row_id)
        if topic and row.topic != topic:
            raise Conflict(_dealt_with())
        _send(row, actor=SYSTEM)
    return {row.topic: 1}


def _resent_topic(topic: str, before: datetime) -> int:
    count = 0
    while True:
        with transaction.atomic():
            rows = _oldest(OutboxRow.objects.filter(topic=topic, died_at__lte=before))
            if not rows:
                return count
            _send_all(topic, rows, actor=SYSTEM)
        count += len(rows)


def _oldest(rows: QuerySet[OutboxRow]) -> list[OutboxRow]:
    return list(rows.filter(died_at__isnull=False).select_for_update().order_by("died_at", "id")[:AT_ONCE])


def _send(row: OutboxRow, *, actor: Actor) -> None:
    payload = {"topic": row.topic, "key": row.key, "attempts": row.attempts}
    record(_stream(row.topic), "job.sent_again", actor=actor, payload=payload)
    send_again(row)


def _send_all(topic: str, rows: Sequence[OutboxRow], *, actor: Actor) -> None:
    payload = {"topic": topic, "count": len(rows), "keys": [row.key for row in rows]}
    record(_stream(topic), "job.all_sent_again", actor=actor, payload=payload)
    # One by one: two dead rows of a key become one that waits.
    for row in rows:
        send_again(row)


def _locked(row_id: int) -> OutboxRow:
    row = OutboxRow.objects.select_for_update().filter(pk=row_id, died_at__isnull=False).first()
    if row is None:
        raise Conflict(_dealt_with())
    return row


def _dealt_with() -> str:
    return _("Somebody has dealt with this failed job already. Open the list again.")


def _stream(topic: str) -> str:
    return f"outbox:{topic}"
