"""Pages of notices: the bell, the list, and how one wants to be told. Config gives them the gate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minqing.core.actor import Actor
from minqing.core.errors import DomainError, TwoTexts
from minqing.notify import carriers
from minqing.notify.forms import ChoicesForm, initial
from minqing.notify.kinds import KINDS
from minqing.notify.models import Notice
from minqing.notify.queries import MOST_SHOWN, addresses_of, notices_of, unread_count, wishes_of
from minqing.notify.queries.recipients import person_of, place_names, titles_for
from minqing.notify.queries.texts import in_app, places_in
from minqing.notify.services import mark_all_read, mark_read, save_address, save_choices
from minqing.web.paging import page_of
from minqing.web.slots import parts


@dataclass(frozen=True, slots=True)
class Row:
    """A notice as the list shows it; ``about`` is what the record is called, empty for who may not read it."""

    notice: Notice
    about: str
    title: str
    body: str
    icon: str
    urgent: bool


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    page = page_of(notices_of(request.actor), request, 30)  # type: ignore[attr-defined]
    rows = notice_rows(page.rows, request.actor)  # type: ignore[attr-defined]
    return render(request, "notify/list.html", {"page": page, "rows": rows, "unread": any_unread(page.rows)})


def any_unread(notices: Iterable[Notice]) -> bool:
    return any(notice.read_at is None for notice in notices)


def notice_rows(notices: Iterable[Notice], actor: Actor) -> list[Row]:
    """In the reader's language; the names of all places and the titles of all records are asked for at once."""
    found = [(notice, KINDS.get(notice.kind)) for notice in notices]
    wanted = [place for notice, kind in found if kind for place in places_in(kind, notice.params)]
    places = place_names(wanted) if wanted else {}
    titles = titles_for(actor, {notice.subject for notice, _kind in found})
    rows = []
    for notice, kind in found:
        about = titles.get(notice.subject, "")
        if kind is None or set(notice.params) != set(kind.params):
            # of an earlier version of the software
            rows.append(Row(notice, about, _("Notice"), "", "bell", False))
            continue
        text = in_app(kind, notice.params, places)
        rows.append(Row(notice, about, text.title, text.body, kind.icon, kind.urgent))
    return rows


@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """What stands in the bell of every page, and what other rooms bring with it."""
    count = unread_count(request.actor)  # type: ignore[attr-defined]
    context = {"count": count, "most": MOST_SHOWN, "besides": parts("notify.bell", request, None)}
    return render(request, "notify/bell.html", context)


@require_POST
def open_notice(request: HttpRequest, notice: UUID) -> HttpResponse:
    """Read it and go to what it is about."""
    return redirect(mark_read(id=notice, by=request.actor).link)  # type: ignore[attr-defined]


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    mark_all_read(by=request.actor)  # type: ignore[attr-defined]
    return redirect("notify:list")


@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """How one wants to be told; an account without a channel that is set up has nothing to choose."""
    actor = request.actor  # type: ignore[attr-defined]
    reached = addresses_of(actor.id, person_of(actor.id))
    channels = carriers.channels()
    standing = initial(wishes_of(actor.id), reached)
    if request.method != "POST":
        form = ChoicesForm(initial=standing, channels=channels, reached=reached, actor=actor)
        form.stands_at(f"account:{actor.id}")
        return render(request, "notify/choices.html", {"form": form})
    form = ChoicesForm(request.POST, initial=standing, channels=channels, reached=reached, actor=actor)
    form.stands_at(f"account:{actor.id}")
    if not (form.is_valid() and saved(form, actor)):
        return render(request, "notify/choices.html", {"form": form}, status=422)
    messages.success(request, _("Saved."))
    return redirect("notify:choices")


def saved(form: ChoicesForm, actor: object) -> bool:
    """Keep addresses and choices; an address that cannot be right is told at its field."""
    account: UUID = actor.id  # type: ignore[attr-defined]
    for channel, address in form.addresses().items():
        try:
            save_address(account=account, channel=channel, address=address, by=actor)  # type: ignore[arg-type]
        except TwoTexts:
            raise
        except DomainError as error:
            form.add_error(f"address_{channel}", str(error.sentence))
    if form.errors:
        return False
    save_choices(
        account=account,
        # hours and kinds hold for every channel, also for those that are not set up yet
        modes={channel: wish.mode for channel, wish in wishes_of(account).items()} | form.modes(),
        kinds_off=form.kinds_off(),
        quiet=form.quiet(),
        by=actor,  # type: ignore[arg-type]
    )
    return True
