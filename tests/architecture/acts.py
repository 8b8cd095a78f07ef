"""What can be done beside the moves of matters: each write of these rooms, the rule that it asks, its page's address.

A write function that is not here, or an address that takes a form and is not here, fails ``test_acts.py``.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.exports import rules as exporting
from minqing.exports import services as export_services
from minqing.exports.enums import State as ExportState
from minqing.households import rules as household_rules
from minqing.households import services as household_services
from minqing.intake import services as intake_services
from minqing.intake.kinds import kinds_for
from minqing.publications import rules as publishing
from minqing.publications import services as publication_services
from minqing.publications.enums import Act as PublicAct
from minqing.publications.lifecycle import PUBLICATION
from minqing.visits import rules as visit_rules
from minqing.visits import services as visit_services
from tests.architecture.of_rooms import brought, with_acts
from tests.cast import Cast

Rule = Callable[[Cast, Actor], Any]


@dataclass(frozen=True)
class Act:
    """``shared``: the page shows something to other posts as well, and its form only to those of the rule."""

    url: str
    rule: Rule
    shared: bool = False


def at_home(rule: Callable[[Actor, int], Any]) -> Rule:
    """May it be done in the village that all of the cast have to do with?"""
    return lambda cast, actor: rule(actor, cast.own.id)


change = at_home(household_rules.may_change)
codes = at_home(household_rules.may_issue_codes)


def tags(cast: Cast, actor: Actor) -> Any:
    return household_rules.may_grant_tag(actor, cast.own.id, ())


def moved(cast: Cast, actor: Actor) -> Any:
    return household_rules.may_move(actor, cast.own.id, cast.own.id)


def exports(cast: Cast, actor: Actor) -> Any:
    return actor.has(*exporting.EXPORTERS)


def decides(cast: Cast, actor: Actor) -> Any:
    return exporting.may_decide(actor, account=None, area_id=cast.town.id, state=ExportState.ASKED)


def takes(cast: Cast, actor: Actor) -> Any:
    """Only who may ask has anything to take."""
    now = clock.now()
    state = ExportState.APPROVED
    own = exporting.may_take(actor, account=actor.id, post=actor.post, state=state, decided_at=now, now=now)
    return exports(cast, actor) and own


def publishes(act: PublicAct) -> Rule:
    stages = [stage for stage, move in PUBLICATION.changing if move is act]
    return lambda cast, actor: any(publishing.may(act, actor, stage=one, area_id=cast.own.id) for one in stages)


def figures(cast: Cast, actor: Actor) -> Any:
    return publishing.may_publish_figures(actor, whole=True)


def brings(cast: Cast, actor: Actor) -> Any:
    """``may_bring`` of any kind."""
    return kinds_for(actor)


ACTS: dict[str, Act] = {
    "add_household": Act("households:add", change),
    "save_household": Act("households:edit", change),
    "close_household": Act("households:close", change),
    "add_resident": Act("households:person_add", change),
    "save_resident": Act("households:person", change),
    "move_resident": Act("households:person_move", moved),
    "leave_household": Act("households:person_left", change),
    "reveal_number": Act("households:reveal", at_home(household_rules.may_see)),
    "grant_tag": Act("households:tags", tags),
    "revoke_tag": Act("households:tag_revoke", tags),
    "issue_missing_codes": Act("households:plates", codes),
    "reissue_code": Act("households:code", codes, shared=True),
    "record_visit": Act("visits:new", at_home(visit_rules.may_record)),
    "assign_households": Act("visits:care", at_home(visit_rules.may_assign)),
    "end_assignment": Act("visits:end_care", at_home(visit_rules.may_assign)),
    "receive_table": Act("intake:new", brings),
    "take_sheet": Act("intake:sheet", brings),
    "ask_to_load": Act("intake:load", brings),
    "ask_export": Act("matters:export", exports),
    "decide_export": Act("exports:decide", decides),
    "take_export": Act("exports:take", takes),
    "prepare_publication": Act("publications:text", publishes(PublicAct.PREPARE)),
    "review_publication": Act("publications:act", publishes(PublicAct.REVIEW)),
    "publish": Act("publications:act", publishes(PublicAct.PUBLISH)),
    "withdraw_publication": Act("publications:act", publishes(PublicAct.WITHDRAW)),
    "ask_figures": Act("publications:figures", figures),
}
# writes to which no page leads, and who makes them
WITHOUT_PAGE = {
    "issue_code": "by tables of households, and the demo",
    "revoke_code": "with what closes a file or makes a new code",
    "load_tags": "the reference data of an upgrade",
    "assign_household": "by tables of households",
    "follow_household": "after a household has moved",
    "check_run": "the worker's",
    "load_run": "the worker's",
    "forget_old_files": "the worker's",
    "index_publications": "part of each upgrade",
    "withdraw_publication_of": "after a matter was opened again",
    "publish_figures": "the worker's, for ask_figures",
    "count_next_visit_days": "the worker's",
    "count_stale_visit_days": "the worker's",
    "rebuild_visit_days": "the operator's command",
    "wrong_visit_days": "the operator's command",
}
# forms that ask and write nothing
ASKING = frozenset({"households:search"})
# the moves of matters are in tests/matters/test_doors.py
MOVING = frozenset({"routing:route", "routing:bulk"})
ROOMS = (
    household_services, visit_services, intake_services, export_services, publication_services,
)  # fmt: skip
SPACES = ("households:", "visits:", "intake:", "exports:", "matters:export", "publications:")

# rooms list their own
ACTS |= brought("ACTS")
WITHOUT_PAGE |= brought("WITHOUT_PAGE")
ASKING |= brought("ASKING").keys()
ROOMS += tuple(importlib.import_module(f"minqing.{room}.services") for room in with_acts())
SPACES += tuple(f"{room}:" for room in with_acts())


def writes() -> Iterator[str]:
    """The public functions of the rooms that take the one who writes, by its name as every write does."""
    for room in ROOMS:
        for name, one in inspect.getmembers(room, inspect.isfunction):
            by = inspect.signature(one).parameters.get("by")
            # what it calls of another room is not its own
            if not one.__module__.startswith(room.__name__):
                continue
            if by and by.kind is by.KEYWORD_ONLY:
                yield name
