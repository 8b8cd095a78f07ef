"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from typing import Any

from django.test import Client

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.core.ids import new_id
from minqing.org.enums import FIELD, Role
from minqing.org.models import Area, Post
from minqing.sync.enums import Came
from minqing.sync.models import Device, Letter
from minqing.sync.rules import READERS, may_decide, may_hand_in, may_have, may_revoke
from minqing.sync.services.letters import packed
from tests.architecture.acts import Act
from tests.architecture.matrix import ALL, ANYONE, HERE, NOBODY, TOWN, Line, canary, planted
from tests.architecture.notices import Told, of
from tests.architecture.reasons import ONE_ROW, QUEUE, SKIPS_TAKEN
from tests.cast import Cast
from tests.sync.letters import as_sent
from tests.sync.letters import letter as sealed_entry
from tests.sync.phone import Phone


def device(cast: Cast, area: Area) -> tuple[Any, ...]:
    """Of a cadre of the place, who works in the unit of the head there."""
    who = {cast.own.pk: "cadre", cast.other.pk: "other_cadre", cast.far.pk: "far_cadre"}[area.pk]
    unit = Post.objects.get(account=cast.account("unit_head")).unit if area == cast.own else None
    made = Device.objects.create(account=cast.account(who), unit=unit, name="小米", key="k" * 43,
                                 registered_at=clock.now(), seen_at=clock.now())  # fmt: skip
    return (made.pk,)


def of_nobody(_cast: Cast, _area: Area) -> tuple[Any, ...]:
    return (new_id(), "0" * 64)


def letter(cast: Cast, area: Area) -> tuple[Any, ...]:
    """One that waits, of somebody's phone in that place."""
    (id,) = device(cast, area)
    home = planted(cast, area)
    sealed = as_sent(sealed_entry(id, Phone(Client()).write(home, text=canary("DIARY", cast, area))))
    Letter.objects.create(device_id=id, operation=sealed.operation, print="0" * 64, area=area, sealed=packed(sealed),
                          came="phone", written_at=clock.now(), received_at=clock.now())  # fmt: skip
    return (id,)


def may_close(actor: Actor) -> Decision:
    return may_revoke(actor, owner=actor.id, unit=min(actor.units, default=None))


def undecided(cast: Cast) -> dict[str, Any]:
    return {"area": cast.own.pk, "letters": 1, "account": str(cast.account("cadre").pk), "handed_by": []}


LINES = {
    "sync:devices": Line(READERS),
    "sync:exchange": Line(FIELD, post=True, ok=422),
    "sync:letters": Line(READERS),
    "sync:letters_of": Line(FIELD, at=letter, reach={"cadre": HERE, "village_secretary": HERE, "clerk": TOWN}),
    "sync:drop": Line(ANYONE, post=True, ok=422),
    "sync:photo": Line(FIELD, at=of_nobody, reach=NOBODY, post=True),
    "sync:register": Line(FIELD, post=True, ok=422),
    "sync:revoke": Line(READERS, at=device, post=True, ok=302,
                        reach={"cadre": HERE, "unit_head": HERE, Role.OPERATOR: ALL}),
}  # fmt: skip
BY_OTHER_WAYS = {"sync:letters_of": "while something waits for a decision"}
ACTS = {
    "keep_letters": Act("sync:letters", lambda _cast, actor: may_hand_in(actor, Came.FILE)),
    "decide_letters": Act(
        "sync:letters_of", lambda cast, actor: may_decide(actor, owner=cast.account("cadre").pk, area=cast.own.pk)
    ),
    "exchange": Act("sync:exchange", lambda _cast, actor: may_have(actor)),
    "register_device": Act("sync:register", lambda _cast, actor: may_have(actor)),
    "take_piece": Act("sync:photo", lambda _cast, actor: may_have(actor)),
    "revoke_device": Act(
        "sync:revoke", lambda _cast, actor: may_revoke(actor, owner=actor.id, unit=min(actor.units, default=None))
    ),
}
# what devices say in JSON, by a program of ours
# and what they hand in sealed, which nobody who is signed in does
ASKING = frozenset({"sync:drop"})
ADDS = {"UnsentForm"}
LOCKED = {
    "sync.services.devices.revoke_device": ONE_ROW,
    "sync.services.photos.take_piece": "what the room locks before the thing, then the one photo",
    "sync.services.photos.give_up": "under the device, in the order of their ids",
    "sync.services.photos.forget_photos": "under the visits, in the order of their ids; nothing after them",
    "sync.services.photos.move_photos": "in the order of their ids; nothing after them",
    "sync.services.photos.drop_old_pieces": SKIPS_TAKEN,
    "sync.services.photos.give_up_old_photos": SKIPS_TAKEN,
    "sync.services.letters.keep_letters": "the device, and rows of its own",
    "sync.services.letters.decide_letters": "the device first, then its letters, then as exchange and take_piece",
    "sync.services.letters.follow_letters": "letters in the order of their ids; nothing after them",
    "sync.services.letters.empty_refused": "letters in the order of their ids; nothing after them",
    "sync.services.reminders.remind_of_letters": SKIPS_TAKEN,
    "sync.services.letters.photos_with": "under the device",
    "sync.services.exchange.held_device": "the device first, then what the rooms lock that apply what it hands in",
}
TOLD_BY = {
    "sync.services.photos.forget_photos": "visits.person.erased",
    "sync.services.photos.move_photos": "visits.household.followed",
    "sync.services.photos.drop_old_pieces": QUEUE,
    "sync.services.reminders.remind_of_letters": "sync.letters.reminded",
    "sync.services.taking.all": "no event: receipts; the rooms journal what they have applied",
}
OTHERWISE = {"minqing.sync.services.devices.register_device": "the owner's own, or it is refused; its name is all"}
UNPAIRED = {
    "sync.services.shelves.pull": "part of exchange, under the lock of the device",
}
INSIDE = {
    "sync.services.shelves.pull",
    "sync.services.letters.empty_refused",
    "sync.services.photos.forget_photos",
    "sync.services.photos.give_up_old_photos",
    "sync.services.reminders.remind_of_letters",
}
WITHOUT_PAGE = {
    "empty_refused": "when somebody is erased",
    "forget_photos": "when somebody is erased",
    "give_up_old_photos": "by the nightly job",
    "remind_of_letters": "by the job of each morning",
}
OWN = {"sync.services.exchange.exchange", "sync.services.photos.take_piece", "sync.services.devices.register_device"}
WALLESS = {
    "sync_device": "its key is encrypted for its row, and nothing in it tells of anybody but its owner",
    "sync_photo": "says how far a photo has come; what it shows stands in its pieces, encrypted for their rows",
    "sync_letter": "each is sealed to the server, and emptied once it was taken or left",
    "sync_photopiece": "each is encrypted for its row, and is there until the photo is whole",
}
UNERASED = {
    "sync.Letter": {
        "sha256": "of a photo that nobody can look at here",
        "print": "tells two letters apart, and nothing of what is in them",
    },
    "sync.Device": {"key": "opens what one phone keeps of its own, and is gone once the phone is revoked"},
}
NOTICES = {
    "sync.undecided": (Told("sync.letters.reminded", of("device", letter), undecided),),
    "sync.undecided_above": (Told("sync.letters.raised", of("device", letter), undecided),),
}
STAFFED = {
    "sync.Device.account": "their phone: it hears that the account is closed when it is next online",
    "sync.Device.unit": "where its person worked as it was set up",
}
