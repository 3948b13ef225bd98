"""What an agency may read, in the shapes the API gives it out."""

from accounts.models import Unit
from accounts.sight import NotVisible
from documents.states import State
from dossiers.models import Dossier
from dossiers.selectors import KIND, results_of, stream_of, visible_dossiers
from dossiers.states import Status
from exchange.callers import Caller
from exchange.shapes import (
    Appointment,
    DossierOut,
    DossierStatus,
    FormOut,
    Found,
    HitOut,
    Kind,
    OpenStep,
    ProcedureOut,
    ProcedureRef,
    Question,
    Result,
    UnitRef,
)
from pages.domain_errors import Invalid
from search.selectors import Hit, Query, Results, find
from workflow.clock.ledger import ClockState
from workflow.engine.selectors import case_of, open_runs
from workflow.procedures.eforms import json_schema
from workflow.procedures.models import Procedure, ProcedureVersion
from workflow.procedures.schema import Edition
from workflow.procedures.selectors import version_in_force, versions_in_force

# Dossiers -------------------------------------------------------------------------------------------


def dossier_of_code(caller: Caller, code: str) -> Dossier:
    """The dossier of this code in the agency's sight. Raises NotVisible, the same for hidden and for missing."""
    related = ("version__procedure", "received_unit", "unit")
    dossier = visible_dossiers(caller.acting).select_related(*related).filter(code=code).first()
    if dossier is None:
        hidden = Dossier.objects.filter(code=code).values_list("pk", flat=True).first()
        raise NotVisible(about=stream_of(hidden) if hidden else "")
    return dossier


def dossier_out(dossier: Dossier, *, has_personal_data: bool) -> DossierOut:
    """The dossier as it stands now. A received one always has its moment and its case."""
    case = case_of(KIND, dossier.pk)
    if case is None or dossier.code is None or dossier.received_at is None:
        raise NotVisible(about=stream_of(dossier.pk))
    edition = case.edition_version.edition
    is_paused = case.clock_state == ClockState.PAUSED
    return DossierOut(
        code=dossier.code,
        status=DossierStatus(code=Status(dossier.status), words=dossier.status_words),
        procedure=_procedure(dossier.version.procedure),
        edition=dossier.version.code,
        received_at=dossier.received_at,
        received_by=_unit(dossier.received_unit),
        unit=_unit(dossier.unit) if dossier.unit else None,
        clock=ClockState(case.clock_state),
        due_at=None if is_paused else case.due_at,
        appointment=case.appointment,
        appointments=_appointments(edition),
        steps=[OpenStep(name=run.title, unit=_unit(run.unit) if run.unit else None) for run in open_runs(case)],
        results=_results(dossier, edition),
        resolved_at=dossier.resolved_at,
        returned_at=dossier.returned_at,
        applicant=dossier.applicant_name if has_personal_data else None,
    )


def _results(dossier: Dossier, edition: Edition) -> list[Result]:
    """What was issued: a draft has no number and is nobody else's affair."""
    return [
        Result(
            code=result.code,
            name=edition.result(result.code).name,
            state=State(result.document.state),
            number=result.document.number,
            serial=result.serial,
            issued_on=result.document.issued_on,
        )
        for result in results_of(dossier)
        if result.document.number
    ]


def _unit(unit: Unit) -> UnitRef:
    return UnitRef(agency_code=unit.agency_code, name=unit.name)


# Search ---------------------------------------------------------------------------------------------


def found_by(caller: Caller, asked: Question) -> Results:
    """What the façade finds for the agency among the kinds published; raises Invalid for a damaged `after`."""
    kinds = tuple(kind.value for kind in asked.kind or Kind)
    try:
        return find(Query(asked.q, kinds=kinds, limit=asked.limit, after=asked.after), caller.acting)
    except Invalid as fault:
        raise Invalid(fault.message, {"after": fault.message}) from fault


def found_out(results: Results) -> Found:
    return Found(
        total=results.total,
        forgiven=results.mercy,
        hits=[_hit(hit) for hit in results.hits],
        next=results.next_key,
    )


def _hit(hit: Hit) -> HitOut:
    """Without the snippet: the text around a word may hold anybody's number and address."""
    return HitOut(
        kind=Kind(hit.kind),
        id=hit.id,
        number=hit.number,
        title=hit.title,
        document_type=hit.document_type,
        status=str(hit.status.label) if hit.status else "",
        unit=hit.unit,
        dated=hit.dated,
    )


# Procedures -----------------------------------------------------------------------------------------


def procedures_out() -> list[ProcedureOut]:
    """Each procedure once, with the newest of its editions in force today."""
    newest: dict[str, ProcedureVersion] = {}
    for version in versions_in_force():
        newest.setdefault(version.procedure_id, version)
    return [
        ProcedureOut(
            **_procedure(version.procedure).dict(),
            short_name=version.procedure.short_name,
            edition=version.code,
            effective_from=version.effective_from,
            effective_to=version.effective_to,
            appointments=_appointments(version.edition),
        )
        for version in newest.values()
    ]


def form_out(procedure: str) -> FormOut | None:
    """The form of the procedure's edition in force today; None when there is no such edition."""
    version = version_in_force(procedure)
    if version is None:
        return None
    form = version.edition.form
    return FormOut(
        procedure=version.procedure_id,
        edition=version.code,
        effective_from=version.effective_from,
        title=form.title,
        form_code=form.code,
        regulation=form.regulation,
        values_schema=json_schema(form.title, form.fields),
    )


def _procedure(procedure: Procedure) -> ProcedureRef:
    return ProcedureRef(code=procedure.code, name=procedure.name, national_code=procedure.national_code)


def _appointments(edition: Edition) -> list[Appointment]:
    return [
        Appointment(number=promised.number, label=promised.label, working_days=promised.days)
        for promised in edition.appointments
    ]
