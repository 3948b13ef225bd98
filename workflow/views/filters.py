"""The filters and tabs of the work list, from the address and back."""

import unicodedata
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.acting import Acting
from search.text import clean, folded_in_place
from workflow.engine.escalation import answered_for
from workflow.engine.models import StepRun
from workflow.engine.selectors import Tone, Totals, lying_in


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to.

    text    part of a code or title
    matter  a procedure's short name
    step    a step's name
    person  in whose hands: an officer's id, 0 for nobody's
    commune where the land lies, by name
    tone    an urgency
    key     where the page begins
    """

    text: str
    matter: str
    tone: str
    key: str
    step: str = ""
    person: int | None = None
    commune: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.matter or self.tone or self.step or self.commune) and self.person is None


def read_filters(request: HttpRequest) -> Filters:
    """What the address asks for; an unknown urgency counts as none."""
    tone, person = request.GET.get("han", ""), request.GET.get("ai", "")
    return Filters(
        text=_typed(request, "q", 100).strip(),
        matter=request.GET.get("thu-tuc", "")[:80],
        tone=tone if tone in set(Tone) else "",
        key=request.GET.get("key", ""),
        step=_typed(request, "buoc", 160),
        commune=_typed(request, "xa", 160).strip(),
        person=int(person) if person.isascii() and person.isdecimal() and len(person) <= 18 else None,
    )


def _typed(request: HttpRequest, name: str, longest: int) -> str:
    return unicodedata.normalize("NFC", request.GET.get(name, ""))[:longest]


def filtered(runs: QuerySet[StepRun], filters: Filters) -> QuerySet[StepRun]:
    """The runs that fit text, procedure, step, commune and person; the urgency is counted first."""
    if filters.text:
        runs = runs.filter(process__folded__contains=folded_in_place(clean(filters.text)))
    if filters.matter:
        runs = runs.filter(process__matter=filters.matter)
    if filters.step:
        runs = runs.filter(title=filters.step)
    if filters.commune:
        runs = runs.filter(lying_in(filters.commune))
    if filters.person is not None:
        runs = runs.filter(owner=filters.person or None)
    return runs


_TONES = {
    Tone.LATE: (gettext_lazy("Overdue"), "exclamation-octagon-fill"),
    Tone.NEAR: (gettext_lazy("Due soon"), "hourglass-split"),
    Tone.OK: (gettext_lazy("On time"), "clock"),
    Tone.PAUSE: (gettext_lazy("Paused"), "pause-circle"),
}


def tone_words(tone: str) -> str:
    """An urgency in words."""
    return str(_TONES[Tone(tone)][0])


# The parts of the address that narrow a list down, not where its page begins.
_NARROWING = ("q", "thu-tuc", "buoc", "xa", "ai", "han", "don-vi")


def narrowed_to(request: HttpRequest) -> dict[str, str]:
    """What the address narrows a list down to, as it stands there."""
    return {name: request.GET[name][:160] for name in _NARROWING if request.GET.get(name)}


def export_url(request: HttpRequest, which: str) -> str:
    """Where the list is downloaded as it is narrowed down now."""
    narrowed = urlencode(narrowed_to(request))
    url = reverse(f"work_{which}_export")
    return f"{url}?{narrowed}" if narrowed else url


def chips_for(request: HttpRequest, filters: Filters, counts: dict[str, int]) -> list[dict[str, object]]:
    """The urgencies as links that keep the other filters, with how many rows each has."""
    address = request.GET.copy()
    for name in ("han", "key"):
        address.pop(name, None)
    chips: list[dict[str, object]] = [
        {"words": _("All"), "url": f"?{address.urlencode()}", "count": counts["all"], "is_on": not filters.tone}
    ]
    for tone, (words, icon) in _TONES.items():
        address["han"] = tone
        chips.append(
            {
                "words": words,
                "url": f"?{address.urlencode()}",
                "count": counts[tone],
                "is_on": filters.tone == tone,
                "icon": icon,
                "tone": tone,
            }
        )
    return chips


def tabs_for(which: str, acting: Acting, totals: Totals) -> list[dict[str, object]]:
    """The tabs over the lists, as components/tabs.html takes them; who leads has one for what is late."""
    tabs: dict[str, tuple[str, str, int | None]] = {
        "mine": (_("Mine"), "work_mine", totals.mine),
        "unit": (_("Unit's"), "work_unit", totals.unit),
        "followed": (_("Followed"), "work_followed", totals.followed),
        "finished": (_("Finished"), "work_finished", None),
    }
    if answered_for(acting):
        tabs["late"] = (_("Delays"), "work_late", None)
    return [
        {"label": label, "url": reverse(url_name), "count": count, "is_current": code == which}
        for code, (label, url_name, count) in tabs.items()
    ]
