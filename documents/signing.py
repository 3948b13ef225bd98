"""What the digital signatures of a file are worth, in an officer's words (kết quả kiểm tra chữ ký số)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from signatures import Verdict

# Looked for and not there; there, but it could not be looked at.
NONE, UNCHECKED = "none", "unchecked"


@dataclass(frozen=True, slots=True)
class Shown:
    """A verdict in few words for lists, in a sentence for the page of the paper, and how grave it looks."""

    code: str
    words: str | Promise
    sentence: str | Promise
    tone: str
    icon: str


_SHOWN = (
    Shown(
        Verdict.VALID,
        pgettext_lazy("digital signature", "Signature valid"),
        _("The whole document is covered, nothing was changed since, and a trusted issuer vouches for the signer."),
        "ok",
        "patch-check",
    ),
    Shown(
        Verdict.EXPIRED,
        pgettext_lazy("digital signature", "Certificate outside its term"),
        _("Nothing was changed since, but the certificate has expired and no timestamp proves when it was signed."),
        "near",
        "patch-exclamation",
    ),
    Shown(
        Verdict.STRANGER,
        pgettext_lazy("digital signature", "Signer not trusted"),
        _("Nothing was changed since, but no issuer trusted here vouches for the signer: the name proves nothing."),
        "near",
        "patch-question",
    ),
    Shown(
        Verdict.REVOKED,
        pgettext_lazy("digital signature", "Certificate revoked"),
        _("The issuer has withdrawn the signer's certificate. Don't rely on this signature."),
        "late",
        "patch-minus",
    ),
    Shown(
        Verdict.EXTENDED,
        pgettext_lazy("digital signature", "Added to after signing"),
        _("What was signed is still there, but something was added to the file afterwards that nobody signed."),
        "late",
        "patch-exclamation",
    ),
    Shown(
        Verdict.PARTIAL,
        pgettext_lazy("digital signature", "Only a part is signed"),
        _("The signature covers only a part of the file. The rest may have come from anybody."),
        "late",
        "patch-exclamation",
    ),
    Shown(
        Verdict.CHANGED,
        pgettext_lazy("digital signature", "Changed after signing"),
        _("The document was changed after it was signed. Don't rely on it; ask the signer for the document again."),
        "late",
        "patch-minus",
    ),
    Shown(
        Verdict.BROKEN,
        pgettext_lazy("digital signature", "Signature not readable"),
        _("The signature is damaged or of a kind that can't be checked. Treat the document as unsigned."),
        "late",
        "patch-question",
    ),
    Shown(
        UNCHECKED,
        pgettext_lazy("digital signature", "Signature not checked"),
        _("The file bears a digital signature that could not be checked. Treat the document as unsigned."),
        "near",
        "patch-question",
    ),
)
_BY_CODE = {shown.code: shown for shown in _SHOWN}


def shown_signing(code: str) -> Shown | None:
    """How this outcome is shown; None for what bears no signature or wasn't looked at."""
    return _BY_CODE.get(code)
