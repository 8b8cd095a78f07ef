"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from typing import Any

from minqing.audit import services
from minqing.audit.rules import AUDITORS, may_check
from minqing.core import clock
from minqing.core.actor import Actor
from tests.architecture.acts import Act
from tests.architecture.matrix import Line
from tests.cast import Cast


def checks(_cast: Cast, actor: Actor) -> Any:
    return may_check(actor, clock.today(), clock.today())


LINES = {
    "audit:record": Line(AUDITORS),
    "audit:looks": Line(AUDITORS),
    "audit:seals": Line(AUDITORS),
    "audit:check": Line(AUDITORS, post=True, ok=422),  # no day was named
}
ACTS = {"ask_check": Act("audit:check", checks)}
WITHOUT_PAGE = {
    "check_day": "the worker's, for ask_check",
    "keep_check": "the worker's, for ask_check",
}
ALONE = {
    services.ask_check: lambda _stage: {"day": clock.today()},
    services.check_day: lambda _stage: {"day": clock.today()},
    services.keep_check: lambda _stage: {"day": clock.today(), "ends": (0, 0), "events": 0, "findings": []},
}
UNPAIRED = {"audit.services.keep_check": "part of check_day"}
UNSEEN = {"audit:check": "asks a job to look, which changes nothing"}

OF_OTHERS = {"tests/audit/test_deeds.py"}
