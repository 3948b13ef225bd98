"""What papers say of land: parcel, map sheet, area, purposes, address, and the certificate it is held by."""

import re
from collections.abc import Iterator

from ocr.figures import DIGIT, area_of, as_digits, as_letters, written_area
from ocr.finding import Finding
from ocr.placing import Script
from ocr.purposes import read_purposes

# Patterns run over folded text: lower case, no marks.
_NO = r"\s*[:.;,]?\s*"
_NUMBER = r"(?P<number>[\dolisg|]{0,4}\d[\dolisg|]{0,3}(?:\s?[-/]\s?\d{1,3})?[a-e]?)(?![\w²]|[.,/]\d)"
_PARCEL = re.compile(
    rf"\b(?P<label>thu?a\W{{0,2}}(?:dat)?\W{{0,2}}s[oe06d](?:\s*thua)?|so\s+thua|thua(?:\s+dat)?)(?P<mark>\W{{0,4}}){_NUMBER}"
)
_SHEET = re.compile(
    rf"\b(?P<label>(?:to|t0)\s*(?:ban\s*[dđ][o06]|trich\s*do|bd)(?:\s*dia\s*chinh)?)\W{{0,3}}(?:s[oe06d])?\W{{0,4}}{_NUMBER}"
)
_UNIT = r"(?P<unit>m\s?(?:[²2³3zže]|[^\w\s,;.])|ha\b|met\s+vuong|m(?=[\s;,.)(]|$))"
# Points part thousands; specks and misread digits stand among the last ones.
_FIGURE = (
    r"(?P<figure>\d{1,3}(?:\s?[.,:]\s?\d{3})+(?:\s?[.,]\s?[\dbsoil]{1,2}(?![\d]))?|\d+(?:\s?[.,]\s?[\dbsoil]{1,3})?)"
)
_SPECKS = r"[\s.,:;'\"]{0,3}"
_AREA = re.compile(rf"(?P<label>\bdien[\W_]*tich\b(?P<between>[^\d.]{{0,60}}?)){_FIGURE}{_SPECKS}{_UNIT}")
_AREA_OF_DECISION = re.compile(
    rf"(?<![\d.,/:]){_FIGURE}{_SPECKS}(?P<unit>m\s?(?:[²2³3zž]|[^\w\s,;.])|ha)[\s:;,.'\"]{{1,3}}(?:dat\b|tai\b|tu\s+dat\b|thuoc\b)"
)
# What is built or a house has an area too.
_OTHER_AREA = re.compile(r"xay\s*dung|\bsan\b|can\s*ho|loai\s*dat|ke\s*hoach")
_PURPOSE_LABEL = re.compile(
    r"\b(?:muc\s*dich(?:\s*su\s*dung)?(?:\s*dat)?(?:\s*(?:thue|giao|dinh\s*gia))*|loai\s*dat(?:\s*thu\s*hoi)?)\W{1,4}(?=\w)"
)
_CHANGED_TO = re.compile(r"\b(?:sang|vao\s+muc\s+dich)\W{1,3}(?=dat\b|[o0]nt|[o0]dt)")
_PURPOSE_WITHIN = 160

_CAPITALS = r"[A-ZĐ0-9]{1,2}Đ?"
_SERIAL = re.compile(
    rf"(?<![\w/-])(?P<letters>{_CAPITALS})(?P<gap>[\s.]?)(?P<digits>{DIGIT}{{8}}|{DIGIT}{{6}}|{DIGIT}{{3}}\s{DIGIT}{{3}})(?![\w/])"
)
_SERIAL_CUE = re.compile(
    r"(?:so\s*phat\s*hanh|so\s*ser[il1]|ser[il1]|(?:giay\s*chung\s*nhan|gcn|chung\s*nhan)[^:;]{0,90}?(?:\bso)?)\W{0,6}$"
)
_REGISTER_CUE = re.compile(r"vao\W*s[o06e][^:;,]{0,45}:?\s*$")
_NEAR = 40
_REGISTER_APART = re.compile(r"(?m)(?:^|\t)\W{0,2}(?P<letters>CH|CS|CT|CN|VP|BH|H)\s?(?P<digits>\d{5})\W{0,2}$")
_REGISTER = re.compile(
    r"\bs[o06]\W*vao\W*s[o06e][^:\d]{0,60}?\W{0,4}"
    rf"(?P<letters>\b(?:ch|cs|ct|cn|vp|bh|h|[a-zœ]{{1,3}}))?(?P<gap>[\s.-]{{0,2}})(?P<digits>{DIGIT.lower()}{{4,6}})(?!\w)"
)


def find_land(script: Script) -> Iterator[Finding]:
    """All that is said of land on a page, in any order."""
    yield from _numbers(script, "parcel", _PARCEL)
    yield from _numbers(script, "sheet", _SHEET)
    yield from _areas(script)
    yield from _purposes(script)
    yield from _serials(script)
    yield from _registers(script)


