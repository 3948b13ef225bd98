"""Invented papers of many kinds with ground truth: the kind's code and the value of every field that is printed.

The words stand in samples/kinds/*.toml in the language of `tests.scans.wording`.
"""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tests.scans.invented import (
    COMPANIES,
    PROJECTS,
    PURPOSES,
    STREETS,
    Person,
    Told,
    World,
    day_in_words,
    written_number,
)
from tests.scans.wording import choose, expand

FOLDER = Path(__file__).parent / "samples" / "kinds"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as lines (see `tests.scans.printing`) and what stands on it; `kind` is a code of documents/types."""

    kind: str
    seed: int
    lines: tuple[str, ...]
    told: tuple[Told, ...]

    def value(self, name: str) -> str | None:
        """The value of a field that stands once."""
        return next((one.value for one in self.told if one.name == name), None)

    @property
    def text(self) -> str:
        """As plain text, columns parted by a tab as the reader parts them."""
        rows = [line.lstrip("^> ") for line in self.lines]
        return "\n".join("\t".join(part.strip() for part in row.split("||") if part.strip()) for row in rows)


@cache
def _data() -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    blocks: dict[str, str] = {}
    kinds: dict[str, dict[str, Any]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        rows = tomllib.loads(path.read_text("utf-8"))
        blocks |= rows.pop("blocks", {})
        kinds |= rows
    return blocks, kinds


def kinds() -> list[str]:
    """The codes of all kinds there are words for."""
    return sorted(_data()[1])


def paper_of(kind: str, seed: int) -> Paper:
    """One paper of a kind; the same seed gives the same paper."""
    blocks, every = _data()
    data = every[kind]
    chance = Random(f"{kind}-{seed}")  # noqa: S311 papers, not secrets
    writer = Writer(data, World(chance))
    lines = expand(chance.choice(data["wordings"]), blocks, writer.fact, chance)
    return Paper(kind, seed, tuple(lines), tuple(dict.fromkeys(writer.told)))


class Writer:
    """Gives facts in the way of one writer, and keeps what was given."""

    def __init__(self, data: dict[str, Any], world: World) -> None:
        self.data, self.world, self.chance = data, world, world.chance
        self.told: list[Told] = []
        self._kept: dict[str, str] = {}
        issued_by = data.get("issued_by", "")
        self.issued_by = issued_by if isinstance(issued_by, str) else self.chance.choice(issued_by)
        self.body, self.place, self.signers = _body_of(self.issued_by, world)
        self._address_of_paper: str = ""

    def fact(self, slot: str) -> str:
        key, _, part = slot.partition(".")
        if part:
            about = {"p": self._person, "l": self._parcel, "cite": self._cite}
            return about[key.rstrip("0123456789")](key, part)
        return str(getattr(self, f"_{key}")())

    def _tell(self, name: str, value: str, about: str = "") -> None:
        self.told.append(Told(name, value, about))

    def _once(self, key: str, made: str) -> str:
        return self._kept.setdefault(key, made)

    # The head and the close ----------------------------------------------------------------------

    def _head(self) -> str:
        """The two columns of a head: bodies, number and abstract of a letter; state title, motto, place and date."""
        left = [*self.body[0], *self.body[1], self._number_line()]
        self._tell("issuer", " ".join(self.body[1]))
        if self.data.get("is_letter"):
            left.append(f"V/v {self._subject()}")
        right = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", self._placed()]
        return "\n".join([f"{row} ||" for row in left] + [f"|| {row}" for row in right])

    def _number_line(self) -> str:
        colon = self.chance.choice(["Số: ", "Số: ", "Số:", "Số "])
        return colon + self._number()

    def _number(self) -> str:
        serial = f"{self.chance.randrange(1, 5200):02d}"
        symbol = choose(self.chance.choice(self._symbols()), self.chance)
        number = self._once("number", f"{serial}/{symbol.format(year=self.world.issued.year)}")
        self._tell("number", number)
        if "type" in self.data:
            self._tell("document_type", self.data["type"])
        return number

    def _symbols(self) -> list[str]:
        symbols: list[str] | dict[str, list[str]] = self.data["symbols"]
        return symbols[self.issued_by] if isinstance(symbols, dict) else symbols

    def _placed(self) -> str:
        return f"{self._issued_at()}, {self._issued()}"

    def _issued_at(self) -> str:
        self._tell("issued_at", self.place)
        return self.place

    def _issued(self) -> str:
        self._tell("issued_on", self.world.issued.isoformat())
        return day_in_words(self.world.issued)

    def _bare_issued(self) -> str:
        self._issued()
        return f"{self.world.issued.day:02d}/{self.world.issued.month:02d}/{self.world.issued.year}"

    def _year(self) -> str:
        return str(self.world.issued.year)

    def _subject(self) -> str:
        if "subject" not in self._kept:
            template = choose(self.chance.choice(self.data["subjects"]), self.chance)
            self._kept["subject"] = _fill(template, self.fact)
        self._tell("subject", self._kept["subject"])
        return self._kept["subject"]

    def _authority(self) -> str:
        return (
            f"{self.signers[0][0]} {' '.join(self.body[1])}"
            if self.signers[0][0] == "CHỦ TỊCH"
            else " ".join(self.body[1])
        )

    def _signature(self) -> str:
        """Recipients on the left, who signs on the right."""
        lines = list(self.chance.choice(self.signers[1]))
        name = self._once("signer", self.world.person("signer").name)
        self._tell("signer", name)
        self._tell("signer_title", lines[-1])
        if self.chance.random() < 0.4:
            lines.append(self.chance.choice(["(Đã ký)", "(đã ký)", "[chữ ký, dấu]"]))
        left = ["Nơi nhận:", "- Như trên;", "- Lưu: VT, HS."]
        if self.chance.random() < 0.3:
            left = []
        return "\n".join([f"{row} ||" for row in left] + [f"|| {row}" for row in [*lines, name]])

    def _effective(self) -> str:
        day = self.world.issued + timedelta(days=self.chance.randrange(1, 60))
        self._tell("effective_on", day.isoformat())
        return day_in_words(day) if self.chance.random() < 0.6 else f"ngày {day.day:02d}/{day.month:02d}/{day.year}"

    def _from_signing(self) -> str:
        self._tell("effective_on", self.world.issued.isoformat())
        return self.chance.choice(["ngày ký", "ngày ký ban hành"])

    # Bodies and places ---------------------------------------------------------------------------

    def _district(self) -> str:
        return self.world.district

    def _commune(self) -> str:
        return self.world.commune

    def _DISTRICT(self) -> str:  # noqa: N802 the slot says how it is written
        return self.world.district.upper()

    def _COMMUNE(self) -> str:  # noqa: N802
        return self.world.commune.upper()

    def _office(self) -> str:
        return f"Chi nhánh Văn phòng đăng ký đất đai huyện {self.world.district}"

    def _land(self) -> str:
        """Nothing: what follows stands in the next line."""
        return ""

    def _project(self) -> str:
        return self._once("project", self.chance.choice(PROJECTS))

    def _org(self) -> str:
        company = self.chance.choice(COMPANIES)
        return self._once("org", f"{self.chance.choice(['Công ty TNHH', 'Công ty Cổ phần', 'Hợp tác xã'])} {company}")

    def _tax(self) -> str:
        code = self._once("tax", self.world.tax_code())
        self._tell("tax_code", code)
        return code

    def _street(self) -> str:
        return f"số {self.chance.randrange(1, 300)}, đường {self.chance.choice(STREETS)}"

    # Certificates --------------------------------------------------------------------------------

    def _serial(self) -> str:
        return self._certificate_serial("serial", is_new=self.world.is_new)

    def _old_serial(self) -> str:
        return self._certificate_serial("serial", is_new=False)

    def _new_serial(self) -> str:
        return self._certificate_serial("serial", is_new=True)

    def _certificate_serial(self, key: str, *, is_new: bool) -> str:
        serial = self._once(key, self.world.serial(is_new=is_new))
        self._tell("serial", serial)
        return serial if self.world.is_spaced else serial.replace(" ", "")

    def _register(self) -> str:
        number = self._once("register", self.world.register_number())
        self._tell("register_number", number)
        return number if self.world.is_spaced else number.replace(" ", "")

    # Figures that are no field -------------------------------------------------------------------

    def _money(self) -> str:
        return written_number(str(self.chance.randrange(500, 900_000) * 1000), is_dotted=True) + " đồng"

    def _day(self) -> str:
        day = self.world.other_day()
        return day_in_words(day) if self.chance.random() < 0.5 else f"ngày {day.day:02d}/{day.month:02d}/{day.year}"

    def _bare_day(self) -> str:
        day = self.world.other_day()
        return f"{day.day:02d}/{day.month:02d}/{day.year}"

    def _phone(self) -> str:
        return f"09{self.chance.randrange(10**7, 10**8)}"

    def _count(self) -> str:
        return str(self.chance.randrange(2, 40))

    # People and parcels --------------------------------------------------------------------------

    def _person(self, key: str, part: str) -> str:
        person = self.world.person(key)
        given = {
            "name": ("person_name", person.name, person.name),
            "NAME": ("person_name", person.name, person.name.upper()),
            "id": ("person_id", person.number, person.number),
            "born": ("birth_year", str(person.born), str(person.born)),
            "birthday": ("birth_year", str(person.born), self._birthday(person)),
        }
        if part in given:
            name, value, written = given[part]
            self._tell(name, value, key)
            return written
        return {"Mr": "Bà" if person.is_woman else "Ông", "mr": "bà" if person.is_woman else "ông"}.get(
            part, f"thôn {person.hamlet}, xã {person.commune}, huyện {person.district}, tỉnh Yên Giang"
        )

    def _birthday(self, person: Person) -> str:
        return f"{self.chance.randrange(1, 29):02d}/{self.chance.randrange(1, 13):02d}/{person.born}"

    def _parcel(self, key: str, part: str) -> str:
        parcel = self.world.parcel(key)
        codes = "+".join(parcel.purposes)
        hamlet = self.chance.choice(["thôn ", "xóm ", "khu "]) + parcel.hamlet
        if part == "where":
            where = self._once(
                f"{key}.where", f"{hamlet}, xã {parcel.commune}, huyện {parcel.district}, tỉnh Yên Giang"
            )
            self._tell("address", where, key)
            return where
        if part in ("parcel", "sheet"):
            self._tell(part, getattr(parcel, part), key)
            return str(getattr(parcel, part))
        if part == "area":
            self._tell("area", parcel.area, key)
            return written_number(parcel.area, is_dotted=not self.world.is_slashed) + self.world.square
        self._tell("purposes", codes, key)
        words = "; ".join(PURPOSES[code] for code in parcel.purposes)
        if part == "codes":
            return codes
        return f"{words} ({codes})" if part == "both" else words

    def _cite(self, _key: str, part: str) -> str:
        words, number = self.world.citation(part)
        known = {one.value.split("|")[0] for one in self.told if one.name == "reference"}
        if number not in known:
            self._tell("reference", f"{number}|{part}")
        return words


def _fill(template: str, fact: Any) -> str:
    start = template.find("{")
    while start >= 0:
        end = template.index("}", start)
        template = template[:start] + fact(template[start + 1 : end]) + template[end + 1 :]
        start = template.find("{")
    return template


Signers = tuple[tuple[str, ...], list[list[str]]]
Body = tuple[list[str], list[str]]


def _body_of(issued_by: str, world: World) -> tuple[Body, str, Signers]:
    """The parent and the issuing body as lines of a head, the place of issue, and who signs."""
    chance, district, commune = world.chance, world.district.upper(), world.commune.upper()
    chair = [["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"], ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"], ["CHỦ TỊCH"]]
    director = [["GIÁM ĐỐC"], ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]]
    environment = chance.choice(["SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG", "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"])
    ministry = chance.choice(["NÔNG NGHIỆP VÀ MÔI TRƯỜNG", "TÀI CHÍNH", "XÂY DỰNG", "TƯ PHÁP", "NỘI VỤ"])
    body_of_province = "ỦY BAN NHÂN DÂN TỈNH YÊN GIANG"
    bodies: dict[str, tuple[Body, str, Signers]] = {
        "province": (([], ["ỦY BAN NHÂN DÂN", "TỈNH YÊN GIANG"]), "Yên Giang", (("CHỦ TỊCH",), chair)),
        "district": (([], ["ỦY BAN NHÂN DÂN", f"HUYỆN {district}"]), world.district, (("CHỦ TỊCH",), chair)),
        "commune": (
            ([], ["ỦY BAN NHÂN DÂN", f"XÃ {commune}"])
            if chance.random() < 0.5
            else ([f"ỦY BAN NHÂN DÂN HUYỆN {district}"], [f"ỦY BAN NHÂN DÂN XÃ {commune}"]),
            world.commune,
            (("CHỦ TỊCH",), chair),
        ),
        "environment": (([body_of_province], [environment]), "Yên Giang", (("",), director)),
        "planning": (([body_of_province], ["SỞ KẾ HOẠCH VÀ ĐẦU TƯ"]), "Yên Giang", (("",), director)),
        "construction": (([body_of_province], ["SỞ XÂY DỰNG"]), "Yên Giang", (("",), director)),
        "office": (
            ([environment], ["VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI", "TỈNH YÊN GIANG"])
            if chance.random() < 0.4
            else (["VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI"], [f"CHI NHÁNH HUYỆN {district}"]),
            world.district,
            (("",), director),
        ),
        "tax": (
            (["CỤC THUẾ TỈNH YÊN GIANG"], [f"CHI CỤC THUẾ HUYỆN {district}"])
            if chance.random() < 0.5
            else (["TỔNG CỤC THUẾ"], ["CỤC THUẾ TỈNH YÊN GIANG"]),
            "Yên Giang",
            (("",), [["CHI CỤC TRƯỞNG"], ["KT. CHI CỤC TRƯỞNG", "PHÓ CHI CỤC TRƯỞNG"]]),
        ),
        "ministry": (
            ([], [f"BỘ {ministry}"]),
            "Hà Nội",
            (("BỘ TRƯỞNG",), [["BỘ TRƯỞNG"], ["KT. BỘ TRƯỞNG", "THỨ TRƯỞNG"]]),
        ),
        "government": (([], ["CHÍNH PHỦ"]), "Hà Nội", (("",), [["TM. CHÍNH PHỦ", "KT. THỦ TƯỚNG", "PHÓ THỦ TƯỚNG"]])),
        "prime_minister": (([], ["THỦ TƯỚNG CHÍNH PHỦ"]), "Hà Nội", (("",), [["KT. THỦ TƯỚNG", "PHÓ THỦ TƯỚNG"]])),
        "assembly": (([], ["QUỐC HỘI"]), "Hà Nội", (("",), [["CHỦ TỊCH QUỐC HỘI"]])),
        "standing_committee": (
            ([], ["ỦY BAN THƯỜNG VỤ", "QUỐC HỘI"]),
            "Hà Nội",
            (("",), [["TM. ỦY BAN THƯỜNG VỤ QUỐC HỘI", "CHỦ TỊCH"]]),
        ),
        "council": (([], ["HỘI ĐỒNG NHÂN DÂN", "TỈNH YÊN GIANG"]), "Yên Giang", (("",), [["CHỦ TỊCH"]])),
        "court": (
            (["TÒA ÁN NHÂN DÂN TỈNH YÊN GIANG"], [f"TÒA ÁN NHÂN DÂN HUYỆN {district}"])
            if chance.random() < 0.5
            else ([], ["TÒA ÁN NHÂN DÂN", f"HUYỆN {district}"]),
            world.district,
            (("",), [["CHÁNH ÁN"], ["KT. CHÁNH ÁN", "PHÓ CHÁNH ÁN"]]),
        ),
    }
    return bodies.get(issued_by) or (
        ([], []),
        chance.choice([world.district, "Yên Giang", world.commune]),
        (("",), [[""]]),
    )


def today(paper: Paper) -> date | None:
    """The day of issue that is printed, if any."""
    value = paper.value("issued_on")
    return date.fromisoformat(value) if value else None
