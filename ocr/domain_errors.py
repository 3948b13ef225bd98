"""Why a file can't be read."""

from enum import StrEnum


class Reason(StrEnum):
    EMPTY = "empty"
    UNSUPPORTED_TYPE = "unsupported_type"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    TRUNCATED = "truncated"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"


class Unreadable(Exception):
    """A file that was refused or given up.

    `message` is one sentence for the user; `detail` is technical, for the log, and holds nothing of the content.
    """

    def __init__(self, reason_code: Reason, message: str = "", *, detail: str = "") -> None:
        super().__init__(message or detail or reason_code)
        self.reason_code = reason_code
        self.message = message
        self.detail = detail


class ReaderMissing(OSError):
    """Tesseract or its Vietnamese data is not installed: no fault of the file."""
