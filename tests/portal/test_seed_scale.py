"""An office filled at once is an office like any other: every rule holds in it, and work goes on where it stopped."""

import json
from collections import Counter
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, Q
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.acting import acting_for
from accounts.models import NumberSeries, Officer, RoleHolding, Unit
from audit.models import AuditEvent
from audit.verifier import verify
from documents.models import Document, LegalDocument
from documents.outgoing import RegisterEntry
from documents.states import State
from dossiers.models import Dossier, DossierResult
from dossiers.operations.draft import begin_draft
from dossiers.operations.receive import receive_dossier
from dossiers.states import Status
from portal.scale import seeding
from portal.scale.life import is_straight
from tests.factories.dossiers import typed_intake
from tests.factories.moments import stop_the_clock
from tests.factories.office import Office
from workflow.clock.ledger import reckon
from workflow.engine.clockwork import as_entries, ledger_of
from workflow.engine.models import OPEN
from workflow.engine.selectors import Tone, count_by_tone, open_work
from workflow.models import Case, ProcedureVersion, StepRun
from worktime.selectors import calendar_in_force

pytestmark = pytest.mark.databases_differ
WANTED = 200


def filled(dossiers: int = WANTED, **options: Any) -> dict[str, Any]:
    """Runs the command and returns what it reports."""
    out = StringIO()
    call_command("seed_scale", dossiers=dossiers, officers=130, json=True, stdout=out, stderr=StringIO(), **options)
    report: dict[str, Any] = json.loads(out.getvalue())
    return report


@pytest.fixture
def decade(db: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    stop_the_clock(monkeypatch)
    return filled()


def test_so_many_dossiers_over_units_editions_and_years(decade: dict[str, Any]) -> None:
    assert decade["dossiers"] == Dossier.objects.count() == WANTED
    editions = Counter(Dossier.objects.values_list("version__procedure", "version__code"))
    straight = [version for version in ProcedureVersion.objects.all() if is_straight(version.edition)]
    assert set(editions) <= {(version.procedure_id, version.code) for version in straight}
    assert len(editions) >= 4
    assert len(set(Dossier.objects.values_list("received_unit"))) > 5
    assert len(set(Dossier.objects.values_list("received_at__year"))) > 5
    assert Officer.objects.filter(username__startswith="canbo.").count() >= 120
    for dossier in Dossier.objects.select_related("version"):
        day = timezone.localtime(dossier.received_at).date()
        assert dossier.version.effective_from <= day <= (dossier.version.effective_to or day)


def test_the_trail_of_a_filled_office_verifies(decade: dict[str, Any]) -> None:
    verdict = verify()
    assert verdict.is_ok, verdict
    assert verdict.events > 10 * WANTED


def test_the_events_of_a_filled_office_read_as_sentences(decade: dict[str, Any]) -> None:
    client, dossier = Client(), Dossier.objects.filter(status=Status.RETURNED).latest("id")
    client.force_login(seeing(dossier))
    history = client.get(reverse("dossier_history", args=[dossier.pk])).content.decode()
    assert str(dossier.code) in history
    assert "…" not in history.split("<main")[1].split("</main")[0]


def test_every_live_case_has_one_open_step_and_no_ended_one_has_any(decade: dict[str, Any]) -> None:
    open_steps = Count("step_runs", filter=Q(step_runs__status__in=OPEN) & ~Q(step_runs__step=""))
    cases = Case.objects.annotate(open_steps=open_steps)
    live = cases.filter(finished__isnull=True)
    assert live.exists()
    assert set(live.values_list("open_steps", flat=True)) == {1}
    assert set(cases.filter(finished__isnull=False).values_list("open_steps", flat=True)) == {0}
    returned = Dossier.objects.filter(status=Status.RETURNED).values("pk")
    assert set(cases.filter(finished__isnull=False).values_list("subject_id", flat=True)) == {
        row["pk"] for row in returned
    }


def test_due_dates_are_what_the_ledger_comes_to(decade: dict[str, Any]) -> None:
    calendar = calendar_in_force()
    for case in Case.objects.select_related("edition_version"):
        lines = ledger_of(case)
        reckoning = reckon(as_entries(lines), calendar)
        assert (case.due_at, case.clock_state) == (reckoning.due_at, reckoning.state)
        assert (case.appointment, case.limit_minutes) == (reckoning.appointment, reckoning.limit)
        assert [line.due_at for line in lines] == [line.due_at for line in reckoning.lines]


def test_steps_took_the_time_they_say_and_are_due_as_their_limit_says(decade: dict[str, Any]) -> None:
    calendar = calendar_in_force()
    for run in StepRun.objects.exclude(step=""):
        if run.finished:
            assert run.minutes_used == calendar.minutes_between(run.created, run.finished)
        assert run.due_at == (calendar.add(run.created, run.limit_minutes) if run.limit_minutes else None)


def test_open_work_is_of_every_urgency(decade: dict[str, Any]) -> None:
    counts = count_by_tone(open_work(), timezone.now())
    assert counts["all"] > WANTED // 3
    assert all(counts[tone] for tone in Tone), counts


def test_codes_and_certificate_numbers_have_no_gap_and_the_series_stand_at_their_last(decade: dict[str, Any]) -> None:
    given: dict[tuple[str, str, int], list[int]] = {}
    for code, unit in Dossier.objects.values_list("code", "received_unit__agency_code"):
        day, number = str(code).removeprefix(f"{unit}-").split("-")
        given.setdefault((unit, f"dossier-{day[2:]}", 2000 + int(day[:2])), []).append(int(number))
    entries = RegisterEntry.objects.exclude(series="tax-slip")
    for agency, series, year, taken in entries.values_list("agency", "series", "year", "number"):
        given.setdefault((agency, series, year), []).append(taken)
    issued = DossierResult.objects.exclude(document__number="").values_list("document__number", flat=True)
    assert sorted(issued) == sorted(entries.values_list("written", flat=True))
    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in given.values())
    stored = NumberSeries.objects.exclude(kind="tax-slip").values_list("agency", "kind", "year", "last")
    assert {(agency, kind, year): last for agency, kind, year, last in stored} == {
        key: len(numbers) for key, numbers in given.items()
    }


