"""``minqing trial``: does the system keep what it promises while things break?"""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import socket as sockets
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from minqing.config.cli import app, with_modules
from minqing.config.processes import Unfit
from minqing.config.words import _
from minqing.core.command import console, echo, show

trial = typer.Typer(no_args_is_help=True, help=_("Break a made-up county on purpose and see what is left of it."))
app.add_typer(trial, name="trial")


@trial.command(
    help=_(
        "Kill, stop, restart and fill a county of its own while people report, move, import and are "
        "told.\n\nExit code 1: something was lost, done twice, left running, or not well again by itself."
    )
)
def faults(
    seed: Annotated[int, typer.Option(help=_("The same seed breaks the same things in the same order."))] = 1,
    count: Annotated[int, typer.Option(min=1, help=_("How many faults."))] = 20,
    port: Annotated[int, typer.Option(help=_("Port on 127.0.0.1; by default a free one."))] = 0,
    folder: Annotated[
        Path | None, typer.Option(help=_("An empty folder for the county; by default a temporary one."))
    ] = None,
    each: Annotated[
        bool,
        typer.Option("--each/--once", help=_("Ask for a job of every kind and the doctor after each fault, or once.")),
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help=_("JSON on stdout instead of a table."))] = False,
) -> None:
    from minqing.config.trials.county import County
    from minqing.config.trials.disks import small_disk, unmount
    from minqing.config.trials.faults import run

    # who plays the people of a county is one room's business
    (module,) = with_modules("trials")
    # whatever ends it, nothing is left running
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    well = False
    with place(folder) as var:
        disk = small_disk(var)
        if not disk:
            console.print(_("No disk is filled: that takes root and the right to mount."))
        county = County(var, port or free_port())
        try:
            found = run(
                county=county,
                module=module,
                seed=seed,
                count=count,
                disk=disk,
                each=each,
                say=lambda text: console.print(text, highlight=False),
            )
            well = not found.wrong
        finally:
            if disk:
                unmount(var)
            if well and folder is None:
                county.log.unlink(missing_ok=True)
    told = found.told()
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        tell_all(told)
    if found.wrong:
        raise typer.Exit(1)


@contextlib.contextmanager
def place(folder: Path | None) -> Iterator[Path]:
    """An empty folder for the county's data: nobody else's county may lie where disks are filled and servers killed.

    Of a temporary one only what is put beside the data is kept, its log where something went wrong.
    """
    if folder is not None and folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Unfit(
            _("{folder} is not an empty folder. A trial breaks what lies there: name a new one.").format(folder=folder)
        )
    base = folder or Path(tempfile.mkdtemp(prefix="minqing-trial-"))
    var = base / "var"
    var.mkdir(parents=True)
    try:
        yield var
    finally:
        if folder is None:
            shutil.rmtree(var, ignore_errors=True)
            with contextlib.suppress(OSError):
                base.rmdir()
            if base.exists():
                console.print(_("The log of what went wrong is in {base}").format(base=base), highlight=False)


def free_port() -> int:
    with sockets.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def tell_all(told: dict[str, object]) -> None:
    table = Table(_("fault"), _("times"), _("median s"), _("most s"))
    kinds = told["kinds"]
    assert isinstance(kinds, dict)  # noqa: S101
    for name, one in kinds.items():
        table.add_row(name, str(one["count"]), str(one["median_seconds"]), str(one["most"]))
    show(table)
    none = _("none")
    for name, label in (("figures", _("figures")), ("late", _("late")), ("wrong", _("wrong"))):
        echo(f"{label}: {told[name] or none}")
