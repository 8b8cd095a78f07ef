"""Pages of table imports. Config gives them the gate, because roles are known only above this room."""

from __future__ import annotations

import io
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.errors import Invalid, NotFound, SheetError
from minqing.core.ids import new_id
from minqing.core.sheets.headings import LOWEST_HEADINGS
from minqing.intake import storage
from minqing.intake.enums import Mode, RunState, Way
from minqing.intake.forms import ColumnsForm, TableForm, name_of
from minqing.intake.kinds import KINDS, kinds_for
from minqing.intake.models import ImportRun
from minqing.intake.queries import (
    is_alone,
    name_to_correct,
    option_taken,
    options_of,
    sheets_in,
    visible_run,
    visible_runs,
)
from minqing.intake.rules import may_bring, may_lay_out, may_load
from minqing.intake.services import ask_to_load, lay_out, receive_table
from minqing.intake.services.preview import opened, preview_of, read_otherwise
from minqing.intake.services.reading import Reading, column_name, headings_of
from minqing.intake.services.workbooks import write_template
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
        # whoever was led here to bring one kind finds it chosen
        return form_page(request, TableForm(by=actor, initial={"kind": request.GET.get("kind", "")}))
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
    found = KINDS.of(kind)
    may_bring(request.actor, found.roles).require()  # type: ignore[attr-defined]
    book = io.BytesIO()
    write_template(book, found)
    book.seek(0)
    return FileResponse(book, as_attachment=True, filename=file_name(found.label, suffix="xlsx"), content_type=XLSX)


@require_safe
def run_page(request: HttpRequest, run: UUID) -> HttpResponse:
    found = visible_run(request.actor, run)  # type: ignore[attr-defined]
    return partial(request, "intake/run.html", "state", run_context(found))


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, run: UUID) -> HttpResponse:
    """Which column is which, with the first rows as they are understood so. A second tap changes nothing."""
    actor = request.actor  # type: ignore[attr-defined]
    found = visible_run(actor, run)
    if request.method == "POST" and "anew" in request.POST:
        return laid_out(found, LayOut(found.sheet, found.mapping.get("heading_row", 0), None), actor)
    if request.method != "POST":
        layout_of(found).require()
        return columns_page(request, found, asked_for(request, found))
    sheet, heading_row = request.POST.get("sheet", "")[:60], number_in(request.POST.get("heading_row", ""))
    return columns_page(request, found, read_otherwise(found, sheet, heading_row))


def columns_page(request: HttpRequest, run: ImportRun, asked: ImportRun) -> HttpResponse:
    """The table as ``asked``: its form, its first rows; and what was sent is done, unless it is only looked at."""
    actor = request.actor  # type: ignore[attr-defined]
    context: dict[str, Any] = {"run": run, "kind": KINDS.of(run.kind).label, "sheets": run.mapping.get("sheets", [])}
    context |= {"sheet": asked.sheet or run.mapping.get("sheet", ""), "most": LOWEST_HEADINGS}
    context["heading_row"] = asked.layout.get("heading_row") or run.mapping.get("heading_row", 1)
    try:
        with opened(asked, actor) as reading:
            form = form_for(request, run, reading)
            if form.is_bound and form.is_valid() and "look" not in request.POST:
                data = form.cleaned_data
                return laid_out(run, LayOut(data["sheet"], data["heading_row"], form.taken()), actor)
            # what is wrong with the choice is told beside it; what is right of it is shown
            preview = preview_of(reading, actor, form.taken() if form.is_bound else None)
            context |= {"form": form, "heading_row": reading.sheet.heading_row, "warnings": reading.doubles()}
            context |= {"preview": preview, "lines": [(one, form[name_of(one.column.name)]) for one in preview.lines]}
    except SheetError as error:
        context["error"] = error.sentence
    wrong = "error" in context or bool(context["form"].errors)
    part = "rows" if "rows" in request.GET else "columns"
    return partial(request, "intake/columns.html", part, context, status=422 if wrong and request.POST else 200)


def form_for(request: HttpRequest, run: ImportRun, reading: Reading) -> ColumnsForm:
    headings = headings_of(reading.sheet)
    options = [column_name(place, heading) for place, heading in enumerate(headings)]
    # a sheet whose name is too long to be chosen by is the one that was read anyway
    sheet = reading.sheet.name if reading.sheet.name in sheets_in(run) else run.sheet
    data = request.POST.copy() if request.POST else None
    if data is not None and "look" in data:
        # whoever has looked sends the form itself after it
        data["request_id"] = str(new_id())
    form = ColumnsForm(
        data,
        kind=reading.kind,
        options=options,
        columns=reading.match.columns,
        initial={"sheet": sheet, "heading_row": reading.sheet.heading_row},
    )
    form.stands_at(f"import:{run.id}", [run.sheet, run.layout])
    return form


class LayOut(NamedTuple):
    """How a person wants a table read."""

    sheet: str
    heading_row: int
    columns: dict[str, int] | None


def laid_out(run: ImportRun, wanted: LayOut, actor: Actor) -> HttpResponse:
    if lay_out(run=run, by=actor, **wanted._asdict()):
        ask_to_check(run)
    return redirect("intake:run", run.id)


def asked_for(request: HttpRequest, run: ImportRun) -> ImportRun:
    """The run as the address wants it read: a row of headings is one of the sheet on which it was named."""
    sheet = request.GET.get("sheet", "")[:60]
    same = sheet == request.GET.get("of", "")
    return read_otherwise(run, sheet, number_in(request.GET.get("heading_row", "")) if same else 0)


def number_in(text: str) -> int:
    """A row of headings; 0 where none is named that there can be."""
    return int(text) if text.isascii() and text.isdigit() and int(text[:6]) <= LOWEST_HEADINGS else 0


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


def run_context(run: ImportRun) -> dict[str, object]:
    """What the page and the list tell of a run."""
    state = RunState(run.state)
    facts = {"state": state, "total": run.total_rows, "wrong": run.problem_rows, "alone": is_alone(run)}
    stored = run.created_rows + run.updated_rows + run.unchanged_rows
    done = max(storage.progress_of(run.id), run.done_rows) if state is RunState.LOADING else run.done_rows
    return {
        "run": run,
        "kind": KINDS.of(run.kind).label,
        "state": state,
        "light": "red" if state is RunState.CHECKED and run.problem_rows else LIGHTS[state],
        "busy": state in {RunState.CHECKING, RunState.LOADING},
        "read": storage.progress_of(run.id) if state is RunState.CHECKING else 0,
        "done": done,
        "right": run.total_rows - run.problem_rows,
        "left_out": max(run.done_rows - stored, 0),
        "all": may_load(**facts, mode=Mode.ALL),  # type: ignore[arg-type]
        "valid": may_load(**facts, mode=Mode.VALID),  # type: ignore[arg-type]
        "may_lay_out": layout_of(run),
        "by_memory": run.layout.get("by") == Way.MEMORY,
        "choice": KINDS.of(run.kind).choice,
        "options": options_of(run),
        "taken": option_taken(run),
        "ended": run.finished_at,
    }


def layout_of(run: ImportRun) -> Decision:
    """Whether the person may say now how the table is read."""
    return may_lay_out(state=RunState(run.state), kept=bool(run.stored), sheet=run.sheet, sheets=sheets_in(run))
