"""What an edition's steps may do to a dossier. The engine calls these inside the completion of a step.

None records an event: the completed step is the action, and its event tells the outcome.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from accounts.models import Unit
from documents.models import Document, DocumentType
from documents.operations.give_number import Outgoing, give_number
from documents.operations.lifecycle import issue, return_to_draft, sign, submit_for_review
from documents.states import State
from dossiers.models import Dossier, DossierResult, FinancialObligation
from dossiers.operations.number_result import ISSUED_TOPIC
from dossiers.records.operations.close_file import close_file
from dossiers.selectors import origin_of
from dossiers.states import Proof, Status
from jobs.outbox import enqueue
from pages.domain_errors import Conflict, Invalid
from workflow.engine.clockwork import pause_clock, start_clock, stop_clock
from workflow.kinds import Occasion
from workflow.procedures.schema import ResultKind

SLIP_SERIES = "tax-slip"
_SLIP_PATTERN = "{number4}/{year}"


def begin_processing(occasion: Occasion) -> None:
    """Đang xử lý. Handed over a second time, after being sent back, it is in process already."""
    dossier = _locked(occasion)
    if dossier.status == Status.RECEIVED:
        dossier.begin_processing()
        dossier.save(update_fields=["status"])


def stay_in_processing(_occasion: Occasion) -> None:
    """Handing over is undone: like a dossier sent back, it stays in process. Nothing of it was promised to anybody."""


def await_obligations(occasion: Occasion) -> None:
    """Chờ nghĩa vụ tài chính: the slip goes to tax with a number of its own, and the clock stands still."""
    dossier = _locked(occasion)
    _move(dossier, dossier.await_obligations)
    slip = _numbered_slip(dossier, occasion)
    FinancialObligation.objects.create(dossier=dossier, slip_number=slip, sent_at=occasion.at)
    basis = str(occasion.next_step.source or "") if occasion.next_step else ""
    pause_clock(occasion.case, at=occasion.at, cause="tax", reference=slip, basis=basis)


def _numbered_slip(dossier: Dossier, occasion: Occasion) -> str:
    """Số của phiếu chuyển thông tin, from the agency's yearly series of slips."""
    kind = DocumentType.objects.filter(number_series=SLIP_SERIES).order_by("code").first()
    paper = Outgoing(
        series=SLIP_SERIES,
        pattern=kind.number_pattern if kind else _SLIP_PATTERN,
        kind=kind.name if kind else _("Slip to the tax authority"),
        document_type_id=kind.code if kind else None,
        subject=f"{dossier.code} · {dossier.applicant_name}",
        signer=occasion.acting.officer_name,
        issued_on=localtime(occasion.at).date(),
        origin=origin_of(dossier),
    )
    return give_number(unit=occasion.case.unit, paper=paper, acting=occasion.acting).written


def settle_obligations(occasion: Occasion) -> None:
    """The proof is in: the second appointment begins, with its own limit and nothing carried over."""
    dossier = _locked(occasion)
    _move(dossier, dossier.settle_obligations)
    data = occasion.data
    if data["proof"] not in Proof.values:
        raise Invalid(_("Choose how the obligation was met."), {"proof": _("Choose one.")})
    open_one = FinancialObligation.objects.filter(dossier=dossier, settled_at__isnull=True)
    open_one.update(
        notice_number=data["notice_number"],
        proof=data["proof"],
        amount=Decimal(data["amount"]),
        proven_on=date.fromisoformat(data["proven_on"]),
        settled_at=occasion.at,
    )
    following = occasion.case.appointment + 1
    start_clock(occasion.case, at=occasion.at, appointment=following, cause="proof", reference=data["notice_number"])


def submit_result(occasion: Occasion) -> None:
    """Trình ký: the drafted results go to whoever signs."""
    for result in _results(occasion, State.DRAFT):
        submit_for_review(document_id=result.document_id, acting=occasion.acting)


def return_result_draft(occasion: Occasion) -> None:
    """Trả lại: the results are drafts again."""
    for result in _results(occasion, State.IN_REVIEW):
        return_to_draft(document_id=result.document_id, acting=occasion.acting)


