"""Journals what was looked at and what was refused, once the answer is on its way."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from minqing.journal.services import record
from minqing.org.access import Look


class Looks:
    """Outermost of our own middleware: GET pages run in a read-only transaction, their looks in one after it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        looks = list(getattr(request, "looks", ()))
        actor = getattr(request, "actor", None)
        if response.status_code == 404 and actor is not None and actor.kind == "user" and request.resolver_match:
            looks.append(Look("org.page.not_found", f"page:{request.resolver_match.view_name}", actor))
        if looks:
            # closed after the answer was sent: nobody waits for the journal
            response._resource_closers.append(partial(write, looks))  # type: ignore[attr-defined]
        return response


def write(looks: list[Look]) -> None:
    with transaction.atomic():
        for look in looks:
            record(type=look.type, subject=look.subject, by=look.actor, data=look.data)
