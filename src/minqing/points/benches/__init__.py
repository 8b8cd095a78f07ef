"""``minqing bench ledger``: transfers a second beside pgbench's own TPC-B, turn by turn on one server.

Both are called by pgbench over the same socket, so that what is compared is what the database does. The databases are
the bench's own and gone when it is done; the server keeps its durability.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from statistics import median
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from minqing.core.command import console, show, workshop
from minqing.core.language import sentences
from minqing.points.benches import growth, hordak
from minqing.points.benches.works import LEDGER, YARDSTICK, laid_out, per_second

_ = sentences(__name__)

app = typer.Typer()
# one shop is compared with all of them where many wait for each other
CROWD: Final = 32


@app.command(
    help=_(
        "Transfers of points a second, turn by turn with pgbench's TPC-B on the same server, and with django-hordak "
        "where that is installed. Embedded database only."
    )
)
def ledger(
    as_json: Annotated[bool, typer.Option("--json", help=_("JSON on stdout instead of a table."))] = False,
    rounds: Annotated[int, typer.Option(min=1, help=_("How often each is measured."))] = 3,
    seconds: Annotated[int, typer.Option(min=1, help=_("How long each time."))] = 10,
    clients: Annotated[int, typer.Option(min=1, help=_("How many call at once."))] = 8,
    most: Annotated[int, typer.Option(min=0, help=_("Up to how many transfers to grow, to see what one costs."))] = 0,
    minutes: Annotated[int, typer.Option(min=1, help=_("How long at most transfers are laid in for that."))] = 5,
) -> None:
    told = measured(rounds=rounds, seconds=seconds, clients=clients, most=most, minutes=minutes)
    if as_json:
        typer.echo(json.dumps(told, indent=2))
        return
    table = Table(_("Work"), _("Transfers a second"), _("× TPC-B"))
    for name, one in told["per_second"].items():
        table.add_row(name, f"{one:.0f}", f"{told['of_tpcb'][name]:.2f}")
    show(table)
    if told["growth"]:
        table = Table(_("Transfers before it"), _("Transfers a second"), _("× TPC-B"), _("Cost of one, × the first"))
        for one in told["growth"]:
            cells = (f"{one['transfers']:,}", f"{one['per_second']:.0f}", f"{one['of_tpcb']:.2f}", f"{one['cost']:.2f}")
            table.add_row(*cells)
        show(table)


def measured(*, rounds: int, seconds: int, clients: int, most: int, minutes: int) -> dict[str, Any]:
    """Medians of transfers a second, and what they are of TPC-B's in the same rounds."""
    shop = workshop(LEDGER)
    found: dict[str, list[float]] = {}
    grown: list[growth.Step] = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            works = laid_out(shop, Path(folder), clients=clients, crowd=CROWD)
            if most:
                grown = growth.measured(shop, works, rounds=rounds, seconds=seconds, most=most, minutes=minutes)
            beside = hordak.Beside(shop, clients) if hordak.is_there() else None
            for number in range(rounds):
                for one in works:
                    found.setdefault(one.name, []).append(per_second(shop, one, seconds))
                if beside:
                    found.setdefault("hordak", []).append(beside.per_second(seconds))
                console.print(_("round {number} of {rounds}").format(number=number + 1, rounds=rounds), highlight=False)
        finally:
            for name in (LEDGER, YARDSTICK, growth.DATABASE, hordak.DATABASE):
                shop.drop(name)
    return report(found, grown, rounds=rounds, seconds=seconds, clients=clients)


def report(found: dict[str, list[float]], grown: list[growth.Step], **given: int) -> dict[str, Any]:
    rates = {name: round(median(each), 1) for name, each in found.items()}

    def share(name: str, of: str) -> float | None:
        return round(rates[name] / rates[of], 2) if name in rates and of in rates else None

    return {
        "schema": 1,
        "processors": os.cpu_count(),
        "load_average": round(os.getloadavg()[0], 1),
        **given,
        "crowd": CROWD,
        "per_second": rates,
        "of_tpcb": {name: share(name, "tpcb") for name in rates},
        "hot_shop_of_spread": share("hot_shop", "spread"),
        "crowd_hot_shop_of_spread": share("crowd_hot_shop", "crowd_spread"),
        "batches_of_spread": share("batches", "spread"),
        "spread_of_hordak": share("spread", "hordak"),
        "growth": growth.told(grown),
    }
