"""The other documents a text names, and what it does to them (quan hệ văn bản)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ocr.reading import Reference, Relation
from ocr.symbols import CODES, NUMBER, plain_letters, plain_symbols, tidy_number, type_of_number, unmarked

MOST_REFERENCES = 400
# Characters between a cue and the number it speaks of.
CUE_WITHIN = 400

_NUMBER = re.compile(rf"(?<![\w/-]){NUMBER}")
# Cues are looked for without marks, which recognition loses; numbers with them, for "Đ" stands in symbols.
_OFFICIAL = {unmarked(name).lower(): name for name in CODES}
_TYPES = "|".join(sorted(map(unmarked, CODES), key=len, reverse=True))
_TYPE = re.compile(rf"\b({_TYPES})\b", re.IGNORECASE)
# What must stand right before a number: its type, "số", or in a list the number before.
_ANNOUNCED = re.compile(rf"(?:\bso\s?:?\s*|\b(?:{_TYPES})\s+)$", re.IGNORECASE)
_LISTED = re.compile(r"^\s*(?:,|va|;)\s*$")
_NOT_A_DOCUMENT = re.compile(r"(?:mau|bieu|phu luc|QCVN|TCVN|don|thu ly)(?:\s+so)?[\s:]*$", re.IGNORECASE)
# A list goes on: "…, Thông tư số", "… và các Luật số", with dates and issuers in between.
_GOES_ON = re.compile(rf"(?:,|;|\bva|\bva cac)\s+(?:(?:{_TYPES})\s+)?(?:so\s?:?\s*)?$", re.IGNORECASE)

# Specks at the beginning of a line.
_DIRT = re.compile(r"(?m)^[^\S\n]*['\"\u2018\u2019“”.,:;|_*~^`°]+\s?(?=[^\W\d_])")
# "TTr" torn apart, or dirt where its symbol goes on in the next line.
_SPLIT_SYMBOL = re.compile(r"(?<=/)T\s?Tr-[,.']?")
_SPECK_IN_SYMBOL = re.compile(r"(?<=[A-Za-zĐ])-[°'`^,.](?=[A-ZĐ])")
_SPLIT_ASSEMBLY = re.compile(r"(?<=/)QH\s(?=1\d\b)")
# A clause begins where one of these begins a line.
_CLAUSE = re.compile(
    r"(?m)^[^\S\n]*"
    r"(?=(?:[CGOQ€]an cu|Theo de nghi|Xet|Tren co so|Dieu \d|Chuong|Muc|Phu luc|\d{1,2}\.|[a-zd]\)|[-–+•])\s)"
    r"|(?<=[.;:]\n)(?=[^\W\d_])|(?<=,\n)(?=[^\W\d_][^.;]{3,80}\sban\shanh\s)"
)
_SENTENCE_END = re.compile(r"[;.:]\s(?=[^\W\d_])")
_ARTICLE = re.compile(r"^\s*Dieu \d")
_BASED_ON = re.compile(r"^\s*[CGOQ€]an cu\b", re.IGNORECASE)
_PROPOSED_BY = re.compile(r"^\s*(?:Theo de nghi|Xet|Tren co so)\b", re.IGNORECASE)
_PASSIVE = r"(?<!duoc )(?<!da )(?<!bi )(?<!duoc, )"
_PART = r"\s+(?:mot so|cac)?\s*(?:khoan|diem|dieu|cum tu|tu|noi dung|phu luc|mau|chuong|muc|quy dinh tai)"
_CUES: tuple[tuple[Relation, re.Pattern[str]], ...] = (
    ("replaces", re.compile(rf"{_PASSIVE}\bthay the\b(?!{_PART})", re.IGNORECASE)),
    # What repeals or replaces a part amends the whole.
    ("repeals", re.compile(rf"{_PASSIVE}\b(?:bai bo|huy bo)\b(?!{_PART})", re.IGNORECASE)),
    ("amends", re.compile(rf"{_PASSIVE}\b(?:sua doi|bo sung|(?:bai bo|thay the)(?={_PART}))\b", re.IGNORECASE)),
    ("attached_to", re.compile(r"\bkem theo\b", re.IGNORECASE)),
    # "thực hiện theo quy định tại Nghị định số …" only points to a rule.
    (
        "implements",
        re.compile(
            r"\b(?:thuc hien|trien khai|thi hanh|huong dan|quy dinh chi tiet)\b(?!.*\b(?:theo|tai|truoc|sau)\b)",
            re.IGNORECASE,
        ),
    ),
)
_ENDED = re.compile(r"^[^;.]{0,200}?\b(?:het hieu luc|bi bai bo)\b", re.IGNORECASE)
_STRENGTH: tuple[Relation, ...] = (
    "replaces",
    "repeals",
    "amends",
    "based_on",
    "proposed_by",
    "attached_to",
    "implements",
    "mentions",
)


def find_references(pages: Sequence[str], own_number: str | None) -> tuple[Reference, ...]:
    """Every document named by number, once, with the strongest relation the text states; in order of first mention."""
    found: dict[str, Reference] = {}
    text = plain_symbols(_DIRT.sub("", plain_letters("\n".join(pages))))
    text = _SPLIT_ASSEMBLY.sub("QH", _SPLIT_SYMBOL.sub("TTr-", _SPECK_IN_SYMBOL.sub("-", text)))
    for reference in _references(text, own_number):
        known = found.get(reference.number)
        if known is None and len(found) >= MOST_REFERENCES:
            continue
        if known is None or _STRENGTH.index(reference.relation) < _STRENGTH.index(known.relation):
            found[reference.number] = reference
    return tuple(found.values())


def _references(text: str, own_number: str | None) -> Iterator[Reference]:
    inherited: Relation | None = None
    for clause in _clauses(text):
        line = " ".join(clause.split())
        references = list(_in_clause(line, inherited, own_number))
        yield from references
        if _ARTICLE.match(unmarked(line)):
            # "Điều 1. Bãi bỏ các nghị định sau đây:" speaks for the items below it.
            inherited = None if references else _ending_cue(unmarked(line))


def _clauses(text: str) -> Iterator[str]:
    start = 0
    for match in _CLAUSE.finditer(unmarked(text)):
        yield text[start : match.start()]
        start = match.end()
    yield text[start:]


@dataclass(slots=True)
class _Before:
    """The reference before, in the same sentence: where it ended, its type and relation."""

    end: int
    document_type: str | None
    relation: Relation


def _in_clause(line: str, inherited: Relation | None, own_number: str | None) -> Iterator[Reference]:
    before: _Before | None = None
    bare = unmarked(line)
    for match in _NUMBER.finditer(line):
        start = 0 if before is None else before.end
        between = bare[max(start, match.start() - CUE_WITHIN) : match.start()]
        boundary = list(_SENTENCE_END.finditer(between))
        if boundary and not _GOES_ON.search(between):
            between, before = between[boundary[-1].end() :], None
        if not _is_document(match, between, follows=before is not None):
            continue
        number = tidy_number(match[0])
        if number == own_number:
            continue
        named = _TYPE.findall(between)
        listed_type = before.document_type if before else None
        document_type = type_of_number(number) or (_official(named[-1]) if named else listed_type)
        relation = _relation(bare, between, before, inherited)
        if relation == "mentions" and _ENDED.match(bare[match.end() : match.end() + CUE_WITHIN]):
            relation = "repeals"
        yield Reference(number, document_type, relation)
        before = _Before(match.end(), document_type, relation)


def _is_document(match: re.Match[str], between: str, *, follows: bool) -> bool:
    """Whether a number is one of a document, not of a form, a standard or a measure."""
    if _NOT_A_DOCUMENT.search(between):
        return False
    is_full = bool(match["year"] or match["party"] or "-" in (match["symbol"] or ""))
    return is_full and bool(_ANNOUNCED.search(between) or (follows and _LISTED.match(between)))


def _relation(line: str, between: str, before: _Before | None, inherited: Relation | None) -> Relation:
    if _BASED_ON.match(line):
        return "based_on"
    if _PROPOSED_BY.match(line):
        return "proposed_by"
    if before is not None:
        # What stands between two documents is done by the first of them, unless the list simply goes on.
        return before.relation if _GOES_ON.search(between) or _LISTED.match(between) else "mentions"
    return _last_cue(between) or inherited or "mentions"


def _last_cue(text: str) -> Relation | None:
    places = ((match.start(), relation) for relation, cue in _CUES for match in cue.finditer(text))
    return max(places, default=(0, None))[1]


def _ending_cue(heading: str) -> Relation | None:
    cue = _last_cue(heading)
    return cue if cue in ("replaces", "repeals") else None


def _official(name: str) -> str:
    return _OFFICIAL[name.lower()]
