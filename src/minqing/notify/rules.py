"""When somebody is told and through what, and what may stand in a notice. Pure: no database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.clock import SHANGHAI
from minqing.core.decision import Decision
from minqing.core.ids import parse_human_number
from minqing.notify.enums import Channel, Mode, Move, Param

DIGEST_AT: Final = time(8)
QUIET: Final = (time(22), time(7))
MOST_TRIES: Final = 12
# while the operator sets the deployment right: an hour apart at most, for about ten days
MOST_TRIES_OURS: Final = 12 + 24 * 10
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=1)
JITTER: Final = 0.2
# longer than any carrier may take for one message; then another worker may look after it
LEASE: Final = timedelta(minutes=3)
# a text message costs money: by default only what cannot wait
DEFAULT_MODE: Final[Mapping[Channel, Mode]] = {
    Channel.WECHAT: Mode.AT_ONCE,
    Channel.DINGTALK: Mode.AT_ONCE,
    Channel.SMS: Mode.URGENT,
    Channel.EMAIL: Mode.AT_ONCE,
}
# behind these stand private links, which no table keeps in clear
_PRIVATE = re.compile(r"/[mh](/|$)")
_PATH = re.compile(r"/(?!/)[\w\-./?=&%#:]*", re.ASCII)
LONGEST_LINK: Final = 200
MOST: Final = 10**9
# this room lies below the organisation and knows the role by its word alone
OPERATOR: Final = "operator"


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants to be told through one channel; quiet from one local time to another, None for never."""

    mode: Mode
    kinds_off: frozenset[str] = frozenset()
    quiet_from: time | None = QUIET[0]
    quiet_to: time | None = QUIET[1]


@dataclass(frozen=True, slots=True)
class Outside:
    """Somebody without an account: one address and the language to write in.

    What it shows when printed is the channel alone.
    """

    channel: Channel
    address: str = field(repr=False)
    language: str = "zh-hans"


def may_settle(actor: Actor) -> Decision:
    """What becomes of messages that were given up, and whether a carrier works, is seen to by the operator."""
    if actor.kind == "system" or actor.has(OPERATOR):
        return Decision.yes()
    return Decision.no("not_operator", _("Only the operator may do this."))


def default_wish(channel: Channel) -> Wish:
    return Wish(DEFAULT_MODE[channel])


def plan(wish: Wish, *, kind: str, urgent: bool, at: datetime) -> tuple[Move, datetime] | None:
    """Queue or hold a message, and until when; None where it is not wanted. What is urgent waits for nothing."""
    if wish.mode is Mode.OFF:
        return None
    if urgent:
        return Move.QUEUE, at
    if wish.mode is Mode.URGENT or kind in wish.kinds_off:
        return None
    if wish.mode is Mode.DIGEST:
        return Move.HOLD, after_quiet(wish, next_digest(at))
    return Move.QUEUE, after_quiet(wish, at)


def after_quiet(wish: Wish, at: datetime) -> datetime:
    """``at``, or the end of the quiet hours that it falls into."""
    start, end = wish.quiet_from, wish.quiet_to
    if start is None or end is None or start == end:
        return at
    local = at.astimezone(SHANGHAI)
    now = local.time()
    quiet = start <= now < end if start < end else now >= start or now < end
    if not quiet:
        return at
    day = local.date() if now < end else local.date() + timedelta(days=1)
    return datetime.combine(day, end, tzinfo=SHANGHAI)


def next_digest(at: datetime) -> datetime:
    """The next 8:00 in the county after ``at``."""
    local = at.astimezone(SHANGHAI)
    today = datetime.combine(local.date(), DIGEST_AT, tzinfo=SHANGHAI)
    return today if local < today else today + timedelta(days=1)


def wait_after(tries: int, roll: float) -> timedelta:
    """How long to wait after the ``tries``-th failed try: doubled each time up to an hour, spread by ±20 %.

    ``roll`` in [0, 1) is the dice: many messages that failed together must not come back together.
    """
    doubled: timedelta = FIRST_WAIT * 2 ** min(max(tries, 1) - 1, 20)
    return min(doubled, LONGEST_WAIT) * (1 + JITTER * (2 * roll - 1))


def may_keep(actor: Actor, account: UUID) -> Decision:
    """Addresses and choices are one's own; the system keeps what a sign-in by WeChat or DingTalk brings."""
    if actor.kind == "system" or (actor.kind == "user" and actor.id == account):
        return Decision.yes()
    return Decision.no("not_yours", _("Addresses and choices are kept by the person they belong to."))


def is_own_path(link: str, *, private: bool = False) -> bool:
    """A path of this system; with a private link in it only where it is kept encrypted (``private``)."""
    if len(link) > LONGEST_LINK or not _PATH.fullmatch(link):
        return False
    return private or not _PRIVATE.match(link)


def fits(param: Param, value: object) -> bool:
    """Whether ``value`` is what a text may name as ``param``. Free text never is."""
    if param is Param.NUMBER:
        try:
            return isinstance(value, str) and parse_human_number(value) == value
        except ValueError:
            return False
    if param is Param.DAY:
        try:
            return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
        except ValueError:
            return False
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < MOST
