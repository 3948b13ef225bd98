"""Whether a legal document is in force on a day, from the words it was published with."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.models import LegalDocument

# The words of the national database of legal documents (CSDL quốc gia về văn bản pháp luật).
IN_FORCE = "Còn hiệu lực"
NOT_YET = "Chưa có hiệu lực"
PARTLY_EXPIRED = "Hết hiệu lực một phần"
EXPIRED = "Hết hiệu lực toàn bộ"


@dataclass(frozen=True, slots=True)
class Validity:
    """A verdict: its code, its words, and the tone and icon that go with them."""

    code: str
    words: Promise
    tone: str
    icon: str


VERDICTS = {
    verdict.code: verdict
    for verdict in (
        Validity("in_force", _("In force"), "ok", "check-circle-fill"),
        Validity("not_yet", _("Not yet in force"), "near", "hourglass-split"),
        Validity("partly_expired", _("Partly expired"), "near", "exclamation-triangle-fill"),
        Validity("expired", _("Expired"), "late", "x-octagon-fill"),
        Validity("unknown", _("Validity not known"), "pause", "question-circle"),
    )
}
_CODES = {IN_FORCE: "in_force", NOT_YET: "not_yet", PARTLY_EXPIRED: "partly_expired", EXPIRED: "expired"}


def validity_on(legal: LegalDocument, day: date) -> Validity:
    """The verdict for a day. The date in the text decides whether it has begun; only the published words can end it."""
    published = _CODES.get(legal.status, "unknown")
    if published in ("in_force", "not_yet") and legal.effective_on is not None:
        return VERDICTS["in_force" if legal.effective_on <= day else "not_yet"]
    return VERDICTS[published]
