"""The gate of Open311: the key, the jurisdiction, and every refusal in the standard's own form.

The key is looked at in a transaction of its own, before that of the call: a call that reads stays read only.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from minqing.core.actor import Actor
from minqing.core.errors import DomainError, TwoTexts
from minqing.open311.errors import SENTENCES, Faulty, not_found
from minqing.open311.queries import is_jurisdiction
from minqing.open311.responses import CONTENT_TYPES, Document, Format, errors, written
from minqing.org.access import forbid_writes
from minqing.org.signin import client_address
from minqing.partners.access import bearer, identify, require_scope

# the scope of a sender's key
OPEN311: Final = "open311"
READS = ("GET", "HEAD")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
# how many ways there are to ask for the same: the first is what is answered where all are as welcome
MEDIA_TYPES: dict[str, Format] = {"text/xml": "xml", "application/xml": "xml", "application/json": "json"}
# what is answered holds nothing of the browser that asks: no cookie is read, so any page may ask
OPEN_TO_ALL = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Link, X-Page, X-Page-Size, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


@dataclass(frozen=True)
class Call:
    """One call: ``sender`` is whose key came with it, None without a key."""

    request: HttpRequest
    form: Format
    sender: Actor | None

    def absolute(self, path: str) -> str:
        return self.request.build_absolute_uri(path)


Answer = Document | HttpResponse


def resource(*, post: bool = False) -> Callable[[Callable[..., Answer]], Callable[..., HttpResponseBase]]:
    """Open a view to GET, and with ``post`` to POST, which needs a key."""
    methods = (*READS, "POST") if post else READS

    def decorate(view: Callable[..., Answer]) -> Callable[..., HttpResponseBase]:
        @csrf_exempt
        @transaction.non_atomic_requests
        @functools.wraps(view)
        def gated(request: HttpRequest, form: Format | None = None, **kwargs: object) -> HttpResponseBase:
            if request.method == "OPTIONS":
                return preflight(methods)
            with translation.override(language_of(request)):
                response = answered_or_refused(view, request, form or form_of(request), methods, kwargs)
            if form is None:
                patch_vary_headers(response, ["Accept"])
            response.headers.setdefault("Cache-Control", "no-cache")
            return put(response, OPEN_TO_ALL)

        return gated

    return decorate


def answered_or_refused(
    view: object, request: HttpRequest, form: Format, methods: tuple[str, ...], kwargs: object
) -> HttpResponse:
    try:
        return answered(view, request, form, methods, kwargs)
    except Exception as error:
        faulty, headers = as_faulty(error, methods)
        if faulty is None:
            raise
        return put(failed(form, faulty.status, *faulty.sentences), headers)


def language_of(request: HttpRequest) -> str:
    """``locale``, as CitySDK has it, where it is one of ours; else what the request's headers prefer."""
    try:
        return translation.get_supported_language_variant(request.GET.get("locale", ""))
    except LookupError:
        return translation.get_language() or settings.LANGUAGE_CODE


def answered(view: Any, request: HttpRequest, form: Format, methods: tuple[str, ...], kwargs: Any) -> HttpResponse:
    if request.method not in methods:
        raise Faulty(405)
    if request.method == "POST":
        check_body(request)
    sender = sender_of(request)
    if request.method == "POST" and sender is None:
        raise Faulty(403)
    with transaction.atomic():
        if request.method in READS:
            forbid_writes()
        check_jurisdiction(request)
        answer = view(Call(request, form, sender), **kwargs)
    response = answer if isinstance(answer, HttpResponse) else respond(answer, form)
    if sender is not None:
        response.headers["Cache-Control"] = "no-store"
    return response


def check_body(request: HttpRequest) -> None:
    """A body is a form. It is in UTF-8, whatever charset its header names (``settings.ALWAYS_UTF_8``)."""
    if request.content_type not in FORMS and request.headers.get("Content-Length", "0") not in {"", "0"}:
        raise Faulty(400, _("Content-Type is application/x-www-form-urlencoded or multipart/form-data."))


