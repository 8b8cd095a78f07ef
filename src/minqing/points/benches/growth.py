"""What one transfer costs when many lie before it.

They are laid into the ledger's own tables as transfers would have left them, and so that ``points verify`` finds
nothing; many at a time, since one by one ten million would take hours.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from statistics import median
from typing import Any, Final

from minqing.core.command import Workshop, console
from minqing.core.language import sentences
from minqing.points.benches.works import LEDGER, YARDSTICK, Work, per_second

_ = sentences(__name__)

DATABASE: Final = "minqing_bench_growth"
FIRST: Final = 10_000
CHUNK: Final = 100_000
COUNTED: Final = "SELECT count(*) FROM points_transfer"
# a database is copied while nobody is in it; whoever laid it out needs it no more
ALONE: Final = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
# the superuser's, so that no trigger moves what the statement moves itself
QUIET: Final = "SET session_replication_role = replica"
LAID: Final = """
    WITH people AS (SELECT min(id) AS first, count(*) AS many FROM points_account WHERE kind = 'resident'),
    shops AS (SELECT min(id) AS first, count(*) AS many FROM points_account WHERE kind = 'shop'),
    drawn AS MATERIALIZED (
        SELECT nextval('points_transfer_id_seq') AS id, uuidv7() AS request, clock_timestamp() AS at,
            people.first + floor(random() * people.many)::bigint AS debit,
            shops.first + floor(random() * shops.many)::bigint AS credit
        FROM people, shops, generate_series(1, %s)
    ), moved AS (
        INSERT INTO points_transfer AS t (id, request, debit_id, credit_id, amount, code, about, posted_at)
        SELECT id, request, debit, credit, 1, 'redeem', '', at FROM drawn
        RETURNING t.request, t.posted_at, points_line(t) AS line
    ), asked AS (
        INSERT INTO points_request (id, caller, key, digest, outcome, rows, at)
        SELECT request, 'bench', request::text, sha256(convert_to(concat_ws('/', 'post', ARRAY[debit], ARRAY[credit],
            ARRAY[1::bigint], ARRAY['redeem'], ARRAY['']), 'UTF8')), 'posted', ARRAY[id], at FROM drawn
    ), told AS (
        INSERT INTO journal_event (id, seq, tx, recorded_at, type, source, subject, at, actor, purpose, data)
        SELECT request, nextval('journal_event_number'), pg_current_xact_id()::text::bigint, posted_at,
            'points.transfers.posted', '/minqing', 'points:' || request, posted_at, 'system:bench', '',
            jsonb_build_object('outcome', 'posted', 'rows', jsonb_build_array(line)) FROM moved
    ), entries AS (
        INSERT INTO points_lotentry (transfer, account_id, expires_on, amount)
        SELECT drawn.id, drawn.debit, lot.expires_on, -1 FROM drawn JOIN points_lot lot ON lot.account_id = drawn.debit
    ), lots AS (
        UPDATE points_lot lot SET remaining = remaining - spent.amount
        FROM (SELECT debit, count(*) AS amount FROM drawn GROUP BY 1) AS spent WHERE lot.account_id = spent.debit
    )
    UPDATE points_balance b SET posted = posted + leg.amount
    FROM (
        SELECT debit AS account, -count(*) AS amount FROM drawn GROUP BY 1
        UNION ALL SELECT credit, count(*) FROM drawn GROUP BY 1
    ) AS leg
    WHERE b.account_id = leg.account
"""


@dataclass(frozen=True, slots=True)
class Step:
    """With so many transfers there before: our rate, and its share of TPC-B's in the same rounds."""

    transfers: int
    per_second: float
    of_tpcb: float


def told(steps: list[Step]) -> list[dict[str, Any]]:
    """``cost`` is that of one transfer in those of TPC-B, as a share of what it was at the first step."""
    return [
        {
            "transfers": one.transfers,
            "per_second": round(one.per_second, 1),
            "of_tpcb": round(one.of_tpcb, 2),
            "cost": round(steps[0].of_tpcb / one.of_tpcb, 2),
        }
        for one in steps
    ]


def measured(
    shop: Workshop, works: Iterable[Work], *, rounds: int, seconds: int, most: int, minutes: int
) -> list[Step]:
    """At ten thousand, a hundred thousand and so on up to ``most``, as far as so many minutes are enough for."""
    shop.drop(DATABASE)
    with shop.connected(YARDSTICK) as connection:
        connection.execute(ALONE, [LEDGER])
    shop.make(DATABASE, like=LEDGER)
    yardstick, spread = (next(one for one in works if one.name == name) for name in ("tpcb", "spread"))
    spread = replace(spread, given=(DATABASE, *spread.given[1:]))
    steps: list[Step] = []
    left = 60.0 * minutes
    for wanted in sizes(most):
        begun = time.monotonic()
        there = laid_in(shop, wanted, begun + left)
        left -= time.monotonic() - begun
        if steps and there < 2 * steps[-1].transfers:
            # what was reached is what the step before has measured
            break
        console.print(_("{number} transfers").format(number=f"{there:,}"), highlight=False)
        pairs = [(per_second(shop, yardstick, seconds), per_second(shop, spread, seconds)) for _round in range(rounds)]
        ours = median(rate for _yard, rate in pairs)
        steps.append(Step(there, ours, median(rate / yard for yard, rate in pairs)))
        if there < wanted:
            break
    return steps


def sizes(most: int) -> Iterator[int]:
    size = FIRST
    while size <= most:
        yield size
        size *= 10


def laid_in(shop: Workshop, wanted: int, end: float) -> int:
    """How many are there in the end: ``wanted``, or what could be laid in until then."""
    with shop.connected(DATABASE) as connection:
        connection.execute(QUIET)
        row = connection.execute(COUNTED).fetchone()
        there: int = row[0] if row else 0
        while there < wanted and time.monotonic() < end:
            part = min(CHUNK, wanted - there)
            connection.execute(LAID, [part])
            there += part
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    return there
