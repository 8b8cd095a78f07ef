"""``minqing trial``: does the system keep what it promises while things break?"""

from __future__ import annotations

import json
import signal
import socket as sockets
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from minqing.config.cli import app
from minqing.config.cli.base import console, show, tell

trial = typer.Typer(no_args_is_help=True, help="Break a made-up county on purpose and see what is left of it.")
app.add_typer(trial, name="trial")


@trial.command()
def faults(
    seed: Annotated[int, typer.Option(help="The same seed breaks the same things in the same order.")] = 1,
    count: Annotated[int, typer.Option(min=1, help="How many faults.")] = 20,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; by default a free one.")] = 0,
    folder: Annotated[Path | None, typer.Option(help="Where the county lies; by default a temporary folder.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout instead of a table.")] = False,
) -> None:
    """Kill, stop, restart and fill a county of its own while people report, move, import and are told.

    Exit code 1: something was lost, done twice, left running, or not well again by itself.
    """
    from minqing.config.trials.county import County
    from minqing.config.trials.disks import small_disk, unmount
    from minqing.config.trials.faults import run

    # whatever ends it, nothing is left running
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))
    base = folder or Path(tempfile.mkdtemp(prefix="minqing-trial-"))
    base.mkdir(parents=True, exist_ok=True)
    var = base / "var"
    var.mkdir(exist_ok=True)
    disk = small_disk(var)
    if not disk:
        console.print("No disk is filled: that takes root and the right to mount.")
    try:
        county = County(var, port or free_port())
        found = run(
            county=county, seed=seed, count=count, disk=disk, say=lambda text: console.print(text, highlight=False)
        )
    finally:
        if disk:
            unmount(var)
    told = found.told()
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        tell_all(told)
    if found.wrong:
        raise typer.Exit(1)


def free_port() -> int:
    with sockets.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def tell_all(told: dict[str, object]) -> None:
    table = Table("fault", "times", "median s", "most s")
    kinds = told["kinds"]
    assert isinstance(kinds, dict)  # noqa: S101
    for name, one in kinds.items():
        table.add_row(name, str(one["count"]), str(one["median_seconds"]), str(one["most"]))
    show(table)
    for name in ("figures", "late", "wrong"):
        tell(f"{name}: {told[name] or 'none'}")
