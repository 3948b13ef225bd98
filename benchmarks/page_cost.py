"""What a page costs in an office of a decade, beside the same page in a small office.

`BENCH_SMALL` and `BENCH_LARGE` are the numbers of dossiers. A large office that was filled before is taken from
`BENCH_LARGE_SQLITE` (its DATA_DIR) and `BENCH_LARGE_POSTGRES` (DATA_DIR and database: `/folder postgres://…`).
"""

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from statistics import median
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Count, Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Officer, RoleHolding
from benchmarks.backends import Backend, backends, empty_database, measured, seeded
from benchmarks.rows import Row, row
from dossiers.land_told import told_by
from dossiers.models import Dossier
from dossiers.states import Status
from search.engine import engine
from workflow.engine.models import OPEN
from workflow.models import Case, StepRun

MOST_RATIO, MOST_CPU_MS = 1.5, 35.0
SMALL, LARGE = int(os.environ.get("BENCH_SMALL", "1000")), int(os.environ.get("BENCH_LARGE", "5000"))
# Both offices have full lists: how much is open doesn't depend on how much has gone by.
OPEN_CASES = 600
TIMES, ROUNDS = 15, 3
TABS = ("dossier", "dossier_papers", "dossier_steps", "dossier_clock", "dossier_history")


def run() -> list[Row]:
    """Queries, time and processor time of each page of daily work."""
    rows: list[Row] = []
    for backend in backends():
        with empty_database(backend) as before, _large(backend) as after:
            seeded(before, SMALL, f"--open={OPEN_CASES}", "--index")
            # In turn: a machine that is busy for a while slows both.
            pairs = [(measured(before, __name__), measured(after, __name__)) for _ in range(ROUNDS)]
        small, large = _quickest([pair[0] for pair in pairs]), _quickest([pair[1] for pair in pairs])
        # An office that was filled without its index is not searched.
        rows += [found for page in large["pages"] for found in _rows(page, small, large, backend.name)]
    return rows


