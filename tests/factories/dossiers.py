"""Dossiers for tests: what is typed at the counter, received dossiers, and dossiers walked to a step.

Everything goes through the real operations, by the officers of `tests.factories.office.Office`.
"""

from datetime import datetime

from django.core.files.base import ContentFile
from django.http import QueryDict

from accounts.models import Officer
from accounts.sight import allow, tokens_of
from documents.models import DocumentVersion
from dossiers.models import Dossier, DossierResult, DossierToken
from dossiers.operations.attach import attach_scan
from dossiers.operations.draft import begin_draft
from dossiers.operations.draft_result import draft_result
from dossiers.operations.receive import receive_dossier
from tests.factories.documents import pdf
from tests.factories.office import Office
from workflow.engine.operations.complete import complete_step
from workflow.engine.selectors import case_of, open_runs
from workflow.models import Case, StepRun
from workflow.procedures.schema import FormField, Outcome

_PERSON = {
    "kind": "person",
    "id_number": "099174003312",
    "name": "Phùng Thị Ngát",
    "birth_date": "14/06/1974",
    "phone": "0900 555 018",
    "address": "thôn Đồng Vừng, xã Tân Lộc, tỉnh Yên Giang",
}
_LAND = {
    "form-parcel": "116",
    "form-sheet": "24",
    "form-commune": "xã Tân Lộc",
    "form-area": "312,5",
    "form-land_use": "ONT+CLN",
    "form-certificate_serial": "DK 248032",
    "form-register_number": "CH 03288",
}
# A complete post of the counter's form, by procedure; ONG is tests/workflow/editions/invented.toml.
TYPED: dict[str, dict[str, str]] = {
    "P6": {
        **_PERSON,
        **_LAND,
        "form-reason": "damaged",
        "paper-application-in": "yes",
        "paper-certificate-in": "yes",
    },
    "P2": {
        **_PERSON,
        **_LAND,
        "form-kind_of_transfer": "sale",
        "form-scope": "whole",
        "form-contract_number": "1874/2026",
        "form-contract_date": "12/11/2026",
        "form-price": "640.000.000",
        "form-recipients-TOTAL_FORMS": "1",
        "form-recipients-INITIAL_FORMS": "0",
        "form-recipients-0-id_number": "099079001262",
        "form-recipients-0-name": "Lương Văn Khởi",
        "form-recipients-0-birth_year": "1979",
        "form-recipients-0-share": "1/1",
        "paper-application-in": "yes",
        "paper-certificate-in": "yes",
        "paper-contract-in": "yes",
        "paper-registration_fee-in": "yes",
        "paper-income_tax-in": "yes",
    },
    # An edition of tests/factories/land_editions.py.
    "DAT": {**_PERSON, **_LAND, "paper-application-in": "yes", "paper-certificate-in": "yes"},
    "ONG": {
        **_PERSON,
        "form-place": "bìa rừng Đồi Mây",
        "form-hives": "12",
        "form-season": "spring",
        "form-keepers-TOTAL_FORMS": "1",
        "form-keepers-INITIAL_FORMS": "0",
        "form-keepers-0-name": "Sầm Thị Ong",
        "paper-request-in": "yes",
    },
}
# What an outcome's fields are filled in with; by code, else by type.
_TOLD = {
    "notice_number": "5518/TB-TCS3",
    "proof": "paid",
    "amount": "16.000.000",
    "proven_on": "20/11/2026",
    "serial": "AA 00000116",
    "receiver_name": "Phùng Thị Ngát",
    "receiver_id": "099174003312",
    "collected": "yes",
}
_BY_TYPE = {"text": "chữ", "number": "1", "money": "1000", "date": "20/11/2026"}


def typed_intake(office: Office, procedure: str = "P6", **changes: object) -> QueryDict:
    """A complete post of the counter's form; `form__parcel="7"` changes `form-parcel`, None leaves a field out."""
    typed = QueryDict(mutable=True)
    known = {**TYPED[procedure], "unit": str(office.branch.pk)}
    for name, value in {**known, **{name.replace("__", "-"): value for name, value in changes.items()}}.items():
        if value is not None:
            typed[name] = str(value)
    return typed


def begun(office: Office, procedure: str = "P6", *, clerk: Officer | None = None) -> Dossier:
    """A draft of the clerk's, nothing typed yet."""
    return begin_draft(procedure=procedure, acting=office.acting(clerk or office.clerk))


def scanned(office: Office, dossier: Dossier, component: str, content: bytes | None = None) -> DocumentVersion:
    """A scan for a paper of the draft."""
    file = ContentFile(content if content is not None else pdf())
    acting = office.acting(office.clerk)
    return attach_scan(dossier_id=dossier.pk, component=component, file=file, name="quet.pdf", acting=acting)