def test_a_real_receipt_afterwards_gets_the_next_code_and_the_trail_still_verifies(decade: dict[str, Any]) -> None:
    dossier = Dossier.objects.filter(received_at__date=timezone.localdate()).latest("id")
    clerk = Officer.objects.get(pk=dossier.clerk_id)
    last = Dossier.objects.filter(code__startswith=str(dossier.code).rpartition("-")[0]).latest("code")
    acting = acting_for(clerk)
    begun = begin_draft(procedure="P6", acting=acting)
    branch = Unit.objects.get(code="cn-hai-loc")
    received = receive_dossier(dossier_id=begun.pk, typed=typed_intake(_office(branch)), acting=acting)
    head, _, number = str(last.code).rpartition("-")
    assert received.code == f"{head}-{int(number) + 1:04d}"
    assert received.pk == begun.pk > dossier.pk
    assert verify().is_ok


def test_issued_results_stand_in_the_register_and_nobody_signed_his_own(decade: dict[str, Any]) -> None:
    issued = Document.objects.filter(state=State.ISSUED)
    assert issued.exists()
    registered = issued.exclude(document_type__register="")
    assert set(LegalDocument.objects.values_list("document", flat=True)) == {document.pk for document in registered}
    assert all(document.signed_by_id not in (None, document.drafted_by_id) for document in issued)


def test_who_works_in_another_unit_sees_nothing_of_it(decade: dict[str, Any]) -> None:
    dossier = Dossier.objects.latest("id")
    tokens = set(dossier.tokens.values_list("token", flat=True))
    stranger = next(
        held.officer
        for held in RoleHolding.objects.filter(role="specialist").select_related("officer")
        if f"unit:{held.unit_id}" not in tokens
    )
    client = Client()
    client.force_login(stranger)
    assert client.get(reverse("dossier", args=[dossier.pk])).status_code == 404


def test_every_page_of_daily_work_opens(decade: dict[str, Any]) -> None:
    call_command("rebuild_index", verbosity=0, stdout=StringIO())
    dossier = Dossier.objects.filter(status=Status.IN_PROCESS).latest("id")
    client = Client()
    client.force_login(seeing(dossier))
    for name in ("home", "work_mine", "work_unit", "work_finished", "dossiers"):
        assert client.get(reverse(name)).status_code == 200, name
    for name in ("dossier", "dossier_papers", "dossier_steps", "dossier_clock", "dossier_history"):
        assert client.get(reverse(name, args=[dossier.pk])).status_code == 200, name
    assert dossier.applicant_name in client.get(reverse("search"), {"q": str(dossier.code)}).content.decode()


def test_the_same_seed_gives_the_same_dossiers(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)
    filled(40)
    first = list(AuditEvent.objects.filter(stream__startswith="dossier:").values_list("hash", flat=True))
    with pytest.raises(CommandError, match="full"):
        filled(40)
    assert list(AuditEvent.objects.filter(stream__startswith="dossier:").values_list("hash", flat=True)) == first


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)
    monkeypatch.setattr(seeding, "BATCH", 20)
    write = seeding._Office.write

    def cut_off(office: Any, number: int) -> None:
        if number == 35:
            raise KeyboardInterrupt
        write(office, number)

    with monkeypatch.context() as broken:
        broken.setattr(seeding._Office, "write", cut_off)
        with pytest.raises(KeyboardInterrupt):
            filled(50)
    assert Dossier.objects.count() == 20
    assert filled(50)["dossiers"] == 30
    assert Dossier.objects.count() == 50
    assert verify().is_ok


def test_an_office_at_work_is_not_filled(decade: dict[str, Any]) -> None:
    with pytest.raises(CommandError, match="another order"):
        filled(300)


def seeing(dossier: Dossier) -> Officer:
    """An officer of the unit that handles it."""
    holding = RoleHolding.objects.filter(unit=dossier.unit, role="specialist").select_related("officer").first()
    assert holding is not None
    return holding.officer


def _office(branch: Unit) -> Office:
    """Only where the dossier goes."""
    someone = Officer.objects.latest("id")
    return Office(branch, branch, branch, someone, someone, someone, someone, someone, someone)