def _quickest(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """The least a page took in any round: other work on the machine only ever adds."""
    names = rounds[0]["pages"]
    pages = {
        name: {figure: min(one["pages"][name][figure] for one in rounds) for figure in names[name]} for name in names
    }
    return {"dossiers": rounds[0]["dossiers"], "pages": pages}


@contextmanager
def _large(backend: Backend) -> Iterator[Mapping[str, str]]:
    known = os.environ.get("BENCH_LARGE_POSTGRES" if backend.server else "BENCH_LARGE_SQLITE", "")
    if not known:
        with empty_database(backend) as environment:
            seeded(environment, LARGE, f"--open={OPEN_CASES}", "--index")
            yield environment
        return
    folder, _, database = known.partition(" ")
    environment = {**os.environ, "DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"}
    environment |= {"DATABASE_URL": database or f"sqlite:///{folder}/hosodat.sqlite3", "LOG_LEVEL": "ERROR"}
    environment |= {"SEARCH_URL": f"embedded://{folder}/index", "STORAGE_URL": f"file://{folder}/vault"}
    yield environment


def _rows(page: str, small: dict[str, Any], large: dict[str, Any], where: str) -> Iterator[Row]:
    before, after = small["pages"][page], large["pages"][page]
    ratio = after["ms"] / before["ms"]
    sizes = f"{large['dossiers']:,} dossiers, {where}"
    peer = f"{small['dossiers']:,} dossiers, {before['ms']:.1f} ms, {before['queries']} queries"
    yield row(
        f"page_cost: {page}, {sizes}",
        after["ms"],
        f"ms, {after['queries']} queries",
        peer=peer,
        ratio=ratio,
        goal=f"no more queries, ratio at most {MOST_RATIO}",
        holds=after["queries"] <= before["queries"] and ratio <= MOST_RATIO,
    )
    yield row(
        f"page_cost: processor, {page}, {sizes}",
        after["cpu_ms"],
        "ms",
        goal=f"at most {MOST_CPU_MS:g} ms",
        holds=after["cpu_ms"] <= MOST_CPU_MS,
    )


def measure() -> dict[str, Any]:
    """The median over some visits of each page, by the busiest officers."""
    specialist, clerk, head = _busiest("specialist"), _busiest("clerk"), _head()
    dossier = _straight(specialist)
    pages: dict[str, tuple[Officer, str]] = {
        "home of a specialist": (specialist, reverse("home")),
        "home of a clerk": (clerk, reverse("home")),
        "work, mine": (specialist, reverse("work_mine")),
        "work, unit": (specialist, reverse("work_unit")),
        "work, finished": (specialist, reverse("work_finished")),
        "dossiers": (specialist, reverse("dossiers")),
        "dossiers, to be fetched": (clerk, f"{reverse('dossiers')}?trang-thai=resolved"),
        "dossiers, own counter": (clerk, f"{reverse('dossiers')}?noi-nhan=don-vi"),
        **{name: (specialist, reverse(name, args=[dossier.pk])) for name in TABS},
        **_work_pages(specialist, head),
        **_pages_of_procedures(specialist, dossier),
        "calendar": (specialist, reverse("calendar")),
        "parcels": (specialist, reverse("parcels")),
        "parcels, a place": (specialist, f"{reverse('parcels')}?{urlencode(_place_of(dossier))}"),
        "certificates": (specialist, reverse("certificates")),
    }
    if next(engine().keys("dossier"), None) is not None:
        for name, words in (("a code", dossier.code), ("words", "chuyen nhuong tan loc")):
            pages[f"search, {name}"] = specialist, f"{reverse('search')}?{urlencode({'q': words})}"
    return {
        "dossiers": Dossier.objects.count(),
        "pages": {name: _visited(*page) for name, page in pages.items()},
    }


def _work_pages(specialist: Officer, head: Officer) -> dict[str, tuple[Officer, str]]:
    """The lists narrowed as people narrow them, a row at a glance, and what a head looks after."""
    run = (
        StepRun.objects.filter(owner=specialist, finished__isnull=True).select_related("process").order_by("due_at")[0]
    )
    asked = {"thu-tuc": run.process.matter, "buoc": run.title, "han": "late", "q": run.process.code[-6:]}
    return {
        "work, unit, narrowed": (specialist, f"{reverse('work_unit')}?{urlencode(asked)}"),
        "work, unit, overdue": (specialist, f"{reverse('work_unit')}?han=late"),
        "work, followed": (specialist, reverse("work_followed")),
        "work, delays": (head, reverse("work_late")),
        "work, at a glance": (specialist, reverse("work_quick_look", args=[run.pk])),
        "hand-overs": (head, reverse("hand_overs")),
    }


def _pages_of_procedures(specialist: Officer, dossier: Dossier) -> dict[str, tuple[Officer, str]]:
    """The list of procedures, and one with its diagram."""
    edition = [dossier.version_id]
    return {
        "procedures": (specialist, reverse("procedures")),
        "procedure_steps": (specialist, reverse("procedure_steps", args=edition)),
    }


def _place_of(dossier: Dossier) -> dict[str, str]:
    """Its parcel, as the list of parcels is asked for it."""
    place = told_by(dossier).place
    return {"xa": place.commune, "to": place.sheet, "thua": place.number}


def _head() -> Officer:
    """Who leads the unit with most open work."""
    units = StepRun.objects.filter(finished__isnull=True).values("unit").annotate(work=Count("pk")).order_by("-work")
    for unit in units.values_list("unit", flat=True)[:20]:
        holding = RoleHolding.objects.filter(unit=unit, role="head").select_related("officer").order_by("pk").first()
        if holding is not None:
            return holding.officer
    raise RuntimeError("nobody leads a unit that has work")


def _busiest(role: str) -> Officer:
    """Who has most open work in the hands of his role."""
    holders = RoleHolding.objects.filter(role=role).values("officer")
    is_open = Q(step_runs__status__in=OPEN)
    officers = Officer.objects.filter(pk__in=holders).annotate(work=Count("step_runs", filter=is_open))
    found = officers.order_by("-work", "pk").first()
    if found is None:
        raise RuntimeError(f"nobody holds {role}")
    return found


def _straight(specialist: Officer) -> Dossier:
    """The newest returned dossier of his unit that was never sent back: it looks the same in any office."""
    unit = RoleHolding.objects.get(officer=specialist).unit
    cases = Case.objects.filter(unit=unit, finished__isnull=False).order_by("-pk")
    for case in cases.select_related("edition_version")[:200]:
        edition = case.edition_version.edition
        if case.version == len(edition.steps) and len(edition.appointments) > 1:
            return Dossier.objects.get(pk=case.subject_id, status=Status.RETURNED)
    raise RuntimeError("no dossier went straight through")


def _visited(officer: Officer, url: str) -> dict[str, float]:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(officer)
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    queries = len(captured)  # The next request empties the log.
    if answer.status_code != 200:
        raise RuntimeError(f"{url}: {answer.status_code}")
    took, used = [], []
    for _ in range(TIMES):
        began, processor = time.perf_counter(), time.process_time()
        client.get(url)
        took.append(time.perf_counter() - began)
        used.append(time.process_time() - processor)
    return {"queries": queries, "ms": 1000 * median(took), "cpu_ms": 1000 * median(used)}
