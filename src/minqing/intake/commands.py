"""``minqing import``: tables from the operator's own disk, checked first, loaded on demand."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeAlias

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from minqing.core.command import console, echo, in_the_county_s_language, ready, show
from minqing.core.language import reason_of, sentences

if TYPE_CHECKING:
    from minqing.core.actor import Actor

_ = sentences(__name__)
app = typer.Typer()

# a run of intake, whose model is that room's own
Run: TypeAlias = Any
FIRST_PROBLEMS = 20
CHUNK = 1 << 20
NOT_READABLE, PROBLEMS_LEFT = 1, 3
# kinds of files that a room takes in its own way: code → (path, load) → exit code. They are given no dry run here.
OTHER: dict[str, Callable[[Path, bool], int]] = {}


@app.command(
    "import",
    help=_(
        "Check a table, and load it with --load. Exit code 1: not readable or stopped; 3: rows with problems are left."
    ),
)
def import_table(
    kind: Annotated[str, typer.Argument(help=_("Kind of table; a wrong one is answered with all there are."))],
    file: Annotated[
        Path | None, typer.Argument(dir_okay=False, help=_("xlsx, xls, ods or CSV; with --template the file to write."))
    ] = None,
    template: Annotated[
        bool, typer.Option("--template", help=_("Write the empty table of this kind, to fill in, and nothing else."))
    ] = False,
    load: Annotated[str, typer.Option(help=_("all (or none), or valid (rows only). Without it: check only."))] = "",
    sheet: Annotated[str, typer.Option(help=_("Name of the sheet; by default the one whose headings fit."))] = "",
    marked: Annotated[Path | None, typer.Option(help=_("Where to put the rows to correct (.xlsx)."))] = None,
    choice: Annotated[
        str, typer.Option(help=_("Code of an option, where the kind of table has some: the check names them."))
    ] = "",
    header_row: Annotated[int, typer.Option(help=_("Row in which the headings stand; by default it is found."))] = 0,
    map: Annotated[
        list[str] | None,
        typer.Option(help=_("FIELD=COLUMN, as often as needed: which column (heading or letter) holds a field.")),
    ] = None,
) -> None:
    ready()
    from minqing.intake import kinds

    if load not in {"", "all", "valid"}:
        raise typer.BadParameter(_("--load is all or valid"))
    known = [one.code for one in kinds.KINDS]
    if kind not in [*known, *OTHER] or (template and kind in OTHER):
        raise typer.BadParameter(
            _("{kind}: choose one of {value}").format(
                kind=kind, value=", ".join([*known, *([] if template else OTHER)])
            )
        )
    if template:
        write_empty(kind, file or Path(f"{kind}.xlsx"))
        return
    if file is None or not file.is_file():
        raise typer.BadParameter(_("There is no file {file}.").format(file=file or ""))
    if kind in OTHER:
        raise typer.Exit(OTHER[kind](file, bool(load)))
    options = [one.code for one in found.options] if (found := kinds.KINDS.of(kind).choice) else []
    if choice and choice not in options:
        raise typer.BadParameter(
            _("--choice: {value}").format(value=", ".join(options) or _("this kind of table has none"))
        )
    layout = Layout(header_row, tuple(map or ())) if header_row or map else None
    raise typer.Exit(work(kind, file, load=load, sheet=sheet, marked=marked, choice=choice, layout=layout))


def write_empty(kind: str, target: Path) -> None:
    """The same workbook as on the page, in the county's language; never over a file that is there."""
    from minqing.intake.kinds import KINDS
    from minqing.intake.services.workbooks import write_template

    try:
        with in_the_county_s_language(), target.open("xb") as file:
            write_template(file, KINDS.of(kind))
    except FileExistsError:
        raise typer.BadParameter(_("{file} is there already. Name a file that is not.").format(file=target)) from None
    except OSError as error:
        raise typer.BadParameter(
            _("{file} cannot be written: {what}.").format(file=target, what=reason_of(error))
        ) from None
    echo(_("{file}: fill it in, then: minqing import {kind} {file}").format(file=target, kind=kind))


