"""Where a parcel lies: the place, sheet and number as they are written, and the keys by which they are the same."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from search.text import clean, forms_of

_IDLE_NOUGHTS = re.compile(r"^0+(?=\d)", re.ASCII)
# "X. Tân Lộc", "P.Hải Sơn", "TT Đồi Mây": a commune by the short word before its name.
_SHORT_NAMES = {"x": "xã", "p": "phường", "tt": "thị trấn", "đk": "đặc khu"}
_SHORT = {forms_of(short).exact: forms_of(name).exact for short, name in _SHORT_NAMES.items()}
_KINDS = tuple(_SHORT.values())
_SHORT_FOLDED = {forms_of(short).folded: forms_of(name).folded for short, name in _SHORT_NAMES.items()}
_KINDS_FOLDED = tuple(_SHORT_FOLDED.values())
LONGEST_PLACE = 160
LONGEST_NUMBER = 12


@dataclass(frozen=True, slots=True)
class Place:
    """A parcel as forms and papers name it: commune (xã, phường), map sheet (tờ bản đồ), number (thửa số)."""

    commune: str
    sheet: str
    number: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Without what its writing adds; empty parts say nothing."""
        return commune_folded(self.commune), number_key(self.sheet), number_key(self.number)

    @property
    def is_whole(self) -> bool:
        return all(self.key)

    def __str__(self) -> str:
        return _("parcel %(number)s, sheet %(sheet)s, %(commune)s") % {
            "number": self.number,
            "sheet": self.sheet,
            "commune": self.commune,
        }


def number_key(text: str) -> str:
    """A parcel or sheet: "0116" is 116, "24/1" is 24-1, "116A" is 116a."""
    parts = re.split(r"\s*[-/]\s*", clean(text).strip().lower())
    return "-".join(_IDLE_NOUGHTS.sub("", "".join(part.split())) for part in parts)[:LONGEST_NUMBER]


def commune_key(text: str) -> str:
    """A commune by its words, tone marks where they always stand; what follows the first comma is its province."""
    return _spelled_out(forms_of(_first_part(text)).exact.split(), _SHORT)


def commune_folded(text: str) -> str:
    """The same without tone marks, as it may be typed in haste."""
    return _spelled_out(forms_of(_first_part(text)).folded.split(), _SHORT_FOLDED)


def keys_meant(name: str) -> frozenset[str]:
    """The keys a name may have: as it is, or behind each kind of commune where it names none ("Tân Lộc")."""
    return _with_kinds(commune_key(name), _KINDS)


def folded_meant(name: str) -> frozenset[str]:
    """The same without tone marks."""
    return _with_kinds(commune_folded(name), _KINDS_FOLDED)


def folded_alike(name: str) -> frozenset[str]:
    """How others may have typed the same name in haste: with its kind of commune or without."""
    folded = commune_folded(name)
    bare = (folded.removeprefix(f"{kind} ") for kind in _KINDS_FOLDED if folded.startswith(f"{kind} "))
    return folded_meant(name) | frozenset(bare)


def _with_kinds(key: str, kinds: Sequence[str]) -> frozenset[str]:
    if not key or any(key.startswith(f"{kind} ") for kind in kinds):
        return frozenset({key} - {""})
    return frozenset({key, *(f"{kind} {key}" for kind in kinds)})


def _first_part(text: str) -> str:
    return clean(text).partition(",")[0].strip()


def _spelled_out(words: list[str], short: Mapping[str, str]) -> str:
    if len(words) > 1 and words[0] in short:
        words = [short[words[0]], *words[1:]]
    return " ".join(words)[:LONGEST_PLACE]


def serial_key(text: str) -> str:
    """A certificate's serial without blanks: "DK 248117" and "dk248117" are one."""
    return re.sub(r"[\s.\-]", "", clean(text)).upper()[:20]


_SERIAL = re.compile(r"[A-ZĐ]{1,2}(?:\d{8}|\d{6})", re.ASCII)
_SERIAL_PARTS = re.compile(r"(\D+)(\d+)", re.ASCII)


def is_serial(text: str) -> bool:
    """One or two letters, then 6 digits, or 8 since 01/8/2024 (TT 10/2024/TT-BTNMT)."""
    return bool(_SERIAL.fullmatch(serial_key(text)))


def written_serial(text: str) -> str:
    """As certificates print it: "DK 248117"."""
    return _SERIAL_PARTS.sub(r"\1 \2", serial_key(text))
