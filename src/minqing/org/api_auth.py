"""The gate in front of every operation of the API: whose token it is, what it opens, what the database then shows.

Who the caller is, a higher room knows (it keeps the tokens); the composition puts a :class:`Caller` on each request.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.security import HttpBearer

from minqing.core.actor import Actor
from minqing.core.cache_version import assume_versions
from minqing.core.errors import Refused
from minqing.core.room import Caller
from minqing.privacy.access import acting_to_the_end

P = ParamSpec("P")
Answer = TypeVar("Answer")
READS = frozenset({"GET", "HEAD"})


class Call(HttpRequest):
    """A request that passed the gate: ``auth`` is who acts."""

    caller: Caller
    auth: Actor


class Token(HttpBearer):
    """A bearer token that opens at least one of ``scopes``; it is looked at before the body is."""

    def __init__(self, *scopes: str) -> None:
        super().__init__()
        self.scopes = frozenset(scopes)

    def __call__(self, request: HttpRequest) -> Actor:
        actor = cast("Call", request).caller.identify()
        if self.scopes.isdisjoint(actor.scopes):
            sentence = _("This token does not open that. Ask the operator for a token that does.")
            raise Refused("scope_missing", sentence, scopes=sorted(self.scopes))
        return actor

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        return self(request)


def acting(operation: Callable[Concatenate[Any, P], Answer]) -> Callable[Concatenate[Any, P], Answer]:
    """Run an operation in a transaction of its own as its caller; GET can only read.

    What is answered is plain data by then: nothing is read once the transaction is over.
    """

    @functools.wraps(operation)
    def acted(request: Any, *args: P.args, **kwargs: P.kwargs) -> Answer:
        with (
            transaction.atomic(),
            acting_to_the_end(request.auth, read_only=request.method in READS),
            assume_versions(editions()),
        ):
            return operation(request, *args, **kwargs)

    # the types of body and filters are names of the operation's own module
    acted.__signature__ = inspect.signature(operation, eval_str=True)  # type: ignore[attr-defined]
    return acted


def editions() -> dict[str, str]:
    """The editions of the tables that a process keeps (:mod:`minqing.core.cache_version`), in this transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, stamp::text FROM core_edition")
        return dict(cursor.fetchall())
