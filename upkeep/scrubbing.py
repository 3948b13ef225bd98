"""What may be told of a text nobody has vouched for: a fault's message, a library's log line."""

import re

MASK = "…"
# What people's records are made of, not what code is: typed values stand in quotes, names in capitals, numbers in
# many digits, and Vietnamese in letters beyond ASCII.
_QUOTED = re.compile(r"(?<!\w)'.*?'(?!\w)|\".*?\"|“.*?”|\u2018.*?\u2019")
_IDENTIFIER = re.compile(r"[a-z]+(?:[_.][a-z0-9]+)+", re.ASCII)
_ADDRESS = re.compile(r"\S+@\S+")
_DIGITS = re.compile(r"\d(?:[ .]?\d){8,}")
_FOREIGN = re.compile(r"\S*[^\x00-\x7f]\S*")
_NAMES = re.compile(rf"(?:{MASK}|\b[A-Z]\w*)(?:\s+(?:{MASK}|[A-Z]\w*))+", re.ASCII)
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]+")


def scrubbed(text: str) -> str:
    """The text in one line of ASCII, with `…` for whatever may be of a person: values, names, long numbers.

    Identifiers in quotes stay (`"dossiers_one_receipt"`). It masks rather too much than too little; what is written
    in plain small letters without tone marks and quotes passes, so nobody may build a message out of such values.
    """
    text = _QUOTED.sub(_kept_identifier, _UNSEEN.sub(" ", text))
    for pattern in (_ADDRESS, _DIGITS, _FOREIGN, _NAMES):
        text = pattern.sub(MASK, text)
    return text.strip()


def _kept_identifier(match: re.Match[str]) -> str:
    inner = match[0][1:-1]
    return match[0] if _IDENTIFIER.fullmatch(inner) else MASK
