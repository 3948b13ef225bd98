"""Dead letters (việc hỏng): work given up after its last attempt, for administrators alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from accounts.acting import Acting
from jobs.models import OutboxRow
from pages.paging import KeyPage, page_newest_first
from upkeep.rights import require_administrator
from upkeep.scrubbing import scrubbed
from upkeep.topics import words_of_topic

_LONGEST_TOLD = 200
_TRACE = "Traceback "


@dataclass(frozen=True, slots=True)
class DeadTopic:
    """A kind of work with dead rows: how many, and since when the oldest has been dead."""

    name: str
    count: int
    since: datetime

    @property
    def words(self) -> str:
        return words_of_topic(self.name)


@dataclass(frozen=True, slots=True)
class ToldError:
    """A kept error as far as it may be shown: the class of the exception and the first line of its message."""

    kind: str
    line: str


@dataclass(frozen=True, slots=True)
class DeadLetter:
    row: OutboxRow
    error: ToldError

    @property
    def words(self) -> str:
        return words_of_topic(self.row.topic)


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """A page of dead rows, the latest first; `page` is for the link that goes on."""

    topics: Sequence[DeadTopic]
    letters: Sequence[DeadLetter]
    page: KeyPage[OutboxRow]


def dead_letters_for(acting: Acting, *, topic: str = "", key: str = "") -> DeadLetters:
    """What was given up, of one topic or of all. Raises Refused for who is no administrator."""
    require_administrator(acting)
    dead = OutboxRow.objects.filter(died_at__isnull=False)
    counted = dead.values("topic").annotate(count=Count("pk"), since=Min("died_at")).order_by("topic")
    topics = [DeadTopic(row["topic"], row["count"], row["since"]) for row in counted]
    page = page_newest_first(dead.filter(topic=topic) if topic else dead, field="died_at", key=key)
    return DeadLetters(topics, [DeadLetter(row, told_error(row.last_error)) for row in page.rows], page)


def told_error(text: str) -> ToldError:
    """Class and first line of a kept error, which is a whole trace or a sentence of the outbox's own."""
    lines = text.strip().splitlines()
    begins = max((number for number, line in enumerate(lines) if line.startswith(_TRACE)), default=None)
    if begins is None:
        return ToldError("", scrubbed(lines[0])[:_LONGEST_TOLD] if lines else "")
    head = next((line for line in lines[begins + 1 :] if line and not line.startswith(" ")), "")
    name, _colon, message = head.partition(":")
    kind = name.strip().rpartition(".")[2]
    return ToldError(kind if kind.isidentifier() else "", scrubbed(message)[:_LONGEST_TOLD])
