"""Why a file lies in quarantine or can't be read, in an officer's words: what, why, what next."""

from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents.states import Screening
from ocr import Reason

CLASSIFIED = "secret"
INTERNAL = "internal"
MALWARE = "malware"
SCANNER_DOWN = "scanner_down"
DISPOSED = "disposed"

_WORDS: dict[str, Promise] = {
    Reason.ENCRYPTED: _("The file is locked with a password. Ask for a copy without one and add it as a new version."),
    Reason.BROKEN: _("The file is damaged and can't be opened. Scan the paper again and add it as a new version."),
    Reason.TRUNCATED: _("The file breaks off before its end. Scan the paper again and add it as a new version."),
    Reason.TOO_MANY_PAGES: _("The file has too many pages to be read. Split it and add the parts one by one."),
    Reason.TOO_MANY_PIXELS: _("A page is too large to be read. Scan it with fewer dots per inch."),
    Reason.TIMED_OUT: _("Reading took too long and was stopped. Print the file to a new PDF and add that."),
    Reason.OUT_OF_MEMORY: _("Reading needed too much memory and was stopped. Print it to a new PDF and add that."),
    CLASSIFIED: _(
        "The paper bears a secrecy stamp. This system may not hold it: "
        "hand the paper to the secrecy officer of your unit and follow the rules for secret papers."
    ),
    MALWARE: _(
        "The scanner found malware in the file. Have the computer it came from looked at, and scan the paper again."
    ),
    SCANNER_DOWN: _(
        "The scanner for malware does not answer. The file is kept and released by itself once it was scanned."
    ),
    DISPOSED: _("The file was disposed of by an approved list when its time had run out; its history stays."),
    INTERNAL: _("The system could not read the file. It will be looked into; you can have it read again."),
}


def name_shown(name: str, *, document_id: int, reason: str) -> str:
    """The name of a file; where a secrecy stamp shut it away only which document it is, for its name may be secret."""
    return gettext("document %(number)s") % {"number": document_id} if reason == CLASSIFIED else name


class _File(Protocol):
    """What a version says of its troubles."""

    screening: str
    quarantine_reason: str
    reading_error: str


def trouble_of(version: _File) -> str:
    """Why it isn't given out or couldn't be read; empty while nothing is wrong. What is disposed of is that first."""
    if version.screening == Screening.DISPOSED:
        return DISPOSED
    return version.quarantine_reason or version.reading_error


def words_for(reason: str) -> str:
    """The reason in the reader's language; a reason without words of its own reads as damage."""
    return str(_WORDS.get(reason, _WORDS[Reason.BROKEN])) if reason else ""
