"""What the house's walks must know of this room: ``tests/architecture/of_rooms.py``."""

from __future__ import annotations

from typing import Any

from minqing.core.ids import new_id
from minqing.deadlines.enums import Rung
from minqing.hazards.enums import Charge, Move, Severity, State
from minqing.hazards.lifecycle import HAZARD
from minqing.hazards.models import ChecklistVersion, Hazard, HazardClock, HazardMore
from minqing.hazards.rules import DECIDES, Situation, may, may_change_checklists, may_find
from minqing.org.enums import DESK, FIELD, OVERSIGHT, Role
from minqing.org.models import Area
from tests.architecture.acts import Act, at_home
from tests.architecture.matrix import ALL, HERE, TOWN, Line, Reach, beside, canary, number, planted
from tests.architecture.notices import Told, of
from tests.architecture.reasons import OF_STAFF
from tests.cast import Cast, at
from tests.privacy.canary import NEXT_DOOR, Placed

SEES = FIELD | {Role.LEADER}
REACH: Reach = {"cadre": HERE, "village_secretary": HERE, "clerk": TOWN, "leader": ALL}
HELD: Reach = {"cadre": HERE, "village_secretary": HERE, "clerk": TOWN}


def hazard(cast: Cast, area: Area, state: State = State.FOUND, **values: Any) -> tuple[Any, ...]:
    """One at a household, found by another cadre, as it stands in that state."""
    version = ChecklistVersion.objects.filter(code="electricity", current=True).first()
    given: dict[str, Any] = {
        "household": planted(cast, area), "place": canary("PLACE", cast, area), "words": canary("WORDS", cast, area),
        "version": version, "items": ["wires"], "severity": Severity.SERIOUS,
        "charge": Charge.OWNER, "found_by": cast.account("other_cadre"), "number": number("HZ"),
    }  # fmt: skip
    if state is State.PUT_RIGHT:
        given |= {"righted": "换了。", "righted_by": cast.account("other_cadre"), "righted_at": at("2026-06-02 09:00")}
    with cast.everything():
        row = Hazard.objects.create(
            area=area, state=state, found_at=at("2026-06-01 09:00"), changed_at=at("2026-06-01 09:00"),
            due_at=at("2026-06-04 17:30"), **given | values,
        )  # fmt: skip
    return (row.pk,)


def in_state(state: State) -> Any:
    return lambda cast, area: hazard(cast, area, state)


def list_of(cast: Cast, _area: Area) -> tuple[Any, ...]:
    return ("electricity",)


def erased(cast: Cast, placed: Placed) -> None:
    """Something was found at the person's home, and next door."""
    texts = dict.fromkeys(("place", "words", "righted", "reasons"), NEXT_DOOR)
    (pk,) = hazard(cast, cast.own, State.CONFIRMED, household=placed.home, **texts)
    more_time(cast, pk, NEXT_DOOR)
    hazard(cast, cast.own, State.CLOSED, household=None, **texts)


CANARY = {erased}
LINES = {
    "hazards:list": Line(SEES),
    "hazards:new": Line(FIELD),
    "hazards:export": Line(
        DESK | OVERSIGHT, but=dict.fromkeys(("analyst", "handler", "unit_head", "village_secretary"), 403)
    ),
    "hazards:detail": Line(SEES, at=hazard, reach=REACH),
    "hazards:put_right": Line(FIELD, at=hazard, reach=HELD),
    "hazards:photo": Line(FIELD, at=beside(hazard, new_id()), reach={}),
    "hazards:move": Line(FIELD, at=beside(hazard, "dismiss"), reach=HELD, post=True, ok=422,
                         refused=dict.fromkeys(("cadre", "village_secretary"), 403)),
    "hazards:checklists": Line({Role.OPERATOR}),
    "hazards:add_checklist": Line({Role.OPERATOR}),
    "hazards:checklist": Line({Role.OPERATOR}, at=list_of, reach={"operator": ALL}),
}  # fmt: skip


def may_make(move: Move) -> Any:
    """Whether somebody may make that move at a hazard that they found and another put right, where it is open."""

    def rule(cast: Cast, actor: Any) -> bool:
        asks = cast.account("other_cadre").pk if move in DECIDES else None
        states = [state for state, made in HAZARD.changing if made is move and state is not None]
        given = (cast.own.pk, Severity.ORDINARY, Charge.OWNER, actor.id, None, asks)
        return any(may(move, actor, Situation(state, *given)) for state in states)

    return rule


