"""What the pages of this room are opened and sent with."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from minqing.journal.models import Event

Send = Callable[..., Any]


@pytest.fixture
def events() -> Callable[[str], list[Event]]:
    """Events whose type begins so, oldest first."""
    return lambda kind: list(Event.objects.filter(type__startswith=kind).order_by("seq"))


def carried(html: str) -> dict[str, str]:
    """The id and the version that the form on a page carries."""
    main = html.partition("<main")[2]
    found = {}
    for tag in re.findall(r"<input[^>]*>", main):
        name, value = re.search(r'name="(seen|request_id)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value:
            found.setdefault(name[1], value[1])
    return found


def send(client: Client, address: str, **words: Any) -> Any:
    """Open a form's page, fill it in and send it."""
    page = client.get(address).content.decode()
    return client.post(address.partition("?")[0], carried(page) | words)
