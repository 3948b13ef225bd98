"""What stands under /api/ beside the operations: the document, and the answer to what isn't there."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from exchange.openapi import published
from exchange.problems import problem


@login_not_required
@csrf_exempt
@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """The published structure (cấu trúc dữ liệu công bố), open to everybody."""
    return JsonResponse(published(), json_dumps_params={"ensure_ascii": False})


@login_not_required
@csrf_exempt
def unknown(request: HttpRequest) -> HttpResponse:
    """No page and no way to sign in: a machine asks."""
    return problem(HTTPStatus.NOT_FOUND)
