"""What is measured: databases laid out, and what pgbench is given for each work."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from minqing.core.command import Workshop, console
from minqing.core.language import sentences

_ = sentences(__name__)

LEDGER, YARDSTICK = "minqing_bench_ledger", "minqing_bench_tpcb"
PEOPLE, SHOPS, BATCH = 10_000, 100, 100
# a branch of TPC-B is one row that all of its transfers change: there are more of them than clients
BRANCHES = 50
POST: Final = "SELECT points_post(uuidv7(), 'bench', uuidv7()::text, 'system:bench', '', {given});\n"
ONE: Final = "ARRAY[:who]::bigint[], ARRAY[:shop]::bigint[], ARRAY[1]::bigint[], ARRAY['redeem'], ARRAY['']"
MANY: Final = (
    "(SELECT array_agg({people} + (random() * {most})::int) FROM generate_series(1, {batch})), "
    "(SELECT array_agg({shops} + (random() * {last})::int) FROM generate_series(1, {batch})), "
    "array_fill(1::bigint, ARRAY[{batch}]), array_fill('redeem'::text, ARRAY[{batch}]), "
    "array_fill(''::text, ARRAY[{batch}])"
)
OPENED: Final = "INSERT INTO points_account (kind) SELECT %s FROM generate_series(1, %s) RETURNING id"
# in parts, as an award of many is
FUNDED: Final = """
    SELECT (points_post(gen_random_uuid(), 'bench', gen_random_uuid()::text, 'system:bench', '',
        array_fill(%(from)s::bigint, ARRAY[cardinality(part.ids)]), part.ids,
        array_fill(1000000::bigint, ARRAY[cardinality(part.ids)]),
        array_fill('award'::text, ARRAY[cardinality(part.ids)]), array_fill(''::text, ARRAY[cardinality(part.ids)]))
    ).outcome
    FROM (SELECT array_agg(id) AS ids FROM unnest(%(to)s::bigint[]) WITH ORDINALITY AS g(id, n) GROUP BY n / 1000) part
"""


@dataclass(frozen=True, slots=True)
class Work:
    """``given`` to pgbench, the database first; so many transfers one transaction makes, and so many call at once."""

    name: str
    given: tuple[str, ...]
    clients: int
    each: int = 1


def laid_out(shop: Workshop, folder: Path, *, clients: int, crowd: int) -> list[Work]:
    console.print(_("Laying out accounts …"))
    for name in (LEDGER, YARDSTICK):
        shop.drop(name)
        shop.make(name)
    shop.pgbench(YARDSTICK, "-U", shop.owner, "-i", "-q", "-s", str(BRANCHES))
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
        "spread": anybody + f"\\set shop random({shops[0]}, {shops[-1]})\n" + POST.format(given=ONE),
        "hot_shop": anybody + f"\\set shop {shops[0]}\n" + POST.format(given=ONE),
        "batches": POST.format(given=many),
    }
    for name, script in scripts.items():
        (folder / name).write_text(script, encoding="utf-8")

    def scripted(script: str, name: str = "", at_once: int = clients) -> Work:
        given = (LEDGER, "-U", shop.app, "-f", str(folder / script))
        return Work(name or script, given, at_once, BATCH if script == "batches" else 1)

    return [
        Work("tpcb", (YARDSTICK, "-U", shop.owner, "-b", "tpcb-like"), clients),
        *map(scripted, scripts),
        scripted("spread", "crowd_spread", crowd),
        scripted("hot_shop", "crowd_hot_shop", crowd),
    ]


def per_second(shop: Workshop, work: Work, seconds: int) -> float:
    """Transfers, once."""
    told = shop.pgbench(*work.given, "-T", str(seconds), "-c", str(work.clients), "-j", "2", "-n")
    found = re.search(r"tps = ([\d.]+)", told)
    if found is None:
        raise SystemExit(told)
    return work.each * float(found[1])
