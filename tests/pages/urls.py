"""Addresses for the tests of the frame: views that fail in each way, open to everybody."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.i18n import set_language

from pages.domain_errors import Conflict, Invalid, Refused

FAULTS = {
    "invalid": Invalid("Diện tích không khớp", {"area": "Diện tích phải lớn hơn 0"}),
    "conflict": Conflict("Vũ Minh Khuê đã trình lúc 09:41"),
    "refused": Refused("Bước này của đơn vị khác"),
    "denied": PermissionDenied(),
    "broken": ZeroDivisionError(),
}


@login_not_required
def fail(request: HttpRequest, how: str) -> HttpResponse:
    raise FAULTS[how]


# What the next requests for /trouble/ meet, one after the other.
TROUBLES: list[Exception] = []


@login_not_required
def trouble(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    sent = file.read() if isinstance(file, UploadedFile) else b""
    if TROUBLES:
        raise TROUBLES.pop(0)
    return HttpResponse(request.POST["note"].encode() + sent)


@login_not_required
def kept(request: HttpRequest) -> HttpResponse:
    return HttpResponse(headers={"Cache-Control": "private, max-age=60"})


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/layout.html", {"section": "home"})


def posted(request: HttpRequest) -> HttpResponse:
    return HttpResponse("posted")


language_urls = [path("doi/", login_not_required(set_language), name="set_language")]
urlpatterns = [
    path("", home, name="home"),
    path("fail/<str:how>/", fail, name="fail"),
    path("trouble/", trouble, name="trouble"),
    path("kept/", kept, name="kept"),
    path("posted/", posted, name="posted"),
    path("", include("accounts.urls")),
    path("ngon-ngu/", include((language_urls, "language"))),
]
handler403 = "pages.views.refused"
handler404 = "pages.views.not_found"
handler500 = "pages.views.server_error"