def parameter(request: HttpRequest, name: str) -> str:
    """A parameter of the form or of the query, empty when it is in neither."""
    return (request.POST.get(name, "") or request.GET.get(name, "")).strip()


def sender_of(request: HttpRequest) -> Actor | None:
    """Whose key it is; None when none came. Raises what :func:`minqing.partners.access.identify` raises."""
    key = parameter(request, "api_key") or bearer(request)
    if not key:
        return None
    sender = identify(key, address=client_address(request))
    require_scope(sender, OPEN311)
    return sender


def check_jurisdiction(request: HttpRequest) -> None:
    """One jurisdiction is served, so the parameter may be left out; another one's name is not found."""
    name = parameter(request, "jurisdiction_id")
    if name and not is_jurisdiction(name):
        raise not_found("jurisdiction_id")


def as_faulty(error: Exception, methods: tuple[str, ...] = ()) -> tuple[Faulty | None, dict[str, str]]:
    """The standard's error for an exception, with its headers; None for what nobody expected."""
    if isinstance(error, Faulty):
        return error, {"Allow": ", ".join((*methods, "OPTIONS"))} if error.status == 405 else {}
    if isinstance(error, DomainError):
        wait = error.data.get("retry_after")
        return of_domain(error), {"Retry-After": str(wait)} if wait else {}
    if isinstance(error, Http404):
        return Faulty(404), {}
    if isinstance(error, RequestDataTooBig):
        return Faulty(413), {}
    if isinstance(error, SuspiciousOperation | BadRequest | MultiPartParserError):
        return Faulty(400), {}
    return None, {}


def of_domain(error: DomainError) -> Faulty:
    """The specification knows 404, 403 for the key, and 400 for the rest; 429 is told as what it is."""
    if error.http_status in {401, 403}:
        return Faulty(403, f"api_key: {error.sentence}")
    if isinstance(error, TwoTexts):
        # the standard knows no word for a key that came with other content before; HTTP does
        return Faulty(409, error.sentence)
    return Faulty(error.http_status if error.http_status in {404, 429} else 400, error.sentence)


def respond(document: Document, form: Format, *, status: int = 200) -> HttpResponse:
    return HttpResponse(written(document, form), status=status, content_type=CONTENT_TYPES[form])


def failed(form: Format, status: int, *sentences: object) -> HttpResponse:
    return respond(errors(status, sentences or [SENTENCES.get(status, SENTENCES[400])]), form, status=status)


def failed_outside(request: HttpRequest, status: int) -> HttpResponse:
    """The standard's error for what ends before or after our views: a broken address, a fault of ours."""
    return put(failed(form_of(request), status), OPEN_TO_ALL)


def put(response: HttpResponse, headers: Mapping[str, str]) -> HttpResponse:
    for name, value in headers.items():
        response.headers[name] = value
    return response


def form_of(request: HttpRequest) -> Format:
    """The format that an address asks for, else the ``Accept`` header; XML, which every client must read, for none."""
    end = request.path.rstrip("/").rpartition(".")[2]
    if end in {"xml", "json"}:
        return "json" if end == "json" else "xml"
    return MEDIA_TYPES[request.get_preferred_type(list(MEDIA_TYPES)) or "text/xml"]


def preflight(methods: tuple[str, ...]) -> HttpResponse:
    allowed = {
        "Allow": ", ".join((*methods, "OPTIONS")),
        "Access-Control-Allow-Methods": ", ".join(methods),
        # the asterisk stands for all but the key
        "Access-Control-Allow-Headers": "*, Authorization, Content-Type, Idempotency-Key",
        "Access-Control-Max-Age": "86400",
    }
    return HttpResponse(status=204, headers=allowed | OPEN_TO_ALL)
