"""The land register's pages: the list of parcels, and one parcel with everything that is known of it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.web import acting_of
from audit.selectors import history
from documents.origins import url_of_origin
from land.models import Parcel, ParcelChange
from land.operations.looked_at import record_looking
from land.selectors import (
    Asked,
    earlier_certificates,
    facts_of,
    family_of,
    notes_on,
    parcels_for,
    released_restrictions,
)
from land.sight import one_parcel
from pages.paging import page_newest_first

_LONGEST = 100
_CHANGES = 50
_HISTORY = 30


@require_safe
def parcels(request: HttpRequest) -> HttpResponse:
    """By place, by certificate or by who holds them; what is asked stands in the address."""
    asked = Asked(*(request.GET.get(name, "")[:_LONGEST] for name in ("xa", "to", "thua", "so")))
    page = page_newest_first(parcels_for(asked, acting_of(request)), key=request.GET.get("key", ""))
    context = {"section": "land", "asked": asked, "page": page, "rows": facts_of(page.rows)}
    return render(request, "land/parcels.html", context)


@require_safe
def parcel(request: HttpRequest, parcel_id: int) -> HttpResponse:
    acting = acting_of(request)
    found = one_parcel(acting, parcel_id)
    record_looking(parcel=found, acting=acting)
    return render(request, "land/parcel.html", {"section": "land", **_content(found)})


def _content(parcel: Parcel) -> dict[str, Any]:
    [facts] = facts_of([parcel])
    # Of a parcel that has ended the last certificates are among the facts already.
    last = {each.pk for each in facts.certificates}
    earlier = [each for each in earlier_certificates(parcel) if each.pk not in last]
    notes = notes_on([*facts.certificates, *earlier])
    changes = ParcelChange.objects.filter(parcel=parcel).order_by("-id")[:_CHANGES]
    return {
        "parcel": parcel,
        "facts": facts,
        "certificates": [{"certificate": each, "notes": notes.get(each.pk, [])} for each in facts.certificates],
        "earlier": [{"certificate": each, "notes": notes.get(each.pk, [])} for each in earlier],
        "released": released_restrictions(parcel),
        "family": family_of(parcel),
        "former": list(parcel.former_places.order_by("pk")),
        "sources": _sources(list(changes)),
        "history": history([parcel.stream], limit=_HISTORY),
    }


def _sources(changes: list[ParcelChange]) -> list[dict[str, object]]:
    """The dossiers that changed it, newest first, each once; the dossier's own page says who may see it."""
    found: dict[tuple[str, int], dict[str, object]] = {}
    for change in changes:
        found.setdefault(
            (change.source_kind, change.source_id),
            {
                "code": change.source_code,
                "decided_on": change.decided_on,
                "officer_name": change.officer_name,
                "url": url_of_origin(change.source_kind, change.source_id),
            },
        )
    return list(found.values())
