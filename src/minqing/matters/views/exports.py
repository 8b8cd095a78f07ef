"""A list as a table: why, who approves it, and the file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import NotFound
from minqing.core.sheets.writing import Column, write_workbook
from minqing.matters import export_life, queries, services
from minqing.matters.enums import Channel, ExportPurpose, ExportState, Light
from minqing.matters.export_life import APPROVERS, EXPORTERS
from minqing.matters.keeping_forms import ExportForm, clean_query, filters_of, told_in_words
from minqing.matters.models import ExportRequest
from minqing.matters.models.naming import mechanism_word, state_word
from minqing.matters.queries import keeping
from minqing.matters.views.listing import deadline_word
from minqing.org.access import PageRequest, page
from minqing.web.downloads import download, file_name
from minqing.web.paging import page_of

# of the matter alone: who reported it is nobody's table
FIELDS = (
    "number",
    "title",
    "state",
    "light",
    "category__name",
    "area__name",
    "lead_unit__name",
    "channel",
    "mechanism",
    "received_at",
    "due_at",
    "finished_at",
    "reopened",
)
READ = (*FIELDS, "confidential")  # fmt: skip


def columns() -> list[Column]:
    return [
        Column(_("Number"), 18), Column(_("Matter"), 44), Column(_("State")), Column(_("Deadline")),
        Column(_("Category"), 18), Column(_("Place"), 18), Column(_("Unit"), 24), Column(_("Way in")),
        Column(_("Way of handling")), Column(_("Received"), 18), Column(_("Due"), 18), Column(_("Answered"), 18),
        Column(_("Reopened"), 10),
    ]  # fmt: skip


def found_by(request: PageRequest, query: str) -> Any:
    filters = filters_of(query)
    found = queries.filtered(queries.visible_matters(request.actor), filters, actor=request.actor)
    return found.order_by("-received_at", "-id")


@page(roles=EXPORTERS)
def export(request: PageRequest) -> HttpResponse:
    """What the list holds, the purpose, and then the file or the word that somebody else has to approve it."""
    asked = request.POST.get("query", "") if request.method == "POST" else request.GET.urlencode()
    query = clean_query(asked)
    # one more than leaves is enough to know that it does not
    rows = found_by(request, query)[: export_life.MOST_ROWS + 1].count()
    form = ExportForm(request.POST or None, initial={"query": query})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and request.post and request.post.area_id and (made := form.apply(
            area=request.post.area_id, rows=rows, query=query, by=request.actor
        )):  # fmt: skip
            if made.state == ExportState.TAKEN and made.decided_at is None:
                return file_of(request, made)
            messages.info(request, _("Somebody else has to approve this. It then waits here for 24 hours."))
            return redirect("matters:exports")
    context = {
        "form": form, "rows": rows, "query": query, "decision": export_life.may_export(rows),
        "free": export_life.FREE_ROWS, "long": rows > export_life.FREE_ROWS,
    }  # fmt: skip
    return render(request, "matters/export.html", context, status=status)


@page(roles=EXPORTERS)
def exports(request: PageRequest) -> HttpResponse:
    """One's own exports, and those that one may decide on."""
    found, now = page_of(keeping.exports_of(request.actor), request, size=30), clock.now()
    return render(request, "matters/exports.html", {"page": found, "rows": [shown(request, one, now) for one in found]})


def shown(request: PageRequest, row: ExportRequest, now: Any) -> dict[str, Any]:
    state = ExportState(row.state)
    return {
        "row": row,
        "state": state.label,
        "purpose": ExportPurpose(row.purpose).label,
        "filter": told_in_words(services.filter_told(row.query)),
        "may_decide": bool(
            export_life.may_decide(request.actor, account=row.account_id, area_id=row.area_id, state=state)
        ),
        "may_take": bool(
            export_life.may_take(
                request.actor, account=row.account_id, post=row.post, state=state, decided_at=row.decided_at, now=now
            )
        ),
    }


@page(roles=APPROVERS)
@require_POST
def export_decide(request: PageRequest, export_id: UUID) -> HttpResponse:
    """A second person approves or refuses."""
    row = export_or_404(request, export_id)
    row = services.decide_export(request=row, approve=request.POST.get("approve") == "yes", by=request.actor)
    messages.success(request, str(ExportState(row.state).label))
    return redirect("matters:exports")


@page(roles=EXPORTERS)
@require_POST
def export_take(request: PageRequest, export_id: UUID) -> HttpResponse:
    """What was approved, by the one who asked."""
    return file_of(request, services.take_export(request=export_or_404(request, export_id), by=request.actor))


def export_or_404(request: PageRequest, export_id: UUID) -> ExportRequest:
    row = keeping.export_for(request.actor, export_id)
    if row is None:
        raise NotFound("export")
    return row


def file_of(request: PageRequest, row: ExportRequest) -> HttpResponse:
    """The table, no longer than was asked for, with the name of the one who took it on top."""
    matters = found_by(request, row.query).values(*READ)[: row.rows]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "matters.xlsx"
        write_workbook(
            path, columns(), cells_of(matters, request.actor), sheet=_("Matters"), note=watermark(request, row)
        )
        content = path.read_bytes()
    return download(content, file_name(_("Matters"), suffix="xlsx", at=row.taken_at))


def watermark(request: PageRequest, row: ExportRequest) -> str:
    at = timezone.localtime(row.taken_at).strftime("%Y-%m-%d %H:%M")
    purpose = ExportPurpose(row.purpose).label
    told = _("Exported by %(name)s, %(at)s, %(purpose)s. Number %(id)s. Do not pass on.")
    return told % {"name": request.actor.name, "at": at, "purpose": purpose, "id": str(row.pk)[:13]}


def cells_of(rows: Any, reader: Actor) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=1000) if hasattr(rows, "iterator") else rows:
        told = {
            "title": queries.title_told(reader, row["title"], confidential=row["confidential"]),
            "state": state_word(row["state"]),
            "light": deadline_word(row["state"], Light(row["light"])),
            "channel": Channel(row["channel"]).label,
            "mechanism": mechanism_word(row["mechanism"]),
        }
        yield [told.get(name, row[name]) for name in FIELDS]
