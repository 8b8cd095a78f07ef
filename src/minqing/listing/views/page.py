"""The page of a list, made of what its room says of it."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, NamedTuple

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from minqing.listing.forms import KeepForm
from minqing.listing.kinds import BULKS, Bulk, Button, Column, List
from minqing.org.access import PageRequest, page
from minqing.web.htmx import partial
from minqing.web.paging import Page, Total, page_of, total_of
from minqing.web.templatetags.mq import cells
from minqing.web.ticking import ticked_whole, wants_whole, whole_of

# so many are looked at to find the next one: nobody leafs through more, one by one
MOST_BESIDE = 200


class Heading(NamedTuple):
    """Of a column that sorts: the order's word for the address, and how the table is sorted by it."""

    label: str
    order: str | None = None
    sorted: str = ""


class Tab(NamedTuple):
    """A queue above the list: its word in the address (None is everything), and how many wait there."""

    queue: str | None
    label: str
    waiting: int | None
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a list as its address asks for it: the ``form`` of its filters, the ``order``, a page of ``rows``."""

    form: Any
    order: str
    rows: Any
    page: Page
    total: Total | None = None


def list_page(listed: List) -> Callable[..., HttpResponseBase]:
    """The view of a list, or of its rows alone where HTMX asks for them."""

    @page(roles=listed.roles)
    @require_safe
    def view(request: PageRequest) -> HttpResponse:
        bulk = bulk_of(listed, request)
        if bulk and wants_whole(request):
            rows = bulk.whole(request, rows_in(listed, request)[2])
            return ticked_whole(request, rows, bulk.picks, most=bulk.most)
        found = found_in(listed, request)
        if listed.looked:
            listed.looked(request, found.form, found.page)
        return partial(request, "listing/list.html", "rows", context_of(listed, request, found))

    return view


class Position(NamedTuple):
    """Where a thing stands in the list from which it was opened, and the keys beside it; ``more`` than are counted."""

    number: int
    total: int
    more: bool
    before: object
    after: object


def rows_in(listed: List, request: PageRequest) -> tuple[Any, str, Any]:
    """The filters' form, the order's word, and all rows that the list has at the request's address."""
    form = listed.form(request, request.GET) if listed.form else None
    rows: Any = listed.rows(request, form)
    if queue := queue_in(listed, request):
        rows = listed.queues.within(rows, queue, request.actor)  # type: ignore[union-attr]  # it has that queue
    order = listed.order(request.GET.get("order", ""))
    if order or listed.orders:
        rows = rows.order_by(*listed.orders[order].fields)
    return form, order, rows


def place_in(
    listed: List, request: PageRequest, query: str, key: object, *, by: Sequence[object] = ()
) -> Position | None:
    """The place of ``key`` in the list with the filters of ``query``, in its order or ``by`` another.

    None where it is not among the first: what was done since may have taken it out. One statement.
    """
    asked = copy(request)
    asked.GET = QueryDict(query)
    rows = rows_in(listed, asked)[2]
    keys = list((rows.order_by(*by) if by else rows).values_list("pk", flat=True)[: MOST_BESIDE + 1])
    if key not in keys[:MOST_BESIDE]:
        return None
    at = keys.index(key)
    before, after = keys[at - 1] if at else None, keys[at + 1] if at + 1 < len(keys) else None
    return Position(at + 1, min(len(keys), MOST_BESIDE), len(keys) > MOST_BESIDE, before, after)


def found_in(listed: List, request: PageRequest) -> Found:
    """What the list shows at the request's address: the page of rows is as the database gave them."""
    form, order, rows = rows_in(listed, request)
    cut = page_of(rows.values(*listed.values) if listed.values else rows, request, size=listed.size)
    return Found(form, order, rows, cut, total_of(rows, cut) if listed.counted else None)


def queue_in(listed: List, request: PageRequest) -> str:
    """The queue that the address asks for; none where the reader has no such queue."""
    asked = request.GET.get("queue", "")
    names = [one.name for one in listed.queues.of(request.actor)] if listed.queues else []
    return asked if asked in names else ""


def tabs_of(listed: List, request: PageRequest) -> list[Tab]:
    """The reader's queues with their counts, and everything."""
    if listed.queues is None:
        return []
    chosen, counts = queue_in(listed, request), listed.queues.counts(request.actor)
    queues = listed.queues.of(request.actor)
    tabs = [Tab(one.name, str(one.label), counts[one.name], chosen == one.name) for one in queues]
    return [*tabs, Tab(None, _("All of them"), None, not chosen)] if tabs else []


