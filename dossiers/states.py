"""The legal status of a dossier and the other closed lists of the package."""

from django.db import models
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
