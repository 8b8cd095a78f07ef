"""Kinds of notices. Rooms above say what they tell of; this room carries it.

A text is a sentence with places for parameters. What may stand there is limited to numbers of matters, counts, days
and places, so that nothing private can leave the house; who wants to know more signs in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.core.registry import Registry
from minqing.notify.enums import Param
from minqing.notify.rules import fits

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_PLACE = re.compile(r"%\((\w+)\)s")
_CODE = re.compile(r"[a-z_]+\.[a-z_]+")
DIGEST, TEST = "notify.digest", "notify.test"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeKind:
    """``code`` is ``room.word``, ``label`` what the page of choices calls it, ``title`` and ``body`` the text.

    ``body`` leaves the house; ``here`` stands in its place in the app, where somebody is signed in and reads what the
    record is called. ``undated`` stands for both where no day is known. With ``repeats`` a later notice of the record
    takes the place of one that was not read yet. ``urgent`` passes quiet hours and cannot be switched off by kind.
    ``outside`` is for people without an account. ``roles`` are those who may be told; None is everybody.
    """

    code: str
    label: StrOrPromise
    title: StrOrPromise
    body: StrOrPromise
    here: StrOrPromise | None = None
    undated: StrOrPromise = ""
    params: Mapping[str, Param] = field(default_factory=dict)
    icon: str = "bell"
    urgent: bool = False
    outside: bool = False
    repeats: bool = False
    roles: frozenset[str] | None = None

    def clean(self, params: Mapping[str, Any]) -> dict[str, object]:
        """The parameters, if each is there and is what it may be; raises Invalid otherwise."""
        if set(params) != set(self.params):
            raise Invalid("notice_params")
        if not all(self.fits(self.params[name], value) for name, value in params.items()):
            raise Invalid("notice_params")
        return dict(params)

    def fits(self, param: Param, value: object) -> bool:
        return fits(param, value) or bool(param is Param.DAY and value == "" and self.undated)

    def says(self, text: StrOrPromise, params: Mapping[str, object]) -> StrOrPromise:
        """``text``, or what is said where a day that it names is not known."""
        return self.undated if self.undated and any(params[name] == "" for name in self.days) else text

    @property
    def days(self) -> list[str]:
        return [name for name, param in self.params.items() if param is Param.DAY]


OWN = (
    NoticeKind(
        code=DIGEST,
        label=_("Daily summary"),
        title=_("%(count)s new notices"),
        body=_("%(count)s notices came in since yesterday. Sign in to read them."),
        params={"count": Param.COUNT},
    ),
    NoticeKind(
        code=TEST,
        label=_("Test message"),
        title=_("Test message"),
        body=_("Messages of this system arrive here."),
        urgent=True,
        outside=True,
    ),
)
KINDS: Final = Registry[NoticeKind](lambda kind: kind.code, partial(Invalid, "notice_kind"), *OWN)


def register(kind: NoticeKind) -> None:
    """Raises ValueError for a text with a place that no parameter fills: it could not be shown."""
    named = {
        name for text in (kind.title, kind.body, kind.here or "", kind.undated) for name in _PLACE.findall(str(text))
    }
    if not _CODE.fullmatch(kind.code) or named - set(kind.params):
        raise ValueError(f"{kind.code}: {sorted(named - set(kind.params))}")
    KINDS.register(kind)


def choosable(actor: Actor | None = None) -> list[NoticeKind]:
    """What somebody with an account may switch off; what ``actor`` is never told of is no choice of theirs."""
    found = [kind for kind in KINDS if not (kind.urgent or kind.outside or kind.code in {DIGEST, TEST})]
    return [kind for kind in found if actor is None or kind.roles is None or actor.has(*kind.roles)]
