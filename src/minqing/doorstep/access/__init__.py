"""The gate of the residents' pages: how often one may knock, and what must not leak from a private address.

The buckets are counted in transactions of their own, before and after that of the page: a page that is read stays
read only, and nobody waits for another's report because both take from one bucket.
"""

from __future__ import annotations

import functools
import ipaddress
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any, NamedTuple
from urllib.parse import quote

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from minqing.core.errors import NotFound, Way
from minqing.core.ids import code_of
from minqing.core.limits import Limit
from minqing.doorstep.queries import is_empty
from minqing.doorstep.rules import GUESS_BY_ADDRESS
from minqing.doorstep.services import allow_all, allow_any
from minqing.org.access import PageRequest, page
from minqing.org.enums import Role
from minqing.org.signin import client_address
from minqing.web.slots import given

# the address is the key: no search engine, no cache on a shared phone. Not "no-referrer": with it browsers send
# "Origin: null" and every form would be taken for a forged one; of an address only its host is told, to anyone.
HEADERS = {
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "strict-origin",
    "Cache-Control": "no-store",
}
Who = Callable[[HttpRequest, Mapping[str, Any]], str]
Rate = tuple[Limit, Who]


class Shared(NamedTuple):
    """A bucket that all take from who try one number, and the first few of each that are looked at all the same."""

    all: Rate
    first: Rate


def by_address(request: HttpRequest, kwargs: Mapping[str, object]) -> str:
    """The sender's network: an IPv4 address, or the 64 bits of IPv6 that one subscriber has to himself."""
    text = client_address(request)
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv6Address):
        return str(address.ipv4_mapped or ipaddress.ip_network((int(address), 64), strict=False))
    return text


def by_network(request: HttpRequest, kwargs: Mapping[str, object]) -> str:
    """As :func:`by_address`, and of IPv6 the 48 bits that are had for the asking, with 65,536 subscribers' in them."""
    text = by_address(request, kwargs)
    return str(ipaddress.IPv6Network(text).supernet(new_prefix=48)) if text.endswith("/64") else text


def by_part(name: str) -> Who:
    """A part of the page's address as it is looked up, however it is written: ``by_part("token")``."""
    return lambda request, kwargs: code_of(str(kwargs[name]))


def by_both(first: Who, second: Who) -> Who:
    """The two together, each pair for itself."""
    return lambda request, kwargs: f"{first(request, kwargs)}\n{second(request, kwargs)}"


def by_person(request: HttpRequest, kwargs: Mapping[str, object]) -> str:
    """The account that is signed in."""
    return str(request.user.pk)


def overall(request: HttpRequest, kwargs: Mapping[str, object]) -> str:
    return ""


class DoorRequest(PageRequest):
    """A request of a resident. ``allowed``: the buckets gave; ``guessed``: the view found nobody by what was tried."""

    allowed: bool
    guessed: bool
    layout: str
    home: Way


def resident_page(
    rates: Sequence[Rate] = (),
    *,
    roles: Set[Role] | None = None,
    searches: bool = False,
    guesses: Sequence[Rate] = (),
    shared: Shared | None = None,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Open a view to anyone, or to signed-in helpers with one of ``roles``.

    ``rates`` are taken from with each POST, with ``searches`` with each search (``?text=``) as well;
    ``request.allowed`` says whether all gave.

    Of ``guesses`` only those take that were wrong: the view says so by ``request.guessed``. With the buckets of a
    number from there or of a person empty, ``request.allowed`` is false. With that of an address empty a wrong guess
    reads 429 instead of an answer, and a right one opens all the same: many people share an address. So it is with
    addresses that lead nowhere (404), which nobody finds by trying. A bucket that all take from (``shared``) shuts
    nobody out who has tries of the own ones left.
    """

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        opened = page(anyone=True)(view) if roles is None else page(roles=roles)(view)

        @transaction.non_atomic_requests
        @functools.wraps(opened)
        def gated(request: DoorRequest, **kwargs: object) -> HttpResponseBase:
            if roles is None:
                request.layout, request.home = "web/resident.html", home_of(request, kwargs)
            counted = request.method == "POST" or (searches and bool(request.GET.get("text")))
            tried = guesses if request.method == "POST" else ()
            response = answer(request, kwargs, opened, rates if counted else (), tried, shared)
            for name, value in HEADERS.items():
                response.headers.setdefault(name, value)
            return response

        return gated

    return decorate


def home_of(request: HttpRequest, kwargs: Mapping[str, Any]) -> Way:
    """Where a resident goes on from a refusal: the staff's first page asks for a name and a password."""
    if token := kwargs.get("token"):
        return Way(_("Back to our household's page"), reverse("doorstep:door", args=[token]))
    ways = given("doorstep.home", request, kwargs)
    return ways[0] if ways else Way(_("Is this plate real?"), reverse("doorstep:check"))


def answer(
    request: DoorRequest,
    kwargs: Mapping[str, Any],
    view: Any,
    rates: Sequence[Rate],
    guesses: Sequence[Rate],
    shared: Shared | None,
) -> HttpResponseBase:
    wrong = [(limit, who(request, kwargs)) for limit, who in guesses]
    own = [bucket for bucket, (_limit, who) in zip(wrong, guesses, strict=True) if who is not by_address]
    request.guessed = False
    either = [(limit, who(request, kwargs)) for limit, who in (shared.first, shared.all)] if guesses and shared else []
    request.allowed = (
        not any(is_empty(*bucket) for bucket in own)
        and not (either and all(is_empty(*bucket) for bucket in either))
        and (not rates or allow_all([(limit, who(request, kwargs)) for limit, who in rates]))
    )
    try:
        with transaction.atomic():
            response: HttpResponseBase = view(request, **kwargs)
    except (Http404, NotFound):
        if not allow_all([(GUESS_BY_ADDRESS, by_address(request, kwargs))]):
            return busy(request)
        raise
    if response.status_code == 404:
        wrong, either, request.guessed = [(GUESS_BY_ADDRESS, by_address(request, kwargs))], [], True
    return response if not request.guessed or (allow_all(wrong) and allow_any(either)) else busy(request)


def busy(request: HttpRequest) -> HttpResponseBase:
    return render(request, "doorstep/busy.html", status=429)


def unknown(request: HttpRequest) -> HttpResponse:
    """One answer for unknown, revoked and malformed addresses."""
    return render(request, "doorstep/unknown.html", status=404)


@resident_page()
@require_safe
def as_we_write(request: HttpRequest, rest: str = "") -> HttpResponse:
    """The page itself, of an address with a slash behind it or with a capital for its first letter."""
    first, _slash, rest = request.path.strip("/").partition("/")
    # what leads nowhere is counted as a guess where it leads
    query = request.META.get("QUERY_STRING", "")
    there = f"/{first.lower()}{'/' if rest else ''}{quote(rest)}"
    return redirect(f"{there}?{query}" if query else there, permanent=True)
