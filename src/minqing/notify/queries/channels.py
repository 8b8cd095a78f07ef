"""How the ways out of the house work, as the operator reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from minqing.notify import carriers
from minqing.notify.enums import Channel
from minqing.notify.queries.outbox import Carried, carried, job
from minqing.notify.words import why
from minqing.privacy.access import acting_as
from minqing.web.pieces import LOOK, OFF, STOPPED, WELL


@dataclass(frozen=True)
class Shown:
    """One channel with how it works (``web.pieces``), in words."""

    channel: Channel
    state: str
    seen: str
    carried: Carried

    @property
    def at(self) -> datetime | None:
        return self.carried.since or self.carried.last


def channels_shown(at: datetime) -> list[Shown]:
    """All there can be, in their order."""
    with acting_as(job()):
        found = carried(at=at)
    usable = set(carriers.channels())
    return [status_of(one, found.get(one, Carried()), set_up=one in usable) for one in Channel]


def status_of(channel: Channel, found: Carried, *, set_up: bool) -> Shown:
    if not set_up and not found.held_up:
        return Shown(channel, OFF, _("not set up on this server"), found)
    if found.held_up:
        return Shown(channel, STOPPED if found.stands else LOOK, held_up(found), found)
    if not found.sent:
        return Shown(channel, WELL, _("nothing to send in the last day"), found)
    told = ngettext("%(count)d sent in the last day", "%(count)d sent in the last day", found.sent)
    return Shown(channel, WELL, told % {"count": found.sent}, found)


def held_up(found: Carried) -> str:
    waiting = ngettext("%(count)d waits", "%(count)d wait", found.held_up) % {"count": found.held_up}
    return f"{waiting}: {'; '.join(reasons(found.codes[:2]))}" if found.codes else waiting


def reasons(codes: Iterable[str]) -> list[str]:
    return [why(one) for one in codes]
