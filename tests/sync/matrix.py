"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from typing import Any

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.org.enums import FIELD, Role
from minqing.org.models import Area, Post
from minqing.sync.models import Device
from minqing.sync.rules import READERS, may_have, may_revoke
from tests.architecture.acts import Act
from tests.architecture.matrix import ALL, HERE, Line
from tests.architecture.reasons import ONE_ROW
from tests.cast import Cast


def device(cast: Cast, area: Area) -> tuple[Any, ...]:
    """Of a cadre of the place, who works in the unit of the head there."""
    who = {cast.own.pk: "cadre", cast.other.pk: "other_cadre", cast.far.pk: "far_cadre"}[area.pk]
    unit = Post.objects.get(account=cast.account("unit_head")).unit if area == cast.own else None
    made = Device.objects.create(account=cast.account(who), unit=unit, name="小米", key="k" * 43,
                                 registered_at=clock.now(), seen_at=clock.now())  # fmt: skip
    return (made.pk,)


def may_close(actor: Actor) -> Decision:
    return may_revoke(actor, owner=actor.id, unit=min(actor.units, default=None))


LINES = {
    "sync:devices": Line(READERS),
    "sync:exchange": Line(FIELD, post=True, ok=422),
    "sync:register": Line(FIELD, post=True, ok=422),
    "sync:revoke": Line(READERS, at=device, post=True, ok=302,
                        reach={"cadre": HERE, "unit_head": HERE, Role.OPERATOR: ALL}),
}  # fmt: skip
ACTS = {
    "exchange": Act("sync:exchange", lambda _cast, actor: may_have(actor)),
    "register_device": Act("sync:register", lambda _cast, actor: may_have(actor)),
    "revoke_device": Act(
        "sync:revoke", lambda _cast, actor: may_revoke(actor, owner=actor.id, unit=min(actor.units, default=None))
    ),
}
# what devices say in JSON, by a program of ours
ASKING = frozenset()
LOCKED = {
    "sync.services.devices.revoke_device": ONE_ROW,
    "sync.services.exchange.held_device": "the device first, then what the rooms lock that apply what it hands in",
}
TOLD_BY = {"sync.services.taking.all": "no event: receipts; the rooms journal what they have applied"}
OTHERWISE = {"minqing.sync.services.devices.register_device": "the owner's own, or it is refused; its name is all"}
UNPAIRED = {"sync.services.shelves.pull": "part of exchange, under the lock of the device"}
INSIDE = {"sync.services.shelves.pull"}
OWN = {"sync.services.exchange.exchange", "sync.services.devices.register_device"}
WALLESS = {"sync_device": "its key is encrypted for its row, and nothing in it tells of anybody but its owner"}
UNERASED = {
    "sync.Device": {"key": "opens what one phone keeps of its own, and is gone once the phone is revoked"},
}
