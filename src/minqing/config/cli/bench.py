"""``minqing bench``: how long the main pages take, against a bare Django page in the same process."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.table import Table

from minqing.config.cli import app
from minqing.config.cli.base import console, ready

bench = typer.Typer(no_args_is_help=True, help="Measure this machine with the demo's data.")
app.add_typer(bench, name="bench")
MOST_TIMES, MOST_QUERIES = 6.0, 20


@bench.command()
def pages(
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout instead of a table.")] = False,
    rounds: Annotated[int, typer.Option(min=1, help="How often each page is asked for.")] = 30,
) -> None:
    """Time the main pages in this process, turn by turn with a bare Django page. Needs a loaded demo."""
    ready()
    from minqing.demo.bench import main_pages, time_pages
    from minqing.demo.services import Contents, contents

    if contents() is not Contents.DEMO:
        console.print("[red]There is no demo here.[/] In an empty database: minqing demo --scale township")
        raise typer.Exit(1)
    timings = list(time_pages(main_pages(), rounds=rounds))
    if as_json:
        typer.echo(json.dumps([timing.as_json() for timing in timings], indent=2))
        return
    table = Table("Page", "ms", "× bare", "Queries", "KiB", title=f"Medians of {rounds} rounds")
    for one in timings:
        slow, many = one.ratio > MOST_TIMES, one.queries > MOST_QUERIES
        table.add_row(
            one.page, f"{one.ms:.1f}", marked(f"{one.ratio:.1f}", slow), marked(str(one.queries), many),
            f"{one.kilobytes:.1f}",
        )  # fmt: skip
    console.print(table)


@bench.command()
def matters(
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout instead of a table.")] = False,
    sizes: Annotated[str, typer.Option(help="How many matters, separated by commas.")] = "10000,1000000",
    rounds: Annotated[int, typer.Option(min=3, help="How often each page is asked for.")] = 40,
    seconds: Annotated[int, typer.Option(min=5, help="Longest time for one size.")] = 180,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the databases for the next run.")] = False,
) -> None:
    """Time matters over HTTP in databases of its own, turn by turn with a bare Django page. Embedded database only."""
    from minqing.config.cli.bench_matters import bench_matters

    wanted = sorted({int(one) for one in sizes.split(",") if one.strip().isdigit()})
    if not wanted:
        raise typer.BadParameter("--sizes 10000,1000000")
    told = bench_matters(wanted, rounds=rounds, seconds=seconds, keep=keep)
    if as_json:
        typer.echo(json.dumps(told, indent=2))
        return
    for size, figures in told["sizes"].items():
        columns = ("statements", "cpu_ms", "p50_ms", "p95_ms", "per_second", "of_bare")
        table = Table("Action", *columns, title=f"{int(size):,} matters, {figures['rounds']} rounds")
        for name, one in figures["actions"].items():
            table.add_row(name, *(str(one.get(column, "")) for column in columns))
        console.print(table)
    console.print("p95 grows by", told["p95_growth"], highlight=False)


def marked(text: str, too_much: bool) -> str:
    return f"[red]{text}[/]" if too_much else text
