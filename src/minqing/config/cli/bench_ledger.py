"""``minqing bench ledger``: transfers a second beside pgbench's own TPC-B, turn by turn on one server.

Both are called by pgbench over the same socket, so that what is compared is what the database does. The databases are
the bench's own and gone when it is done; the server keeps its durability.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from minqing.config import embedded
from minqing.config.cli.base import ready
from minqing.config.cli.bench_matters import drop
from minqing.config.cli.database import bring_up_to_date
from minqing.config.cluster import binaries
from minqing.config.env import env
from minqing.config.processes import check_folder
from minqing.config.words import _
from minqing.core.command import console

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


def bench_ledger(*, rounds: int, seconds: int, clients: int) -> dict[str, Any]:
    """Medians of transfers a second, and what they are of TPC-B's in the same rounds."""
    settings = env()
    if not settings.embedded:
        raise SystemExit("minqing bench ledger makes databases of its own: unset DATABASE_URL.")
    check_folder(settings.var)
    os.environ["MINQING_DB_NAME"] = LEDGER
    env.cache_clear()
    socket = embedded.start(settings.pgdata)
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        try:
            works = [*laid_out(socket, Path(folder))]
            for number in range(rounds):
                for name, given, each in works:
                    told = pgbench(socket, *given, "-T", str(seconds), "-c", str(clients), "-j", "2", "-n")
                    found.setdefault(name, []).append(each * rate(told))
                console.print(_("round {number} of {rounds}").format(number=number + 1, rounds=rounds), highlight=False)
        finally:
            for name in (LEDGER, YARDSTICK):
                drop(socket, name)
    return report(found, rounds=rounds, seconds=seconds, clients=clients)


def laid_out(socket: embedded.Socket, folder: Path) -> Iterator[tuple[str, list[str], int]]:
    """Name of each work, what pgbench is given for it, and how many transfers one of its transactions makes."""
    console.print(_("Laying out accounts …"))
    drop(socket, LEDGER)
    drop(socket, YARDSTICK)
    embedded.ensure_database(socket, YARDSTICK)
    pgbench(socket, "-U", embedded.OWNER, "-i", "-q", "-s", str(BRANCHES), YARDSTICK)
    yield "tpcb", ["-U", embedded.OWNER, "-b", "tpcb-like", YARDSTICK], 1
    ready(makes=True)
    bring_up_to_date(ours=True)
    with embedded.superuser(socket, LEDGER) as connection:
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
        yield name, ["-U", embedded.APP, "-f", str(folder / name), LEDGER], each


def pgbench(socket: embedded.Socket, *given: str) -> str:
    """What it prints; it comes with the embedded server."""
    program = binaries() / "pgbench"
    # the database's name is the last
    *options, database = order(given)
    where = ["-h", str(socket.folder), "-p", str(socket.port)]
    return subprocess.run([str(program), *where, *options, database], check=True, capture_output=True, text=True).stdout


def order(given: Sequence[str]) -> list[str]:
    """Options first, whatever stands behind the database's name."""
    name = next(one for one in given if one in {LEDGER, YARDSTICK})
    return [*(one for one in given if one != name), name]


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
