"""Canned replies 常用答复: their placeholders, and who may write them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.org.enums import DESK, Role

PLACEHOLDERS: Final = ("number", "unit", "area", "due")
# as somebody writes them, in their own language
WRITTEN: Final = {
    "number": pgettext_lazy("placeholder", "number"),
    "unit": pgettext_lazy("placeholder", "unit"),
    "area": pgettext_lazy("placeholder", "area"),
    "due": pgettext_lazy("placeholder", "due"),
}
IN_CHINESE: Final = {"编号": "number", "单位": "unit", "地点": "area", "期限": "due"}
_BRACES = re.compile(r"\{([^{}]*)\}")
TITLE_LENGTH: Final = 60
TEXT_LENGTH: Final = 2000


def written() -> dict[str, str]:
    """By placeholder, how it is written in the language of who reads."""
    return {name: f"{{{word}}}" for name, word in WRITTEN.items()}


def unknown_in(text: str) -> list[str]:
    """What stands in braces and is no placeholder."""
    return [name for name in _BRACES.findall(text) if IN_CHINESE.get(name, name) not in PLACEHOLDERS]


def filled(text: str, values: Mapping[str, str]) -> str:
    """``text`` with its placeholders replaced, once: what a value brings in braces stays as it is."""
    return _BRACES.sub(lambda found: values.get(IN_CHINESE.get(found[1], found[1]), found[0]), text)


def may_write(actor: Actor, *, unit_id: int | None, area_id: int | None) -> Decision:
    """Those who handle matters write for their own unit, a clerk for everyone in his area."""
    if area_id is not None:
        if actor.has(Role.CLERK) and area_id in actor.areas:
            return Decision.yes()
        return Decision.no("not_clerk", _("Only a clerk of this place may write replies for everyone in it."))
    if actor.has(*DESK) and unit_id in actor.units:
        return Decision.yes()
    return Decision.no("not_your_unit", _("You may write replies for your own unit only."))
