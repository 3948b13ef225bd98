"""How a Vietnamese syllable (âm tiết) is built: an onset, a rime and one of six tones.

Every word of the language is one or more of them, written apart: so a text can be told from debris without a
dictionary. Names of foreign places and abbreviations are none.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_ONSETS = ("ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", *"bcdđghklmnpqrstvx", "")
_WITHOUT_CODA = (
    "a e ê i o ô ơ u ư y ia ua ưa uê uy oa oe uơ uya ai ao au ay âu ây eo êu iu oi ôi ơi ui ưi ưu iêu yêu oai oay oao"
    " oeo uôi ươi ươu uây uyu"
)
_CODAS = {
    "a": "c ch m n ng nh p t",
    "ă": "c m n ng p t",
    "â": "c m n ng p t",
    "e": "c m n ng p t",
    "ê": "c ch m n ng nh p t",
    "i": "c ch m n ng nh p t",
    "o": "c m n ng p t",
    "ô": "c m n ng p t",
    "ơ": "m n p t",
    "u": "c m n ng p t",
    "ư": "c m n ng t",
    "iê": "c m n ng p t",
    "yê": "m n ng t",
    "uô": "c m n ng t",
    "ươ": "c m n ng p t",
    "oa": "c ch m n ng nh p t",
    "oă": "c m n ng p t",
    "oe": "m n ng t",
    "uâ": "c n ng t",
    "uê": "ch n nh",
    "uy": "ch n nh p t",
    "uyê": "n t",
    "y": "ch m n nh t",
    "oo": "c ng",
}
_RIMES = {*_WITHOUT_CODA.split()} | {nucleus + coda for nucleus, codas in _CODAS.items() for coda in codas.split()}
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
# A syllable that ends in a stop has one of two tones.
_TONES_BEFORE_STOPS = frozenset("\u0301\u0323")
_STOPS = ("c", "ch", "p", "t")
_TOKEN = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=8192)
def is_syllable(word: str) -> bool:
    """Whether a word, in any case and either way of setting tones ("hoà", "hòa"), can be a Vietnamese syllable."""
    toned = unicodedata.normalize("NFD", word.casefold())
    tones = [sign for sign in toned if sign in _TONES]
    plain = unicodedata.normalize("NFC", "".join(sign for sign in toned if sign not in _TONES))
    if len(tones) > 1:
        return False
    return any(
        plain.startswith(onset)
        and (rime := plain[len(onset) :]) in _RIMES
        and (not rime.endswith(_STOPS) or (bool(tones) and tones[0] in _TONES_BEFORE_STOPS))
        for onset in _ONSETS
    )


def share_of_syllables(words: Iterable[str]) -> float:
    """The share of Vietnamese syllables among the tokens of letters, longer ones counting more; 0 without any.

    Single letters and capitals are left out: they count and abbreviate.
    """
    tokens = [
        token
        for word in words
        for token in _TOKEN.findall(word)
        if len(token) > 1 and not (token.isupper() and len(token) < 5)
    ]
    letters = sum(map(len, tokens))
    return sum(len(token) for token in tokens if is_syllable(token)) / letters if letters else 0.0
