"""Receiving a dossier: the moment from which the law counts."""

from datetime import datetime
from secrets import token_urlsafe
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.acting import Acting
from audit.recording import record
from dossiers.codes import FaultyPattern, allot_code
from dossiers.intake import Intake
from dossiers.land_told import LandTold
from dossiers.land_warnings import demand_receivable, remember_parcels
from dossiers.models import Applicant, Dossier
from dossiers.operations.locked import demand_kept, demand_receiving, locked_dossier
from dossiers.receipts import issue_receipt
from dossiers.selectors import KIND, stream_of
from pages.domain_errors import Conflict, Invalid
from search.indexing import index_later
from workflow.engine.operations.start import start_case
from workflow.models import Case
from workflow.procedures.eforms import summary_of
from workflow.procedures.selectors import version_in_force


@transaction.atomic
def receive_dossier(*, dossier_id: int, typed: QueryDict, acting: Acting, at: datetime | None = None) -> Dossier:
    """Takes a complete draft in (tiếp nhận): code, case with its clock, receipt (form 01), all or nothing.

    The same clerk sending the same form twice gets the same dossier. Raises NotVisible, Refused, Conflict when a
    colleague received it first, and Invalid with the fault of each field while something is missing or wrong.
    """
    moment = at or timezone.now()
    dossier = locked_dossier(dossier_id, acting)
    demand_receiving(dossier, acting)
    demand_kept(dossier)
    if not dossier.is_draft:
        return _received_before(dossier, acting)
    _demand_edition(dossier, moment)
    intake = Intake(dossier, typed)
    faults = intake.faults()
    if faults:
        raise Invalid(_("The dossier is not complete yet."), faults)
    told = LandTold(intake.edition, intake.form.values())
    demand_receivable(told, acting)
    _take_over(dossier, intake, acting)
    dossier.receive(_allotted(dossier, moment), moment)
    dossier.save()
    remember_parcels(dossier, told)
    case = _start(dossier, acting, moment)
    issue_receipt(dossier, case, moment)
    _record(dossier, case, acting, moment)
    return dossier


def _allotted(dossier: Dossier, at: datetime) -> str:
    try:
        return allot_code(dossier.received_unit, localtime(at).date())
    except FaultyPattern as fault:
        message = _("The pattern of the dossier codes of %(unit)s is faulty. The administrator has to mend it.")
        raise Invalid(message % {"unit": dossier.received_unit.name}) from fault


def _received_before(dossier: Dossier, acting: Acting) -> Dossier:
    if dossier.code and dossier.clerk_id == acting.officer_id:
        return dossier
    message = _("%(who)s has already received this dossier as %(code)s.")
    raise Conflict(message % {"who": dossier.clerk.full_name, "code": dossier.code or "–"})


def _demand_edition(dossier: Dossier, at: datetime) -> None:
    """A draft may have slept past the end of its edition; a dossier comes under the law of its day."""
    if version_in_force(dossier.version.procedure_id, localtime(at).date()) != dossier.version:
        raise Invalid(
            _("The edition %(edition)s of this procedure is no longer in force. Choose the procedure again.")
            % {"edition": dossier.version.code}
        )


def _take_over(dossier: Dossier, intake: Intake, acting: Acting) -> None:
    person: dict[str, Any] = intake.applicant.cleaned_data
    dossier.applicant = _applicant(person)
    dossier.applicant_kind, dossier.applicant_id_number = person["kind"], person["id_number"]
    dossier.applicant_name, dossier.applicant_birth_date = person["name"], person["birth_date"]
    dossier.applicant_address, dossier.applicant_phone = person["address"], person["phone"]
    dossier.applicant_email = person["email"]
    if person["is_represented"]:
        dossier.representative_name = person["representative_name"]
        dossier.representative_id_number = person["representative_id_number"]
    dossier.unit = person["unit"]
    dossier.clerk_id = acting.officer_id
    dossier.values = intake.form.values()
    dossier.summary = summary_of(intake.edition.form, dossier.values)[:250]
    dossier.public_key = token_urlsafe(12)
    dossier.draft = {}
    for paper in intake.papers:
        component = paper.component
        component.is_handed_in, component.form_of_paper = paper.is_handed_in, paper.form_of_paper
        component.quantity = paper.quantity
        component.save(update_fields=["is_handed_in", "form_of_paper", "quantity"])


def _applicant(person: dict[str, Any]) -> Applicant:
    """The applicant by identity number, brought up to date with what he says today."""
    fields = ("name", "birth_date", "address", "phone", "email")
    applicant, _is_new = Applicant.objects.update_or_create(
        kind=person["kind"], id_number=person["id_number"], defaults={field: person[field] for field in fields}
    )
    return applicant


def _start(dossier: Dossier, acting: Acting, at: datetime) -> Case:
    title = f"{dossier.applicant_name} · {dossier.summary}" if dossier.summary else dossier.applicant_name
    assert dossier.code is not None and dossier.unit_id is not None  # noqa: S101 narrows the types
    return start_case(
        kind=KIND,
        subject_id=dossier.pk,
        code=dossier.code,
        title=title[:250],
        version=dossier.version,
        home_unit_id=dossier.received_unit_id,
        unit_id=dossier.unit_id,
        acting=acting,
        at=at,
    )


def _record(dossier: Dossier, case: Case, acting: Acting, at: datetime) -> None:
    payload = {
        "code": dossier.code,
        "procedure": dossier.version.procedure.name,
        "edition": dossier.version.code,
        "applicant": dossier.applicant_name,
        "summary": dossier.summary,
        "unit": dossier.unit.name if dossier.unit else "",
        "due_at": case.due_at,
        "values": dossier.values,
    }
    record(stream_of(dossier.pk), "dossier.received", actor=acting.actor, payload=payload, at=at)
    index_later(KIND, str(dossier.pk))
