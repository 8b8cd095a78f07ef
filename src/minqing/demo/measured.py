"""The WSGI application of ``minqing bench matters``: the real one, which says in headers what each answer cost.

Never what serves people: it also answers the yardstick's addresses (:mod:`minqing.demo.baseline`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.config.settings")

import django

Start = Callable[..., Any]
App = Callable[[dict[str, Any], Start], Iterable[bytes]]
django.setup(set_prefix=False)

# the applications are loaded now
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import override_settings  # noqa: E402

from minqing.core.gc_tuning import tune_gc  # noqa: E402
from minqing.demo.baseline import MIDDLEWARE  # noqa: E402
from minqing.demo.bench import CPU, STATEMENTS, is_frame  # noqa: E402
from minqing.web.wsgi import Handler  # noqa: E402

real = Handler()
with override_settings(MIDDLEWARE=MIDDLEWARE):
    yardstick = WSGIHandler()
# as the server of people does
tune_gc()


class Counter:
    """Statements of one request, counted as the tests count them."""

    def __init__(self) -> None:
        self.statements = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements += not is_frame(str(sql))
        return execute(sql, params, many, context)


def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """The whole answer, closed, before its headers go out: what runs after the answer counts too."""
    app: App = yardstick if environ["PATH_INFO"].startswith("/bare") else real
    begun, counter, head = time.thread_time(), Counter(), list[Any]()
    with connection.execute_wrapper(counter):
        answer: Any = app(environ, lambda status, headers, *rest: head.append((status, headers)))
        body = b"".join(answer)
        answer.close()
    status, headers = head[-1]
    spent = (time.thread_time() - begun) * 1000
    start_response(status, [*headers, (STATEMENTS, str(counter.statements)), (CPU, f"{spent:.3f}")])
    return [body]
