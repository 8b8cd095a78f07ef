"""What a page asks of its request: a parameter that it never reads cannot change what it shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.handlers import wsgi
from django.http import QueryDict
from django_htmx.middleware import HtmxDetails


class Heard:
    """The parameters of addresses that were read by name, and whether anybody asked if it is HTMX that asks."""

    def __init__(self) -> None:
        self.read: set[str] = set()
        self.htmx = False


@contextmanager
def listening() -> Iterator[Heard]:
    """To every request made in this process while it lasts."""
    heard = Heard()

    class Telling(QueryDict):
        def __getitem__(self, key: str) -> Any:
            heard.read.add(key)
            return super().__getitem__(key)

        def __contains__(self, key: object) -> bool:
            heard.read.add(str(key))
            return super().__contains__(key)

        def getlist(self, key: str, default: Any = None) -> Any:
            heard.read.add(key)
            return super().getlist(key, default)

    def asked(details: HtmxDetails) -> bool:
        heard.htmx = True
        return truth(details)

    truth = HtmxDetails.__bool__
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wsgi, "QueryDict", Telling)
        patch.setattr(HtmxDetails, "__bool__", asked)
        yield heard
