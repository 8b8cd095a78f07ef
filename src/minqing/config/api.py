"""The API for other systems: every room's operations under one address, by token."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.operation import Operation

from minqing.config.rooms import rooms
from minqing.core.room import Caller
from minqing.web.api import Renderer, handle_errors

VERSION = "1"
NAMED: Final = re.compile(r"#/components/schemas/([^\"#]+)\"")
PREFIX = "/api/v1/"

# RFC 9457, as web.problem makes it
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "A sentence for people, in the language of Accept-Language."},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "For programs; it does not change."},
        "data": {"type": "object"},
    },
}
REFUSALS: Final[Mapping[str, str]] = {
    "400": "The body cannot be read: no JSON, or no form of many parts",
    "401": "No token, or one that opens nothing",
    "403": "The token does not open that, or the matter's state or party does not: `code` says why",
    "404": "Not there, or not for this token",
    "409": "As the document allows, but it does not fit how things stand: an unknown code, an id that was used",
    "412": "Changed since the version in `If-Match` or `seen`: `data` says how it stands and what came since",
    "413": "Too large",
    "422": "Not as the document says; `data.fields` says where",
    "429": "Too often: wait `Retry-After` seconds",
    "default": "A fault of the service. Nothing was stored",
}
# what any call may meet; what only a body, a parameter or a name in the address brings about
ANY_CALL, WITH_BODY, WITH_PARAMETERS = ("401", "403", "429", "default"), ("400", "409", "413", "422"), ("409", "422")


def refusals(operation: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Every status but success that an operation may answer, each as a problem."""
    statuses = {*ANY_CALL}
    if "requestBody" in operation:
        statuses |= {*WITH_BODY}
    if any(one["in"] == "query" for one in operation.get("parameters", ())):
        statuses |= {*WITH_PARAMETERS}
    if any(one["name"] == "If-Match" for one in operation.get("parameters", ())):
        statuses.add("412")
    if "{" in path:
        statuses.add("404")
    return {one: {"$ref": f"#/components/responses/Refused_{one}"} for one in sorted(statuses)}


class Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The operation's own name: no two rooms have one in common."""
        return str(operation.view_func.__name__)


def made() -> NinjaAPI:
    """The one API, without a page that loads anything from elsewhere."""
    api = Api(
        title="Minqing",
        version=VERSION,
        description="Matters of a county for other systems. See docs/api.md.",
        urls_namespace="api",
        # told below, made once: ninja makes it anew for everybody who asks
        openapi_url=None,
        docs_url=None,
        renderer=Renderer(),
    )
    handle_errors(api)
    # the higher rooms first: the document begins with what other systems come for
    for room in reversed(rooms()):
        for router in room.api:
            api.add_router("", router)
    return api


API = made()


@functools.cache
def document() -> dict[str, Any]:
    """The OpenAPI document, without sentences in the language of whoever asks first."""
    with translation.override("en"):
        told: dict[str, Any] = dict(API.get_openapi_schema(path_prefix=PREFIX))
    told["components"]["schemas"]["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    told["components"]["responses"] = {
        f"Refused_{status}": {"description": why, "content": content} for status, why in REFUSALS.items()
    }
    for address, methods in told["paths"].items():
        for operation in methods.values():
            operation["responses"] |= refusals(operation, address)
    told["info"] |= {"license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}}
    told["tags"] = [{"name": name} for name in sorted(tags_in(told["paths"]))]
    drop_unused(told)
    # relative to where the document is fetched from
    told["servers"] = [{"url": "/"}]
    return told


def tags_in(paths: Mapping[str, Any]) -> set[str]:
    return {tag for methods in paths.values() for operation in methods.values() for tag in operation.get("tags", ())}


def drop_unused(document: dict[str, Any]) -> None:
    """Shapes that no operation names: ninja writes down what it takes apart into parameters as well."""
    schemas = document["components"]["schemas"]
    while unused := set(schemas) - {*NAMED.findall(json.dumps(document))}:
        for name in unused:
            del schemas[name]


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The document, with the address under which it was asked for as its server."""
    told = document() | {"servers": [{"url": request.build_absolute_uri("/").rstrip("/")}]}
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


def urls() -> Any:
    """The addresses, each opened to other systems: no form token, and transactions of its own."""
    found, app, namespace = API.urls
    patterns: list[Any] = [*found]
    # the page of docs that the root would lead to is not there
    patterns = [path("openapi.json", openapi, name="openapi"), *(one for one in patterns if one.name != "api-root")]
    for one in patterns:
        one.callback = opened(one.callback)
    return patterns, app, namespace


@functools.cache
def callers() -> Callable[[HttpRequest], Caller]:
    """What says whose token a request carries; one room knows tokens."""
    (known,) = (room.caller for room in rooms() if room.caller)
    return known


def opened(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @csrf_exempt
    @transaction.non_atomic_requests
    @functools.wraps(view)
    def answered(request: Any, **kwargs: Any) -> HttpResponse:
        request.caller = callers()(request)
        response = view(request, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    return answered
