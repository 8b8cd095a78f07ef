"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.urls import reverse

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import new_id
from minqing.org.enums import Role
from minqing.org.models import Area
from minqing.privacy.access import acting_as
from minqing.routing import services as routing
from minqing.routing.engine import Condition
from minqing.routing.enums import RouteMove, RouteState
from minqing.routing.lifecycle import ROUTE_SET
from minqing.routing.models import Route, RouteCase, RouteReplay, RouteSet
from minqing.routing.rules import may_keep_routes
from tests.architecture.acts import Act
from tests.architecture.matrix import ALL, TOWN, Line, Reach, beside, matter
from tests.architecture.offers import Key, Scene
from tests.cast import Cast
from tests.pairs import Stage
from tests.routing.drafting import add, draft_of, put_live
from tests.routing.drafting import drafted as begun


def routes_set(cast: Cast, area: Area) -> tuple[Any, ...]:
    return (draft_of(cast, area).id,)


def route(cast: Cast, area: Area) -> tuple[Any, ...]:
    with cast.everything():
        return (draft_of(cast, area).routes.get().id,)


def route_of_set(cast: Cast, area: Area) -> tuple[Any, ...]:
    return (*routes_set(cast, area), *route(cast, area))


def case_of_set(cast: Cast, area: Area) -> tuple[Any, ...]:
    """One of its own each time: an earlier one may have been taken out."""
    draft = draft_of(cast, area)
    with cast.everything():
        one = RouteCase.objects.create(
            set=draft, area=draft.area, place=area, title="路灯", at=clock.now(), unit=cast.bureau
        )
    return (draft.id, one.id)


def keeps(cast: Cast, actor: Actor) -> Any:
    return may_keep_routes(actor, area_id=cast.town.id, level=cast.town.level)


def draft(cast: Cast) -> Scene:
    """With two rules and a test case, not tried yet."""
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        rows = begun(cast)
        first, second = add(cast, rows), add(cast, rows, name="大桥", when=Condition(words=("大桥",)))
        case = routing.save_case(
            id=new_id(), routes=rows, title="道路坑洼", place=cast.own.id, unit=cast.office.id, by=clerk
        )
    keep = partial(keeps, cast)
    key = str(rows.pk)
    of_all = ("routes_set", "routes_replay", "route_new", "case_new")
    pages = [reverse(f"routing:{name}", args=[rows.pk]) for name in of_all]
    pages.append(reverse("routing:case_edit", args=[rows.pk, case.pk]))
    pages += [reverse("routing:route_edit", args=[rows.pk, one.pk]) for one in (first, second)]
    done = [(first.pk, "down"), (first.pk, "drop"), (second.pk, "up"), (second.pk, "drop")]
    times = {"hour_from": "08:00", "hour_to": "12:00", "season_from": "09-01", "season_to": "11-30"}
    # the first question is no choice of somebody in a hurry: its answers are its own
    times |= {f"{name}{number}": "" for name in ("question", "value") for number in range(3)}
    told = {"title": "路灯", "place": str(cast.own.id), "unit": str(cast.office.id), "at": "2026-09-30T16:00"}
    return Scene(
        pages=pages,
        acts={
            **{(f"routing:{name}", key): keep for name in ("routes_try", "routes_replay", "route_new", "case_new")},
            **{("routing:route_edit", key, str(one.pk)): keep for one in (first, second)},
            ("routing:routes_move", key, "discard"): keep,
            ("routing:case_edit", key, str(case.pk)): keep,
            ("routing:case_drop", key, str(case.pk)): keep,
            **{("routing:route_do", key, str(route), verb): keep for route, verb in done},
        },
        filled={
            **{f"routing:{name}": told for name in ("case_new", "case_edit")},
            **{f"routing:{name}": times for name in ("route_new", "route_edit")},
            "routing:routes_try": {"place": str(cast.own.id)},
        },
    )  # fmt: skip


