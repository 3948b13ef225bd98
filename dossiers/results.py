"""What a drafted result says: its content, taken from the dossier's form and edition."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from dossiers.models import Dossier, DossierResult
from dossiers.receipts import day_in_words, place_of
from papers.catalogue import form_in_force
from papers.rendering import printed
from workflow.procedures.eforms import shown_value
from workflow.procedures.schema import ResultKind


def print_result(dossier: Dossier, kind: ResultKind, result: DossierResult | None = None) -> bytes:
    """The result as a PDF: a draft without number and signer, or with both once `result` is issued."""
    form = form_in_force(kind.template, timezone.localdate())
    return printed(form, {"result": _content(dossier, kind, result)})


def _content(dossier: Dossier, kind: ResultKind, result: DossierResult | None) -> dict[str, Any]:
    unit = dossier.unit or dossier.received_unit
    document = result.document if result and result.document.number else None
    signer = document.signed_by if document else None
    return {
        "name": kind.name,
        "agency": unit.name,
        "parent_agency": unit.parent.name if unit.parent else "",
        "code": dossier.code,
        "procedure": dossier.version.procedure.name,
        "holders": _holders(dossier),
        "facts": _facts(dossier),
        "replaces": dossier.values.get("certificate_serial", ""),
        "place": place_of(dossier.received_unit.name),
        "dated": day_in_words(document.issued_on) if document and document.issued_on else "ngày … tháng … năm …",
        "signing_authority": signer.title if signer and signer.title else "Thủ trưởng đơn vị",
        "signing_hint": "(Đã ký)" if signer else "(Dự thảo, chưa ký)",
        "signer": signer.full_name if signer else "",
        "number": document.number if document else "…",
        "serial": result.serial if result else "",
    }


def _holders(dossier: Dossier) -> list[dict[str, str]]:
    """Who the certificate is for: those who receive the right where the form names them, else the applicant."""
    tables = [field for field in dossier.version.edition.form.fields if field.type == "table"]
    for table in tables:
        rows = [row for row in dossier.values.get(table.code, []) if "name" in row]
        if rows:
            return [_holder(row.get("name", ""), row.get("id_number", ""), row.get("share", "")) for row in rows]
    return [_holder(dossier.applicant_name, dossier.applicant_id_number, "")]


def _holder(name: str, id_number: str, share: str) -> dict[str, str]:
    detail = ", ".join(filter(None, [f"số định danh {id_number}" if id_number else "", share and f"phần {share}"]))
    return {"title": "Ông/Bà", "name": name, "detail": detail}


def _facts(dossier: Dossier) -> list[tuple[str, str]]:
    """The form's simple fields by their labels, as an officer reads them."""
    fields = dossier.version.edition.form.fields
    return [
        (field.label, shown_value(field, dossier.values[field.code]))
        for field in fields
        if field.type != "table" and field.code in dossier.values
    ]


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table of the form as pages show it."""

    label: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ShownForm:
    """The electronic form as it was received: labels with values, and tables."""

    title: str
    facts: list[tuple[str, str]]
    tables: list[ShownTable]


def shown_form(dossier: Dossier) -> ShownForm:
    """The dossier's form for reading."""
    form = dossier.version.edition.form
    tables = [
        ShownTable(
            label=field.label,
            columns=tuple(column.label for column in field.columns),
            rows=tuple(
                tuple(shown_value(column, row[column.code]) if column.code in row else "" for column in field.columns)
                for row in dossier.values.get(field.code, [])
            ),
        )
        for field in form.fields
        if field.type == "table" and dossier.values.get(field.code)
    ]
    return ShownForm(form.title, _facts(dossier), tables)
