"""The search page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.web import acting_of
from pages.web import is_part
from search.choices import SORT_LABELS, chips_of, facets_of, query_of, url_of
from search.question import LONGEST_QUESTION
from search.selectors import find


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Hits, filters and counts; for htmx with a key only the hits that follow."""
    query = query_of(request.GET)
    found = find(query, acting_of(request))
    context = {
        "query": query,
        "results": found,
        "seconds": found.took_ms / 1000,
        "facets": facets_of(query, found),
        "chips": chips_of(query),
        "sorts": SORT_LABELS,
        "longest": LONGEST_QUESTION,
        "next_url": url_of(query, after=found.next_key) if found.next_key else "",
        "bare_url": url_of(query, is_bare=True),
        "same_url": url_of(query),
    }
    is_more = bool(query.after) and is_part(request)
    return render(request, "search/more.html" if is_more else "search/results.html", context)
