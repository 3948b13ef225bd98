"""Enters in the outgoing register what was numbered before it was kept: issued results and slips to the tax authority."""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from django.apps.registry import Apps as StateApps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Min, OuterRef, Subquery
from django.utils.timezone import localtime

from search.text import clean, folded_in_place

_BATCH = 1000
_ISSUED = ("issued", "superseded", "revoked")
_SLIP = ("tax-slip", "{number4}/{year}", "Phiếu chuyển thông tin xác định nghĩa vụ tài chính")


def enter(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    entries: Any = apps.get_model("documents", "RegisterEntry")
    for batch in _batches(_results(apps, entries)):
        entries.objects.bulk_create(batch, ignore_conflicts=True)
    for batch in _batches(_slips(apps, entries)):
        entries.objects.bulk_create(batch, ignore_conflicts=True)
    # What was printed with its number was brought by nobody; a seal over it came later.
    versions: Any = apps.get_model("documents", "DocumentVersion")._default_manager
    printed = versions.filter(document=OuterRef("document"), uploaded_by__isnull=True, seal_over__isnull=True)
    first = printed.order_by().values("document").annotate(first=Min("pk")).values("first")
    entries.objects.filter(given_by__isnull=True, document__isnull=False).update(printed=Subquery(first))


def leave_out(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What was entered since was given by somebody, and goes with the table."""
    entries: Any = apps.get_model("documents", "RegisterEntry")
    entries.objects.filter(given_by__isnull=True).delete()


def _results(apps: StateApps, entries: Any) -> Iterator[Any]:
    kinds = _result_kinds(apps)
    related = ("document__signed_by", "dossier__unit", "dossier__received_unit")
    rows: Any = apps.get_model("dossiers", "DossierResult")._default_manager.select_related(*related)
    rows = rows.exclude(document__number="").filter(document__state__in=_ISSUED, document__issued_on__isnull=False)
    for result in rows.order_by("document__issued_on", "pk").iterator(chunk_size=_BATCH):
        document, dossier = result.document, result.dossier
        kind = kinds(dossier.version_id).get(result.code)
        year = document.issued_on.year
        number = _number_in(kind["number"], document.number, year) if kind else None
        if kind is None or number is None:
            continue
        yield entries(
            **_place(dossier, kind["series"], year, number, document.number),
            pattern=kind["number"],
            kind=kind["name"][:250],
            document_type_id=document.document_type_id,
            subject=document.title,
            signer=document.signed_by.full_name if document.signed_by else "",
            recipients=dossier.applicant_name,
            issued_on=document.issued_on,
            document_id=document.pk,
            given_at=dossier.resolved_at or document.created_at,
            folded=_folded(document.number, kind["name"], document.title, dossier.code or ""),
        )


def _slips(apps: StateApps, entries: Any) -> Iterator[Any]:
    series, pattern, name = _SLIP
    related = ("dossier__unit", "dossier__received_unit")
    rows: Any = apps.get_model("dossiers", "FinancialObligation")._default_manager.select_related(*related)
    for slip in rows.order_by("sent_at", "pk").iterator(chunk_size=_BATCH):
        dossier = slip.dossier
        found = re.fullmatch(r"([0-9]+)/([0-9]{4})", slip.slip_number)
        if not found:
            continue
        subject = f"{dossier.code} · {dossier.applicant_name}"
        yield entries(
            **_place(dossier, series, int(found[2]), int(found[1]), slip.slip_number),
            pattern=pattern,
            kind=name,
            subject=subject,
            issued_on=localtime(slip.sent_at).date(),
            given_at=slip.sent_at,
            folded=_folded(slip.slip_number, name, subject, dossier.code or ""),
        )


def _place(dossier: Any, series: str, year: int, number: int, written: str) -> dict[str, Any]:
    unit = dossier.unit or dossier.received_unit
    return {
        "unit_id": unit.pk,
        "agency": unit.agency_code or unit.code,
        "series": series,
        "year": year,
        "number": number,
        "written": written,
        "state": "used",
        "origin_kind": "dossier",
        "origin_id": dossier.pk,
        "origin_code": dossier.code or "",
    }


def _result_kinds(apps: StateApps) -> Callable[[int], dict[str, Any]]:
    """The results an edition names, by its row; each text is read once."""
    versions: Any = apps.get_model("workflow", "ProcedureVersion")._default_manager

    @cache
    def of(version_id: int) -> dict[str, Any]:
        source = versions.values_list("source", flat=True).get(pk=version_id)
        return {row["code"]: row for row in tomllib.loads(source).get("results", [])}

    return of


def _number_in(pattern: str, written: str, year: int) -> int | None:
    """The running number in a written one; None when it wasn't written by the edition's pattern."""
    marks = pattern.format(number="\0", number5="\0", year=year)
    found = re.fullmatch(re.escape(marks).replace(re.escape("\0"), "([0-9]+)"), written)
    return int(found[1]) if found else None


def _folded(*texts: str) -> str:
    return folded_in_place(clean(" ".join(texts)))


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class Migration(migrations.Migration):
    dependencies = [
        ("dossiers", "0003_bundles"),
        ("documents", "0005_outgoing_register"),
        ("workflow", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(enter, leave_out),
    ]
