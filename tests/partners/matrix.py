"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from uuid import UUID

from minqing.core.ids import new_id
from minqing.org.enums import Role
from minqing.org.models import Area
from tests.architecture.matrix import NOBODY, Line, fixed, unknown
from tests.architecture.reasons import ADDS_ROWS, LIFE_DECIDES, OF_SYSTEMS, ONE_ROW, QUEUE, SLOWED
from tests.cast import Cast


def nobodys_key(cast: Cast, area: Area) -> tuple[str, UUID]:
    return "nobody", new_id()


LINES = {
    "partners:list": Line({Role.OPERATOR}),
    "partners:replay_delivery": Line({Role.OPERATOR}, at=unknown(), reach=NOBODY, post=True),
    "partners:replay_event": Line({Role.OPERATOR}, at=unknown(), reach=NOBODY, post=True),
    "partners:settle_delivery": Line({Role.OPERATOR}, at=unknown(), reach=NOBODY, post=True),
    "partners:settle_event": Line({Role.OPERATOR}, at=unknown(), reach=NOBODY, post=True),
    "partners:add": Line({Role.OPERATOR}),
    "partners:partner": Line({Role.OPERATOR}, at=fixed("nobody"), reach=NOBODY),
    "partners:edit": Line({Role.OPERATOR}, at=fixed("nobody"), reach=NOBODY),
    "partners:new_secret": Line({Role.OPERATOR}, at=fixed("nobody"), reach=NOBODY, post=True),
    "partners:revoke": Line({Role.OPERATOR}, at=nobodys_key, reach=NOBODY, post=True),
    "partners:replay_all": Line({Role.OPERATOR}, at=fixed("nobody"), reach=NOBODY, post=True),
}
EXEMPT = {
    "partners:events": "for other systems, by token or signature: tests/partners/test_inbox.py",
    "partners:inbox": "for other systems, by token or signature: tests/partners/test_inbox.py",
}
TOLD_BY = {
    "partners.services.queueing.queue_event": QUEUE,
    "partners.services.sending.forget_delivered": "no event: what arrived; its event stays in the journal",
    "partners.services.sending.settle": QUEUE,
    "partners.services.tokens.note_use": "no event: the day a token was last used, for the operator's list",
    "partners.services.tokens.sweep_buckets": SLOWED,
}
LOCKED = {
    "partners.services.receiving.forget_settled": "takes what is free and waits for nobody",
    "partners.services.sending.lay_aside_old": "takes what is free and waits for nobody",
    "partners.services.sending.claim": "takes what is free and waits for nobody",
    "partners.services.receiving.replay_event": ONE_ROW,
    "partners.services.receiving.settle_event": ONE_ROW,
    "partners.services.processing.locked": "one subject at a time",
    "partners.services.dead_letters.replay_delivery": ONE_ROW,
    "partners.services.dead_letters.settle_delivery": ONE_ROW,
    "partners.services.endpoints.rotate_secret": ONE_ROW,
    "partners.services.endpoints.save_endpoint": ONE_ROW,
    "partners.services.receiving.corrected": ONE_ROW,
    "partners.services.sending.settle": ONE_ROW,
    "partners.services.sending.switch_off": ONE_ROW,
    "partners.services.handshake.ask_welcome": ONE_ROW,
    "partners.services.tokens.give_secret": ONE_ROW,
    "partners.services.tokens.note_use": ONE_ROW,
    "partners.services.tokens.register_partner": ONE_ROW,
    "partners.services.tokens.revoke_token": ONE_ROW,
}
UNPAIRED = {
    "partners.services.handshake.ask_welcome": "one row, written once by whoever is answered first",
    "partners.services.tokens.issue_token": ADDS_ROWS,
    "partners.services.tokens.issue_token_once": ADDS_ROWS,
}
ADDS = {"TokenForm"}
BY_SERVICE = {"partners.forms.TokenForm": "partners.services.tokens.issue_token_once"}
OTHERWISE = {"minqing.partners.services.tokens.issue_token": "the command's, which makes a new one each time"}
UNSEEN = {
    "partners:revoke": "twice is the same as once",
    "partners:replay_all": "sends again whatever lies aside by then",
    "partners:replay_delivery": LIFE_DECIDES,
    "partners:replay_event": LIFE_DECIDES,
    "partners:settle_delivery": LIFE_DECIDES,
    "partners:settle_event": LIFE_DECIDES,
}
MACHINES = {"partners:events": (), "partners:inbox": ("hotline",)}
BY_TOKEN = {"partners.services.receiving.store_event"}
OPERATORS = {
    "partners.services.handshake.ask_welcome",
    "partners.services.tokens.issue_token",
    "partners.services.tokens.issue_token_once",
}
UNERASED = {
    "partners.Endpoint": dict.fromkeys(("secret", "former_secret"), OF_SYSTEMS),
    "partners.Partner": dict.fromkeys(("contact", "secret", "former_secret"), OF_SYSTEMS),
    "partners.Token": {"digest": OF_SYSTEMS},
}
FINDINGS = {"events not delivered", "events laid aside", "endpoints", "partners' secrets"}

AT_ONCE = {"partners.0003_hooks"}
STAFFED = {
    "partners.Partner.unit": "of_unit",
}
