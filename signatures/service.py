"""What other packages ask: what the signatures of a file are worth."""

import logging
import mmap
import re
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ocr import Limits, ReaderMissing, Unreadable
from ocr.conversation import ask
from signatures.findings import Found

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Checked:
    """The signatures in a file, in its order; `is_whole` is False when it bears some that could not be looked at."""

    signatures: tuple[Found, ...] = ()
    is_whole: bool = True


# A signature can't hide in a compressed stream: its place is given in bytes of the file (ISO 32000-1, 12.8.1).
# Each letter may also stand in its `#xx` spelling.
_CLAIM = re.compile(b"/" + "".join(rf"(?:{letter}|#{ord(letter):02x})" for letter in "ByteRange").encode(), re.I)


def check_signatures(path: Path, *, trust: Path | None, limits: Limits | None = None) -> Checked:
    """Looks at every signature of a PDF; other files and unsigned ones have none.

    `trust` is a folder of certificates (`.pem`, `.crt`, `.cer`) whose holders may issue signers' certificates, and
    of revocation lists (`.crl`); without it every signer is a stranger. The file is only read.
    """
    if not _claims_any(path):
        return Checked()
    found: list[Found] = []
    wanted = {"trust": str(trust.resolve()) if trust else ""}
    try:
        with closing(ask("signatures", path, limits or Limits(), module="signatures.child", **wanted)) as answers:
            ours = (answer for answer in answers if answer["kind"] == "signature")
            found.extend(Found.from_json(answer["signature"]) for answer in ours)
    except Unreadable as fault:
        logger.warning("signatures were not checked: %s, %s", fault.reason_code, fault.detail)
        return Checked(tuple(found), is_whole=False)
    except ReaderMissing:
        logger.exception("signatures can't be checked")
        return Checked(tuple(found), is_whole=False)
    return Checked(tuple(found))


def _claims_any(path: Path) -> bool:
    with path.open("rb") as file:
        if b"%PDF-" not in file.read(1100):
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _CLAIM.search(data) is not None
