"""The published document: what django-ninja says of the API, and what it can't say of refusals."""

import json
from functools import cache
from typing import Any

from ninja.responses import NinjaJSONEncoder

from exchange.api import api
from exchange.middleware import PREFIX
from exchange.problems import CHALLENGE, MEDIA_TYPE

_FIRST_REFUSAL = "400"
_CHALLENGE = {
    "WWW-Authenticate": {
        "description": "How to be let in (RFC 6750).",
        "required": True,
        "schema": {"type": "string", "examples": [CHALLENGE]},
    }
}


@cache
def published() -> dict[str, Any]:
    """The OpenAPI document; the same for everybody, whatever the installation's address."""
    document: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX), cls=NinjaJSONEncoder))
    # An empty list of servers would mean none; no list means this one.
    del document["servers"]
    for operations in document["paths"].values():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if status >= _FIRST_REFUSAL:
                    _as_problem(status, response)
    return document


def as_text() -> str:
    """The document as it stands in docs/openapi.json."""
    return json.dumps(published(), ensure_ascii=False, indent=2) + "\n"


def _as_problem(status: str, response: dict[str, Any]) -> None:
    response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
    if status == "401":
        response["headers"] = _CHALLENGE
