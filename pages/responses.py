"""Answers several packages give."""

from django.http import HttpResponseRedirect


def see_other(url: str) -> HttpResponseRedirect:
    """After a post the browser fetches this page (303), so that reloading it posts nothing again."""
    return HttpResponseRedirect(url, status=303)
