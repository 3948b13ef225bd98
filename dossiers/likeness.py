"""Whether what a form says and what a paper says are the same, however each of them is written.

Marks count ("Hoa" is not "Hòa"), where they stand doesn't ("hoà" is "hòa"). Digits are never rounded, padded or
reordered: two numbers that differ are never called the same, except for noughts that mean nothing.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import takewhile

from search.text import clean, forms_of

Address = Mapping[str, str]

# "Hộ ông Nguyễn …", "Ông (bà): …", "Ô. …": who is meant begins after it.
_TITLE = re.compile(
    r"^(?:hộ\s+)?(?:ông\s*(?:\(\s*bà\s*\)|/\s*bà)?|bà|cụ|ô|b|anh|chị)\s*(?:[.:]|(?=\s))\s*", re.IGNORECASE
)
_AND_HOUSEHOLD = re.compile(r"^(?:hộ\s+gia\s+đình|hộ)\s+", re.IGNORECASE)
_NOT_A_DIGIT = re.compile(r"[\s.\-]")
_DAY = re.compile(r"(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})", re.ASCII)
_IDLE_NOUGHTS = re.compile(r"^0+(?=\d)", re.ASCII)
_SQUARE_METRES = re.compile(r"\s*(?:m\s?[²2]|mét vuông)\s*$", re.IGNORECASE)
_POINTED = re.compile(r"\d{1,3}(?:\.\d{3})+", re.ASCII)
_NUMBER_WORDS = re.compile(r"^(?:số|no)\s*[:.]?\s*", re.IGNORECASE)
# A unit of an address by the words it is written with, from hamlet to province.
_UNITS = {
    "thon": "hamlet",
    "xom": "hamlet",
    "ap": "hamlet",
    "ban": "hamlet",
    "buon": "hamlet",
    "lang": "hamlet",
    "khom": "hamlet",
    "to dan pho": "hamlet",
    "khu pho": "hamlet",
    "tdp": "hamlet",
    "kp": "hamlet",
    "xa": "commune",
    "x": "commune",
    "phuong": "commune",
    "p": "commune",
    "thi tran": "commune",
    "tt": "commune",
    "dac khu": "commune",
    "huyen": "district",
    "h": "district",
    "quan": "district",
    "q": "district",
    "thi xa": "district",
    "tx": "district",
    "tinh": "province",
    "t": "province",
    "thanh pho": "city",
    "tp": "city",
}
_UNIT = re.compile(rf"^({'|'.join(sorted(_UNITS, key=len, reverse=True))})\b\s*")


def same(meaning: str, one: str, other: str) -> bool:
    """Whether two values of this meaning say the same; what says nothing is the same as nothing else."""
    if meaning in _ADDRESSES:
        return _same_address(one, other)
    key = key_of(meaning, one)
    return bool(key) and key == key_of(meaning, other)


def key_of(meaning: str, value: str) -> str:
    """The value without what its writing adds; values with the same key say the same. Empty when it says nothing."""
    return _KEYS.get(meaning, text_key)(clean(value).strip())


def text_key(text: str) -> str:
    """Words without capitals and punctuation, tone marks where they always stand."""
    return forms_of(text).exact


def name_key(text: str) -> str:
    """A name without the title before it."""
    bare = _TITLE.sub("", _AND_HOUSEHOLD.sub("", text))
    return text_key(bare or text)


def plain_name_key(text: str) -> str:
    """A name without title and without marks: for finding who is meant, not for saying that it is the same."""
    return forms_of(_TITLE.sub("", _AND_HOUSEHOLD.sub("", clean(text).strip())) or text).folded


def number_key(text: str) -> str:
    """A number as papers write it ("1.234,5 m²") or as it is kept ("1234.5"), without idle noughts.

    One point alone parts decimals, for so values are kept; several part thousands. What is no number is a text.
    """
    bare = _SQUARE_METRES.sub("", text).replace(" ", "").replace("\u00a0", "")
    whole, comma, part = bare.partition(",")
    if comma or whole.count(".") > 1:
        is_grouped = "." not in whole or bool(_POINTED.fullmatch(whole))
        bare = f"{whole.replace('.', '')}.{part or 0}" if is_grouped and "." not in part else text
    try:
        number = Decimal(bare)
    except InvalidOperation:
        return text_key(text)
    return format(number.normalize() + 0, "f") if number.is_finite() else text_key(text)


def digits_key(text: str) -> str:
    """An identity number or tax code: its digits in order, noughts included."""
    return _NOT_A_DIGIT.sub("", text).upper()


def code_key(text: str) -> str:
    """A serial or register number: letters and digits in order, blanks and points aside ("DK 248117", "DK248117")."""
    return re.sub(r"[\s.\-]", "", text).upper()


def parcel_key(text: str) -> str:
    """A parcel or sheet: "0116" is 116, "24/1" is 24-1, "116A" is 116a."""
    parts = re.split(r"\s*[-/]\s*", text.lower())
    return "-".join(_IDLE_NOUGHTS.sub("", "".join(part.split())) for part in parts)


def purposes_key(text: str) -> str:
    """Codes of land use, in any order."""
    return "+".join(sorted({part for part in re.split(r"[\s+,;]+", text.upper()) if part}))


def day_key(text: str) -> str:
    """A day, kept (2026-11-12) or written (12/11/2026)."""
    written = _DAY.fullmatch(text)
    try:
        if written:
            return date(int(written[3]), int(written[2]), int(written[1])).isoformat()
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return text_key(text)


def year_key(text: str) -> str:
    """The year of a birth that may be given as a day."""
    day = day_key(text)
    return day[:4] if re.fullmatch(r"\d{4}-\d\d-\d\d", day, re.ASCII) else text_key(text)


def document_key(text: str) -> str:
    """Number and symbol of a document: "05/QĐ-UBND" is 5/QĐ-UBND, and Đ may be typed as D."""
    bare = "".join(_NUMBER_WORDS.sub("", text).split()).upper().replace("Đ", "D")
    return _IDLE_NOUGHTS.sub("", bare)


def address_of(text: str) -> Address:
    """An address by its units; what has no word before its name goes by its place."""
    units: dict[str, str] = {}
    for place, part in enumerate(re.split(r"\s*[,;]\s*|\s+-\s+", clean(text))):
        form = forms_of(part)
        named = _UNIT.match(form.folded)
        if not form.folded:
            continue
        if named and form.folded[named.end() :]:
            words = len(named[1].split())
            units.setdefault(_UNITS[named[1]], " ".join(form.exact.split()[words:]))
        else:
            units.setdefault(f"part {place}", form.exact)
    return units


def _same_address(one: str, other: str) -> bool:
    """Whether they are one place as far as both say: an older paper names a district, a newer one has none."""
    here, there = address_of(one), address_of(other)
    both = {unit for unit in here.keys() & there.keys() if unit in _UNITS.values()}
    if both & _FINE:
        return all(here[unit] == there[unit] for unit in both) and _same_house(here, there)
    return bool(here) and (here == there or _names_commune(here, there) or _names_commune(there, here))


def _same_house(one: Address, other: Address) -> bool:
    """Whether house and street are the same as far as both say: what stands before the commune without a unit's word.

    One may part them by a comma where the other doesn't, and may go on to the bare name of the other's commune.
    """
    here, there = _before_commune(one, other), _before_commune(other, one)
    said = min(len(here), len(there))
    return not said or here[:said] == there[:said] or " ".join(here) == " ".join(there)


def _before_commune(address: Address, other: Address) -> list[str]:
    units = list(takewhile(lambda unit: unit not in _ABOVE_HAMLET, address))
    said = [address[unit] for unit in units if unit not in _FINE and address[unit] != other.get("commune")]
    bare = (" ".join(word for word in part.split() if word not in _HOUSE_WORDS) for part in said)
    return [part for part in bare if part]


def _names_commune(bare: Address, other: Address) -> bool:
    """Whether one says nothing but the name of the other's commune, without the word "xã"."""
    return len(bare) == 1 and bare.get("part 0", "") == other.get("commune")


# "Số 12 đường Trần Phú" is written "12 Trần Phú" as often.
_HOUSE_WORDS = {forms_of(word).exact for word in ("số", "nhà", "đường", "phố")}
_FINE = {"hamlet", "commune", "district"}
_ABOVE_HAMLET = {*_UNITS.values()} - {"hamlet"}
_ADDRESSES = {"land.address", "person.address"}
_KEYS: Mapping[str, Callable[[str], str]] = {
    "land.parcel": parcel_key,
    "land.sheet": parcel_key,
    "land.area": number_key,
    "land.purposes": purposes_key,
    "certificate.serial": code_key,
    "certificate.register_number": code_key,
    "person.name": name_key,
    "person.id_number": digits_key,
    "person.birth_year": year_key,
    "organisation.tax_code": digits_key,
    "document.number": document_key,
    "document.issued_on": day_key,
    "document.signer": name_key,
}
