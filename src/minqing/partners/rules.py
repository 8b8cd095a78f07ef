"""What a token opens, when, from where and how often. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Final

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.limits import Limit
from minqing.org.enums import Role
from minqing.partners.enums import Scope

RATE: Final = 60
BURST: Final = 20
MOST: Final = 6000


def may_manage(actor: Actor) -> Decision:
    """Other systems are let in by the operator, and by commands."""
    if actor.kind == "system" or actor.has(Role.OPERATOR):
        return Decision.yes()
    return Decision.no("not_operator", _("Only the operator may change partner systems."))


def has_scope(actor: Actor, scope: Scope) -> Decision:
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
