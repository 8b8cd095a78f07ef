"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from minqing.notify import services as notify
from tests.architecture.matrix import EVERYONE, NOBODY, Line, unknown
from tests.architecture.reasons import ADDS_ROWS, ONE_ROW, OWN_ROW, SKIPS_TAKEN

LINES = {
    # somebody else's notice does not exist; who has one is in tests/notify
    "notify:list": Line(EVERYONE),
    "notify:bell": Line(EVERYONE),
    "notify:choices": Line(EVERYONE),
    "notify:read_all": Line(EVERYONE, post=True),
    "notify:open": Line(EVERYONE, at=unknown(), reach=NOBODY, post=True),
}
BY_OTHER_WAYS = {
    "notify:bell": "asked for by the bell",
}
TOLD_BY = {
    "notify.services.preferences.put_address": "notify.address.{verb}",
    "notify.services.sending.replace_unread": "notify.notice.sent",
    "notify.services.sending.tell_account": "notify.notice.sent",
    "notify.services.sending.tell_accounts": "notify.notice.sent",
    "notify.services.sending.tell_outside": "notify.notice.sent",
}
LOCKED = {
    "notify.services.preferences.put": ONE_ROW,
    "notify.services.preferences.put_address": ONE_ROW,
    "notify.services.preferences.turned_off": ONE_ROW,
    "notify.services.delivering.look_after_lost": SKIPS_TAKEN,
    "notify.services.delivering.put_off": ONE_ROW,
    "notify.services.digest.fold": SKIPS_TAKEN,
    "notify.services.digest.gather_digests": SKIPS_TAKEN,
    "notify.services.results.settle": ONE_ROW,
}
UNPAIRED = {
    "notify.services.sending.send_notice": ADDS_ROWS,
    "notify.services.sending.send_notices": ADDS_ROWS,
}
INSIDE = {
    "notify.services.maintenance.sweep_old",
    "notify.services.sending.send_notice",
    "notify.services.sending.send_notices",
}
OTHERWISE = {
    "minqing.notify.services.sending.send_notice": "the id of an event",
    "minqing.notify.services.reading.mark_read": "the id of what is marked",
}
UNSEEN = {
    "notify:open": OWN_ROW,
    "notify:read_all": OWN_ROW,
}
OWN = {"notify.services.reading.mark_all_read"}
ALONE = {
    notify.retry_parked: lambda _stage: {"ids": []},
    notify.drop_parked: lambda _stage: {"ids": []},
    notify.forget_account: lambda stage: {"account": stage.cast.account("cadre").pk},
}
