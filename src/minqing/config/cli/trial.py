"""``minqing trial``: does the system keep what it promises while things break?"""

from __future__ import annotations

import contextlib
import json
import shutil
import signal
import socket as sockets
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from minqing.config.cli import app, with_modules
from minqing.config.processes import Unfit
from minqing.config.words import _
from minqing.core.command import console, echo, show

if TYPE_CHECKING:
    from minqing.core.plays import FaultRun, Outcome

Seed = Annotated[int, typer.Option(help=_("The same seed breaks the same things in the same order."))]
Port = Annotated[int, typer.Option(help=_("Port on 127.0.0.1; by default a free one."))]
Folder = Annotated[Path | None, typer.Option(help=_("An empty folder for the county; by default a temporary one."))]
Json = Annotated[bool, typer.Option("--json", help=_("JSON on stdout instead of a table."))]
trial = typer.Typer(no_args_is_help=True, help=_("Break a made-up county on purpose and see what is left of it."))
app.add_typer(trial, name="trial")


@trial.command(
    help=_(
        "Kill, stop, restart and fill a county of its own while people report, move, import and are "
        "told.\n\nExit code 1: something was lost, done twice, left running, or not well again by itself."
    )
)
def faults(
    seed: Seed = 1,
    count: Annotated[int, typer.Option(min=1, help=_("How many faults."))] = 20,
    port: Port = 0,
    folder: Folder = None,
    each: Annotated[
        bool,
        typer.Option("--each/--once", help=_("Ask for a job of every kind and the doctor after each fault, or once.")),
    ] = True,
    as_json: Json = False,
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


def of_a_room(run: FaultRun) -> Callable[..., None]:
    """The command of a room's own fault run."""

    def command(
        seed: Seed = 1,
        faults: Annotated[int, typer.Option("--faults", min=1, help=_("How many faults at least."))] = 1000,
        minutes: Annotated[float, typer.Option(help=_("When to end though they were fewer."))] = 10.0,
        port: Port = 0,
        folder: Folder = None,
        as_json: Json = False,
    ) -> None:
        from minqing.config.trials.county import County
        from minqing.config.trials.ground import battered

        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
        with place(folder) as var:
            county = County(var, port or free_port())

            def say(line: str) -> None:
                console.print(line, highlight=False)

            found = battered(county, run, seed=seed, faults=faults, minutes=minutes, say=say)
            if not found.wrong and folder is None:
                county.log.unlink(missing_ok=True)
        tell_run(seed, found, as_json=as_json)
        if found.wrong:
            raise typer.Exit(1)

    return command


def tell_run(seed: int, found: Outcome, *, as_json: bool) -> None:
    kinds, total = dict(sorted(found.faults.items())), sum(found.faults.values())
    if as_json:
        told = {"schema": 1, "seed": seed, "faults": total, "kinds": kinds, "figures": found.figures}
        typer.echo(json.dumps(told | {"wrong": found.wrong}, ensure_ascii=False))
        return
    table = Table(_("fault"), _("times"))
    for name, times in kinds.items():
        table.add_row(name, str(times))
    show(table)
    lines = {_("seed"): seed, _("faults"): total, _("figures"): found.figures, _("wrong"): found.wrong or _("none")}
    for label, one in lines.items():
        echo(f"{label}: {one}")


for module in with_modules("fault_runs"):
    brought: FaultRun = import_module(module).RUN
    trial.command(brought.name, help=brought.help)(of_a_room(brought))


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
