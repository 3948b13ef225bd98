"""The words for where a paper, a file and its reading stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """The state of a paper (trạng thái tài liệu). A paper from outside is received and stays so."""

    RECEIVED = "received", pgettext_lazy("state of a paper", "Received")
    DRAFT = "draft", pgettext_lazy("state of a paper", "Draft")
    IN_REVIEW = "in_review", pgettext_lazy("state of a paper", "In review")
    SIGNED = "signed", pgettext_lazy("state of a paper", "Signed")
    ISSUED = "issued", pgettext_lazy("state of a paper", "Issued")
    SUPERSEDED = "superseded", pgettext_lazy("state of a paper", "Superseded")
    REVOKED = "revoked", pgettext_lazy("state of a paper", "Revoked")


class Screening(models.TextChoices):
    """What is known of a file's harmlessness (kiểm tra tệp)."""

    UNSCANNED = "unscanned", _("Not scanned for malware")
    CLEAN = "clean", _("Clean")
    QUARANTINED = "quarantined", _("In quarantine")
    DISPOSED = "disposed", _("Disposed of by an approved list")


class ReadingState(models.TextChoices):
    """How far the reader is with a file (nhận dạng)."""

    WAITING = "waiting", pgettext_lazy("reading of a file", "Waiting to be read")
    READING = "reading", pgettext_lazy("reading of a file", "Being read")
    READ = "read", pgettext_lazy("reading of a file", "Read")
    FAILED = "failed", pgettext_lazy("reading of a file", "Not readable")


class CopyState(models.TextChoices):
    """How far a searchable copy is (bản PDF tìm được)."""

    WAITING = "waiting", pgettext_lazy("searchable copy", "Waiting to be made")
    MAKING = "making", pgettext_lazy("searchable copy", "Being made")
    MADE = "made", pgettext_lazy("searchable copy", "Made")
    FAILED = "failed", pgettext_lazy("searchable copy", "Could not be made")


class Register(models.TextChoices):
    """The register a type of paper is kept in, besides its own place."""

    DECISION = "decision", _("Decisions and acts")
    CERTIFICATE = "certificate", _("Certificates")


class NumberState(models.TextChoices):
    """What became of a number of the outgoing register (sổ đăng ký văn bản đi). None is given twice."""

    RESERVED = "reserved", pgettext_lazy("number of the register", "Reserved")
    USED = "used", pgettext_lazy("number of the register", "Used")
    CANCELLED = "cancelled", pgettext_lazy("number of the register", "Cancelled")
