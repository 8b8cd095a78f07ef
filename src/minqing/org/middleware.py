"""Journals what was looked at and what was refused, once the answer is on its way."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse

from minqing.core.actor import Actor
from minqing.journal.services import record
from minqing.org.access import Look, name_of

logger = logging.getLogger(__name__)


class Looks:
    """Outermost of our own middleware: GET pages run in a read-only transaction, their looks in one after it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        looks = list(getattr(request, "looks", ()))
        actor = getattr(request, "actor", None)
        if response.status_code == 404 and actor is not None and actor.kind == "user":
            looks.append(missed(request, actor))
        if looks:
            # closed after the answer was sent: nobody waits for the journal
            response._resource_closers.append(partial(write, looks))  # type: ignore[attr-defined]
        return response


def missed(request: HttpRequest, actor: Actor) -> Look:
    """A page that is not there for this actor, with the ids that were tried; secrets in an address are text."""
    match = request.resolver_match
    given = match.kwargs.items() if match else ()
    tried = {name: str(value) for name, value in given if isinstance(value, (int, UUID))}
    return Look("org.page.not_found", f"page:{name_of(request)}", actor, tried)


def write(looks: list[Look]) -> None:
    try:
        with transaction.atomic():
            for look in looks:
                record(type=look.type, subject=look.subject, by=look.actor, data=look.data)
    except DatabaseError:
        # whoever closes an answer swallows what goes wrong: say it where the operator looks
        logger.exception("what was looked at could not be journalled")
