"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from typing import Any

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.ids import new_id
from minqing.org.enums import FIELD, Role
from minqing.org.models import Area, Post
from minqing.sync.models import Device
from minqing.sync.rules import READERS, may_have, may_revoke
from tests.architecture.acts import Act
from tests.architecture.matrix import ALL, HERE, NOBODY, Line
from tests.architecture.reasons import ONE_ROW, QUEUE, SKIPS_TAKEN
from tests.cast import Cast


def device(cast: Cast, area: Area) -> tuple[Any, ...]:
    """Of a cadre of the place, who works in the unit of the head there."""
    who = {cast.own.pk: "cadre", cast.other.pk: "other_cadre", cast.far.pk: "far_cadre"}[area.pk]
    unit = Post.objects.get(account=cast.account("unit_head")).unit if area == cast.own else None
    made = Device.objects.create(account=cast.account(who), unit=unit, name="小米", key="k" * 43,
                                 registered_at=clock.now(), seen_at=clock.now())  # fmt: skip
    return (made.pk,)


def of_nobody(_cast: Cast, _area: Area) -> tuple[Any, ...]:
    return (new_id(), "0" * 64)


def may_close(actor: Actor) -> Decision:
    return may_revoke(actor, owner=actor.id, unit=min(actor.units, default=None))


LINES = {
    "sync:devices": Line(READERS),
    "sync:exchange": Line(FIELD, post=True, ok=422),
    "sync:photo": Line(FIELD, at=of_nobody, reach=NOBODY, post=True),
    "sync:register": Line(FIELD, post=True, ok=422),
    "sync:revoke": Line(READERS, at=device, post=True, ok=302,
                        reach={"cadre": HERE, "unit_head": HERE, Role.OPERATOR: ALL}),
}  # fmt: skip
ACTS = {
    "exchange": Act("sync:exchange", lambda _cast, actor: may_have(actor)),
    "register_device": Act("sync:register", lambda _cast, actor: may_have(actor)),
    "take_piece": Act("sync:photo", lambda _cast, actor: may_have(actor)),
    "revoke_device": Act(
        "sync:revoke", lambda _cast, actor: may_revoke(actor, owner=actor.id, unit=min(actor.units, default=None))
    ),
}
# what devices say in JSON, by a program of ours
ASKING = frozenset()
LOCKED = {
    "sync.services.devices.revoke_device": ONE_ROW,
    "sync.services.photos.take_piece": "what the room locks before the thing, then the one photo",
    "sync.services.photos.give_up": "under the device, in the order of their ids",
    "sync.services.photos.forget_photos": "under the visits, in the order of their ids; nothing after them",
    "sync.services.photos.move_photos": "in the order of their ids; nothing after them",
    "sync.services.photos.drop_old_pieces": SKIPS_TAKEN,
    "sync.services.photos.give_up_old_photos": SKIPS_TAKEN,
    "sync.services.exchange.held_device": "the device first, then what the rooms lock that apply what it hands in",
}
TOLD_BY = {
    "sync.services.photos.forget_photos": "visits.person.erased",
    "sync.services.photos.move_photos": "visits.household.followed",
    "sync.services.photos.drop_old_pieces": QUEUE,
    "sync.services.taking.all": "no event: receipts; the rooms journal what they have applied",
}
OTHERWISE = {"minqing.sync.services.devices.register_device": "the owner's own, or it is refused; its name is all"}
UNPAIRED = {
    "sync.services.shelves.pull": "part of exchange, under the lock of the device",
}
INSIDE = {
    "sync.services.shelves.pull",
    "sync.services.photos.forget_photos",
    "sync.services.photos.give_up_old_photos",
}
WITHOUT_PAGE = {
    "forget_photos": "when somebody is erased",
    "give_up_old_photos": "by the nightly job",
}
OWN = {"sync.services.exchange.exchange", "sync.services.photos.take_piece", "sync.services.devices.register_device"}
WALLESS = {
    "sync_device": "its key is encrypted for its row, and nothing in it tells of anybody but its owner",
    "sync_photo": "says how far a photo has come; what it shows stands in its pieces, encrypted for their rows",
    "sync_photopiece": "each is encrypted for its row, and is there until the photo is whole",
}
UNERASED = {
    "sync.Device": {"key": "opens what one phone keeps of its own, and is gone once the phone is revoked"},
}
