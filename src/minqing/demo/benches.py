"""``minqing bench pages``, ``matters``: pages of the made-up county beside a bare one; ``phones``; ``import``.

All but the first have databases of their own, those of matters and phones a server too, gone when they are done.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from minqing.core.command import (
    Workshop,
    bring_up_to_date,
    console,
    echo,
    in_the_county_s_language,
    ready,
    show,
    workshop,
)
from minqing.core.language import sentences

_ = sentences(__name__)

app = typer.Typer()
# laid out once with the demo's people and some thousand matters, and copied for each size
BASE = "minqing_bench"
PHONES = "minqing_bench_phones"
REGISTER = "minqing_bench_import"
# what each page is held to, in a whole county as in a village
MOST_MS, MOST_KILOBYTES = 300.0, 200.0


@app.command(
    help=_("Time every page of every role in this process, turn by turn with a bare Django page. Needs a loaded demo.")
)
def pages(
    scale: Annotated[str, typer.Option(help=_("The demo to measure; an empty database gets it first."))] = "",
    as_json: Annotated[bool, typer.Option("--json", help=_("JSON on stdout instead of a table."))] = False,
    rounds: Annotated[int, typer.Option(min=1, help=_("How often each page is asked for."))] = 5,
    who: Annotated[str, typer.Option(help=_("Only these user names of the demo, separated by commas."))] = "",
    worst: Annotated[int, typer.Option(min=1, help=_("How many of the slowest the table shows."))] = 40,
) -> None:
    ready(makes=bool(scale), lends=bool(scale))
    from minqing.demo.bench import time_pages
    from minqing.demo.crawler import every_page

    measured_demo(scale)
    people = [one.strip() for one in who.split(",") if one.strip()]
    found = list(every_page(people)) if people else list(every_page())
    timings = list(time_pages(found, rounds=rounds))
    over_ms = [one for one in timings if one.html and one.ms > MOST_MS]
    over_size = [one for one in timings if one.html and one.kilobytes > MOST_KILOBYTES]
    summary = {
        "rounds": rounds,
        "pages": sum(one.html for one in timings),
        "most_ms": MOST_MS,
        "over_ms": len(over_ms),
        "most_kilobytes": MOST_KILOBYTES,
        "over_kilobytes": len(over_size),
    }
    if as_json:
        typer.echo(json.dumps(summary | {"timings": [one.as_json() for one in timings]}, indent=2))
        return
    table = Table(
        _("Who"),
        _("Page"),
        _("Address"),
        _("ms"),
        _("CPU ms"),
        _("× bare"),
        _("Statements"),
        _("KiB"),
        title=_("Medians of {rounds} rounds").format(rounds=rounds),
    )
    for one in sorted(timings, key=lambda one: -one.ms)[:worst]:
        table.add_row(
            one.username,
            one.page,
            one.url,
            marked(f"{one.ms:.1f}", one in over_ms),
            f"{one.cpu_ms:.0f}",
            f"{one.ratio:.1f}",
            str(one.queries),
            marked(f"{one.kilobytes:.1f}", one in over_size),
        )
    show(table)
    echo(
        _("{pages} pages: {over_ms} above {most_ms} ms, {over_size} above {most_size} KiB.").format(
            pages=summary["pages"],
            over_ms=len(over_ms),
            most_ms=f"{MOST_MS:.0f}",
            over_size=len(over_size),
            most_size=f"{MOST_KILOBYTES:.0f}",
        ),
    )


def measured_demo(scale: str) -> None:
    """Make sure that a demo is here, of ``scale`` where one is asked for; ends with a sentence if not."""
    from minqing.demo.scales import Scale
    from minqing.demo.services import Contents, contents, load_demo, loaded_scale

    if scale and scale not in set(Scale):
        raise typer.BadParameter(_("{scale}: choose one of {Scale}").format(scale=scale, Scale=", ".join(Scale)))
    # looked at first: a database that is not to be measured is left as it is
    found = contents()
    if found is Contents.NOTHING and scale:
        bring_up_to_date()
        with in_the_county_s_language():
            load_demo(scale=Scale(scale), seed=1, console=console)
    elif found is not Contents.DEMO:
        console.print(_("[red]There is no demo here.[/] In an empty database: minqing demo --scale township"))
        raise typer.Exit(1)
    elif scale and loaded_scale() != scale:
        console.print(_("[red]The demo here is a {found}, no {scale}.[/]").format(found=loaded_scale(), scale=scale))
        console.print(
            _("Into a database of its own: MINQING_VAR=var-{scale} minqing demo --scale {scale}").format(scale=scale)
        )
        raise typer.Exit(1)
    else:
        bring_up_to_date()


@app.command(
    help=_(
        "Time matters over HTTP in databases of its own, turn by turn with a bare Django page. Embedded database only."
    )
)
def matters(
    as_json: Annotated[bool, typer.Option("--json", help=_("JSON on stdout instead of a table."))] = False,
    sizes: Annotated[str, typer.Option(help=_("How many matters, separated by commas."))] = "10000,1000000",
    rounds: Annotated[int, typer.Option(min=3, help=_("How often each page is asked for."))] = 40,
    seconds: Annotated[int, typer.Option(min=5, help=_("Longest time for one size."))] = 180,
    keep: Annotated[bool, typer.Option("--keep", help=_("Keep the databases for the next run."))] = False,
) -> None:
    wanted = sorted({int(one) for one in sizes.split(",") if one.strip().isdigit()})
    if not wanted:
        raise typer.BadParameter("--sizes 10000,1000000")
    told = measured(wanted, rounds=rounds, seconds=seconds, keep=keep)
    if as_json:
        typer.echo(json.dumps(told, indent=2))
        return
    for size, figures in told["sizes"].items():
        columns = ("statements", "cpu_ms", "p50_ms", "p95_ms", "per_second", "of_bare")
        table = Table(
            _("Action"),
            *columns,
            title=_("{int} matters, {rounds} rounds").format(int=f"{int(size):,}", rounds=figures["rounds"]),
        )
        for name, one in figures["actions"].items():
            table.add_row(name, *(str(one.get(column, "")) for column in columns))
        show(table)
    echo(_("p95 grows by {p95_growth}").format(p95_growth=told["p95_growth"]))


@app.command(
    help=_(
        "So many phones with diaries at once over HTTP, with photos in pieces and lost answers, and 200 diaries of one "
        "phone; says what arrived. In a database of its own. Embedded database only."
    )
)
def phones(
    as_json: Annotated[bool, typer.Option("--json", help=_("JSON on stdout instead of a table."))] = False,
    many: Annotated[int, typer.Option("--phones", min=1, max=1000, help=_("How many phones."))] = 300,
    entries: Annotated[int, typer.Option(min=1, max=100, help=_("How many diaries each has written."))] = 4,
    photos: Annotated[int, typer.Option(min=0, max=4, help=_("How many of them have a photo."))] = 1,
) -> None:
    told = phones_measured(many, entries=entries, photos=min(photos, entries))
    if as_json:
        typer.echo(json.dumps(told, indent=2))
    else:
        for title, part in (("at_once", told["at_once"]), ("arrived", told["arrived"]), ("one", told["one"])):
            table = Table(title, "")
            for name, one in part.items():
                table.add_row(name, str(one))
            show(table)
    if told["lost"] or told["doubled"]:
        console.print(_("[red]Something was lost or came twice.[/]"))
        raise typer.Exit(1)


def phones_measured(many: int, *, entries: int, photos: int) -> dict[str, Any]:
    """Figures as docs/operations.md describes them; ``lost`` and ``doubled`` are 0 where all is well."""
    shop = workshop(PHONES)
    try:
        console.print(_("Laying out people and places …"))
        shop.prepare()
        from minqing.demo import bench_phones as bench
        from minqing.demo.scales import Scale
        from minqing.demo.services.loading import load_demo

        load_demo(scale=Scale.VILLAGE, seed=1, console=console)
        ready(makes=True)
        people = bench.owners(many + 1)
        from django.db import connections

        for alias in connections:
            connections[alias].close()
        with shop.served(PHONES, "minqing.demo.measured:application") as port:
            one = bench.one_device(port, people[-1], entries=200)
            at_once = bench.at_once(port, people[:-1], entries=entries, photos=photos)
        arrived = bench.arrived()
        for alias in connections:
            connections[alias].close()
    finally:
        shop.drop(PHONES)
    sent = {"visits": many * entries + 200, "entries": many * entries + 200, "photos": many * photos,
            "pictures": many * photos}  # fmt: skip
    return {
        "schema": 1,
        "processors": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 1),
        "at_once": at_once,
        "one": one,
        "arrived": arrived,
        "lost": sum(max(0, sent[name] - number) for name, number in arrived.items()),
        "doubled": sum(max(0, number - sent[name]) for name, number in arrived.items()),
    }


@app.command(
    "import",
    help=_(
        "Load a made-up register of households as a table is loaded, turn by turn with a bare COPY of the same rows "
        "into a table with the same indexes. In a database of its own. Embedded database only."
    ),
)
def register(
    as_json: Annotated[bool, typer.Option("--json", help=_("JSON on stdout instead of a table."))] = False,
    rows: Annotated[int, typer.Option(min=1000, help=_("How many people."))] = 40_000,
    rounds: Annotated[int, typer.Option(min=1, max=50, help=_("In how many files."))] = 4,
) -> None:
    told = register_measured(rows, rounds=rounds)
    if as_json:
        typer.echo(json.dumps(told, indent=2))
        return
    table = Table("", "")
    for name, one in told.items():
        if name != "rounds":
            table.add_row(name, str(one))
    show(table)


def register_measured(rows: int, *, rounds: int) -> dict[str, Any]:
    shop = workshop(REGISTER)
    try:
        # of a run that was killed
        shop.drop(REGISTER)
        console.print(_("Laying out people and places …"))
        shop.prepare()
        from minqing.demo import bench_import as bench
        from minqing.demo.scales import Scale
        from minqing.demo.services.loading import load_demo

        load_demo(scale=Scale.VILLAGE, seed=1, console=console)
        ready(makes=True)
        with shop.connected(REGISTER) as owner, tempfile.TemporaryDirectory() as folder:
            told = bench.measure(owner, Path(folder), rows=rows, rounds=rounds)
    finally:
        shop.drop(REGISTER)
    machine = {"schema": 1, "processors": os.cpu_count(), "load_average": round(os.getloadavg()[0], 1)}
    return machine | told


def marked(text: str, too_much: bool) -> str:
    return f"[red]{text}[/]" if too_much else text


def measured(sizes: Sequence[int], *, rounds: int, seconds: int, keep: bool) -> dict[str, Any]:
    """Figures of each size, as docs/operations.md describes them. What goes on is told on stderr."""
    shop = workshop(BASE)
    made = [BASE]
    try:
        base(shop)
        found = {}
        for size in sizes:
            name = f"{BASE}_{size}"
            made.append(name)
            fill(shop, name, size)
            found[size] = timed(shop, name, rounds=rounds, seconds=seconds)
    finally:
        if not keep:
            for name in made:
                shop.drop(name)
    return report_of(found)


def report_of(found: dict[int, dict[str, object]]) -> dict[str, object]:
    from minqing.demo.bench_matters import growth

    least, most = found[min(found)], found[max(found)]
    return {
        "schema": 1,
        "processors": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 1),
        "sizes": {str(size): figures for size, figures in found.items()},
        "p95_growth": growth(least, most),
    }


def base(shop: Workshop) -> None:
    """The database that the others are copied from."""
    if not shop.exists(BASE):
        console.print(_("Laying out people and places …"))
        shop.prepare()
        from minqing.demo.services.loading import load_sample

        load_sample(console=console)
    ready(makes=True)
    from django.db import connections

    for alias in connections:
        connections[alias].close()


def fill(shop: Workshop, name: str, size: int) -> None:
    from minqing.demo.multiplying import multiply

    if shop.exists(name):
        return
    shop.make(name, like=BASE)
    begun = time.monotonic()
    try:
        with shop.connected(name) as connection:
            for what in multiply(connection, size):
                console.print(
                    _("{size} matters, {seconds} s: {what}").format(
                        size=f"{size:,}", seconds=f"{time.monotonic() - begun:.0f}", what=what
                    ),
                    highlight=False,
                )
    except BaseException:
        # half filled it would pass for full at the next run
        shop.drop(name)
        raise


def timed(shop: Workshop, name: str, *, rounds: int, seconds: int) -> dict[str, object]:
    from minqing.demo.bench_matters import actions, measure, report

    with shop.served(name, "minqing.demo.measured:application") as port, actions(port) as found:
        for number in measure(found, rounds=rounds, seconds=seconds):
            if number % 10 == 0:
                console.print(_("{name}: round {number}").format(name=name, number=number), highlight=False)
        return report(found)
