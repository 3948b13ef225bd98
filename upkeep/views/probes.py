"""What supervisors and monitors ask: alive, ready, how it goes."""

from collections.abc import Callable
from dataclasses import asdict
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from upkeep.metrics import exposition
from upkeep.readiness import readiness
from upkeep.rights import may_probe

View = Callable[[HttpRequest], HttpResponse]


def _for_probes(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        return view(request) if may_probe(request) else HttpResponseForbidden(content_type="text/plain")

    return guarded


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
@_for_probes
def readyz(request: HttpRequest) -> HttpResponse:
    """Each part's state; 503 when one that serving needs is down."""
    found = readiness()
    answer = {"state": found.state, "parts": {name: asdict(part) for name, part in found.parts.items()}}
    return JsonResponse(answer, status=200 if found.is_serving else 503)


@login_not_required
@require_safe
@_for_probes
def metrics(request: HttpRequest) -> HttpResponse:
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
