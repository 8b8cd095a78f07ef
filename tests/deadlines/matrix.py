"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from minqing.org.enums import Role
from tests.architecture.matrix import ALL, Line, fixed
from tests.cast import Cast

MOVE = "matters.matter.assigned"
THING = "under the lock of the one thing whose clocks they are"
ORDERED = "things in the one order of their room"
ROW = "one row, and nothing after it"
NAMES = ("工作日-2026.xlsx", "工作日-2026.xlsx", "Working days-2026.xlsx")


def year_workbook(cast: Cast, who: Any) -> Any:
    """The operator's, in the language of who asks elsewhere."""
    operator = cast.client("operator")
    operator.cookies[settings.LANGUAGE_COOKIE_NAME] = who.cookies[settings.LANGUAGE_COOKIE_NAME].value
    return operator.get("/operator/days/workbook/?year=2026")


LINES = {
    "deadlines:norms": Line({Role.OPERATOR}),
    "deadlines:ladder": Line({Role.OPERATOR}),
    "workdays:year": Line({Role.OPERATOR}),
    "workdays:workbook": Line({Role.OPERATOR}),
    "workdays:day": Line({Role.OPERATOR}, at=fixed("2026-11-30"), reach={"operator": ALL}),
}
LOCKED = {
    "deadlines.services.clocks.stop_clocks": "clocks of one thing, whose lock it is under",
    "deadlines.services.clocks.hand_over": THING,
    "deadlines.services.clocks.lock_things_of": ORDERED,
    "deadlines.services.clocks.reckon_running": THING,
    "deadlines.services.ladder.look_again": "the ladder, then things: lock_things_of",
    "deadlines.services.ladder.set_ladder": "the ladder, then things: lock_things_of",
    "deadlines.services.ladder.set_pause_rule": ROW,
    "deadlines.services.norming.follow": "the norm, then things: lock_things_of",
    "deadlines.services.norming.set_norm": "the norm, then things: lock_things_of",
    "deadlines.services.passing.do_one": "takes what is free and waits for nobody",
    "deadlines.services.passing.keep": THING,
    "deadlines.services.passing.reckon_batch": ORDERED,
    "deadlines.services.pauses.decide_more": THING,
    "deadlines.services.pauses.drop_requests": THING,
    "deadlines.services.pauses.end_pause": THING,
}
TOLD_BY = {
    "deadlines.services.clocks.hand_over": MOVE,
    "deadlines.services.clocks.reckon_running": "matters.matter.suspended",
    "deadlines.services.clocks.start_clocks": MOVE,
    "deadlines.services.clocks.stop_clocks": MOVE,
    "deadlines.services.ladder.look_again": "deadlines.ladder.changed",
    "deadlines.services.norming.bring": "deadlines.norms.loaded",
    "deadlines.services.norming.follow": "deadlines.norm.changed",
    "deadlines.services.passing.keep": "{book.room}.clocks.reckoned",
    "deadlines.services.pauses.drop_requests": MOVE,
    "deadlines.services.pauses.end_pause": "matters.matter.resumed",
}
DOWNLOADS = {"year": ("deadlines/views/days.py", year_workbook, NAMES)}
UNPAIRED = {"deadlines.services.norming.load_norms": "part of an upgrade, which runs alone"}
INSIDE = {
    "deadlines.services.norming.load_norms", "deadlines.services.passing.escalate_due",
    "deadlines.services.passing.reckon_clocks", "deadlines.services.passing.remind_due",
    "deadlines.services.passing.resume_due",
}  # fmt: skip
OTHERWISE = {
    "minqing.deadlines.services.pauses.ask_for_more": "inside a move of the room, which looks at what was sent",
    "minqing.deadlines.services.pauses.begin_pause": "inside a move of the room, which looks at what was sent",
}
FINDINGS = {"deadlines passed over"}
