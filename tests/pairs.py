"""Two connections at the same rows: each holds its first lock before the other goes on, in both orders."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

from django.db import connection, connections

# how long one waits for the other, which may be waiting for a lock of this one
PATIENCE = 0.5
LOCKS = ("FOR UPDATE", "UPDATE ", "DELETE ")


def overlapped(first: Callable[[], Any], second: Callable[[], Any]) -> list[Any]:
    """What both return or raise; ``second`` begins once ``first`` has locked something, and both stop there.

    Two that lock in opposite orders then stand in each other's way for certain, and not once in a thousand times.
    """
    begun, met = threading.Event(), threading.Barrier(2)
    results: dict[int, Any] = {}

    def stopping() -> Callable[..., Any]:
        stopped = False

        def execute(run: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
            nonlocal stopped
            answer = run(sql, params, many, context)
            if not stopped and ("FOR UPDATE" in str(sql) or str(sql).startswith(LOCKS)):
                stopped = True
                begun.set()
                with contextlib.suppress(threading.BrokenBarrierError):
                    met.wait(PATIENCE)
            return answer

        return execute

    def run(number: int, work: Callable[[], Any]) -> None:
        try:
            with connection.execute_wrapper(stopping()):
                results[number] = work()
        except Exception as error:  # shown by the assertion
            results[number] = error
        finally:
            begun.set()
            connections["default"].close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate((first, second))]
    threads[0].start()
    begun.wait(10)
    threads[1].start()
    for thread in threads:
        thread.join(30)
    return [results[0], results[1]]