def received(
    office: Office,
    procedure: str = "P6",
    *,
    at: datetime | None = None,
    scans: tuple[str, ...] = (),
    **changes: object,
) -> Dossier:
    """A dossier taken in by the office's clerk, with scans of these papers; about a parcel no other one is about."""
    dossier = begun(office, procedure)
    changes = {**_own_land(procedure), **{name.replace("-", "__"): value for name, value in changes.items()}}
    for component in scans:
        scanned(office, dossier, component, pdf(width=500 + dossier.pk))
    typed = typed_intake(office, procedure, **changes)
    return receive_dossier(dossier_id=dossier.pk, typed=typed, acting=office.acting(office.clerk), at=at)


def _own_land(procedure: str) -> dict[str, str]:
    """The usual parcel for the first dossier, the following ones for the others: a certificate is renewed once."""
    before = Dossier.objects.filter(received_at__isnull=False).count()
    if not before or "form-parcel" not in TYPED[procedure]:
        return {}
    return {"form__parcel": str(116 + before), "form__certificate_serial": f"DK {248032 + before}"}


def case_behind(dossier: Dossier) -> Case:
    case = case_of("dossier", dossier.pk)
    assert case is not None
    return case


def open_step(dossier: Dossier) -> StepRun:
    """The one open step of the dossier."""
    [run] = open_runs(case_behind(dossier))
    return run


def officer_for(office: Office, run: StepRun) -> Officer:
    """Who of the office does this step."""
    if run.unit_id == office.other_branch.pk:
        return office.stranger
    return {"clerk": office.clerk, "head": office.head}.get(run.role, office.specialist)


def complete(
    office: Office,
    dossier: Dossier,
    outcome: str,
    *,
    by: Officer | None = None,
    note: str = "",
    at: datetime | None = None,
    **data: str,
) -> StepRun:
    """Ends the open step this way; fields the outcome asks for and `data` doesn't name are filled in."""
    run = open_step(dossier)
    chosen = case_behind(dossier).edition_version.edition.step(run.step).outcome(outcome)
    assert chosen is not None
    return complete_step(
        step_run_id=run.pk,
        outcome=outcome,
        version=run.version,
        acting=office.acting(by or officer_for(office, run)),
        note=note or ("Lý do" if chosen.is_note_required else ""),
        data={**told_for(chosen), **_own_blank(chosen), **data},
        at=at,
    )


def _own_blank(outcome: Outcome) -> dict[str, str]:
    """The number of a blank no certificate was printed on yet."""
    if not any(field.code == "serial" for field in outcome.fields):
        return {}
    return {"serial": f"AA {116 + DossierResult.objects.exclude(serial='').count():08d}"}


def told_for(outcome: Outcome) -> dict[str, str]:
    """Something right for each field the outcome asks for."""
    return {field.code: _TOLD.get(field.code) or _right_for(field) for field in outcome.fields}


def _right_for(field: FormField) -> str:
    return field.choices[0].code if field.choices else _BY_TYPE[field.type]


def drafted(office: Office, dossier: Dossier, result: str = "certificate") -> None:
    """Drafts the result as a file of one's own: much quicker than printing it."""
    acting = office.acting(officer_for(office, open_step(dossier)))
    file = ContentFile(pdf(width=400 + dossier.pk))
    draft_result(dossier_id=dossier.pk, result=result, acting=acting, file=file, name="du-thao.pdf")


def at_step(office: Office, dossier: Dossier, code: str) -> Dossier:
    """Walks the dossier straight on until this step is open; `code` "" walks it to its end."""
    edition = case_behind(dossier).edition_version.edition
    while runs := open_runs(case_behind(dossier)):
        step = edition.step(runs[0].step)
        if step.code == code:
            break
        for result in step.drafts:
            drafted(office, dossier, result)
        forward = next(outcome for outcome in step.outcomes if outcome.manner == "forward")
        complete(office, dossier, forward.code)
    return Dossier.objects.get(pk=dossier.pk)


def shelved(dossier: Dossier, count: int) -> list[Dossier]:
    """Copies of a received dossier under codes of their own, for long lists; no case stands behind them."""
    known = {field.attname: getattr(dossier, field.attname) for field in Dossier._meta.concrete_fields}
    known.pop("id")
    numbers = range(5000, 5000 + count)
    copies = Dossier.objects.bulk_create(Dossier(**{**known, "code": f"{dossier.code}-{number}"}) for number in numbers)
    for copy in copies:
        allow(DossierToken, copy.pk, tokens_of(DossierToken, [dossier.pk])[dossier.pk])
    return copies
