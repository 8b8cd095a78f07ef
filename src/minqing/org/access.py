"""The gate in front of every page: who asks, in which post, and what the database then shows.

A view is reached only through :func:`page`. It makes the request's :class:`~minqing.core.actor.Actor`, opens the
second wall for it, keeps GET from writing, and notes what was looked at or refused for the journal.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec, TypeAlias, cast
from urllib.parse import urlencode
from uuid import UUID, uuid5

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.cache_version import assume_versions, current_versions
from minqing.core.errors import Refused, SentBefore
from minqing.core.retry import one_at_a_time
from minqing.journal.idempotency import claim, was_sent
from minqing.org.enums import Role
from minqing.org.models import Account, Post
from minqing.org.queries import actor_of, posts_in_force
from minqing.privacy.access import acting_to_the_end
from minqing.web.forms import done_now, note_sent_again, subject_of

P = ParamSpec("P")


class PageRequest(HttpRequest):
    """A request that passed the gate."""

    user: Account | AnonymousUser
    actor: Actor
    post: Post | None
    posts: list[Post]
    looks: list[Look]
    htmx: Any


@dataclass(frozen=True)
class Look:
    """Something that was looked at, or asked for and refused; becomes an event once the answer is out."""

    type: str
    subject: str
    actor: Actor
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Gate:
    """Who may pass: ``roles`` of a signed-in person, those without a post too, or anyone at all."""

    roles: frozenset[Role]
    anyone: bool = False
    without_post: bool = False


View: TypeAlias = Callable[Concatenate[Any, P], HttpResponseBase]
METHODS = ["GET", "HEAD", "POST"]
SIGNED_IN: frozenset[Role] = frozenset(Role)


def page(
    *, roles: Set[Role] = SIGNED_IN, anyone: bool = False, without_post: bool = False
) -> Callable[[View[P]], View[P]]:
    """Open a view to ``roles`` (by default every post), or with ``anyone`` to people without an account too.

    ``without_post`` lets in an account that holds no post at present. Methods other than GET, HEAD and POST get 405.
    """
    gate = Gate(roles=frozenset(roles), anyone=anyone, without_post=without_post)

    def decorate(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def gated(request: PageRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in METHODS:
                return HttpResponseNotAllowed(METHODS)
            if not gate.anyone and not request.user.is_authenticated:
                return to_sign_in(request)
            with assume_versions(editions_of(request)):
                identify(request)
                if not gate.anyone:
                    if must_change(request):
                        return to_new_password(request)
                    check(request, gate)
            # what only adds something carries no version
            seen = seen_in(request)
            if seen:
                # of two who change the same thing the second finds what the first has made of it
                one_at_a_time(f"seen:{subject_of(seen)}")
            # whoever waited for another's change reads what stands after it
            with assume_versions(current_versions() if seen else editions_of(request)):
                again = bool(seen) and sent_again(request)
                note_sent_again(again, functools.partial(did, request))
                # the view, and that it was taken, are the last that runs in the request's transaction
                with acting_to_the_end(request.actor, read_only=request.method != "POST"):
                    response = view(request, *args, **kwargs)
                    # what is refused here may be sent once more and is then no change of its own
                    if seen and not again and response.status_code < HTTPStatus.BAD_REQUEST:
                        keep_sent(request)
                    return kept_nowhere(request, response)

        gated.gate = gate  # type: ignore[attr-defined]
        return cast("View[P]", gated)

    return decorate


def seen_in(request: PageRequest) -> str:
    """The version from which a sent form was made; empty for what changes nothing."""
    return str(request.POST.get("seen", ""))[:300] if request.method == "POST" else ""


def sent_again(request: PageRequest) -> bool:
    """Whether this very form was sent and taken before, word for word: its own change is not another's."""
    with suppress(ValueError):
        return was_sent(form_id(request), request.path, typed_in(request), by=request.actor)
    return False


def keep_sent(request: PageRequest) -> None:
    """Remember that this form was taken, and what it did where it does one of several things."""
    # without an id it is no form of ours; one whose id was used for other words finds its own conflict
    with suppress(ValueError, SentBefore):
        claim(form_id(request), request.path, typed_in(request), by=request.actor)
        if what := done_now():
            claim(uuid5(form_id(request), what), request.path, {}, by=request.actor)


def did(request: PageRequest, what: str) -> bool:
    """Whether this form did that when it was taken."""
    return was_sent(uuid5(form_id(request), what), request.path, {}, by=request.actor)


def form_id(request: PageRequest) -> UUID:
    """Under which it is kept that a form was taken, beside what its service keeps; raises ValueError without one."""
    return uuid5(UUID(request.POST.get("request_id", "")), "seen")


def typed_in(request: PageRequest) -> dict[str, list[str]]:
    return {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}


def kept_nowhere(request: PageRequest, response: HttpResponseBase) -> HttpResponseBase:
    """What somebody signed in is shown belongs to that person: no browser keeps it for whoever comes after."""
    if request.user.is_authenticated:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def name_of(request: HttpRequest) -> str:
    """The page's name in the URL configuration."""
    return request.resolver_match.view_name if request.resolver_match else ""


def editions_of(request: PageRequest) -> Mapping[str, str]:
    """The editions that were read with the account; a visitor's page knows none and reads what it needs."""
    context = request.user.context if isinstance(request.user, Account) else None
    return context.versions if context else {}


def identify(request: PageRequest) -> None:
    """Set the request's actor, its post and the posts it may change to."""
    request.looks = []
    request.posts, request.post = [], None
    if not isinstance(request.user, Account):
        request.actor = Actor(id=None, kind="resident", name="")
        return
    context = request.user.context
    request.posts = context.posts if context else posts_in_force(request.user.id)
    chosen = request.session.get("post")
    request.post = next((post for post in request.posts if str(post.id) == chosen), None) or (
        request.posts[0] if request.posts else None
    )
    request.actor = actor_of(request.user, request.post)


def check(request: PageRequest, gate: Gate) -> None:
    if request.post is None:
        if gate.without_post:
            return
        raise Refused("no_post", _("Your account holds no post at present. Ask your operator to give you one."))
    if Role(request.post.role) not in gate.roles:
        looked(request, "org.page.refused", f"page:{name_of(request)}")
        raise Refused("wrong_role", _("This page is for other posts than yours."))


def looked(request: PageRequest, type: str, subject: str, **data: object) -> None:
    """Note for the journal that the actor looked at, or was refused, ``subject`` (``household:<id>``)."""
    request.looks.append(Look(type=type, subject=subject, actor=request.actor, data=data))


def forbid_writes() -> None:
    """A GET that tries to write fails in the database, in tests as in production."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a visitor to the sign-in page and back here afterwards.

    Where HTMX asked for a part, the browser is told the address: a text begun is not thrown away with the page.
    """
    htmx = getattr(request, "htmx", None)
    # a fragment or a sent form is no page to come back to; the page that it was asked from is
    shown = htmx.current_url_abs_path if htmx else None
    back = shown or (request.get_full_path() if request.method in {"GET", "HEAD"} and not htmx else "/")
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}"
    if htmx:
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps({"signed-out": address})})
    return HttpResponse(status=302, headers={"Location": address})


def must_change(request: PageRequest) -> bool:
    """Whether the password is still the one on the sheet: nothing opens until it is one's own."""
    return isinstance(request.user, Account) and request.user.must_change_password


def to_new_password(request: HttpRequest) -> HttpResponse:
    address = resolve_url("account_change_password")
    if getattr(request, "htmx", None):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponse(status=302, headers={"Location": address})
