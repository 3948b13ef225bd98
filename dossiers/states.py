"""The legal status of a dossier and the other closed lists of the package."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """What the law says of a dossier (the portal's statuses 1–10, and a mis-entered one)."""

    REGISTERED = "registered", _("New")
    RECEIVED = "received", _("Received")
    SUPPLEMENT_REQUESTED = "supplement_requested", _("Supplement requested")
    IN_PROCESS = "in_process", _("In process")
    AWAITING_OBLIGATIONS = "awaiting_obligations", _("Awaiting financial obligations")
    RESOLVED = "resolved", _("Resolved")
    RETURNED = "returned", _("Result returned")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    STOPPED = "stopped", _("Stopped")
    CANCELLED = "cancelled", _("Cancelled")


class ApplicantKind(models.TextChoices):
    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")


class FormOfPaper(models.TextChoices):
    """How a paper was handed in: bản chính, bản sao, bản sao chứng thực."""

    ORIGINAL = "original", _("Original")
    COPY = "copy", _("Copy")
    CERTIFIED = "certified", _("Certified copy")


class Proof(models.TextChoices):
    """How a financial obligation was met: đã nộp, được miễn, được ghi nợ."""

    PAID = "paid", _("Paid")
    EXEMPT = "exempt", _("Exempt")
    DEFERRED = "deferred", _("Debt recorded")


class Verdict(models.TextChoices):
    """How the form and the papers stand to each other (kết quả đối chiếu) in one value."""

    DIFFERS = "differs", _("Differs")
    ONLY_ON_PAPER = "only_on_paper", _("Only on paper")
    UNSURE = "unsure", _("To be looked at")
    ONLY_IN_FORM = "only_in_form", _("Only in the form")
    AGREES = "agrees", _("Agrees")


class Ruling(models.TextChoices):
    """What a person made of a mismatch (kết luận đối chiếu).

    PAPER_RIGHT proposes that the form be corrected: nothing but a correction of the dossier changes it.
    """

    FORM_RIGHT = "form_right", _("The form is right")
    PAPER_RIGHT = "paper_right", _("The paper is right: correct the form")
    TO_COMPLETE = "to_complete", _("The applicant is to complete it")
    IGNORED = "ignored", _("Of no importance")


SHORT_RULINGS: dict[Ruling, Promise] = {
    Ruling.FORM_RIGHT: _("Form right"),
    Ruling.PAPER_RIGHT: _("Paper right"),
    Ruling.TO_COMPLETE: _("To complete"),
    Ruling.IGNORED: _("Ignored"),
}