ACTS = {
    "find_hazard": Act("hazards:new", at_home(may_find)),
    "put_right_hazard": Act("hazards:put_right", may_make(Move.PUT_RIGHT)),
    "confirm_hazard": Act("hazards:move", may_make(Move.CONFIRM), shared=True),
    "dismiss_hazard": Act("hazards:move", may_make(Move.DISMISS), shared=True),
    "close_hazard": Act("hazards:move", may_make(Move.CLOSE), shared=True),
    "send_back_hazard": Act("hazards:move", may_make(Move.SEND_BACK), shared=True),
    "raise_hazard": Act("hazards:move", may_make(Move.RAISE), shared=True),
    "withdraw_hazard": Act("hazards:move", may_make(Move.WITHDRAW), shared=True),
    "ask_more_time": Act("hazards:move", may_make(Move.ASK_MORE), shared=True),
    "grant_more_time": Act("hazards:move", may_make(Move.GRANT_MORE), shared=True),
    "refuse_more_time": Act("hazards:move", may_make(Move.REFUSE_MORE), shared=True),
    "change_checklist": Act("hazards:checklist", lambda _cast, actor: may_change_checklists(actor)),
    "add_checklist": Act("hazards:add_checklist", lambda _cast, actor: may_change_checklists(actor)),
}
WITHOUT_PAGE = {
    "follow_hazards": "by a household's move to another area",
    "follow_matter": "by the end of the matter that it was raised as",
    "load_checklists": "with the release",
    "find_seen": "in a diary, on its page or by a phone",
    "add_found_picture": "by a photo of a diary that comes after its words",
}
ASKING = frozenset({"hazards:export"})
TOLD_BY = {
    "hazards.services.hazards.add_pictures": "hazards.hazard.found",
    "hazards.services.checklists.next_version": "hazards.checklist.changed",
}
ADDS = {"HazardForm", "NewChecklistForm"}
BY_SERVICE = {
    "hazards.forms.finding.HazardForm": "hazards.services.hazards.find_hazard",
    "hazards.forms.finding.PutRightForm": "hazards.services.hazards.put_right_hazard",
    "hazards.forms.checklists.NewChecklistForm": "hazards.services.checklists.add_checklist",
}
INSIDE = {
    "hazards.services.checklists.load_checklists",
    "hazards.services.hazards.follow_hazards",
    "hazards.services.raising.follow_matter",
}
LOCKED = {
    "hazards.services.hazards.begin": "the hazard, then its clocks; of one that is raised then the new matter",
    "hazards.services.hazards.follow_hazards": "hazards of one household, in order of their ids",
    "hazards.services.raising.follow_matter": "the hazard, then its clocks",
    "hazards.services.seen.add_found_picture": "the hazard, after its household",
    "hazards.services.checklists.next_version": "under the name of all checklists",
    "hazards.subjects.erase": "hazards of one home, in order of their ids",
}
UNERASED = {"hazards.HazardMore": {"asked_by": OF_STAFF, "decided_by": OF_STAFF}}
FINDINGS = {"hazards"}
STAFFED = {
    "hazards.HazardClock.unit": "no unit has a hazard",
    "hazards.ChecklistVersion.by": "who wrote it, of the past",
}


def hazards_of_the_village(cast: Cast) -> None:
    hazard(cast, cast.own, State.CONFIRMED)
    hazard(cast, cast.own, State.PUT_RIGHT)


PLANTED = {hazards_of_the_village}


def standing(word: str, state: State, **data: Any) -> Told:
    return Told(f"hazards.hazard.{word}", of("hazard", in_state(state)), {"state": state.value, **data})


def with_request(cast: Cast, area: Area) -> tuple[Any, ...]:
    """One for which more time was asked."""
    (pk,) = made = hazard(cast, area, State.CONFIRMED)
    more_time(cast, pk, canary("MORE", cast, area))
    return made


def more_time(cast: Cast, pk: Any, reason: str) -> None:
    with cast.everything():
        row = HazardClock.objects.create(hazard_id=pk, kind="right", started_at=at("2026-06-01 09:00"), target="5d",
                                         calendar="-", stopped_at=at("2026-06-03 09:00"))  # fmt: skip
        HazardMore.objects.create(hazard_id=pk, clock=row, more="5d", reason=reason, granted=False,
                                  asked_at=at("2026-06-02 09:00"), asked_by=cast.actor("cadre").ref)  # fmt: skip


def asked_for(word: str) -> Told:
    return Told(f"hazards.hazard.{word}", of("hazard", with_request), {"state": State.CONFIRMED.value})


NOTICES = {
    "hazards.found": (standing("found", State.FOUND),),
    "hazards.confirmed": (standing("confirmed", State.CONFIRMED), standing("returned", State.CONFIRMED)),
    "hazards.put_right": (standing("put_right", State.PUT_RIGHT),),
    "hazards.more_asked": (standing("more_asked", State.CONFIRMED),),
    "hazards.more_decided": (asked_for("more_granted"), asked_for("more_refused")),
    "hazards.nearing": tuple(standing("nearing", state) for state in (State.FOUND, State.CONFIRMED, State.PUT_RIGHT)),
    "hazards.sent_back": (standing("sent_back", State.CONFIRMED),),
    "hazards.overdue": tuple(
        standing("escalated", State.FOUND, rung=rung.value) for rung in (Rung.HEAD, Rung.TOWNSHIP, Rung.CITY)
    ),
}
