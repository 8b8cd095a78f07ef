"""The record, and who looked at what."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from minqing.audit.forms import RecordFilter
from minqing.audit.queries.looks import bursts, personal_types
from minqing.audit.queries.record import Asked, Leaf, by_day, leaf_of
from minqing.audit.rules import AUDITORS
from minqing.core import clock
from minqing.org.access import PageRequest, looked, page
from minqing.web.paging import Page


@page(roles=AUDITORS)
@require_safe
def record(request: PageRequest) -> HttpResponse:
    """All that happened, one sentence a line, as the filters say."""
    form = RecordFilter(request.GET, today=clock.today())
    return render(request, "audit/record.html", record_context(request, form, form.asked()))


@page(roles=AUDITORS)
@require_safe
def looks(request: PageRequest) -> HttpResponse:
    """Looks at what is personal and what left the house: by day, by person, by household, and unusual days."""
    form = RecordFilter(request.GET, today=clock.today())
    asked = form.asked()
    personal = personal_types()
    asked = replace(asked, types=personal if asked.types is None else sorted({*asked.types} & {*personal}))
    context = record_context(request, form, asked)
    if not request.GET.get("before"):
        context |= {"bursts": bursts(asked), "limit": settings.LOOKS_NOTED, "days": by_day(asked)}
    return render(request, "audit/looks.html", context)


def record_context(request: PageRequest, form: RecordFilter, asked: Asked) -> dict[str, object]:
    """What the page of lines needs; that they were looked at is told like every look."""
    before = request.GET.get("before", "")
    leaf = leaf_of(asked, before)
    looked(request, "audit.record.viewed", form.subject or "record:all", until=str(asked.until), since=str(asked.since))
    return {"form": form, "asked": asked, "lines": leaf.lines, "page": paged(request, leaf, before)}


def paged(request: PageRequest, leaf: Leaf, before: str) -> Page:
    """As a page of rows, whose next one begins behind the last line; back is the beginning."""
    query = request.GET.copy()
    query.pop("before", None)
    first = f"?{query.urlencode()}" if query else request.path
    query["before"] = leaf.next
    return Page(
        rows=leaf.lines,
        number=2 if before else 1,
        size=len(leaf.lines),
        has_next=bool(leaf.next),
        capped=False,
        next_url=f"?{query.urlencode()}",
        previous_url=first,
    )