def sign_result(occasion: Occasion) -> None:
    """Ký duyệt; nobody signs what he drafted himself."""
    for result in _results(occasion, State.IN_REVIEW):
        sign(document_id=result.document_id, acting=occasion.acting)


def promulgate_result(occasion: Occasion) -> None:
    """Ban hành quyết định giữa chừng: number and date at once, from the unit that signed it; the case goes on.

    What is decided first, such as to allocate land, goes out before the obligations that follow from it.
    """
    _issue(occasion, unit=occasion.step_run.unit or occasion.case.unit)


def issue_result(occasion: Occasion) -> None:
    """Ban hành: number and date from the gapless yearly series, the dossier is resolved, the clock stops."""
    _resolve(_issue(occasion, unit=occasion.case.unit), occasion)


def _issue(occasion: Occasion, *, unit: Unit) -> Dossier:
    dossier = _locked(occasion)
    edition = occasion.case.edition_version.edition
    today = localtime(occasion.at).date()
    for result in _results(occasion, State.SIGNED):
        kind = edition.result(result.code)
        paper = _outgoing(dossier, result.document, kind, today)
        entry = give_number(unit=unit, paper=paper, acting=occasion.acting)
        issue(document_id=result.document_id, number=entry.written, issued_on=today, acting=occasion.acting)
        result.serial = str(occasion.data.get("serial", ""))
        result.save(update_fields=["serial"])
        # Printing takes long; the paper with its number follows the commit.
        enqueue(ISSUED_TOPIC, str(result.pk))
    return dossier


def _outgoing(dossier: Dossier, document: Document, kind: ResultKind, today: date) -> Outgoing:
    return Outgoing(
        series=kind.series,
        pattern=kind.number,
        kind=kind.name,
        document_type_id=document.document_type_id,
        subject=document.title,
        signer=document.signed_by.full_name if document.signed_by else "",
        recipients=dossier.applicant_name,
        issued_on=today,
        document_id=document.pk,
        origin=origin_of(dossier),
    )


def resolve(occasion: Occasion) -> None:
    """Đã xử lý xong, for procedures that end without a paper of ours."""
    _resolve(_locked(occasion), occasion)


def _resolve(dossier: Dossier, occasion: Occasion) -> None:
    _move(dossier, lambda: dossier.resolve(occasion.at))
    stop_clock(occasion.case, at=occasion.at, cause="result")


def return_result(occasion: Occasion) -> None:
    """Đã trả kết quả: who took it, known by name and identity number."""
    dossier = _locked(occasion)
    receiver, id_number = str(occasion.data["receiver_name"]), str(occasion.data["receiver_id"])
    _move(dossier, lambda: dossier.return_result(occasion.at, receiver, id_number))
    close_file(dossier, occasion.at)


def result_is_drafted(dossier_id: int) -> bool:
    """Whether there is a draft of a result to submit."""
    return DossierResult.objects.filter(dossier=dossier_id, document__state=State.DRAFT).exists()


def _locked(occasion: Occasion) -> Dossier:
    return Dossier.objects.select_for_update().get(pk=occasion.case.subject_id)


def _move(dossier: Dossier, transition: Callable[[], None]) -> None:
    """Runs a status transition and saves; a status it can't start from is a conflict of edition and dossier."""
    try:
        transition()
    except TransitionNotAllowed as fault:
        message = _("The dossier is %(status)s; this step can't end this way.")
        raise Conflict(message % {"status": dossier.status_words.lower()}) from fault
    dossier.save()


def _results(occasion: Occasion, state: State) -> list[DossierResult]:
    """The dossier's results in this state. Raises Conflict when there is none: nothing to act on."""
    rows = DossierResult.objects.filter(dossier=occasion.case.subject_id, document__state=state)
    results = list(rows.select_related("document__signed_by").order_by("id"))
    if not results:
        raise Conflict(_("There is no result in the state this step works on. Open the dossier again."))
    return results
