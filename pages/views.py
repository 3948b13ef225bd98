"""Pages that belong to no package: errors and the plain parts of the frame."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from an old or foreign page: say so, change nothing."""
    return render(request, "pages/csrf_failed.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "pages/not_found.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Stands on its own: the frame may be what failed."""
    return render(request, "pages/server_error.html", status=500)
