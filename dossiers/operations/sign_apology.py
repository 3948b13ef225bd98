"""Signing an apology with a new appointment (ký văn bản xin lỗi, hẹn lại ngày trả kết quả)."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.acting import Acting
from accounts.rights import require_update
from audit.recording import record
from documents.operations.give_number import Outgoing, give_number
from dossiers.apologies import FARTHEST, FORM, apology_content, earliest_day
from dossiers.clock_models import Apology
from dossiers.models import Dossier, IssuedForm
from dossiers.selectors import KIND, one_dossier, origin_of, stream_of
from pages.domain_errors import Conflict, Invalid, Refused
from papers.catalogue import PrintedForm, form_in_force
from workflow.clock.ledger import ClockState
from workflow.engine.clockwork import extend_clock
from workflow.engine.locking import lock_case
from workflow.engine.selectors import case_of
from workflow.kinds import kind_of
from workflow.models import Case
from worktime.selectors import calendar_in_force

LONGEST_REASON = 500
_SERIES, _PATTERN = "apology", "{number}/XL-{symbol}"


@transaction.atomic
def sign_apology(
    *, dossier_id: int, until: date | None, reason: str, acting: Acting, at: datetime | None = None
) -> Apology:
    """Gives the dossier its one new appointment, at closing of a working day; form 04 is numbered and kept.

    Only who leads the unit that handles it. Raises NotVisible, Refused, Invalid for a day that is none or no reason,
    and Conflict once one was signed or when the clock doesn't run.
    """
    moment = at or timezone.now()
    dossier = one_dossier(acting, dossier_id)
    require_update(acting, about=stream_of(dossier.pk))
    case = _locked_case(dossier)
    if not acting.leads(case.unit_id):
        raise Refused(_("Only who leads the unit that handles the dossier apologises."), about=stream_of(dossier.pk))
    apology = _locked_apology(dossier, case, moment)
    _demand_first(apology, case)
    why, named = _read(until, reason, case, moment)
    apology.due_at, apology.reason, apology.until = case.due_at or moment, why, named
    apology.signed_by_id, apology.signed_at = acting.officer_id, moment
    apology.form = _issue(dossier, case, apology, acting, moment)
    apology.save()
    _extend(case, apology)
    _record(dossier, case, apology, acting)
    return apology


def _locked_case(dossier: Dossier) -> Case:
    found = case_of(KIND, dossier.pk)
    if found is None or not lock_case(found.pk):
        raise Conflict(_("The dossier isn't received yet."))
    case: Case = Case.objects.select_related("unit__parent").get(pk=found.pk)
    return case


def _locked_apology(dossier: Dossier, case: Case, at: datetime) -> Apology:
    """The dossier's apology, in nobody else's hands; unless one was drafted it is begun now."""
    # Written before it is filled in: the worker may draft it at the same moment, and there is one a dossier.
    Apology.objects.get_or_create(dossier=dossier, defaults={"due_at": case.due_at or at, "drafted_at": at})
    apology: Apology = Apology.objects.select_for_update().get(dossier=dossier)
    return apology


def _demand_first(apology: Apology, case: Case) -> None:
    if apology.signed_by is not None:
        message = _("%(who)s has already signed the apology for this dossier; an appointment is given anew once.")
        raise Conflict(message % {"who": apology.signed_by.full_name})
    if case.clock_state != ClockState.RUNNING or case.due_at is None:
        raise Conflict(_("The time limit of this dossier doesn't run, so there is no appointment to give anew."))


def _read(until: date | None, reason: str, case: Case, at: datetime) -> tuple[str, datetime]:
    """The reason, and the new appointment at closing. Raises Invalid with the fault of each field."""
    calendar, why, faults = calendar_in_force(), " ".join(reason.split()), dict[str, str]()
    earliest = earliest_day(case, at, calendar)
    if not why or len(why) > LONGEST_REASON:
        faults["reason"] = _("Say in up to %(count)s characters why.") % {"count": LONGEST_REASON}
    if until is None or not earliest <= until <= localtime(at).date() + FARTHEST:
        faults["until"] = _("Name a day from %(first)s on, within a year.") % {"first": f"{earliest:%d/%m/%Y}"}
    elif not calendar.is_working_day(until):
        faults["until"] = _("The office is closed on that day.")
    if faults or until is None:
        raise Invalid(_("The apology can't be signed like this."), faults)
    return why, calendar.closing(until)


def _issue(dossier: Dossier, case: Case, apology: Apology, acting: Acting, at: datetime) -> IssuedForm:
    day = localtime(at).date()
    form = form_in_force(FORM, day)
    number = _number(dossier, case, form, day, acting)
    return IssuedForm.objects.create(
        dossier=dossier,
        code=FORM,
        regulation=form.regulation,
        number=number,
        issued_at=at,
        issued_by_id=acting.officer_id,
        content=apology_content(dossier, case, apology, number, acting),
    )


def _number(dossier: Dossier, case: Case, form: PrintedForm, day: date, acting: Acting) -> str:
    paper = Outgoing(
        series=_SERIES,
        pattern=_PATTERN,
        kind=form.name,
        subject=f"{dossier.code} · {dossier.applicant_name}",
        signer=acting.officer_name,
        recipients=dossier.applicant_name,
        issued_on=day,
        origin=origin_of(dossier),
    )
    return give_number(unit=case.unit, paper=paper, acting=acting).written


def _extend(case: Case, apology: Apology) -> None:
    form = apology.form
    assert form is not None and apology.until is not None and apology.signed_at is not None  # noqa: S101 narrows
    basis = f"{form.regulation}: {apology.reason}"[:250]
    extend_clock(case, at=apology.signed_at, until=apology.until, reference=form.number, basis=basis)
    case.version += 1
    case.save()
    kind_of(case.kind).moved(case.subject_id)


def _record(dossier: Dossier, case: Case, apology: Apology, acting: Acting) -> None:
    payload = {
        "code": dossier.code,
        "number": apology.form.number if apology.form else "",
        "before": apology.due_at,
        "after": apology.until,
        "reason": apology.reason,
    }
    record(stream_of(dossier.pk), "apology.signed", actor=acting.actor, payload=payload, at=apology.signed_at)
