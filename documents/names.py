"""File names as people may see them: what is stored goes by its SHA-256, a name is only shown."""

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST = 200
_SPACE = re.compile(r"\s+")
# Cc: control (CR, LF, NUL); Cf: format, among them right-to-left overrides; Cs, Co, Cn: no characters at all.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def clean_name(name: str) -> str:
    """The last part of `name` in NFC, without characters that hide or turn what is read; at most 200 characters.

    The ending stays whole. Empty when nothing is left.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(
        " " if letter in "\t\r\n" else letter
        for letter in unicodedata.normalize("NFC", last)
        if unicodedata.category(letter) not in _UNSEEN or letter in "\t\r\n"
    )
    tidy = _SPACE.sub(" ", seen).strip(" .")
    ending = extension_of(tidy)
    return tidy if len(tidy) <= LONGEST else tidy[: LONGEST - len(ending)].rstrip() + tidy[len(tidy) - len(ending) :]


def extension_of(name: str) -> str:
    """The ending of a cleaned name in lower case with its dot, `.pdf`; empty when there is none."""
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if len(suffix) <= 10 else ""
