"""``minqing bench ledger``: transfers a second beside pgbench's own TPC-B, turn by turn on one server.

Both are called by pgbench over the same socket, so that what is compared is what the database does. The databases are
the bench's own and gone when it is done; the server keeps its durability.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer
from rich.table import Table

from minqing.core.command import Workshop, console, show, workshop
from minqing.core.language import sentences

_ = sentences(__name__)

app = typer.Typer()
LEDGER, YARDSTICK = "minqing_bench_ledger", "minqing_bench_tpcb"
PEOPLE, SHOPS, BATCH = 10_000, 100, 100
# a branch of TPC-B is one row that all of its transfers change: there are more of them than clients
BRANCHES = 50
POST = "SELECT points_post(uuidv7(), 'bench', uuidv7()::text, 'system:bench', '', {given});\n"
ONE = "ARRAY[:who]::bigint[], ARRAY[:shop]::bigint[], ARRAY[1]::bigint[], ARRAY['redeem'], ARRAY['']"
MANY = (
    "(SELECT array_agg({people} + (random() * {most})::int) FROM generate_series(1, {batch})), "
    "(SELECT array_agg({shops} + (random() * {last})::int) FROM generate_series(1, {batch})), "
    "array_fill(1::bigint, ARRAY[{batch}]), array_fill('redeem'::text, ARRAY[{batch}]), "
    "array_fill(''::text, ARRAY[{batch}])"
)
OPENED = "INSERT INTO points_account (kind) SELECT %s FROM generate_series(1, %s) RETURNING id"
# in parts, as an award of many is
FUNDED = """
    SELECT (points_post(gen_random_uuid(), 'bench', gen_random_uuid()::text, 'system:bench', '',
        array_fill(%(from)s::bigint, ARRAY[cardinality(part.ids)]), part.ids,
        array_fill(1000000::bigint, ARRAY[cardinality(part.ids)]),
        array_fill('award'::text, ARRAY[cardinality(part.ids)]), array_fill(''::text, ARRAY[cardinality(part.ids)]))
    ).outcome
    FROM (SELECT array_agg(id) AS ids FROM unnest(%(to)s::bigint[]) WITH ORDINALITY AS g(id, n) GROUP BY n / 1000) part
"""


@app.command(
    help=_(
        "Transfers of points a second, turn by turn with pgbench's TPC-B on the same server. Embedded database only."
    )
)
def ledger(
    as_json: Annotated[bool, typer.Option("--json", help=_("JSON on stdout instead of a table."))] = False,
    rounds: Annotated[int, typer.Option(min=1, help=_("How often each is measured."))] = 3,
    seconds: Annotated[int, typer.Option(min=1, help=_("How long each time."))] = 10,
    clients: Annotated[int, typer.Option(min=1, help=_("How many call at once."))] = 8,
) -> None:
    told = measured(rounds=rounds, seconds=seconds, clients=clients)
    if as_json:
        typer.echo(json.dumps(told, indent=2))
        return
    table = Table(_("Work"), _("Transfers a second"), _("× TPC-B"))
    for name, one in told["per_second"].items():
        table.add_row(name, f"{one:.0f}", f"{told['of_tpcb'][name]:.2f}")
    show(table)


def measured(*, rounds: int, seconds: int, clients: int) -> dict[str, Any]:
    """Medians of transfers a second, and what they are of TPC-B's in the same rounds."""
    shop = workshop(LEDGER)
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        try:
            works = [*laid_out(shop, Path(folder))]
            for number in range(rounds):
                for name, given, each in works:
                    told = shop.pgbench(*given, "-T", str(seconds), "-c", str(clients), "-j", "2", "-n")
                    found.setdefault(name, []).append(each * rate(told))
                console.print(_("round {number} of {rounds}").format(number=number + 1, rounds=rounds), highlight=False)
        finally:
            for name in (LEDGER, YARDSTICK):
                shop.drop(name)
    return report(found, rounds=rounds, seconds=seconds, clients=clients)


def laid_out(shop: Workshop, folder: Path) -> Iterator[tuple[str, list[str], int]]:
    """Name of each work, what pgbench is given, the database first, and how many transfers one transaction makes."""
    console.print(_("Laying out accounts …"))
    for name in (LEDGER, YARDSTICK):
        shop.drop(name)
        shop.make(name)
    shop.pgbench(YARDSTICK, "-U", shop.owner, "-i", "-q", "-s", str(BRANCHES))
    yield "tpcb", [YARDSTICK, "-U", shop.owner, "-b", "tpcb-like"], 1
    shop.prepare()
    with shop.connected(LEDGER) as connection:
        issuance = connection.execute(OPENED, ["issuance", 1]).fetchone()
        people = [row[0] for row in connection.execute(OPENED, ["resident", PEOPLE]).fetchall()]
        shops = [row[0] for row in connection.execute(OPENED, ["shop", SHOPS]).fetchall()]
        connection.execute(FUNDED, {"from": issuance[0] if issuance else 0, "to": people})
        connection.execute("VACUUM ANALYZE")
    anybody = f"\\set who random({people[0]}, {people[-1]})\n"
    many = MANY.format(people=people[0], most=PEOPLE - 1, shops=shops[0], last=SHOPS - 1, batch=BATCH)
    scripts = {
        "spread": (anybody + f"\\set shop random({shops[0]}, {shops[-1]})\n" + POST.format(given=ONE), 1),
        "hot_shop": (anybody + f"\\set shop {shops[0]}\n" + POST.format(given=ONE), 1),
        "batches": (POST.format(given=many), BATCH),
    }
    for name, (script, each) in scripts.items():
        (folder / name).write_text(script, encoding="utf-8")
        yield name, [LEDGER, "-U", shop.app, "-f", str(folder / name)], each


def rate(told: str) -> float:
    found = re.search(r"tps = ([\d.]+)", told)
    if found is None:
        raise SystemExit(told)
    return float(found[1])


def report(found: dict[str, list[float]], **given: int) -> dict[str, Any]:
    rates = {name: round(median(each), 1) for name, each in found.items()}
    return {
        "schema": 1,
        "processors": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 1),
        **given,
        "per_second": rates,
        "of_tpcb": {name: round(one / rates["tpcb"], 2) for name, one in rates.items()},
        "hot_shop_of_spread": round(rates["hot_shop"] / rates["spread"], 2),
        "batches_of_spread": round(rates["batches"] / rates["spread"], 2),
    }
