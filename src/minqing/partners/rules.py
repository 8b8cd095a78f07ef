"""What a token opens, when, from where and how often. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Final, NamedTuple

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.limits import Limit
from minqing.org.enums import Role

RATE: Final = 60
BURST: Final = 20
MOST: Final = 6000


# of a partner that signs instead of showing a token
SIGNED: Final = Limit("partner.signed", 200, timedelta(seconds=0.1))


def may_manage(actor: Actor) -> Decision:
    """Other systems are let in by the operator, and by commands."""
    if actor.kind == "system" or actor.has(Role.OPERATOR):
        return Decision.yes()
    return Decision.no("not_operator", _("Only the operator may change partner systems."))


def has_scope(actor: Actor, scope: str) -> Decision:
    if scope in actor.scopes:
        return Decision.yes()
    return Decision.no("scope_missing", _("This token does not open that. Ask the operator for a token that does."))


def may_come_from(address: str, networks: Collection[str]) -> Decision:
    """``networks`` empty: from anywhere. An address that cannot be read is from nowhere."""
    if not networks:
        return Decision.yes()
    try:
        come = ip_address(address)
        if any(come in ip_network(one) for one in networks):
            return Decision.yes()
    except ValueError:
        pass
    return Decision.no("address_refused", _("This token may not be used from your network."))


def limit_of(rate: int, burst: int) -> Limit:
    """``rate`` calls a minute on the whole, ``burst`` at once."""
    return Limit("partner", burst, timedelta(minutes=1) / rate)


def in_force(*, expires_at: datetime | None, revoked_at: datetime | None, now: datetime) -> bool:
    return revoked_at is None and (expires_at is None or now < expires_at)


# the waits that Standard Webhooks recommends: from the first try to the last just over three days
SCHEDULE: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
# each wait is longer by up to a tenth, so that what failed together is not tried again together
JITTER: Final = 0.1
LONGEST_WAIT: Final = timedelta(hours=24)
# how long a former secret signs beside the new one
ROTATION: Final = timedelta(days=7)
# what waited longer, for an endpoint that was off, is news no more: longer than all tries, each put off by a day
OLDEST: Final = timedelta(days=10)
TOO_OLD: Final = "too_old"
EVENT_PREFIX: Final = "cn.minqing."


def wait_after(tries: int, *, chance: float, asked: timedelta | None = None) -> timedelta | None:
    """How long to wait after the ``tries``-th failed try; None to give up.

    ``chance`` (0…1) spreads the waits; ``asked`` is the other side's Retry-After, heeded up to a day.
    """
    if tries > len(SCHEDULE):
        return None
    wait = SCHEDULE[tries - 1] * (1 + JITTER * chance)
    return max(wait, min(asked, LONGEST_WAIT)) if asked else wait


def outer_type(type: str) -> str:
    """The journal's ``matters.matter.finished`` as partners know it: ``cn.minqing.matter.finished``."""
    _room, _dot, rest = type.partition(".")
    return EVENT_PREFIX + rest


def wants(patterns: Collection[str], type: str) -> bool:
    """Whether one of ``cn.minqing.matter.*`` or ``cn.minqing.matter.finished`` fits."""
    return any(type.startswith(one[:-1]) if one.endswith("*") else type == one for one in patterns)


def may_know(
    *, partner_path: str, partner_unit: int | None, area_path: str, unit_id: int | None, hidden: bool = False
) -> bool:
    """A partner is told of matters in its area with all below, and of those its unit has.

    ``hidden`` are confidential ones that another sent in: its area does not open those to it.
    """
    here = area_path.startswith(partner_path) and not hidden
    return here or (unit_id is not None and unit_id == partner_unit)


# an event that comes before what it belongs to waits this long for it, then the operator decides
PATIENCE: Final = timedelta(days=5)
WAITS: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=1))
# refusals that time may mend; everything else is for the operator
WAITING_CODES: Final = frozenset({"matter_unknown", "wrong_state", "out_of_order", "not_stored", "conflict", "fault"})


class SequencePoint(NamedTuple):
    """Where an event stands among those of its subject: the sender's sequence, and its time."""

    sequence: str
    at: datetime | None


def comes_before(one: SequencePoint, other: SequencePoint) -> bool:
    """Whether ``one`` was before ``other``: by sequence where both have one, else by time; unknown is no.

    Sequences of digits are numbers, others compare as texts, as the CloudEvents extension has it.
    """
    first, second = one.sequence, other.sequence
    if not (first and second):
        return one.at is not None and other.at is not None and one.at < other.at
    if all(text.isascii() and text.isdigit() for text in (first, second)):
        return int(first) < int(second)
    return first < second


def wait_for_others(tries: int, *, received_at: datetime, now: datetime) -> timedelta | None:
    """How long an event that came too early waits after its ``tries``-th try; None when patience is over."""
    if now - received_at >= PATIENCE:
        return None
    return WAITS[min(tries, len(WAITS)) - 1]