class Layout(NamedTuple):
    """How the operator wants the table read; nothing said: by its headings."""

    header_row: int = 0
    columns: tuple[str, ...] = ()


def work(
    kind: str,
    file: Path,
    *,
    load: str,
    sheet: str,
    marked: Path | None,
    choice: str = "",
    layout: Layout | None = None,
) -> int:
    from minqing.core.errors import DomainError
    from minqing.intake.kinds import actor_for
    from minqing.intake.services import ask_to_load

    by = actor_for(None, None)
    assert by is not None  # noqa: S101  # the system may always act
    try:
        run = received(kind, file, sheet, by, anew=layout is not None)
        if run.state == "checking":
            run = checked(run, by)
            run = read_as(run, layout, by) if layout else run
        else:
            console.print(_("Going on behind row {done_rows} of an earlier attempt.").format(done_rows=run.done_rows))
        tell_mapping(run)
        if run.state == "refused":
            console.print(f"[red]{escape(run.message)}[/]")
            return NOT_READABLE
        tell_problems(run, file, marked)
        if not load:
            return tell_next(run, kind, file, options_as_told(sheet, layout))
        ask_to_load(run=run, mode=_mode(load), choice=choice, by=by)
        return tell_result(loaded(run, by))
    except DomainError as error:
        console.print(f"[red]{escape(str(error.sentence))}[/]")
        return NOT_READABLE


def _mode(load: str):  # type: ignore[no-untyped-def]  # Django is not ready when this file is read
    from minqing.intake.enums import Mode

    return Mode(load)


def received(kind: str, file: Path, sheet: str, by: Actor, *, anew: bool = False) -> Run:
    """A run for the file: that of a load which was cut off, else, or where it is read otherwise ``anew``, a new one."""
    from minqing.core.ids import new_id
    from minqing.intake import storage
    from minqing.intake.queries import half_loaded
    from minqing.intake.services import receive_table

    with file.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        cut_off: Run | None = half_loaded(by, kind=kind, sha256=sha256, sheet=sheet)
        if cut_off is not None and not anew:
            return cut_off
        stream.seek(0)
        chunks: Iterator[bytes] = iter(lambda: stream.read(CHUNK), b"")
        limit = storage.COMMAND_BYTES
        run, _made = receive_table(
            id=new_id(), kind=kind, chunks=chunks, name=file.name, sheet=sheet, limit=limit, by=by
        )
    return run


def bar(text: str, total: int | None) -> Progress:
    progress = Progress(
        SpinnerColumn(),
        TextColumn(text),
        BarColumn(),
        TextColumn("{task.completed:.0f}"),
        TimeElapsedColumn(),
        console=console,
    )
    progress.add_task(text, total=total)
    return progress


def checked(run: Run, by: Actor) -> Run:
    from minqing.intake.services import check_run

    with bar(_("Checking"), None) as progress:
        return check_run(run=run, by=by, progress=lambda rows: progress.update(progress.task_ids[0], completed=rows))


def read_as(run: Run, layout: Layout, by: Actor) -> Run:
    """The run checked once more where the operator says which row and which columns are read."""
    from minqing.intake.kinds import KINDS
    from minqing.intake.services import lay_out
    from minqing.intake.services.layouts import columns_given

    row = layout.header_row or run.mapping.get("heading_row", 0)
    if layout.header_row:
        lay_out(run=run, sheet=run.sheet, heading_row=row, columns=None, by=by)
        run = checked(run, by)
    if layout.columns:
        columns = columns_given(layout.columns, run.mapping.get("headings", []), KINDS.of(run.kind).columns)
        lay_out(run=run, sheet=run.sheet, heading_row=row, columns=columns, by=by)
        run = checked(run, by)
    return run


def loaded(run: Run, by: Actor) -> Run:
    from minqing.intake.services import load_run

    with bar(_("Loading"), run.total_rows) as progress:
        return load_run(run=run, by=by, progress=lambda rows: progress.update(progress.task_ids[0], completed=rows))


