"""Two connections at the same rows: each holds its first lock before the other goes on, in both orders.

A room's ``test_pairs.py`` is a table of scenes: what two people or jobs do to the same rows, and what must hold after
both. ``tests/architecture/test_pairs.py`` asks for one of every service that changes something.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, connections, transaction
from procrastinate.contrib.django import app

from minqing.core.actor import Actor
from minqing.core.errors import DomainError
from minqing.journal.models import Event
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast, make_cast
from tests.embedded import empty_tables

# how long one looks for the other, which comes to its own first lock, waits for this one, or has ended
PATIENCE, PAUSE = 5.0, 0.005
# then something hangs
LONGEST = 30.0
LOCKS = ("UPDATE ", "DELETE ", "INSERT ", "SELECT pg_advisory_xact_lock")
# the id of the send: of two sends it says nothing yet of what they are about
NOT_YET = "INSERT INTO journal_send"


class Two:
    """Where both are: their server processes, and whether they stopped at a lock or ended."""

    def __init__(self) -> None:
        self.pids: dict[int, int] = {}
        self.stopped = (threading.Event(), threading.Event())
        self.ended = (threading.Event(), threading.Event())

    def wait_for(self, number: int, held_by: Any) -> None:
        """Until the other has come as far as it comes: no longer than it takes, and no shorter."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not (self.stopped[number].is_set() or self.ended[number].is_set()):
            if number in self.pids and waits(self.pids[number], held_by):
                return
            time.sleep(PAUSE)


def waits(pid: int, held_by: Any) -> bool:
    """Whether that server process waits for the one behind the connection ``held_by``."""
    with held_by.connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid() = ANY(pg_blocking_pids(%s))", [pid])
        return bool(cursor.fetchone()[0])


def locks(sql: str) -> bool:
    """Whether the statement holds back another's: a lock, a change, or a new row under a key."""
    return any(one in sql for one in ("FOR UPDATE", "FOR NO KEY UPDATE")) or (
        sql.startswith(LOCKS) and not sql.startswith(NOT_YET)
    )


def overlapped(first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """What both return or raise; ``second`` begins once ``first`` has locked something, and both stop there.

    Two that lock in opposite orders then stand in each other's way for certain, and not once in a thousand times.
    """
    two = Two()
    results: dict[int, Any] = {}

    def stopping(number: int) -> Callable[..., Any]:
        def execute(run: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
            here = context["connection"]
            if number not in two.pids:
                two.pids[number] = here.connection.info.backend_pid
            answer = run(sql, params, many, context)
            if not two.stopped[number].is_set() and locks(str(sql)):
                two.stopped[number].set()
                two.wait_for(1 - number, here)
            return answer

        return execute

    def run(number: int, work: Callable[[], Any]) -> None:
        try:
            with connection.execute_wrapper(stopping(number)):
                results[number] = work()
        except Exception as error:  # shown by the assertion
            results[number] = error
        finally:
            two.ended[number].set()
            connections["default"].close()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate((first, second))]
    threads[0].start()
    until = time.monotonic() + LONGEST
    while not (two.stopped[0].wait(PAUSE) or two.ended[0].is_set()):
        assert time.monotonic() < until, "the first neither came to a lock nor ended"
    threads[1].start()
    for thread in threads:
        thread.join(LONGEST)
    assert len(results) == 2, "one of both did not end"
    return [results[0], results[1]]


@dataclass(frozen=True)
class Refusal:
    """What a call was refused with."""

    code: str


@dataclass(frozen=True)
class Pair:
    """Two calls, and what to look at when both have ended; ``alike`` where two equal events are two true ones."""

    one: Callable[[], Any]
    other: Callable[[], Any]
    look: Callable[[Any, Any], None]
    alike: bool = False


class Stage:
    """The fixed cast in committed rows, for all scenes of a room: each lays out rows of its own."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def actor(self, who: str) -> Actor:
        with transaction.atomic():
            return system_actor("test") if who == "system" else self.cast.actor(who)

    def call(self, who: str, service: Callable[..., Any], **values: Any) -> Callable[[], Any]:
        """The service as ``who`` in a transaction of its own; a refusal is an end like another."""
        by = self.actor(who)

        def work() -> Any:
            try:
                with transaction.atomic(), acting_as(by):
                    return service(**values, by=by)
            except DomainError as refused:
                return Refusal(refused.code)

        return work

    def given(self, make: Callable[[], Any]) -> Any:
        """What is laid out before, or looked at afterwards, with the eyes of all."""
        with transaction.atomic(), self.cast.everything():
            return make()

    def done(self, who: str, service: Callable[..., Any], **values: Any) -> Any:
        """What a call made that has to be there before."""
        made = self.call(who, service, **values)()
        assert not isinstance(made, Refusal), made
        return made


def job(name: str, **arguments: Any) -> Callable[[], Any]:
    """What a worker does with a job of that name, which opens its own transactions."""
    task = app.tasks[name]
    periodic = {one.task.name for one in app.periodic_registry.periodic_tasks.values()}
    return lambda: task.func(**({"timestamp": 0} if name in periodic else {}) | arguments)


Make = Callable[[Stage], Pair]


@dataclass(frozen=True)
class Scene:
    make: Make
    services: tuple[str, ...]
    jobs: tuple[str, ...] = ()


class Scenes(list[Scene]):
    """The table of a room."""

    def of(self, *services: Callable[..., Any], jobs: Collection[str] = ()) -> Callable[[Make], Make]:
        """``jobs`` are the queue's names of what is done by itself."""

        def add(make: Make) -> Make:
            self.append(Scene(make, tuple(full_name(one) for one in services), tuple(jobs)))
            return make

        return add

    def each(self) -> pytest.MarkDecorator:
        return pytest.mark.parametrize("scene", [pytest.param(scene, id=scene.make.__name__) for scene in self])


def full_name(service: Any) -> str:
    return f"{service.__module__}.{service.__name__}".removeprefix("minqing.")


def play(stage: Stage, scene: Scene) -> None:
    """In both orders; of one call that is made twice there is but one."""
    pair = scene.make(stage)
    run_together(stage, pair)
    if pair.one is not pair.other:
        run_together(stage, scene.make(stage), turned=True)


def run_together(stage: Stage, pair: Pair, *, turned: bool = False) -> None:
    """Both at once: neither ends with an error of the database, and nothing that happened once is told twice."""
    before = told()
    ends = overlapped(pair.other, pair.one)[::-1] if turned else overlapped(pair.one, pair.other)
    errors = [end for end in ends if isinstance(end, Exception)]
    assert not errors, (errors, turned)
    new = [row for row in told() if row not in before]
    assert pair.alike or len({row[1:] for row in new}) == len(new), (new, turned)
    stage.given(lambda: pair.look(*ends))


def told() -> list[tuple[str, ...]]:
    with transaction.atomic():
        rows = Event.objects.order_by("-seq").values_list("seq", "type", "subject", "data")[:60]
        return [tuple(map(str, row)) for row in rows]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    with django_db_blocker.unblock():
        with transaction.atomic():
            made = Stage(make_cast())
        yield made
        for alias in connections:
            connections[alias].close()
    empty_tables()
