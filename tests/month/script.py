"""The month's script: who comes when with what, what becomes of it, and what else happens in the house."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Protocol

from tests.factories.moments import ZONE

# From the last days of one set of editions into those of the next. Every day of it has a number of its own.
FIRST, LAST = date(2025, 6, 26), date(2025, 7, 25)
COURSES = Path(__file__).with_name("courses.txt")
UNITS = {"HL": "cn-hai-loc", "MS": "cn-muong-sai", "KT": "phong-kt-tan-loc", "DD": "phong-dat-dai"}

# The worker looks at the clocks of the house once it has opened and once it has closed, every day.
SWEEPS = (time(7, 31), time(17, 31))


def on(day: int, clock: str = "00:00") -> datetime:
    """That moment of the month."""
    first = date(2025, 6 if day >= FIRST.day else 7, day)
    return datetime.combine(first, time.fromisoformat(clock), ZONE)


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done with a dossier, in the words of the script: `check`, `sign back check`, `short` …"""

    at: datetime
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A dossier's way through the month; `unit` handles it, `remarks` are ticked on its form."""

    number: int
    procedure: str
    unit: str
    arrives: datetime
    remarks: tuple[str, ...]
    deeds: tuple[Deed, ...]

    @property
    def applicant(self) -> str:
        return f"Chủ hồ sơ số {self.number}"


class Player(Protocol):
    """Whoever goes through the month: the house by its real operations, the tally by its fingers."""

    def turns_to(self, at: datetime) -> None: ...
    def arrives(self, course: Course, at: datetime) -> None: ...
    def ends(self, course: Course, step: str, at: datetime) -> None: ...
    def goes_back(self, course: Course, step: str, to: str, at: datetime) -> None: ...
    def claims(self, course: Course, step: str, at: datetime) -> None: ...
    def asks(self, course: Course, step: str, unit: str, until: date, at: datetime) -> None: ...
    def answers(self, course: Course, unit: str, at: datetime) -> None: ...
    def is_short(self, course: Course, at: datetime) -> None: ...
    def is_whole(self, course: Course, at: datetime) -> None: ...
    def apologises(self, course: Course, until: date, at: datetime) -> None: ...
    def leave_begins(self, at: datetime) -> None: ...
    def calendar_changes(self, at: datetime) -> None: ...
    def dates_are_reckoned_anew(self, at: datetime) -> None: ...
    def unit_hands_over(self, at: datetime) -> None: ...
    def worker_sweeps(self, at: datetime) -> None: ...


# What happens to the house rather than to a dossier.
DIARY = {
    "leave_begins": on(30, "16:30"),
    "calendar_changes": on(2, "09:02"),
    "dates_are_reckoned_anew": on(2, "09:04"),
    "unit_hands_over": on(9, "14:02"),
}
OFF, MADE_UP = on(4).date(), on(12).date()
LEAVE_FROM, LEAVE_TO = on(1).date(), on(3).date()
GIVES_UP, TAKES_OVER = "cn-muong-sai", "cn-hai-loc"


def courses() -> list[Course]:
    """All dossiers of the month: a line each says who comes, the indented ones below it what happens."""
    paragraphs: list[list[str]] = []
    for line in COURSES.read_text("utf-8").splitlines():
        if line.startswith(" "):
            paragraphs[-1].append(line)
        elif line and not line.startswith("#"):
            paragraphs.append([line])
    return [_course(head, ",".join(rest)) for head, *rest in paragraphs]


def _course(head: str, deeds: str) -> Course:
    number, procedure, unit, day, clock, *remarks = head.split()
    told = tuple(_deed(words.split()) for words in deeds.split(",") if words.strip())
    return Course(int(number), procedure, UNITS[unit], on(int(day), clock), tuple(remarks), told)


def _deed(words: list[str]) -> Deed:
    *what, day, clock = words
    return Deed(on(int(day), clock), tuple(what))


def play(player: Player, scripted: list[Course]) -> None:
    """Goes through the month, everything in its order."""
    for at, _turn, course, words in sorted(_agenda(scripted), key=lambda entry: entry[:2]):
        player.turns_to(at)
        _happens(player, course, words, at)


def _agenda(scripted: list[Course]) -> Iterator[tuple[datetime, int, Course | None, tuple[str, ...]]]:
    for course in scripted:
        yield course.arrives, course.number, course, ("arrives",)
        for deed in course.deeds:
            yield deed.at, course.number, course, deed.words
    for happening, at in DIARY.items():
        yield at, 0, None, (happening,)
    for number in range((LAST - FIRST).days + 1):
        for clock in SWEEPS:
            yield datetime.combine(FIRST + timedelta(days=number), clock, ZONE), 0, None, ("worker_sweeps",)


def _happens(player: Player, course: Course | None, words: tuple[str, ...], at: datetime) -> None:
    if course is None:
        getattr(player, words[0])(at)
    elif len(words) == 1:
        _by_one_word(player, course, words[0], at)
    else:
        _in_words(player, course, words, at)


def _by_one_word(player: Player, course: Course, word: str, at: datetime) -> None:
    happenings = {"arrives": player.arrives, "short": player.is_short, "whole": player.is_whole}
    if word in happenings:
        happenings[word](course, at)
    else:
        player.ends(course, word, at)


def _in_words(player: Player, course: Course, words: tuple[str, ...], at: datetime) -> None:
    match words:
        case ("claim", step):
            player.claims(course, step, at)
        case (step, "back", to):
            player.goes_back(course, step, to, at)
        case (step, "asks", unit, "until", day):
            player.asks(course, step, unit, on(int(day)).date(), at)
        case (unit, "answers"):
            player.answers(course, unit, at)
        case ("apology", "until", day):
            player.apologises(course, on(int(day)).date(), at)
        case _:
            raise ValueError(f"nobody can do {words}")