def _numbers(script: Script, name: str, pattern: re.Pattern[str]) -> Iterator[Finding]:
    for match in pattern.finditer(script.folded):
        raw = script.text[match.start("number") : match.end("number")]
        main = re.match(r"[\dolisg|]+", match["number"])
        digits = as_digits(main[0]) if main else ""
        if not digits.isdigit() or int(digits) == 0:
            continue
        value = digits.lstrip("0") + re.sub(r"\s", "", match["number"][len(main[0]) if main else 0 :])
        says_number = "so" in match["label"] or "so" in match[0][len(match["label"]) :]
        place = script.place(match.start("number"), match.end("number"))
        yield Finding(
            name,
            value,
            raw,
            (place,),
            f"{name}:{'labelled' if says_number else 'bare'}",
            is_repaired=digits != main[0] if main else False,
        )


def _areas(script: Script) -> Iterator[Finding]:
    for pattern, rule in ((_AREA, "area:labelled"), (_AREA_OF_DECISION, "area:land")):
        for match in pattern.finditer(script.folded):
            if rule == "area:labelled" and _OTHER_AREA.search(match["between"]):
                continue
            figure = as_digits(script.text[match.start("figure") : match.end("figure")]).replace(":", ".")
            found = area_of(figure, match["unit"])
            if found is None:
                continue
            value, is_regular = found[0], found[1] and figure == match["figure"]
            raw = script.text[match.start("figure") : match.end("unit")]
            place = script.place(match.start("figure"), match.end("unit"))
            yield Finding(
                "area", written_area(value), raw, (place,), rule, check=is_regular and None, is_repaired=not is_regular
            )


def _purposes(script: Script) -> Iterator[Finding]:
    for pattern, rule in ((_PURPOSE_LABEL, "purposes:labelled"), (_CHANGED_TO, "purposes:changed")):
        for match in pattern.finditer(script.folded):
            end = match.end() + _PURPOSE_WITHIN
            found = read_purposes(script.folded[match.end() : end])
            if found is None:
                continue
            start, stop = match.end() + found.start, match.end() + found.end
            raw, place = script.text[start:stop], script.place(start, stop)
            yield Finding("purposes", "+".join(found.codes), raw, (place,), rule, check=found.is_confirmed or None)


def _serials(script: Script) -> Iterator[Finding]:
    for match in _SERIAL.finditer(script.text):
        digits = as_digits(match["digits"].replace(" ", ""))
        letters = as_letters(match["letters"]).replace("ĐĐ", "Đ")
        if (
            not digits.isdigit()
            or not letters.isalpha()
            or len(letters) > 2
            or sum(sign.isdigit() for sign in match["digits"]) < 4
        ):
            continue
        is_alone = _stands_alone(script.text, match.start(), match.end())
        before = script.folded[max(0, match.start() - 130) : match.start()]
        if (_REGISTER_CUE.search(before) and not is_alone) or (len(letters) == 1 and not match["digits"][0].isdigit()):
            continue
        is_named = bool(_SERIAL_CUE.search(before))
        if not (is_named or (is_alone and len(letters) == 2 and match["letters"].isalpha())):
            continue
        is_repaired = digits != match["digits"].replace(" ", "") or letters != match["letters"]
        rule = "serial:named" if is_named else "serial:alone"
        place = script.place(match.start(), match.end())
        yield Finding("serial", f"{letters} {digits}", match[0], (place,), rule, is_repaired=is_repaired)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether nothing else stands in the line or column."""
    before = re.split(r"[\n\t]", text[max(0, start - _NEAR) : start])[-1]
    after = re.split(r"[\n\t]", text[end : end + _NEAR], maxsplit=1)[0]
    return not re.search(r"\w", before + after)


def _registers(script: Script) -> Iterator[Finding]:
    found = list(_registers_named(script))
    yield from found
    if not found and re.search(r"vao\W*s[o06e]", script.folded):
        for match in _REGISTER_APART.finditer(script.text):
            place = script.place(match.start("letters"), match.end("digits"))
            raw = script.text[place.start : place.end]
            yield Finding(
                "register_number", f"{match['letters']} {match['digits']}", raw, (place,), "register_number:apart"
            )


def _registers_named(script: Script) -> Iterator[Finding]:
    for match in _REGISTER.finditer(script.folded):
        digits = as_digits(match["digits"])
        if not digits.isdigit():
            continue
        letters = as_letters(script.text[match.start("letters") : match.end("letters")]) if match["letters"] else ""
        letters = re.sub(r"(?<=^[A-Z]{2})[IÍÌ]$", "", letters)
        first = match.start("letters") if match["letters"] else match.start("digits")
        raw, place = script.text[first : match.end()], script.place(first, match.end())
        value = f"{letters} {digits}".strip()
        rule = "register_number:lettered" if letters else "register_number:bare"
        yield Finding("register_number", value, raw, (place,), rule, is_repaired=digits != match["digits"])
