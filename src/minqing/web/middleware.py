"""Security headers; what cannot be read; and a refusal of the domain as page, fragment or problem+json."""

from __future__ import annotations

import codecs
import logging
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import render
from psycopg.errors import UniqueViolation

from minqing.core.errors import Conflict, DomainError, TwoTexts
from minqing.core.retry import let_pass, lost_race
from minqing.web.conflicts import both_texts, unsaved
from minqing.web.errors import SENTENCES
from minqing.web.forms import forget_sent_form
from minqing.web.htmx import alert
from minqing.web.problem import problem, refusal, sends_json, wants_json
from minqing.web.programs import programs_at

logger = logging.getLogger(__name__)
PERMISSIONS_POLICY = ", ".join(
    [
        "camera=(self)",
        "geolocation=(self)",
        *(f"{name}=()" for name in ("microphone", "payment", "usb", "serial", "midi", "display-capture")),
    ]
)
FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", ""})
# a refusal that has a page of its own
PAGES = {429: "429.html"}
Next = Callable[[HttpRequest], HttpResponseBase]


def reads_itself(request: HttpRequest) -> bool:
    """Whether the view takes the body as UTF-8 whatever charset its header names."""
    programs = programs_at(request.path)
    return sends_json(request) or bool(programs and programs.utf_8)


class SecurityHeaders:
    """The camera for codes and photos, the place for matters, nothing else; CSP is django-csp's business."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class Methods:
    """Tell a program which method is not taken in its own form; Django's answer is an empty page."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and wants_json(request):
            kept = {name: value for name, value in response.items() if name != "Content-Type"}
            response = problem(code="method", sentence=SENTENCES[405], status=405)
            for name, value in kept.items():
                response[name] = value
        return response


class Readable:
    """Refuse with 400 what no browser sends and no database stores, before anything reads it.

    NUL in an address or a cookie (the fields of a form drop it, as all that shows nothing), and another encoding than
    UTF-8: some of Python's own, such as ``unicode_escape``, make halves of characters, which UTF-8 cannot write down.
    What is no form is decoded by the view that takes it; JSON comes in UTF-8 whatever charset it names.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if charset := (request.content_params or {}).get("charset", ""):
            # the page that says so is made from the same request
            request.encoding = "utf-8"
            name = codec_of(charset)
            if name != "utf-8" and not reads_itself(request) and (not name or request.content_type in FORMS):
                raise BadRequest("encoding")
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.path:
            raise BadRequest("nul in address")
        if any("\0" in value for value in request.COOKIES.values()):
            raise BadRequest("nul in cookie")
        return self.get_response(request)


def codec_of(charset: str) -> str:
    """The codec that makes text of bytes by that name; empty where there is none."""
    name = charset.strip("\"' ")
    try:
        "".encode(name)
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""


class DomainErrors:
    """Place it after django_htmx's middleware. The view's transaction is rolled back before this runs."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        forget_sent_form()
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, IntegrityError) and isinstance(exception.__cause__, UniqueViolation):
            # a form's id used elsewhere, where its owner may not look, or somebody who was quicker
            logger.warning("a key was taken already: %s", exception.__cause__.diag.constraint_name)
            exception = Conflict()
        if lost_race(exception) and may_be_read_again(request):
            return self.once_more(request)
        return answer(request, exception) if isinstance(exception, DomainError) else None

    def once_more(self, request: HttpRequest) -> HttpResponse | None:
        """The same view again in a transaction of its own: of two that waited for each other, one was ended."""
        let_pass()
        request.lost_race = True  # type: ignore[attr-defined]
        match = request.resolver_match
        assert match is not None  # noqa: S101  # a view has raised
        view = match.func
        if "default" not in getattr(view, "_non_atomic_requests", ()):
            view = transaction.atomic(view)
        try:
            return view(request, *match.args, **match.kwargs)
        except Exception as error:
            return self.process_exception(request, error)


def may_be_read_again(request: HttpRequest) -> bool:
    """Whether the view has all that it had the first time, and this is not the second time already."""
    if getattr(request, "lost_race", False) or connection.in_atomic_block or request.resolver_match is None:
        return False
    if getattr(request, "_read_started", False) and not (hasattr(request, "_body") or hasattr(request, "_post")):
        # the view has read the body by itself
        return False
    # every file of a field: values() has but the last one
    for _name, files in request.FILES.lists() if hasattr(request, "_files") else ():
        for file in files:
            file.seek(0)
    return True


def answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    if wants_json(request):
        return refusal(error)
    context: dict[str, object] = {"error": error, "status": error.http_status}
    # a page without an account has another frame, and another first page (doorstep/access.py)
    context |= {"layout": getattr(request, "layout", "web/plain.html"), "home": getattr(request, "home", None)}
    if isinstance(error, TwoTexts):
        context |= both_texts(request, error)
    if getattr(request, "htmx", None):
        # the form stands below it with all that was typed
        return alert(request, context)
    if error.http_status == 429:
        context["sentence"] = error.sentence
    page = "web/conflict.html" if isinstance(error, TwoTexts) else PAGES.get(error.http_status, "web/problem.html")
    response = render(request, page, context | {"unsaved": unsaved(request)}, status=error.http_status)
    # words that somebody typed belong to that person
    response.headers["Cache-Control"] = "no-store"
    return response
