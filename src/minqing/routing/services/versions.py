"""A draft goes live, a live set is taken out of force, a former version comes back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.cache_version import invalidate
from minqing.core.decision import Decision
from minqing.core.errors import Conflict, NotFound
from minqing.journal.moves import Moves
from minqing.journal.services import Json
from minqing.routing.enums import RouteMove, RouteState
from minqing.routing.lifecycle import ROUTE_SET
from minqing.routing.models import RouteReplay, RouteSet
from minqing.routing.queries.routes import last_replay
from minqing.routing.rules import may_keep_routes, may_move_routes
from minqing.routing.services.drafts import digest_of_rules, facts_of, problems, subject_of
from minqing.routing.services.trials import Tried, try_cases


def ready_to_go_live(
    routes: RouteSet,
    by: Actor,
    *,
    tried: list[Tried] | None = None,
    wrong: Mapping[UUID, list[str]] | None = None,
    trial: RouteReplay | None = None,
) -> Decision:
    """Whether a draft may go live now: no rule is wrong, every case passes, and its trial was looked at as it is.

    What a page has worked out already may be handed in.
    """
    if not routes.routes.exists():
        return Decision.no("no_rules", _("There is no rule in this draft."))
    if problems(routes, by) if wrong is None else wrong:
        return Decision.no("wrong_rules", _("Some rules cannot stay as they are. Mend what is marked."))
    if not all(one.passed for one in (try_cases(routes) if tried is None else tried)):
        return Decision.no("case_failed", _("A test case fails. Mend the rules or the case."))
    trial = trial or last_replay(routes)
    live = RouteSet.objects.filter(area_id=routes.area_id, state=RouteState.LIVE.value).first()
    if trial is None or trial.digest != digest_of_rules(routes) or trial.against_id != (live.pk if live else None):
        return Decision.no("not_replayed", _("Try these rules on past matters first, as they are now."))
    return Decision.yes()


def begin_move(routes: RouteSet, move: RouteMove, by: Actor) -> tuple[RouteSet, RouteSet | None]:
    """The set and the area's live one, locked with all versions of the area; raises where the move is not open."""
    versions = RouteSet.objects.select_for_update(of=("self",)).select_related("area").filter(area_id=routes.area_id)
    rows = list(versions.order_by("number"))
    found = next((one for one in rows if one.pk == routes.pk), None)
    if found is None:
        raise NotFound("routes")
    may_keep_routes(by, area_id=found.area_id, level=found.area.level).require()
    open_here = may_move_routes(move, RouteState(found.state))
    if not open_here:
        raise Conflict(open_here.code, open_here.reason)
    return found, next((one for one in rows if one.state == RouteState.LIVE), None)


def finish_move(routes: RouteSet, live: RouteSet | None, move: RouteMove, *, by: Actor, at: datetime) -> RouteSet:
    """Take the live one out of force first: an area has one live set at most."""
    former = live if live is not routes else None
    if former is not None:
        ROUTE_SETS.finish(former, RouteMove.GIVE_WAY, by=by, at=at)
    goes = ROUTE_SETS.target(routes, move) is RouteState.LIVE
    told: dict[str, Json] = {"instead_of": former.number if former else None}
    invalidate()
    return ROUTE_SETS.finish(routes, move, by=by, at=at, data=told, live_at=at if goes else routes.live_at)


ROUTE_SETS: Final = Moves(
    model=RouteSet,
    lifecycle=ROUTE_SET,
    # that one gives way is told by the one that comes in its place
    events={
        RouteMove.GO_LIVE: "matters.routes.went_live",
        RouteMove.RETIRE: "matters.routes.retired",
        RouteMove.ROLL_BACK: "matters.routes.rolled_back",
    },
    subject=subject_of,
    event_data=facts_of,
)


@transaction.atomic
def go_live(*, routes: RouteSet, by: Actor, at: datetime | None = None) -> RouteSet:
    """Put a draft into force; the version before becomes a former one. Refused until :func:`ready_to_go_live`."""
    draft, live = begin_move(routes, RouteMove.GO_LIVE, by)
    ready = ready_to_go_live(draft, by)
    if not ready:
        raise Conflict(ready.code, ready.reason)
    return finish_move(draft, live, RouteMove.GO_LIVE, by=by, at=at or clock.now())


@transaction.atomic
def roll_back_routes(*, routes: RouteSet, by: Actor, at: datetime | None = None) -> RouteSet:
    """Put a former version into force again, at once: it was tried when it went live."""
    former, live = begin_move(routes, RouteMove.ROLL_BACK, by)
    return finish_move(former, live, RouteMove.ROLL_BACK, by=by, at=at or clock.now())


@transaction.atomic
def retire_routes(*, routes: RouteSet, by: Actor, at: datetime | None = None) -> RouteSet:
    """Put the live rules out of force without others; the categories say the unit again."""
    live, _same = begin_move(routes, RouteMove.RETIRE, by)
    return finish_move(live, live, RouteMove.RETIRE, by=by, at=at or clock.now())
