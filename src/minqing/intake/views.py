"""Pages of table imports. Config gives them the gate, because roles are known only above this room."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minqing.core.errors import Invalid, NotFound
from minqing.intake import storage
from minqing.intake.enums import Mode, RunState
from minqing.intake.forms import TableForm
from minqing.intake.kinds import kind_of, kinds_for
from minqing.intake.models import ImportRun
from minqing.intake.queries import name_to_correct, option_taken, options_of, visible_run, visible_runs
from minqing.intake.rules import may_bring, may_load, may_take_sheet
from minqing.intake.services import ask_to_load, receive_table, take_sheet
from minqing.intake.services.template_workbook import write_template
from minqing.intake.tasks import ask_for_load, ask_to_check
from minqing.web.downloads import file_name
from minqing.web.htmx import partial
from minqing.web.paging import page_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LIGHTS = {
    RunState.CHECKING: "blue",
    RunState.CHECKED: "yellow",
    RunState.REFUSED: "red",
    RunState.LOADING: "blue",
    RunState.DONE: "green",
    RunState.FAILED: "red",
}


@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    page = page_of(visible_runs(request.actor), request)  # type: ignore[attr-defined]
    rows = [{"run": run, **run_context(run)} for run in page]
    return render(request, "intake/list.html", {"page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def new_run(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    if request.method != "POST":
        return form_page(request, TableForm(by=actor))
    form = TableForm(request.POST, request.FILES, by=actor)
    if not form.is_valid():
        return form_page(request, form, status=422)
    data, file = form.cleaned_data, form.cleaned_data["file"]
    try:
        run, made = receive_table(
            id=data["request_id"],
            kind=data["kind"],
            chunks=file.chunks(),
            name=file.name,
            by=actor,
        )
    except Invalid as error:
        form.add_error("file", str(error.sentence))
        return form_page(request, form, status=422)
    if made:
        ask_to_check(run)
    return redirect("intake:run", run.id)


def form_page(request: HttpRequest, form: TableForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "kinds": kinds_for(request.actor)}  # type: ignore[attr-defined]
    return render(request, "intake/new.html", context, status=status)


@require_safe
def template(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The empty workbook of a kind."""
    found = kind_of(kind)
    may_bring(request.actor, found.roles).require()  # type: ignore[attr-defined]
    book = io.BytesIO()
    write_template(book, found)
    book.seek(0)
    return FileResponse(book, as_attachment=True, filename=file_name(found.label, suffix="xlsx"), content_type=XLSX)


@require_safe
def run_page(request: HttpRequest, run: UUID) -> HttpResponse:
    found = visible_run(request.actor, run)  # type: ignore[attr-defined]
    return partial(request, "intake/run.html", "state", run_context(found))


@require_POST
def sheet(request: HttpRequest, run: UUID) -> HttpResponse:
    """Check another sheet of the workbook. A second tap finds it being checked and changes nothing."""
    actor = request.actor  # type: ignore[attr-defined]
    found = visible_run(actor, run)
    if take_sheet(run=found, sheet=request.POST.get("sheet", ""), by=actor):
        ask_to_check(found)
    return redirect("intake:run", found.id)


@require_POST
def load(request: HttpRequest, run: UUID) -> HttpResponse:
    """Load all rows, or the valid ones. A second tap finds the run loading and changes nothing."""
    actor = request.actor  # type: ignore[attr-defined]
    found = visible_run(actor, run)
    mode = request.POST.get("mode", "")
    if mode not in set(Mode):
        raise Invalid("mode")
    if ask_to_load(run=found, mode=Mode(mode), choice=request.POST.get("choice", ""), by=actor):
        ask_for_load(found)
        messages.success(request, _("The table is being loaded. You may leave this page."))
    return redirect("intake:run", found.id)


@require_safe
def marked(request: HttpRequest, run: UUID) -> HttpResponseBase:
    """The rows with problems, marked up, to be corrected and brought again."""
    found = visible_run(request.actor, run)  # type: ignore[attr-defined]
    path = storage.path_of(found.marked)
    if not found.marked or not path.exists():
        raise NotFound("import_marked")
    name = name_to_correct(found.name)
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=file_name(name, suffix="xlsx"), content_type=XLSX
    )
    response["Cache-Control"] = "private, no-store"
    return response


def run_context(run: ImportRun) -> dict[str, Any]:
    """What the page and the list tell of a run."""
    state = RunState(run.state)
    facts = {"state": state, "total": run.total_rows, "wrong": run.problem_rows}
    stored = run.created_rows + run.updated_rows + run.unchanged_rows
    done = max(storage.progress_of(run.id), run.done_rows) if state is RunState.LOADING else run.done_rows
    return {
        "run": run,
        "kind": kind_of(run.kind).label,
        "state": state,
        "light": "red" if state is RunState.CHECKED and run.problem_rows else LIGHTS[state],
        "busy": state in {RunState.CHECKING, RunState.LOADING},
        "read": storage.progress_of(run.id) if state is RunState.CHECKING else 0,
        "done": done,
        "right": run.total_rows - run.problem_rows,
        "left_out": max(run.done_rows - stored, 0),
        "all": may_load(**facts, mode=Mode.ALL),  # type: ignore[arg-type]
        "valid": may_load(**facts, mode=Mode.VALID),  # type: ignore[arg-type]
        "sheets": sheets_of(run),
        "choice": kind_of(run.kind).choice,
        "options": options_of(run),
        "taken": option_taken(run),
        "ended": run.finished_at,
    }


def sheets_of(run: ImportRun) -> list[str]:
    """Those among which the person may choose now."""
    names: list[str] = run.mapping.get("sheets", [])
    state = RunState(run.state)
    may = [may_take_sheet(state=state, kept=bool(run.stored), sheet=name, sheets=names) for name in names]
    return names if may and all(may) else []
