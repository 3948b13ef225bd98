"""The receipt with its appointment (form 01): its content is kept as given, its PDF is printed from that."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import override

from dossiers.models import Dossier, DossierComponent, IssuedForm
from dossiers.states import FormOfPaper
from pages.wording import weekday_in_full
from papers.catalogue import form_in_force, form_of
from papers.rendering import printed, qr_code
from workflow.engine.clockwork import more_days
from workflow.models import Case
from workflow.procedures.schema import Appointment

FORM = "receipt"
_PAPER_WORDS = {
    FormOfPaper.ORIGINAL: "Bản chính",
    FormOfPaper.COPY: "Bản sao",
    FormOfPaper.CERTIFIED: "Bản sao chứng thực",
}


def issue_receipt(dossier: Dossier, case: Case, at: datetime) -> IssuedForm:
    """Writes down form 01 as it is handed over. In the transaction of the receipt."""
    form = form_in_force(FORM, localtime(at).date())
    return IssuedForm.objects.create(
        dossier=dossier,
        code=FORM,
        regulation=form.regulation,
        number=(dossier.code or "").rpartition("-")[2],
        issued_at=at,
        issued_by_id=dossier.clerk_id,
        content=receipt_content(dossier, _handed_in(dossier), due_at=case.due_at, at=at),
    )


def print_receipt(receipt: IssuedForm) -> bytes:
    """The receipt as a PDF; however often, the same words."""
    content: Mapping[str, Any] = receipt.content
    form = form_of(receipt.code, receipt.regulation)
    return printed(form, {"receipt": content, "qr": qr_code(content["status_url"])})


def status_url(dossier: Dossier) -> str:
    """The public address behind the QR code: the code and a secret only the receipt shows."""
    query = urlencode({"ma": dossier.code or "", "khoa": dossier.public_key})
    return f"{settings.PUBLIC_URL}{reverse('public_status')}?{query}"


def _handed_in(dossier: Dossier) -> Iterable[DossierComponent]:
    return dossier.components.filter(is_handed_in=True).order_by("position")


def receipt_content(
    dossier: Dossier, papers: Iterable[DossierComponent], *, due_at: datetime | None, at: datetime
) -> dict[str, Any]:
    """What the receipt of this dossier with these papers says; nothing is asked of the database for it."""
    edition, unit = dossier.version.edition, dossier.received_unit
    first = edition.appointment(1)
    second = edition.appointment(2) if len(edition.appointments) > 1 else None
    return {
        "agency": unit.name,
        "parent_agency": unit.parent.name if unit.parent else "",
        "place": place_of(unit.name),
        "dated": day_in_words(localtime(at).date()),
        "number": (dossier.code or "").rpartition("-")[2],
        "code": dossier.code,
        "applicant": dossier.applicant_name,
        "representative": dossier.representative_name,
        "submitter": dossier.representative_name or dossier.applicant_name,
        "address": dossier.applicant_address,
        "contact": ", ".join(filter(None, [dossier.applicant_phone, dossier.applicant_email])),
        "procedure": dossier.version.procedure.name,
        "summary": dossier.summary,
        "papers": [
            {
                "name": paper.name,
                "form_of_paper": _PAPER_WORDS[FormOfPaper(paper.form_of_paper)],
                "quantity": paper.quantity,
            }
            for paper in papers
        ],
        "limit": _limit_words(first, second, dossier.values),
        "first_label": first.label.lower(),
        "second_limit": days_in_words(second, dossier.values) if second else "",
        "received_at": moment_in_words(at),
        "due_at": moment_in_words(due_at) if due_at else "",
        "return_place": unit.name,
        "clerk": dossier.clerk.full_name,
        "status_url": status_url(dossier),
    }


def place_of(agency: str) -> str:
    """Where the paper is dated: the province or commune at the end of the agency's name."""
    for word in (" tỉnh ", " thành phố ", " xã ", " phường "):
        if word in agency:
            return agency.rpartition(word)[2]
    return agency


# As the forms say it, whatever language their reader has chosen.
_UNITS = {"working_days": "ngày làm việc", "days": "ngày"}


def days_in_words(appointment: Appointment, values: Mapping[str, Any]) -> str:
    """`5 ngày làm việc`, `30 ngày`, or the same day; what the form adds is counted in."""
    days = _days(appointment, values)
    return f"{_written(days)} {_UNITS[appointment.unit]}" if days else "trong ngày làm việc"


def _days(appointment: Appointment, values: Mapping[str, Any]) -> Decimal:
    return appointment.days + sum((more.days for more in more_days(appointment, values)), Decimal())


def _written(days: Decimal) -> str:
    return format(days.normalize(), "f").replace(".", ",")


def _limit_words(first: Appointment, second: Appointment | None, values: Mapping[str, Any]) -> str:
    if second is None:
        return days_in_words(first, values)
    if first.unit != second.unit:
        return f"{days_in_words(first, values)} + {days_in_words(second, values)}"
    one, other = _days(first, values), _days(second, values)
    return f"{_written(one + other)} {_UNITS[first.unit]} ({_written(one)} + {_written(other)})"


def moment_in_words(moment: datetime) -> str:
    """17 giờ 00, thứ Tư ngày 02/12/2026: as receipts say it."""
    local = localtime(moment)
    with override("vi"):
        return f"{local:%H} giờ {local:%M}, {weekday_in_full(local)} ngày {local:%d/%m/%Y}"


def day_in_words(day: date) -> str:
    """Ngày 02 tháng 12 năm 2026: as papers are dated (NĐ 30/2020 Annex I)."""
    return f"ngày {day:%d} tháng {day:%m} năm {day.year}"
