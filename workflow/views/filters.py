"""The filters and tabs of the work list, from the address and back."""

import unicodedata
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from search.text import clean, folded_in_place
from workflow.engine.models import StepRun
from workflow.engine.selectors import Tone


@dataclass(frozen=True, slots=True)
class Filters:
    """text: part of a code or title; matter: a procedure's short name; tone: an urgency; key: where the page begins."""

    text: str
    matter: str
    tone: str
    key: str

    @property
    def is_empty(self) -> bool:
        return not (self.text or self.matter or self.tone)


def read_filters(request: HttpRequest) -> Filters:
    """What the address asks for; an unknown urgency counts as none."""
    tone = request.GET.get("han", "")
    return Filters(
        text=unicodedata.normalize("NFC", request.GET.get("q", "")).strip()[:100],
        matter=request.GET.get("thu-tuc", "")[:80],
        tone=tone if tone in set(Tone) else "",
        key=request.GET.get("key", ""),
    )


def filtered(runs: QuerySet[StepRun], filters: Filters) -> QuerySet[StepRun]:
    """The runs whose case fits text and procedure."""
    if filters.text:
        runs = runs.filter(process__folded__contains=folded_in_place(clean(filters.text)))
    if filters.matter:
        runs = runs.filter(process__matter=filters.matter)
    return runs


_TONES = {
    Tone.LATE: (gettext_lazy("Overdue"), "exclamation-octagon-fill"),
    Tone.NEAR: (gettext_lazy("Due soon"), "hourglass-split"),
    Tone.OK: (gettext_lazy("On time"), "clock"),
    Tone.PAUSE: (gettext_lazy("Paused"), "pause-circle"),
}


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


def tabs_for(which: str) -> list[dict[str, object]]:
    """The tabs over the lists, as components/tabs.html takes them."""
    tabs = {
        "mine": (_("Mine"), "work_mine"),
        "unit": (_("Unit's"), "work_unit"),
        "finished": (_("Finished"), "work_finished"),
    }
    return [
        {"label": label, "url": reverse(url_name), "count": None, "is_current": code == which}
        for code, (label, url_name) in tabs.items()
    ]
