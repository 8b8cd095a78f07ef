"""The county register through the door of tables, turn by turn with a bare COPY of the rows that it left."""

from __future__ import annotations

import csv
import resource
import time
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, Final

from django.apps import apps
from django.db import connections, transaction
from psycopg import Connection, sql

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.demo.people import Homes
from minqing.households.demo import Spot, rows_of
from minqing.households.imports import HOUSEHOLDS
from minqing.intake.enums import Mode
from minqing.intake.services import ask_to_load, check_run, load_run, receive_table
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as

# a supply of people that no made-up village takes from
APART: Final = 19
TABLES: Final = ("households_household", "households_resident", "households_taggrant")
PIECE: Final = 1 << 20
FOREIGN_KEYS: Final = (
    "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'"
)


def supply() -> Iterator[list[dict[str, str]]]:
    """Households without end, each as rows of the table of households, in villages of the made-up county."""
    area = apps.get_model("org.Area")
    with transaction.atomic(), acting_as(system_actor("bench.import")):
        villages = list(area.objects.filter(level="village").order_by("code"))
    homes, random = Homes("bench-import", clock.today(), APART), Random("bench-import")  # noqa: S311  # no secrets
    number = 0
    while True:
        number += 1
        village: Any = random.choice(villages)
        spot = Spot(f"BENCH{number:07}", village, village)
        home = homes.home(spot.number, village.name, random.choice((1, 2, 2, 3, 3, 4, 5)))
        yield [{**row, "grid": ""} for row in rows_of(spot, home)]


def written(path: Path, homes: Iterator[list[dict[str, str]]], rows: int) -> int:
    """A CSV file of at least so many rows, whole households; how many there are."""
    columns = HOUSEHOLDS.columns
    named = [one for one in columns if one.name in {"village", "number", "name", "sex", "identity_number", "relation",
                                                    "phone", "address", "tags"}]  # fmt: skip
    count = 0
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        out = csv.writer(file)
        out.writerow([one.synonyms[0] for one in named])
        while count < rows:
            for row in next(homes):
                out.writerow([row.get(one.name, "") for one in named])
                count += 1
    return count


def loaded(path: Path, by: Actor) -> dict[str, float]:
    """Seconds of the dry run and of the load of a file, and of this process's processor in both."""
    with path.open("rb") as stream:
        chunks = iter(lambda: stream.read(PIECE), b"")
        run, _made = receive_table(id=new_id(), kind=HOUSEHOLDS.code, chunks=chunks, name=path.name, sheet="",
                                   limit=1 << 31, by=by)  # fmt: skip
    begun, cpu = time.perf_counter(), time.process_time()
    run = check_run(run=run, by=by, progress=lambda _rows: None)
    looked = time.perf_counter()
    ask_to_load(run=run, mode=Mode.VALID, choice="", by=by)
    run = load_run(run=run, by=by, progress=lambda _rows: None)
    if run.created_rows != run.total_rows:
        raise SystemExit(f"{run.created_rows} of {run.total_rows} rows: {run.message} {run.problems[:3]}")
    return {"check_s": looked - begun, "load_s": time.perf_counter() - looked, "cpu_s": time.process_time() - cpu}


def twins(owner: Connection) -> None:
    """Empty tables with the columns, indexes, foreign keys and kept columns of those that are loaded."""
    for table in TABLES:
        twin = sql.Identifier(f"bench_{table}")
        owner.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(twin, sql.Identifier(table)))
        for (key,) in owner.execute(FOREIGN_KEYS, [table]).fetchall():
            owner.execute(sql.SQL("ALTER TABLE {} ADD {}").format(twin, sql.SQL(key)))


def columns_of(owner: Connection, table: str) -> sql.Composed:
    rows = owner.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
        "AND attgenerated = '' ORDER BY attnum",
        [table],
    ).fetchall()
    return sql.SQL(", ").join(sql.Identifier(name) for (name,) in rows)


def copied(owner: Connection, since: Any) -> float:
    """Seconds of COPY alone, of the rows that came since that moment, into the twins of their tables."""
    took = 0.0
    for table, moment in zip(TABLES, ("changed_at", "changed_at", "granted_at"), strict=True):
        names = columns_of(owner, table)
        out = sql.SQL("COPY (SELECT {} FROM {} WHERE {} >= {} ORDER BY id) TO STDOUT").format(
            names, sql.Identifier(table), sql.Identifier(moment), sql.Literal(since)
        )
        with owner.cursor().copy(out) as source:
            data = [bytes(one) for one in source]
        into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(f"bench_{table}"), names)
        begun = time.perf_counter()
        with owner.cursor().copy(into) as target:
            for one in data:
                target.write(one)
        owner.commit()
        took += time.perf_counter() - begun
    return took


def measure(owner: Connection, folder: Path, *, rows: int, rounds: int) -> dict[str, Any]:
    """Figures as docs/operations.md describes them: each round a file is loaded, then its rows are copied."""
    by, homes = system_actor("bench.import"), supply()
    twins(owner)
    owner.commit()
    told: list[dict[str, float]] = []
    for number in islice(range(rounds), rounds):
        path = folder / f"register-{number}.csv"
        count = written(path, homes, rows // rounds)
        since = clock.now()
        told.append({"rows": count, **loaded(path, by), "copy_s": copied(owner, since)})
        path.unlink()
    for alias in connections:
        connections[alias].close()
    sums: dict[str, float] = defaultdict(float)
    for one in told:
        for name, value in one.items():
            sums[name] += value
    return {
        **{name: round(value, 2) for name, value in sums.items()},
        "load_of_copy": round(sums["load_s"] / sums["copy_s"], 2),
        "all_of_copy": round((sums["load_s"] + sums["check_s"]) / sums["copy_s"], 2),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "rounds": [{name: round(value, 2) for name, value in one.items()} for one in told],
    }