def context_of(listed: List, request: PageRequest, found: Found) -> dict[str, Any]:
    form = found.form
    others = [name for name in form.fields if name not in listed.first] if form else []
    empty = (listed.nothing or listed.empty) if is_narrowed(request) else listed.empty
    context = {
        "list": listed,
        "form": form,
        "fields": [form[name] for name in listed.first if name in form.fields] if form else [],
        "more": bool(others),
        "others": [form[name] for name in others] if is_further(others, request) else [],
        "buttons": buttons_for(listed.buttons, request),
        "foot": buttons_for(listed.foot, request),
        "queue": queue_in(listed, request),
        # for the whole page alone: the rows come anew with each filter
        "tabs": functools.partial(tabs_of, listed, request),
        "below": functools.partial(below, listed, request),
        "query": request.GET.urlencode(),
        "keep": KeepForm(auto_id="keep-%s") if listed.keeps else None,
        "ask_url": listed.exports.ask_url if listed.exports and request.actor.has(*listed.exports.roles) else "",
        "empty": empty,
        "way": empty.way(request) if empty.way else None,
    }
    return context | rows_context(listed, request, found)


def rows_context(listed: List, request: PageRequest, found: Found, *, plain: bool = False) -> dict[str, object]:
    """What the rows' template needs; ``plain`` ones are neither sorted nor ticked."""
    lines = listed.shown(request, found.page.rows)
    total = listed.counted % {"n": found.total} if found.total else ""
    if not listed.columns:
        return {"page": replace(found.page, rows=lines), "total": total}
    headings = [heading(column, listed, "" if plain else found.order) for column in listed.columns]
    labels = [one.label for one in headings[1:]]
    ticked = [] if plain else boxes(listed, request, lines)
    picks = any(ticked)
    rows = [
        row_of(line, listed.columns, labels, box_cell(pick) if picks else SafeString())
        for line, pick in zip_longest(lines, ticked)
    ]
    return {
        "page": replace(found.page, rows=rows),
        "total": total,
        "headings": headings,
        "sorts": any(one.sorted for one in headings),
        "bulk": bulk_form(listed, request, found, sum(map(bool, ticked))) if picks else "",
    }


def box_cell(box: str | None) -> SafeString:
    """The cell with the box that ticks a row; the room that adds what is done with several has made it as HTML."""
    return format_html('<td class="ticks">{}</td>', mark_safe(box or ""))  # noqa: S308  # escaped by that room


def row_of(line: object, columns: Sequence[Column], labels: Sequence[str], tick: SafeString) -> SafeString:
    """The cells of a row of a table: the box that ticks it, the thing itself, and what stands beside it."""
    head, *others = [column.cell(line) for column in columns]
    return format_html('{}<th scope="row"><div>{}</div></th>{}', tick, head, cells(others, labels))


def heading(column: Column, listed: List, order: str) -> Heading:
    if not (column.order and order):
        return Heading(str(column.heading))
    usual = next(iter(listed.orders))
    way = "descending" if listed.orders[column.order].descending else "ascending"
    # the usual order needs no word in the address
    word = None if column.order == usual else column.order
    return Heading(str(column.heading), word, way if column.order == order else "none")


def boxes(listed: List, request: PageRequest, lines: Sequence[Any]) -> list[str]:
    """What ticks each row, for those who may do something with several at once."""
    bulk = bulk_of(listed, request)
    return list(bulk.boxes(request, lines)) if bulk else []


def bulk_of(listed: List, request: PageRequest) -> Bulk | None:
    bulk = BULKS.get(listed.name)
    return bulk if bulk and request.actor.has(*bulk.roles) else None


def bulk_form(listed: List, request: PageRequest, found: Found, boxes: int) -> SafeString:
    bulk = bulk_of(listed, request)
    if bulk is None:
        return SafeString()
    rows = bulk.whole(request, found.rows)
    whole = whole_of(request, rows, bulk.picks, most=bulk.most, page=found.page, boxes=boxes)
    return mark_safe(bulk.form(request, whole))  # noqa: S308  # a template has made it


def below(listed: List, request: PageRequest) -> SafeString:
    return mark_safe(listed.below(request)) if listed.below else SafeString()  # noqa: S308  # a template has made it


def buttons_for(buttons: Sequence[Button], request: PageRequest) -> list[Button]:
    return [one for one in buttons if request.actor.has(*one.roles)]


def is_narrowed(request: PageRequest) -> bool:
    return any(value for name, value in request.GET.items() if name != "more")


def is_further(others: Sequence[str], request: PageRequest) -> bool:
    """Whether the filters that stand behind the first ones are asked for, or used."""
    return any(request.GET.get(name) for name in ("more", *others))
