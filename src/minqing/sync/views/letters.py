"""What is handed in sealed, by phones whose owners cannot sign in any more or in files; and who decides about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.errors import DomainError, Invalid
from minqing.org.access import PageRequest, looked, page
from minqing.privacy.seal import CannotDecrypt
from minqing.sync import queries, serializers, services
from minqing.sync.enums import Came
from minqing.sync.forms import UnsentForm, decide_press
from minqing.sync.kinds import operation_of
from minqing.sync.models import Letter
from minqing.sync.rules import OWNERS, READERS, may_decide, may_leave
from minqing.sync.schemas import DropBody, FileBody
from minqing.sync.services.letters import Kept, device_by_secret, is_at_work, unpacked
from minqing.sync.services.taking import read
from minqing.sync.views.devices import body_of


@page(anyone=True)
@require_POST
def drop(request: PageRequest) -> HttpResponse:
    """Write only: what is handed in is kept sealed, and told is what became of it, nothing of what is in it."""
    body: DropBody = body_of(request, DropBody)
    device = device_by_secret(body.device, body.secret)
    services.keep_letters(
        device=device,
        letters=serializers.sealed(body.letters),
        parse=serializers.inside,
        came=Came.PHONE,
        sent_at=body.clock,
        by=request.actor,
    )
    return JsonResponse(serializers.dropped(body.letters, device))


@page(roles=READERS)
def letters(request: PageRequest) -> HttpResponse:
    """What waits for a decision, by phone; and a file that is handed in."""
    form = UnsentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        return hand_in(request, form.cleaned_data["file"])
    status = 422 if request.method == "POST" else 200
    return render(request, "sync/letters.html", {"form": form, "rows": queries.bundles(request.actor)}, status=status)


def hand_in(request: PageRequest, body: FileBody) -> HttpResponse:
    """One's own is taken at once, as if the phone had sent it; what others wrote waits for who decides there."""
    device = queries.device_of(body.device)
    if device is None:
        raise Invalid("no_device", _("This server does not know the phone that the file is from."))
    kept = services.keep_letters(
        device=device,
        letters=serializers.sealed(body.letters),
        parse=serializers.inside,
        came=Came.FILE,
        by=request.actor,
    )
    tell_kept(request, kept)
    own = device.account_id == request.actor.id and may_decide(request.actor, owner=device.account_id, area=None)
    if own and kept.ids:
        # no more than was in the file: what others handed in for this phone is looked at first
        done = services.decide_letters(
            device_id=device.pk, ids=kept.ids, take=True, parse=serializers.inside, by=request.actor
        )
        tell_done(request, done)
    return redirect("sync:letters")


def tell_kept(request: PageRequest, kept: Kept) -> None:
    if kept.kept:
        told = ngettext("%(n)d new entry or photo was in it.", "%(n)d new entries and photos were in it.", kept.kept)
        messages.success(request, told % {"n": kept.kept})
    if kept.known:
        told = ngettext("%(n)d had arrived already.", "%(n)d had arrived already.", kept.known)
        messages.info(request, told % {"n": kept.known})
    if kept.unreadable:
        told = ngettext("%(n)d could not be opened here.", "%(n)d could not be opened here.", kept.unreadable)
        messages.warning(request, told % {"n": kept.unreadable})


def tell_done(request: PageRequest, done: list[Letter]) -> None:
    """How many were taken; of each that was not, why."""
    taken = sum(bool(one.outcome) and one.outcome != "refused" for one in done)
    messages.success(request, ngettext("%(n)d was taken.", "%(n)d were taken.", taken) % {"n": taken})
    for told in dict.fromkeys(one.told for one in done if one.told):
        messages.info(request, told)


@page(roles=OWNERS)
def of_device(request: PageRequest, device_id: UUID) -> HttpResponse:
    """All that one phone has handed in sealed, opened for who decides about it."""
    rows = queries.letters_of(request.actor, device_id)
    device = rows[0].device
    if request.method == "POST":
        return decide(request, rows)
    looked(request, "sync.letters.viewed", f"device:{device.pk}", account=str(device.account_id))
    words, alone = [one for one in rows if not one.sha256], [one for one in rows if one.sha256]
    shown = [{"row": one, "lines": lines(one), "may": decision(request.actor, one)} for one in words]
    may = not shown or any(one["may"] for one in shown)
    context = {"device": device, "words": shown, "photos": alone, "press": decide_press(rows) if may else None}
    context["leave"] = may_leave(request.actor, owner=device.account_id, at_work=is_at_work(device.account))
    return render(request, "sync/letters_of.html", context)


def decision(actor: Actor, row: Letter) -> Decision:
    return may_decide(actor, owner=row.device.account_id, area=row.area_id, handed_by=row.handed_by_id)


def decide(request: PageRequest, rows: list[Letter]) -> HttpResponse:
    choice = request.POST.get("take", "")
    wanted = set(request.POST.getlist("letter"))
    ids = [one.pk for one in rows if str(one.pk) in wanted]
    if choice not in {"yes", "no"} or not ids:
        raise Invalid("choose", _("Tick what is meant, and press one of the buttons."))
    if decide_press(rows, request.POST).is_new():
        done = services.decide_letters(
            device_id=rows[0].device_id, ids=ids, take=choice == "yes", parse=serializers.inside, by=request.actor
        )
        tell_done(request, done) if choice == "yes" else messages.success(request, _("Left: nothing of it is kept."))
    return redirect("sync:letters")


def lines(row: Letter) -> list[tuple[Any, Any]]:
    """What an entry says, as its room puts it; nothing where it cannot be read: it can still be left."""
    try:
        given = serializers.inside(unpacked(row), row.device)
        kind = operation_of(given.kind, given.schema)
        return [*kind.shown(kind.newest(read(given.body), given.schema))] if kind else []
    except (CannotDecrypt, DomainError):
        return []