def rules_in(state: RouteState) -> Callable[[Cast], Scene]:
    """Ready to go live, live, or a former version."""

    def made(cast: Cast) -> Scene:
        clerk = cast.actor("clerk")
        with acting_as(clerk):
            rows = begun(cast)
            route = add(cast, rows)
            routing.replay_routes(id=new_id(), routes=rows, by=clerk)
            if state is not RouteState.DRAFT:
                put_live(rows, clerk)
            if state is RouteState.RETIRED:
                routing.retire_routes(routes=rows, by=clerk)
        keep = partial(keeps, cast)
        key = str(rows.pk)
        moves = [move.value for move in OF_LIVES if ROUTE_SET.target(state, move) and move is not RouteMove.GIVE_WAY]
        acts: dict[Key, Any] = {("routing:routes_move", key, move): keep for move in moves}
        acts["routing:routes_try", key] = keep
        if state is RouteState.DRAFT:
            acts["routing:routes_move", key, "discard"] = keep
            acts["routing:route_do", key, str(route.pk), "drop"] = keep
        else:
            acts["routing:routes_draft",] = keep
        pages = [reverse("routing:routes"), reverse("routing:routes_set", args=[rows.pk])]
        return Scene(pages, acts, {"routing:routes_try": {"place": str(cast.own.id)}})

    return made


# rules belong to a township: each of its villages leads to the same ones; the operator looks at all
RULES: Reach = {"clerk": TOWN, "operator": ALL}
LINES = {
    "routing:triage": Line({Role.CLERK}),
    "routing:route": Line({Role.CLERK}, at=matter, ok=302),
    "routing:bulk_undo": Line({Role.CLERK}, post=True, ok=422),  # nothing was named
    "routing:undo": Line({Role.CLERK}, at=matter, post=True, ok=404),  # no step was named
    "routing:bulk": Line({Role.CLERK}, post=True, ok=422),
    "routing:routes": Line({Role.CLERK, Role.OPERATOR}),
    "routing:routes_draft": Line({Role.CLERK}, post=True, ok=404),  # no area was named
    "routing:routes_set": Line({Role.CLERK, Role.OPERATOR}, at=routes_set, reach=RULES),
    "routing:routes_try": Line({Role.CLERK}, at=routes_set, reach=RULES, post=True, ok=422),
    "routing:routes_replay": Line({Role.CLERK}, at=routes_set, reach=RULES),
    "routing:routes_move": Line({Role.CLERK}, at=beside(routes_set, "retire"), reach=RULES, post=True, ok=409),
    "routing:route_new": Line({Role.CLERK}, at=routes_set, reach=RULES),
    "routing:route_edit": Line({Role.CLERK}, at=route_of_set, reach=RULES),
    "routing:route_do": Line({Role.CLERK}, at=beside(route_of_set, "up"), reach=RULES, post=True),
    "routing:route_matters": Line({Role.CLERK}, at=route, reach=RULES),
    "routing:case_new": Line({Role.CLERK}, at=routes_set, reach=RULES),
    "routing:case_edit": Line({Role.CLERK}, at=case_of_set, reach=RULES),
    "routing:case_drop": Line({Role.CLERK}, at=case_of_set, reach=RULES, post=True),
}
BY_OTHER_WAYS = {
    "routing:route_edit": "of a draft of one's own place",
    "routing:route_matters": "of a rule by which matters have come",
    "routing:routes_set": "a draft is for those who write it; the operator looks at what is in force",
}
ACTS = {
    "draft_routes": Act("routing:routes_draft", keeps),
    "add_route": Act("routing:route_new", keeps),
    "save_route": Act("routing:route_edit", keeps),
    "move_route": Act("routing:route_do", keeps),
    "drop_route": Act("routing:route_do", keeps),
    "add_case": Act("routing:case_new", keeps),
    "save_case": Act("routing:case_edit", keeps),
    "drop_case": Act("routing:case_drop", keeps),
    "try_text": Act("routing:routes_try", keeps),
    "replay_routes": Act("routing:routes_replay", keeps),
    "go_live": Act("routing:routes_move", keeps),
    "retire_routes": Act("routing:routes_move", keeps),
    "roll_back_routes": Act("routing:routes_move", keeps),
    "discard_draft": Act("routing:routes_move", keeps),
}
WITHOUT_PAGE = {"load_routes": "the operator's command"}
TOLD_BY = {
    "routing.services.files.load_routes": "matters.routes.drafted",
    "routing.services.drafts.copy_into": "matters.routes.drafted",
    "routing.services.drafts.discard_draft": "matters.routes.discarded",
    "routing.services.drafts.drop_case": "matters.routes.changed",
    "routing.services.drafts.drop_route": "matters.routes.changed",
    "routing.services.drafts.set_order": "matters.routes.changed",
}
LOCKED = {
    "routing.services.drafts.new_draft": "the sets of one area by number",
    "routing.services.drafts.open_draft": "one row, and nothing after it",
    "routing.services.drafts.set_order": "under the lock of the draft",
    "routing.services.versions.begin_move": "the sets of one area by number",
}
UNPAIRED = {
    "routing.services.drafts.new_draft": "draft_routes",
    "routing.services.trials.try_text": "changes nothing",
}
INSIDE = {"routing.services.drafts.new_draft"}
OTHERWISE = {
    "minqing.routing.services.drafts.save_route": "corrects; what a form adds is add_route",
    "minqing.routing.services.drafts.save_case": "corrects; what a form adds is add_case",
    "minqing.routing.services.drafts.new_draft": "draft_routes and load_routes",
    "minqing.routing.services.files.load_routes": "a command: its id is new each time",
    "minqing.routing.services.sorting.sort_matter": "assign_matter compares the whole, as_one_send",
}
BY_SERVICE = {
    "routing.forms.routes.ReplayForm": "routing.services.trials.replay_routes",
}
UNSEEN = {
    "routing:routes_draft": "adds a draft where there is none",
    "routing:bulk_undo": "as routing:undo",
    "routing:undo": "it names the step that it takes back, and what was done since is told",
}
OFFERS = {
    "draft of rules": draft,
    **{f"rules {state}": rules_in(state) for state in RouteState},
}

