"""The guided tour: who one can be, and signing in as that person with one button.

It opens accounts without their pass phrase, so it exists in a demonstration alone: where ``MINQING_DEMO`` is set and
the journal says that the database was filled by ``minqing demo``. Anywhere else there are no such pages.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from minqing.core.actor import Actor
from minqing.demo.services import Contents, contents
from minqing.demo.services.residents import answered, door
from minqing.demo.staff import SIGN_INS
from minqing.demo.tour import BY_NAME, RESIDENT, TOURS, Step, step_of
from minqing.journal.services import record
from minqing.org.access import PageRequest, page
from minqing.org.queries import account_by_username, system_actor
from minqing.privacy.access import acting_as

# where the session keeps it: who, and the number of the thing
KEY: Final = "tour"
BACKEND: Final = "minqing.org.auth_backend.AccountContextBackend"
WAYS: Final[dict[str, Callable[[], str]]] = {"door": door, "answered": answered}
View = Callable[[PageRequest], HttpResponse]


def in_a_demo(view: View) -> View:
    """Elsewhere there is no such page: the setting alone is not enough, a county's own people are nobody's to be."""

    @wraps(view)
    def shown(request: PageRequest) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        with acting_as(system_actor("demo")):
            made_up = contents() in {Contents.DEMO, Contents.PART}
        if not made_up:
            raise Http404
        return view(request)

    return shown


@require_safe
@page(anyone=True)
@in_a_demo
def tour(request: PageRequest) -> HttpResponse:
    """Everybody whom one can be, with three things to try."""
    others = [one for one in SIGN_INS if one.username not in BY_NAME]
    return render(request, "demo/tour.html", {"tours": TOURS, "others": others})


@require_POST
@page(anyone=True)
@in_a_demo
def go(request: PageRequest) -> HttpResponse:
    """To one of the things, as who does it; ``step`` 0 ends the tour, and without one somebody just signs in."""
    who, number = request.POST.get("who", ""), request.POST.get("step", "")
    if number == "0":
        request.session.pop(KEY, None)
        return redirect("demo:tour")
    step = step_of(who, number)
    if step is None:
        if number or who not in {one.username for one in SIGN_INS}:
            raise Http404
        become(request, who)
        return redirect("/")
    become(request, who)
    request.session[KEY] = [who, number]
    return redirect(address_of(step))


def become(request: PageRequest, username: str) -> None:
    """Signed in as somebody of the demo, or, as a resident, signed out."""
    if username == RESIDENT:
        logout(request)
        return
    if username not in {one.username for one in SIGN_INS}:
        raise Http404
    with acting_as(system_actor("demo")):
        account = account_by_username(username)
        if account is None:
            raise Http404
        if request.user.pk != account.pk:
            login(request, account, backend=BACKEND)
            by = Actor(id=account.id, kind="user", name=account.name)
            record(type="org.account.signed_in", subject=f"account:{account.id}", by=by, data={"by": "tour"})


def address_of(step: Step) -> str:
    at = step.thing.at
    return WAYS[at]() if at in WAYS else reverse(at)


def step_at(request: PageRequest) -> Step | None:
    """Where the visitor stands, as the session has it."""
    session = getattr(request, "session", None)
    kept = session.get(KEY) if session is not None else None
    return step_of(*kept) if isinstance(kept, list) and len(kept) == 2 else None
