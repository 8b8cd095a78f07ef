"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from minqing.core.ids import new_id
from minqing.notify import services as notify
from minqing.notify.enums import Channel
from minqing.org.enums import Role
from tests.architecture.matrix import ALL, EVERYONE, NOBODY, Line, fixed, unknown
from tests.architecture.reasons import ADDS_ROWS, LIFE_DECIDES, OF_ACCOUNTS, ONE_ROW, OWN_ROW, QUEUE, SKIPS_TAKEN

# a channel is of no place
THERE = {"operator": ALL}
LINES = {
    # somebody else's notice does not exist; who has one is in tests/notify
    "notify:list": Line(EVERYONE),
    "notify:bell": Line(EVERYONE),
    "notify:choices": Line(EVERYONE),
    "notify:read_all": Line(EVERYONE, post=True),
    "notify:open": Line(EVERYONE, at=unknown(), reach=NOBODY, post=True),
    "channels:list": Line({Role.OPERATOR}),
    "channels:channel": Line({Role.OPERATOR}, at=fixed("sms"), reach=THERE),
    "channels:again": Line({Role.OPERATOR}, at=fixed("sms"), reach=THERE, post=True, ok=302),
}
ADDS = {"TestForm"}
BY_OTHER_WAYS = {
    "notify:bell": "asked for by the bell",
}
TOLD_BY = {
    "notify.services.maintenance.bring_forward": QUEUE,
    "notify.services.preferences.put_address": "notify.address.{verb}",
    "notify.services.sending.replace_unread": "notify.notice.sent",
    "notify.services.sending.tell_account": "notify.notice.sent",
    "notify.services.sending.tell_accounts": "notify.notice.sent",
    "notify.services.sending.tell_all_outside": "notify.notice.sent",
    "notify.services.sending.tell_outside": "notify.notice.sent",
}
LOCKED = {
    "notify.services.reading.mark_all_read": "notices in the order of their ids",
    "notify.services.sending.replace_unread": OWN_ROW,
    "notify.services.sending.tell_account": OWN_ROW,
    "notify.services.delivering.claim": SKIPS_TAKEN,
    "notify.services.maintenance.moved": "messages in the order of their ids",
    "notify.services.reading.mark_read": ONE_ROW,
    "notify.services.maintenance.bring_forward": SKIPS_TAKEN,
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
    "notify.services.sending.send_letters": ADDS_ROWS,
    "notify.services.sending.send_notices": ADDS_ROWS,
    "notify.services.maintenance.send_test": ADDS_ROWS,
}
INSIDE = {
    "notify.services.maintenance.sweep_old",
    "notify.services.sending.send_letters",
    "notify.services.sending.send_notice",
    "notify.services.sending.send_notices",
}
BY_SERVICE = {"notify.forms.TestForm": "notify.services.maintenance.send_test"}
OTHERWISE = {
    "minqing.notify.services.sending.send_notice": "the id of an event",
    "minqing.notify.services.reading.mark_read": "the id of what is marked",
}
UNSEEN = {
    "channels:again": LIFE_DECIDES,
    "notify:open": OWN_ROW,
    "notify:read_all": OWN_ROW,
}
OWN = {"notify.services.reading.mark_all_read"}
ALONE = {
    notify.try_again: lambda _stage: {"channel": Channel.SMS},
    notify.send_test: lambda _stage: {
        "id": new_id(),
        "channel": Channel.SMS,
        "address": "13812345678",
        "language": "en",
    },
    notify.retry_parked: lambda _stage: {"ids": []},
    notify.drop_parked: lambda _stage: {"ids": []},
    notify.forget_account: lambda stage: {"account": stage.cast.account("cadre").pk},
}
CHECKED = {("notify_outgoing", "state"): "'queued'"}
CALLS_OUT = {
    "src/minqing/notify/carriers/http.py": "the operator's gateway, from the environment; follows no redirect",
    "src/minqing/notify/carriers/mail.py": "the operator's mail server, from the environment",
}
UNERASED = {
    "notify.Address": {"account": OF_ACCOUNTS, "address": OF_ACCOUNTS},
    "notify.Choice": {"account": OF_ACCOUNTS, "quiet_from": OF_ACCOUNTS, "quiet_to": OF_ACCOUNTS},
    "notify.Notice": {"account": OF_ACCOUNTS, "read_at": OF_ACCOUNTS},
}
FINDINGS = {"messages", "carriers", "templates of messages"}
