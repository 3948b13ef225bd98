"""Addresses (địa chỉ): units from hamlet up to province, and whether they are the land's or a person's."""

import re
from collections.abc import Iterator

from ocr.finding import Finding
from ocr.placing import Script
from ocr.symbols import unmarked

# Patterns over text without marks but in its own case: the words of a name begin with a capital or a digit.
_UNIT = (
    r"(?:[Tt]hon|[Xx]om|[Kk]hu(?:\s*(?:pho|vuc|dan\s*cu))?|[Tt]o(?:\s*dan\s*pho)?|[Aa]p|[Bb]an|[Bb]uon|[Ll]ang|[Kk]hom|[Dd]uong"
    r"|[Ss]o\s*nha|[Ss]o(?=\s*\d+[\w/]*,?\s*(?:duong|pho|ngo|to)\b)|[Xx]a|[Pp]huong|[Tt]hi\s*tran|[Hh]uyen|[Qq]uan|[Tt]hi\s*xa|[Tt]hanh\s*pho|TP|[Tt]inh|[Dd]ac\s*khu)"
)
_CAPITAL = r"[A-Z0-9Œ][\w'/-]*"
# At the end of a line a name goes on only if no sentence can begin in the next one.
_NEXT = rf"(?:(?:[ ]{{1,2}}|\.){_CAPITAL}|\n\W{{0,2}}[A-Z][\w'-]*(?=(?:[ ][A-Z]\w+)?[ ]?(?:[,;.)\n]|$)))"
_ONE = rf"{_UNIT}[\s.-]{{1,3}}{_CAPITAL}{_NEXT}{{0,3}}"
_GAP = r"(?:\s*[,;.:-]{1,2}\W{0,3})"
# A misread unit is one too, before others.
_FIRST = rf"(?:{_ONE}|(?!(?:tai|dia|cho|cua|do|la|so|to|ban)\b)[a-z]{{2,5}}\s+[A-Z]\w*{_NEXT}{{0,3}})"
_ADDRESS = re.compile(rf"\b{_FIRST}(?:{_GAP}{_ONE})+")
_LAND_CUE = re.compile(
    r"(?:dia\s*chi\s*(?:thua|khu)\s*dat|dia\s*danh|(?:^|\n)\W*(?:b|3|2\.2)[).]\W*dia\s*chi(?:\s*tai)?|dia\s*chi\s*tai"
    r"|to\s*(?:ban|trich)[^,;.]{0,30}[\d][,;.]?(?:\s*(?:dia\s*chi|tai))?|dat\s*tai|tai\s*vi\s*tri|hinh\s*thuc\s*su\s*dung[^\n]{0,40}\n\s*dia\s*chi|de\s*nghi\s*su\s*dung"
    r"|vi\s*tri(?:\s*xay\s*dung)?)\W{0,4}$"
)
_PERSON_CUE = re.compile(
    r"(?:thuong\s*tru|cu\s*tru|place\s*of\s*residence|dia\s*chi(?:\s*(?:lien\s*he|gui\s*thong\s*bao|nhan\s*thong\s*bao(?:\s*thue)?))?"
    r"|thuong\s*tru\s*tai|tru\s*tai)\W{0,4}$"
)


def find_addresses(script: Script) -> Iterator[Finding]:
    """The addresses on a page that say of what they are: `address` the land's, `person_address` a person's."""
    for match in _ADDRESS.finditer(unmarked(script.text)):
        raw = script.text[match.start() : match.end()]
        before = script.folded[max(0, match.start() - 90) : match.start()]
        if _LAND_CUE.search(before):
            name, rule = "address", "address:labelled"
        elif _PERSON_CUE.search(before):
            name, rule = "person_address", "person_address:labelled"
        elif re.search(r"\btai\s*$", before):
            name, rule = "address", "address:at"
        else:
            continue
        value = " ".join(re.sub(r"\n\W+", " ", raw).split())
        is_whole = bool(re.search(r"\b(?:tinh|thanh pho|tp)\W", script.folded[match.start() : match.end()]))
        yield Finding(name, value, raw, (script.place(match.start(), match.end()),), rule, check=is_whole or None)
