"""Undo before asking: a view says what it has done, and by which form it is taken back."""

from __future__ import annotations

import json
from typing import NamedTuple

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

from minqing.core.ids import new_id


class Undo(NamedTuple):
    """The form that takes it back: a POST to ``url`` with hidden ``fields``."""

    url: str
    fields: dict[str, str]


def done(request: HttpRequest, sentence: object, *, undo: str, **fields: object) -> None:
    """Say on the next page that something was done, with a button that sends ``fields`` to ``undo`` by POST.

    What takes it back is a view like any other: it looks at who may, at what stands by now, and says so. The form
    brings a ``request_id``, so that it is taken back once.
    """
    messages.success(request, str(sentence), extra_tags=json.dumps({"url": undo, "fields": sent(fields)}))


def sent(fields: dict[str, object]) -> dict[str, str]:
    return {"request_id": str(new_id())} | {name: str(value) for name, value in fields.items()}


def undo_of(message: Message) -> Undo | None:
    """What the message's button sends, if it has one."""
    try:
        given: object = json.loads(message.extra_tags or "")
    except ValueError:
        return None
    return Undo(given["url"], given["fields"]) if isinstance(given, dict) else None
