"""Filling an empty database with a decade of invented dossiers, for measuring.

Nobody else may work meanwhile: keys, numbers and streams are taken as if the database were ours alone.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from random import Random

from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from accounts.models import Officer
from audit.canonical import canonical
from audit.models import AuditEvent
from audit.recording import SYSTEM, record
from documents.models import DocumentType
from documents.vault import put, register_blob
from dossiers.models import Applicant, Dossier
from notices.models import Notice
from portal.demo.scanner import print_pdf, typeset
from portal.scale.counters import Counters
from portal.scale.desk import Desk, Folder, SharedFile
from portal.scale.dossier import applicant_columns, write_dossier
from portal.scale.life import Life, is_straight
from portal.scale.names import MOST_PEOPLE, somebody
from portal.scale.office import Province, open_units, province, staff
from portal.scale.plan import Plan
from portal.scale.shelves import Shelves
from portal.scale.trail import Trail
from workflow.models import ProcedureVersion
from worktime.selectors import calendar_in_force

STREAM = "scale"
BATCH = 500
# Of five dossiers three are somebody's first.
_FIRST, _OF = 3, 5
LARGEST = MOST_PEOPLE * _OF // _FIRST
_FILES = 8
_NOTICES = 200


class NotEmpty(RuntimeError):
    """There are dossiers in the database, and they are not what an interrupted run of the same order left."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to fill in. The same order gives the same dossiers; `now` is the moment at which it all stands."""

    dossiers: int
    officers: int
    open_cases: int
    seed: int
    now: datetime


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was written by this run; `password` is every officer's, empty where they were there before."""

    dossiers: int
    rows: int
    password: str


def seed(order: Order, *, say: Callable[[int, int], None]) -> Seeded:
    """Fills the database, batch by batch; a run that was cut off goes on where it stopped.

    `say` is told how many are done, and of how many. Raises NotEmpty.
    """
    password = _prepare(order)
    done = Dossier.objects.count()
    desk = _desk(order.now)
    office = _Office(order, desk, province())
    for begin in range(done, order.dossiers, BATCH):
        end = min(begin + BATCH, order.dossiers)
        with transaction.atomic():
            for number in range(begin, end):
                office.write(number)
            desk.counters.write()
            desk.trail.close()
            if end == order.dossiers:
                _notify(desk, order.seed)
            desk.shelves.write()
        say(end, order.dossiers)
    return Seeded(max(0, order.dossiers - done), desk.shelves.written, password)


def moment_of_interrupted() -> datetime | None:
    """As of when a run that was begun before writes: going on, it must be the same moment."""
    return AuditEvent.objects.filter(stream=STREAM).values_list("occurred_at", flat=True).first()


def _prepare(order: Order) -> str:
    """The province, its officers, and the event that says what is done here; the password of officers who are new."""
    facts = {"dossiers": order.dossiers, "officers": order.officers, "open": order.open_cases, "seed": order.seed}
    begun, count = AuditEvent.objects.filter(stream=STREAM).first(), Dossier.objects.count()
    if begun is not None:
        if begun.payload != canonical(facts) or count >= order.dossiers:
            raise NotEmpty(f"the database was filled by another order ({begun.payload}) or is full: {count} dossiers")
        return ""
    if count:
        raise NotEmpty(f"the database holds {count} dossiers already; take an empty one")
    for command in ("load_calendar", "load_organisation", "load_document_types", "load_retention", "load_procedures"):
        call_command(command, verbosity=0, stdout=StringIO())
    password = f"{secrets.token_urlsafe(9)}-Aa1"
    shelves = Shelves()
    trail = Trail(shelves)
    with transaction.atomic():
        open_units()
        staff(shelves, trail, officers=order.officers, password=password, seed=order.seed)
        trail.close()
        shelves.write()
        record(STREAM, "scale.seeded", actor=SYSTEM, payload=facts, at=order.now)
    return password


def _desk(now: datetime) -> Desk:
    shelves = Shelves()
    return Desk(
        shelves=shelves,
        trail=Trail(shelves),
        counters=Counters(),
        calendar=calendar_in_force(),
        types={kind.pk: kind for kind in DocumentType.objects.all()},
        files=tuple(_shared_file(number) for number in range(_FILES)),
        now=now,
    )


def _shared_file(number: int) -> SharedFile:
    content = print_pdf(typeset(f"TỜ TRÌNH SỐ {number + 1}\nGiấy tờ giả lập dùng để đo hệ thống.", layout="plain"))
    sha256 = put(ContentFile(content))
    with transaction.atomic():
        register_blob(sha256=sha256, size=len(content), media_type="application/pdf")
    return SharedFile(sha256, len(content))


class _Office:
    """Writes the dossier of a number; the same number is always the same dossier, whatever was written before."""

    def __init__(self, order: Order, desk: Desk, where: Province) -> None:
        self._order, self._desk, self._where = order, desk, where
        published = ProcedureVersion.objects.select_related("procedure").filter(
            status=ProcedureVersion.Status.PUBLISHED
        )
        self._plan = Plan(
            dossiers=order.dossiers,
            open_cases=order.open_cases,
            versions=[version for version in published.order_by("pk") if is_straight(version.edition)],
            calendar=desk.calendar,
            now=order.now,
            seed=order.seed,
        )
        first = Applicant.objects.order_by("pk").values_list("pk", flat=True).first()
        self._first_applicant = first or 1

    def write(self, number: int) -> None:
        desk, chance = self._desk, Random(f"{self._order.seed} dossier {number}")  # noqa: S311 invented lives
        at = self._plan.moment(number)
        day = at.astimezone(desk.calendar.zone).date()
        version = chance.choice(self._plan.in_force(day))
        shop = self._where.shop(day, chance)
        handler = self._where.handler(version.edition.competent_kind, day, chance)
        life = Life(version.edition, shop, handler, desk.calendar, chance)
        which, is_new = _applicant_number(number, chance)
        folder = Folder(
            desk=desk,
            chance=chance,
            key=desk.shelves[Dossier].next_id(),
            version=version,
            shop=shop,
            handler=handler,
            clerk=life.person(version.edition.steps[0].role, shop),
            applicant=somebody(self._order.seed, which),
            registered_at=at - timedelta(minutes=chance.randrange(4, 15)),
            received_at=at,
        )
        key = self._first_applicant + which
        if is_new:
            desk.shelves[Applicant].add(id=key, **applicant_columns(folder))
        write_dossier(folder, life, applicant_id=key)


def _applicant_number(number: int, chance: Random) -> tuple[int, bool]:
    """Which applicant brings this dossier, and whether it is his first."""
    round_, place = divmod(number, _OF)
    if place < _FIRST:
        return round_ * _FIRST + place, True
    return chance.randrange(round_ * _FIRST + _FIRST), False


def _notify(desk: Desk, seed_number: int) -> None:
    """A few messages: as many officers have one they haven't read."""
    chance = Random(f"{seed_number} notices")  # noqa: S311 invented
    officers = list(Officer.objects.order_by("pk").values_list("pk", flat=True))
    for _ in range(_NOTICES):
        desk.shelves[Notice].add(
            recipient_id=chance.choice(officers),
            message="Hồ sơ được giao cho bạn xử lý.",
            url=reverse("work_mine"),
            created_at=desk.now - timedelta(minutes=chance.randrange(6000)),
        )