def tell_mapping(run: Run) -> None:
    from minqing.intake.queries import options_of

    if not run.mapping:
        return
    table = Table(
        _("Heading"),
        _("Understood as"),
        title=_("{sheet} · row {heading_row}").format(
            sheet=run.mapping["sheet"], heading_row=run.mapping["heading_row"]
        ),
    )
    for heading, label in run.mapping["columns"]:
        table.add_row(escape(heading), escape(label))
    for heading in run.mapping["unknown"]:
        table.add_row(escape(heading), _("[yellow]not known, left out[/]"))
    for label in run.mapping["missing"]:
        table.add_row("–", _("[red]{label} is missing[/]").format(label=escape(label)))
    show(table)
    if others := [name for name in run.mapping.get("sheets", []) if name != run.mapping["sheet"]]:
        echo(escape(_("Other sheets, for --sheet: {others}").format(others=", ".join(others))))
    for warning in run.mapping["warnings"]:
        echo(escape(warning))
    for option, warning in options_of(run):
        if warning:
            echo(escape(_("--choice {code}: {warning}").format(code=option.code, warning=warning)))


def tell_problems(run: Run, file: Path, marked: Path | None) -> None:
    from django.conf import settings
    from django.utils import translation

    from minqing.intake import storage
    from minqing.intake.queries import name_to_correct

    echo(
        _("{total_rows} rows, {problem_rows} with problems.").format(
            total_rows=run.total_rows, problem_rows=run.problem_rows
        )
    )
    if not run.problem_rows:
        return
    table = Table(_("Row"), _("Column"), _("Value"), _("Problem"))
    for problem in run.problems[:FIRST_PROBLEMS]:
        table.add_row(*(escape(str(problem[name])) for name in ("row", "column", "value", "text")))
    show(table)
    shown = {problem["row"] for problem in run.problems[:FIRST_PROBLEMS]}
    if further := run.problem_rows - len(shown):
        echo(_("{further} more rows have problems: the table of rows to correct has them all.").format(further=further))
    if run.marked:
        # who corrects it reads the county's language, whatever the terminal's
        with translation.override(settings.LANGUAGE_CODE):
            target = marked or file.with_name(f"{name_to_correct(file.name)}.xlsx")
        try:
            shutil.copyfile(storage.path_of(run.marked), target)
        except OSError as error:
            sentence = _("{file} cannot be written: {what}. Say where the rows to correct go with --marked FILE.xlsx")
            raise typer.BadParameter(sentence.format(file=target, what=reason_of(error))) from None
        echo(_("Rows to correct: {target}").format(target=escape(str(target))))


def options_as_told(sheet: str, layout: Layout | None) -> str:
    """What was said of how the file is read, to be said once more when it is loaded."""
    told = [f'--sheet "{sheet}"'] if sheet else []
    if layout and layout.header_row:
        told.append(f"--header-row {layout.header_row}")
    told += [f'--map "{pair}"' for pair in layout.columns] if layout else []
    return "".join(f" {one}" for one in told)


def tell_next(run: Run, kind: str, file: Path, options: str) -> int:
    from minqing.intake.enums import Mode, RunState
    from minqing.intake.rules import may_load

    for mode in Mode:
        may = may_load(state=RunState(run.state), mode=mode, total=run.total_rows, wrong=run.problem_rows)
        if may:
            command = f'minqing import {kind} "{file}"{options} --load {mode}'
            console.print(_("Nothing was changed. To load: {command}").format(command=escape(command)), highlight=False)
            break
    return PROBLEMS_LEFT if run.problem_rows else 0


def tell_result(run: Run) -> int:
    if run.state != "done":
        console.print(f"[red]{escape(run.message)}[/]")
        return NOT_READABLE
    stored = run.created_rows + run.updated_rows + run.unchanged_rows
    left = run.done_rows - stored
    echo(
        _("{created_rows} new, {updated_rows} changed, {unchanged_rows} as before, {left} left out.").format(
            created_rows=run.created_rows, updated_rows=run.updated_rows, unchanged_rows=run.unchanged_rows, left=left
        )
    )
    return PROBLEMS_LEFT if left else 0
