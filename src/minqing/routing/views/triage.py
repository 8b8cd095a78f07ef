"""The clerk's queue beside what is opened of it: what came in, what is suggested and why, one press to assign it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from minqing.core import clock
from minqing.core.errors import NotFound
from minqing.core.ids import new_id
from minqing.listing.views import OPEN, Beside, beside, query_with, split_page, wants_view
from minqing.matters import queries, rules, services
from minqing.matters.access import matter_or_404
from minqing.matters.enums import Channel, Move, State
from minqing.matters.protocols import CategoryLike, MatterLike
from minqing.org.access import PageRequest, looked, page
from minqing.org.protocols import UnitLike
from minqing.org.queries import units_for
from minqing.routing.forms.bulk import bulk_form, may_be_ticked, picks, ticker
from minqing.routing.forms.queue import QueueForm, QueueOrderForm
from minqing.routing.queries import queue
from minqing.routing.queries.advice import Advice, advise
from minqing.routing.services.bulk import MOST, BulkResult, picks_of, unassign_many
from minqing.web.forms import Data
from minqing.web.htmx import partial
from minqing.web.paging import page_of
from minqing.web.ticking import Batch, ticked_in, ticked_whole, wants_whole, whole_of

CLERKS = rules.movers(Move.ASSIGN)
TEMPLATE: Final = "routing/triage.html"
PAGE: Final = 50
# what else may be done with what waits: behind the menu, each on the matter's own page
MORE: Final = ((Move.MERGE, "union"), (Move.NOTE, "sticky"), (Move.DECLINE, "slash-circle"))


@page(roles=CLERKS)
def triage(request: PageRequest) -> HttpResponse:
    """What waits to be assigned, by urgency, and beside it what the address opens of it."""
    opened = opened_in(request)
    if wants_view(request):
        context = view_context(request, opened) if opened else {}
    elif wants_whole(request):
        found = may_be_ticked(request, found_in(request, queue.Times.at(clock.now()))[1])
        return ticked_whole(request, found, picks, most=MOST)
    else:
        context = page_context(request, opened)
    return split_page(request, TEMPLATE, context)


@page(roles=CLERKS)
def route(request: PageRequest, matter_id: UUID) -> HttpResponse:
    """Assign what is opened; then the next one is opened. GET opens it beside the queue."""
    matter = matter_or_404(request, matter_id)
    if request.method != "POST":
        return redirect(address(request, matter_id))
    place = place_of(request, matter_id)
    form = form_of(request, matter, request.POST)
    if not (form.is_valid() and form.apply(by=request.actor)):
        context = view_context(request, matter_id, form=form) if wants_view(request) else None
        return split_page(request, TEMPLATE, context or page_context(request, matter_id, form=form), status=422)
    following = (place.after or place.before) if place else None
    if not wants_view(request):
        messages.success(request, _("Assigned: %(number)s.") % {"number": matter.number})
        return redirect(address(request, following))
    context = view_context(request, following) if following else {}
    counts = queue.counts(request.actor, queue.Times.at(clock.now()))
    context |= {"done": matter_or_404(request, matter_id), "counts": counts, "tabs": counts.tabs_for()}
    context |= {"step": form.cleaned_data["request_id"], "undo_id": new_id()}
    response = split_page(request, TEMPLATE, context, part="assigned")
    response["HX-Replace-Url"] = address(request, following)
    return response


@page(roles=CLERKS)
@require_POST
def undo(request: PageRequest, matter_id: UUID) -> HttpResponse:
    """Take back an assignment that was just made; what it was about is opened again."""
    matter = matter_or_404(request, matter_id)
    id, step = (uuid_in(request.POST.get(name, "")) for name in ("request_id", "step"))
    if id is None or step is None:
        raise NotFound("step")
    services.unassign_matter(id=id, matter=matter, step=step, by=request.actor)
    messages.success(request, _("Taken back: %(number)s waits to be assigned again.") % {"number": matter.number})
    return redirect(address(request, matter_id))


def opened_in(request: PageRequest) -> UUID | None:
    return uuid_in(request.GET.get(OPEN, ""))


def uuid_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def address(request: PageRequest, matter_id: UUID | None) -> str:
    """The queue as it is searched and sorted, with a matter opened or none."""
    query = query_with(request, **{OPEN: matter_id})
    return reverse("routing:triage") + (f"?{query}" if query else "")


def found_in(request: PageRequest, times: queue.Times) -> tuple[QueueOrderForm, Any]:
    """What the address asks for, and the rows that it leaves."""
    form = QueueOrderForm(request.GET)
    asked = form.cleaned_data
    rows = queue.waiting(request.actor, times, tab=asked.get("tab", ""), order=asked.get("order", ""))
    return form, queries.search(rows, asked.get("text", ""), few=True, reader=request.actor)


def page_context(request: PageRequest, opened: UUID | None, *, form: QueueForm | None = None) -> dict[str, object]:
    times = queue.Times.at(clock.now())
    asked, found = found_in(request, times)
    rows = page_of(found, request, size=PAGE)
    words = asked.cleaned_data
    by_due = not words.get("order")
    groups = list(queue.grouped(rows.rows, times)) if by_due else [(None, rows.rows)]
    make = item_maker(request, rows.rows, opened)
    counts = queue.counts(request.actor, times)
    keys = [row.pk for row in rows]
    narrowed = bool(words.get("text") or words.get("tab"))
    counted = {group.name for group, _some in groups if group and not narrowed}
    context = {
        "page": rows,
        "groups": [
            (group, counts.groups[group.name] if group else 0, [make(row) for row in some]) for group, some in groups
        ],
        "counts": counts,
        "tabs": counts.tabs_for(words.get("tab", "")),
        "asked": asked,
        "narrowed": narrowed,
        "absent": [name for name in counts.groups if name not in counted],
        "bulk": bulk_form(request.actor),
        "whole": whole_of(
            request,
            may_be_ticked(request, found),
            picks,
            most=MOST,
            page=rows,
            boxes=len(rows),
        ),
        "first": address(request, keys[0]) if keys and not opened else "",
    }
    if opened:
        context |= view_context(request, opened, form=form, place=beside(keys, opened, first=rows.first))
    return context


def item_maker(request: PageRequest, rows: Sequence[Any], opened: UUID | None) -> Any:
    """What makes of a matter its row, with what all rows look up."""
    advice, tick, dues = advise(rows), ticker(), queue.dues(rows, clock.now())

    def made(row: Any) -> dict[str, Any]:
        return {
            "matter": row,
            "advice": advice[row.pk],
            "due": dues[row.pk],
            "pick": tick(row.pk, row.title, row.changed_at),
            "url": address(request, row.pk),
            "opened": row.pk == opened,
        }

    return made


def place_of(request: PageRequest, matter_id: UUID) -> Beside | None:
    """Where it stands on its page of the queue; the one behind the page counts as the next."""
    found = found_in(request, queue.Times.at(clock.now()))[1]
    rows = page_of(found.values_list("pk", flat=True), request, size=PAGE)
    return beside(rows.rows, matter_id, first=rows.first)


def view_context(
    request: PageRequest, matter_id: UUID, *, form: QueueForm | None = None, place: Beside | None = None
) -> dict[str, object]:
    """What is said of one that is opened. One that a unit has by now says so, with the way to its page."""
    matter = matter_or_404(request, matter_id)
    if matter.confidential:
        looked(request, "matters.confidential.opened", f"matter:{matter.pk}", number=matter.number)
    place = place or place_of(request, matter_id)
    context = {
        "opened": matter.pk,
        "matter": matter,
        "channel": Channel(matter.channel).label,
        "place": place,
        "before_url": address(request, place.before) if place and place.before else "",
        "after_url": address(request, place.after) if place and place.after else "",
        "back_url": address(request, None),
        "waits": matter.state == State.RECEIVED,
    }
    return context | (waiting_context(request, matter, form) if context["waits"] else {})


def waiting_context(request: PageRequest, matter: Any, form: QueueForm | None) -> dict[str, object]:
    now = clock.now()
    dossier = queries.dossier_of(matter.pk)
    form = form or form_of(request, matter)
    advice: Advice = form.advice
    return {
        "due": queue.dues([matter], now)[matter.pk],
        "pictures": [one.attachment_id for one in dossier.pictures if one.step_id is None],
        "taken_by": next((step.by_name for step in dossier.steps if step.move == Move.RECEIVE), ""),
        "may_reveal": rules.may_reveal_reporter(request.actor, matter.situation),
        "contact": queries.contact_of(matter) if matter.confidential else "",
        "advice": advice,
        "record": queue.record_of(advice.category.code, advice.unit.id, now)
        if advice.category and advice.unit
        else None,
        "form": form,
        "action": f"{reverse('routing:route', args=[matter.pk])}?{query_with(request, **{OPEN: None})}",
        "may": rules.may(Move.ASSIGN, request.actor, matter.situation),
        "decide_url": move_url(matter, Move.DECIDE) if rules.may(Move.DECIDE, request.actor, matter.situation) else "",
        "more": list(further(request, matter)),
    }


def further(request: PageRequest, matter: Any) -> Iterator[tuple[Move, str, str]]:
    for move, icon in MORE:
        if rules.may(move, request.actor, matter.situation):
            together = reverse("matters:together", args=[matter.pk])
            yield move, icon, together if move is Move.MERGE else move_url(matter, move)


def move_url(matter: MatterLike, move: Move) -> str:
    return reverse("matters:move", args=[matter.pk, move.value])


def form_of(request: PageRequest, matter: Any, data: Data = None) -> QueueForm:
    """The form as it comes up, everything as suggested; it carries the suggestion."""
    categories, near = queries.categories(), units_for([matter.area.path])
    advice = advise([matter], categories=categories, units=near)[matter.pk]
    form = QueueForm(
        data, matter=matter, by=request.actor, categories=categories, units=near, initial=suggested(matter, advice)
    )
    form.advice = advice
    return form


def proposed(matter: MatterLike, categories: Sequence[CategoryLike], units: Sequence[UnitLike]) -> dict[str, Any]:
    """The same on the page of the matter itself."""
    return suggested(matter, advise([matter], categories=categories, units=units)[matter.pk])


def suggested(matter: MatterLike, advice: Advice) -> dict[str, object]:
    """The assignment form as it comes up: everything as suggested."""
    return {
        "unit": advice.unit.id if advice.unit else None,
        "category": advice.category.code if advice.category else "",
        "due_days": advice.days,
        "mechanism": advice.mechanism or matter.mechanism,
    }


@page(roles=CLERKS)
@require_POST
def bulk(request: PageRequest) -> HttpResponse:
    """Each ticked matter by itself; sent twice it is done once. With errors the ticks come back."""
    form = bulk_form(request.actor, request.POST)
    if not form.is_valid():
        return render(request, "routing/bulk.html", {"form": form}, status=422)
    outcomes = form.apply(by=request.actor)
    went = [one for one in outcomes if not one.why]
    matters: list[Any] = [one.matter for one in went]
    queries.with_dues(matters)
    return outcome_page(request, outcomes, form.batch, url="routing:bulk", fields=form.chosen)


@page(roles=CLERKS)
@require_POST
def bulk_undo(request: PageRequest) -> HttpResponse:
    """Take back what went a moment ago; what cannot be is told by row."""
    ticked = picks_of(ticked_in(request.POST))
    batch = Batch.of_sent(request.POST, [pick.sent for pick in ticked])
    outcomes = unassign_many(ticked[: len(batch.now)], by=request.actor)
    if all(not one.why for one in outcomes) and batch.of == len(outcomes):
        messages.success(request, taken_back(len(outcomes)))
        return redirect("routing:triage")
    return outcome_page(request, outcomes, batch, url="routing:bulk_undo")


def taken_back(number: int) -> str:
    return ngettext("%(n)d waits to be assigned again.", "%(n)d wait to be assigned again.", number) % {"n": number}


def outcome_page(
    request: PageRequest,
    outcomes: Sequence[BulkResult],
    batch: Batch,
    *,
    url: str,
    fields: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """What became of this piece of what was ticked, and the way to the next one; HTMX puts it behind those before."""
    went = [one for one in outcomes if not one.why]
    batch = replace(batch, gone=[*batch.gone, *(one.pick.sent for one in went)])
    undoing = url == "routing:bulk_undo"
    context = {
        "batch": batch,
        "url": reverse(url),
        "fields": fields,
        "went": [] if undoing else went,
        "left": [one for one in outcomes if one.why],
        "back": taken_back(len(batch.gone)) if undoing else "",
        "gone": len(batch.gone),
        "stayed": batch.done - len(batch.gone),
    }
    return partial(request, "routing/bulk.html", "piece", context)
