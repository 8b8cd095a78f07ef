"""What all carriers have in common: the message they are given, and the five ways it can end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.conf import settings

from minqing.notify.enums import Channel

# what no code is made of, and what may be somebody's number
_ODD = re.compile(r"[^A-Za-z0-9_.\-]+|\d{7,}")


@dataclass(frozen=True, slots=True)
class Message:
    """One message to one address. ``id`` is the same in every try; ``url`` is absolute, ``params`` are words."""

    id: str
    to: str = field(repr=False)
    kind: str
    title: str
    body: str
    params: Mapping[str, str]
    url: str = field(repr=False)
    path: str = field(repr=False)
    language: str

    @property
    def text(self) -> str:
        """Title and body on one line, where there is only one."""
        return f"{self.title} {self.body}".strip()

    def word(self, name: str) -> str:
        """``title``, ``body`` or a parameter, for templates kept by a carrier; empty when there is none."""
        return {"title": self.title, "body": self.body, **self.params}.get(name, "")


class Trouble(Exception):
    """A message was not sent. ``code`` is short and ours or the carrier's, never a text of theirs."""

    def __init__(self, code: str) -> None:
        self.code = _ODD.sub("_", code)[:60]
        super().__init__(self.code)


class NotTaken(Trouble):
    """Certainly not sent, and another time it may be: no connection, too many at once, they are closed."""


class Misconfigured(NotTaken):
    """Certainly not sent, and not the receiver's fault but this deployment's: credentials, sender, signature, rights,
    quota, template. True of many messages, so that it is tried for longer, and the operator is told at once.
    """


class Unknown(Trouble):
    """It may have been sent: the request went out, and no answer came back that says what became of it."""


class Refused(Trouble):
    """Certainly not sent, and it never will be: a wrong address, words that the template does not take."""


class TurnedOff(Trouble):
    """Certainly not sent: the receiver does not want this kind of message."""


class Carrier(Protocol):
    """``repeats_safely``: a message sent again under the same id reaches nobody twice."""

    channel: Channel
    repeats_safely: bool

    def send(self, message: Message) -> str:
        """Send it and return what the carrier calls it (may be empty); raises Trouble."""


def setting(name: str) -> Any:
    """One of the carriers' settings (:mod:`minqing.config.carriers`); a deployment's words, never a person's."""
    return settings.NOTIFY[name]
