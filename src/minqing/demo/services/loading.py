"""Makes the made-up county and stores it through the same doors as real data.

Units, staff and households go in as rows of the tables that an operator imports, checks included; what
happened through the loaders of a county's past, by the part of each room. Each township is loaded by itself
(:mod:`.township`).
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, as_completed
from contextlib import AbstractContextManager, ExitStack, nullcontext

from django.db import connections, transaction
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.demo.parts import parts
from minqing.demo.processes import pool
from minqing.demo.scales import SAMPLE, SIZES, Scale, Size
from minqing.demo.services.storing import ACTOR
from minqing.demo.services.township import Making, Township, store_county
from minqing.journal.services import Json, record
from minqing.org.queries import system_actor

BEGUN, LOADED = "demo.county.begun", "demo.county.loaded"


def load_demo(*, scale: Scale, seed: int, console: Console) -> Size:
    """Fill an empty database; the caller has made sure that it is one. Returns what it holds then.

    A village or township comes in one transaction. A county would hold too many locks for one, and its townships come
    side by side: cut off, it leaves a part that :func:`minqing.demo.services.contents` knows.
    """
    return load(SIZES[scale], scale=scale.value, seed=seed, console=console, at_once=scale is not Scale.COUNTY)


def load_sample(*, console: Console) -> Size:
    """A county's places with few people and some thousand matters, for the benches to copy."""
    return load(SAMPLE, scale="sample", seed=1, console=console, at_once=True)


def load(size: Size, *, scale: str, seed: int, console: Console, at_once: bool, processes: int = 0) -> Size:
    """``processes`` that load townships beside one another: as many as there are processors, unless it is said."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
    )
    data: dict[str, Json] = {"scale": scale, "seed": seed}
    whole: AbstractContextManager[object] = transaction.atomic() if at_once else nullcontext()
    making = Making(size, seed, clock.now())
    with ExitStack() as around:
        for part in parts():
            around.enter_context(part.around())
        around.enter_context(bar)
        around.enter_context(whole)
        # thousands of savepoints in one transaction slow each statement behind them down: see storing.put
        record(type=BEGUN, subject="demo", by=Actor.system(ACTOR), data=data)
        store_county(making)
        task = bar.add_task("Households", total=size.households)
        for households in one_by_one(making) if at_once else side_by_side(making, processes):
            bar.update(task, advance=households)
        pass_nights(making, console)
        record(type=LOADED, subject="demo", by=Actor.system(ACTOR), data=data)
    # the planner knows nothing of tables filled this fast, and reads rows where the index alone would say enough until
    # it knows which pages are old news to everybody; only their owner may tell it
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    return size


def one_by_one(making: Making) -> Iterator[int]:
    """Every township in this transaction; yields how many households were stored since the last word."""
    for number in range(making.size.townships):
        yield from Township(making, number).load()


def side_by_side(making: Making, processes: int = 0) -> Iterator[int]:
    """Townships in processes of their own, each in many transactions: Python works on one processor alone."""
    with pool(processes) as workers:
        loads = [workers.submit(load_township, making, number) for number in range(making.size.townships)]
        try:
            for done in as_completed(loads):
                yield done.result()
        finally:
            cancel(loads)


def cancel(loads: list[Future[int]]) -> None:
    """What has not begun when one has failed."""
    for one in loads:
        one.cancel()


def load_township(making: Making, number: int) -> int:
    return sum(Township(making, number).load())


def pass_nights(making: Making, console: Console) -> None:
    """What the county's own nights made of it."""
    for part in parts():
        if told := part.nights(by=system_actor(ACTOR), now=making.now):
            console.print(told, highlight=False)
