"""The addresses under /api/: the operations, the document, and an answer to whatever else is asked for."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path, re_path

from exchange.api import api
from exchange.views import openapi, unknown

app_name = "api"

# The operations have their own way in, the token; sessions and the sign-in page are not for them.
_operations = [entry for entry in api.urls[0] if isinstance(entry, URLPattern) and entry.name != "api-root"]
for _operation in _operations:
    _operation.callback = login_not_required(_operation.callback)

urlpatterns = [
    *_operations,
    path("openapi.json", openapi, name="openapi"),
    re_path(r"^.*$", unknown, name="unknown"),
]
