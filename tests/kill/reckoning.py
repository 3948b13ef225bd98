"""After the last kill: what is in the database, the vault and the index, held against what people were told."""

from collections import Counter
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Count

from audit.models import AuditEvent
from audit.verifier import verify
from documents.models import Blob, DocumentVersion
from documents.states import ReadingState
from documents.vault import verify_blob
from dossiers.models import Dossier, IssuedForm
from jobs.models import OutboxRow
from tests.kill.crowd import Told
from upkeep.integrity.checking import findings
from workflow.models import Case, StepRun


def faults(told: Told) -> list[str]:
    """Whatever is lost, doubled, forked or otherwise than people were told; empty when all is well."""
    return [
        *told.odd,
        *_statuses(told),
        *_receipts(told),
        *_codes(),
        *_steps(told),
        *_files(told),
        *_events(),
        *_work(),
        *_integrity(),
    ]


def _statuses(told: Told) -> Iterator[str]:
    """A killed server gives no answer or, while it is busy, 503 with words: never an error nobody expected."""
    for status, count in told.statuses.items():
        if status != 503:
            yield f"{count} answers with status {status}"


def _receipts(told: Told) -> Iterator[str]:
    codes = {f"/ho-so/{pk}/": code for pk, code in Dossier.objects.exclude(code=None).values_list("pk", "code")}
    for path, code in told.receipts.items():
        if codes.get(path) != code:
            yield f"{path} was told {code} and is {codes.get(path)}"
    slips = IssuedForm.objects.filter(code="receipt").values("dossier").annotate(n=Count("pk"))
    counted = {row["dossier"]: row["n"] for row in slips}
    for pk in Dossier.objects.exclude(code=None).values_list("pk", flat=True):
        if counted.get(pk) != 1:
            yield f"dossier {pk} has {counted.get(pk, 0)} receipts"
        if Case.objects.filter(kind="dossier", subject_id=pk).count() != 1:
            yield f"dossier {pk} has no case or several"


def _codes() -> Iterator[str]:
    """Gapless by unit and day: the last part of a code counts from 1."""
    by_day: dict[str, list[int]] = {}
    for code in Dossier.objects.exclude(code=None).values_list("code", flat=True):
        day, _, number = str(code).rpartition("-")
        by_day.setdefault(day, []).append(int(number))
    for day, numbers in by_day.items():
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            yield f"the codes of {day} are {sorted(numbers)}"


def _steps(told: Told) -> Iterator[str]:
    for case in Case.objects.all():
        runs = list(StepRun.objects.filter(process=case).exclude(step="").order_by("number"))
        opened = [run for run in runs if run.is_open]
        if len(opened) != (0 if case.finished else 1):
            yield f"case {case.code} is {'finished' if case.finished else 'live'} and has {len(opened)} open steps"
        steps = [run.step for run in runs]
        if len(set(steps)) != len(steps):
            yield f"case {case.code} went {steps}"
        done = {run.outcome: run.completed_by.username for run in runs if run.completed_by is not None}
        path = f"/ho-so/{case.subject_id}/"
        for (told_path, outcome), who in told.steps.items():
            if told_path == path and done.get(outcome) != who:
                yield f"case {case.code}: {who} was told of {outcome}, it is {done.get(outcome)}'s"


def _files(told: Told) -> Iterator[str]:
    for blob in Blob.objects.all():
        if not verify_blob(blob.sha256):
            yield f"blob {blob.sha256} is missing or other bytes"
    for path, scans in told.scans.items():
        dossier = int(path.strip("/").split("/")[1])
        versions = DocumentVersion.objects.filter(document__component__dossier=dossier)
        kept = Counter(versions.values_list("blob_id", flat=True))
        if kept != Counter(scans):
            yield f"{path} was told of the scans {scans} and keeps {dict(kept)}"
    for version in DocumentVersion.objects.annotate(runs=Count("readings")):
        if version.reading_state != ReadingState.READ or version.runs != 1:
            yield f"file {version.pk} is {version.reading_state} ({version.reading_error}) after {version.runs} runs"


def _events() -> Iterator[str]:
    verdict = verify()
    if not verdict.is_ok:
        yield f"the trail does not verify: {verdict.first_bad}"
    received = Counter(AuditEvent.objects.filter(verb="dossier.received").values_list("stream", flat=True))
    expected = {f"dossier:{pk}": 1 for pk in Dossier.objects.exclude(code=None).values_list("pk", flat=True)}
    if received != expected:
        yield f"events of receipt: {received} instead of {expected}"
    completed = AuditEvent.objects.filter(verb="step.completed").count()
    runs = StepRun.objects.filter(completed_by__isnull=False).exclude(step="").count()
    if completed != runs:
        yield f"{completed} events of {runs} completed steps"
    read = AuditEvent.objects.filter(verb="document.read").count()
    if read != DocumentVersion.objects.count():
        yield f"{read} events of reading for {DocumentVersion.objects.count()} files"


def _work() -> Iterator[str]:
    for row in OutboxRow.objects.all():
        yield f"left in the outbox: {row} after {row.attempts} tries: {row.last_error[-300:]}"


def _integrity() -> Iterator[str]:
    for finding in findings(is_deep=True):
        if not finding.is_note:
            yield f"{finding.check}: {finding.about}: {finding.what}"


def let_leases_run_out() -> None:
    """As time would do it, once every process is dead; also the pauses after failures."""
    with transaction.atomic():
        OutboxRow.objects.filter(lease__isnull=False).update(leased_until="2020-01-01T00:00:00Z")
        OutboxRow.objects.filter(lease__isnull=True, died_at=None).update(available_at="2020-01-01T00:00:00Z")


def counts() -> dict[str, int]:
    return {
        "drafts": Dossier.objects.filter(code=None).count(),
        "dossiers": Dossier.objects.exclude(code=None).count(),
        "finished": Case.objects.filter(finished__isnull=False).count(),
        "steps": StepRun.objects.filter(completed_by__isnull=False).exclude(step="").count(),
        "files": DocumentVersion.objects.count(),
        "events": AuditEvent.objects.count(),
    }
