"""Addresses for the browser tests of the frame: one page with every part that has behaviour."""

from pathlib import Path
from types import SimpleNamespace

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import RequestContext, Template
from django.urls import path

from pages.domain_errors import Conflict
from tests.pages import urls as frame

WORKBENCH = Path(__file__).with_name("workbench.html").read_text(encoding="utf-8")
STANDING = SimpleNamespace(tone="near", words="Còn 0,7 ngày", share=65)

received: list[dict[str, str]] = []
saved: list[dict[str, str]] = []


def workbench(request: HttpRequest) -> HttpResponse:
    context = {"numbers": ["0031", "0032", "0033"], "standing": STANDING, "section": "home"}
    return HttpResponse(Template(WORKBENCH).render(RequestContext(request, context)))


def posts(request: HttpRequest) -> HttpResponse:
    received.append(request.POST.dict())
    return render(request, "pages/layout.html")


def saves(request: HttpRequest) -> HttpResponse:
    saved.append(request.POST.dict())
    return HttpResponse(status=204)


def conflicts(request: HttpRequest) -> HttpResponse:
    raise Conflict("Hoàng Đức Thiện đã trình lúc 09:41.")


@login_not_required
def search(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/layout.html", {"section": "search"})


urlpatterns = [
    path("workbench/", workbench),
    path("posts/", posts),
    path("saves/", saves),
    path("conflicts/", conflicts),
    path("search/", search, name="search"),
    *frame.urlpatterns,
]
handler403, handler404, handler500 = frame.handler403, frame.handler404, frame.handler500