ADDS = {
    "ReplayForm",
}


def an_empty_draft(stage: Stage) -> Any:
    RouteSet.objects.filter(area=stage.cast.town, state="draft").delete()
    with transaction.atomic():
        by = stage.cast.actor("clerk")
    return routing.draft_routes(id=new_id(), area=stage.cast.town, by=by)


ALONE = {
    routing.add_case: lambda stage: {
        "id": new_id(), "routes": an_empty_draft(stage), "title": "一", "place": stage.cast.own.pk,
        "unit": stage.cast.bureau.pk,
    },
    routing.try_text: lambda stage: {
        "routes": an_empty_draft(stage), "title": "", "text": "路灯", "place": stage.cast.own.pk
    },
}  # fmt: skip
# what a move of its life is called among the writes
OF_LIVES = {
    RouteMove.GO_LIVE: "go_live",
    RouteMove.RETIRE: "retire_routes",
    RouteMove.ROLL_BACK: "roll_back_routes",
    # by the one that comes in its place
    RouteMove.GIVE_WAY: "go_live",
}
# the moves of matters are in tests/matters/test_doors.py
MOVING = {"routing:route", "routing:bulk", "routing:undo", "routing:bulk_undo"}
TRIES = {"routing:routes_try"}


def rows_of_rules() -> list[int]:
    return [one.objects.count() for one in (Route, RouteCase, RouteReplay, RouteSet)]


# a page of theirs writes rows that no event tells
FOOTPRINT = {rows_of_rules}


def a_draft(cast: Cast) -> None:
    draft_of(cast, cast.own)


PLANTED = {a_draft}
STAFFED = {
    "routing.Route.unit": "of_unit",
    "routing.RouteCase.unit": "what a rule was tried on",
    "routing.Routing.suggested": "what was done",
    "routing.Routing.chosen": "what was done",
}
