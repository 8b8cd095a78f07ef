"""A list as a table: why, who approves it, and the file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from minqing.core.errors import NotFound, Refused
from minqing.core.sheets.writing import write_workbook
from minqing.exports import queries, rules, services
from minqing.exports.enums import Purpose, State
from minqing.exports.forms import ExportForm
from minqing.exports.kinds import KINDS
from minqing.exports.models import ExportRequest
from minqing.exports.rules import APPROVERS, EXPORTERS
from minqing.org.access import PageRequest, page
from minqing.web.downloads import download, file_name
from minqing.web.query_params import way_back


@page(roles=EXPORTERS)
def ask(request: PageRequest, kind: str) -> HttpResponse:
    """What the list holds, the purpose, and then the file or the word that somebody else has to approve it."""
    listed = KINDS.of(kind)
    if not request.actor.has(*listed.roles):
        raise Refused("not_exporter")
    asked = request.POST.get("query", "") if request.method == "POST" else request.GET.urlencode()
    query = listed.cleaned(asked, request.actor)
    # one more than leaves is enough to know that it does not
    rows = listed.rows_of(request.actor, query)[: rules.MOST_ROWS + 1].count()
    form = ExportForm(request.POST or None, initial={"query": query})
    status = 200
    if request.method == "POST":
        status = 422
        if (
            form.is_valid()
            and request.post
            and request.post.area_id
            and (made := form.apply(kind=listed, area=request.post.area_id, rows=rows, query=query, by=request.actor))
        ):
            if made.state == State.TAKEN and made.decided_at is None:
                return file_of(request, made)
            messages.info(request, _("Somebody else has to approve this. It then waits here for 24 hours."))
            return redirect("exports:list")
    context = {
        "form": form,
        "kind": listed,
        "rows": rows,
        "query": query,
        "decision": rules.may_export(rows),
        "long": rows > rules.FREE_ROWS,
    }
    return render(request, "exports/ask.html", context, status=status)


@page(roles=APPROVERS)
@require_POST
def decide(request: PageRequest, export_id: UUID) -> HttpResponse:
    """A second person approves or refuses."""
    row = export_or_404(request, export_id)
    row = services.decide_export(request=row, approve=request.POST.get("approve") == "yes", by=request.actor)
    said = str(State(row.state).label)
    if getattr(request, "htmx", None):
        context = {"said": said, "title": str(KINDS.of(row.kind).label), "url": reverse("exports:list")}
        return render(request, "web/parts/ask_done.html", context)
    messages.success(request, said)
    return redirect(way_back(request) or "exports:list")


@page(roles=EXPORTERS)
@require_POST
def take(request: PageRequest, export_id: UUID) -> HttpResponse:
    """What was approved, by the one who asked."""
    return file_of(request, services.take_export(request=export_or_404(request, export_id), by=request.actor))


def export_or_404(request: PageRequest, export_id: UUID) -> ExportRequest:
    row = queries.export_for(request.actor, export_id)
    if row is None:
        raise NotFound("export")
    return row


def file_of(request: PageRequest, row: ExportRequest) -> HttpResponse:
    """The table, no longer than was asked for, with the name of the one who took it on top."""
    kind = KINDS.of(row.kind)
    found = kind.rows_of(request.actor, row.query)[: row.rows]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        write_workbook(
            path, kind.columns(), kind.cells(found, request.actor), sheet=str(kind.label), note=watermark(request, row)
        )
        content = path.read_bytes()
    return download(content, file_name(str(kind.label), suffix="xlsx", at=row.taken_at))


def watermark(request: PageRequest, row: ExportRequest) -> str:
    at = timezone.localtime(row.taken_at).strftime("%Y-%m-%d %H:%M")
    purpose = Purpose(row.purpose).label
    told = _("Exported by %(name)s, %(at)s, %(purpose)s. Number %(id)s. Do not pass on.")
    return told % {"name": request.actor.name, "at": at, "purpose": purpose, "id": str(row.pk)[:13]}
