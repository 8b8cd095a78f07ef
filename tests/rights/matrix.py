"""Who gets what at the addresses of this room; see ``tests/architecture/matrix.py``."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from minqing.core.ids import new_id
from minqing.deadlines.enums import Rung
from minqing.org.enums import DESK, FIELD, OVERSIGHT, Role
from minqing.org.models import Area
from minqing.rights.enums import Guardianship, Move, ProofPlace, RequestKind, State, Way
from minqing.rights.lifecycle import REQUEST
from minqing.rights.models import Request
from minqing.rights.queries import TICKETS
from minqing.rights.rules import Situation, may, may_take_in
from tests.architecture.acts import Act
from tests.architecture.matrix import ANYONE, TOWN, Line, Maker, Reach, canary, door, number, planted
from tests.architecture.notices import Told, of
from tests.architecture.reasons import WHOSE
from tests.cast import Cast, at
from tests.privacy.canary import ABOUT, NAME, NEXT_DOOR, PHONE, Placed

DECIDERS = frozenset({Role.CLERK, Role.LEADER})
SEES = FIELD | DECIDERS
# in a village only what one took in oneself, and whom one is still to visit
REACH: Reach = {"clerk": TOWN, "leader": frozenset({"own", "other", "far"})}
FIELD_REACH: Reach = {"clerk": TOWN}

# they take out other lists
OTHERS = ("analyst", "handler", "unit_head", "village_secretary")


def request(cast: Cast, area: Area, **values: Any) -> tuple[Any, ...]:
    home = planted(cast, area)
    id = new_id()
    given = {"kind": RequestKind.COPY, "way": Way.DOOR, "state": State.ASKED, "prove_at": ProofPlace.OFFICE,
             "number": number("RQ"), "household": home, "name": canary("NAME", cast, area)}  # fmt: skip
    with cast.everything():
        Request.objects.create(
            id=id, area=area, received_at=at("2026-06-01 09:00"), changed_at=at("2026-06-01 09:00"),
            due_at=at("2026-06-22 17:30"), ticket=TICKETS.digest_of(id), **given | values,
        )  # fmt: skip
    return (id,)


def done(cast: Cast, area: Area) -> tuple[Any, ...]:
    return request(cast, area, state=State.DONE, granted=True)


def with_kind(maker: Maker, kind: str) -> Maker:
    return lambda cast, area: (*maker(cast, area), kind)


def link(cast: Cast, area: Area) -> tuple[Any, ...]:
    (id,) = request(cast, area)
    return (TICKETS.ticket_of(id),)


def erased(cast: Cast, placed: Placed) -> None:
    """What the person asked earlier, and once for somebody else at home."""
    own = {"words": ABOUT, "reasons": ABOUT, "corrections": ABOUT, "phone": PHONE, "phone_shown": True, "name": NAME}
    of_child = {"name": "何桂香", "guardianship": Guardianship.PARENT, "guardian": NAME}
    request(cast, cast.own, state=State.WITHDRAWN, household=placed.home, resident=placed.resident, **own)
    request(cast, cast.own, state=State.WITHDRAWN, household=placed.home, **of_child)
    request(cast, cast.own, state=State.WITHDRAWN, words=NEXT_DOOR, reasons=NEXT_DOOR)


CANARY = {erased}
OWN_TEXTS = {"rights.Request": dict.fromkeys(("name", "phone", "corrections", "guardian"), WHOSE)}


LINES = {
    "rights:list": Line(SEES),
    "rights:new": Line(FIELD),
    "rights:export": Line(
        DESK | OVERSIGHT, but=dict.fromkeys(("analyst", "handler", "unit_head", "village_secretary"), 403)
    ),
    "rights:detail": Line(SEES, at=request, reach=REACH),
    "rights:check": Line(FIELD, at=request, reach=FIELD_REACH, post=True, ok=422),
    "rights:reject": Line({Role.CLERK}, at=request, reach=FIELD_REACH, post=True, ok=422),
    "rights:decide": Line(DECIDERS, at=request, reach=REACH, post=True, ok=422),
    "rights:carry_out": Line({Role.CLERK}, at=request, reach=FIELD_REACH, post=True, ok=403),
    "rights:answer": Line(FIELD, at=request, reach=FIELD_REACH, post=True, ok=403),
    "rights:take_back": Line(FIELD, at=request, reach=FIELD_REACH, post=True, ok=302),
    "rights:letter": Line(FIELD, at=with_kind(done, "pdf"), reach=FIELD_REACH),
    "rights:copy": Line({Role.CLERK}, at=with_kind(done, "json"), reach=FIELD_REACH),
    "rights:ask": Line(ANYONE, at=door),
    "rights:follow": Line(ANYONE, at=link),
}


def may_make(move: Move, **values: Any) -> Any:
    """Whether somebody may make that move at a request that they took in, in some state in which it is open."""

    def rule(cast: Cast, actor: Any) -> bool:
        given = {"kind": RequestKind.COPY, "area_id": cast.own.id, "prove_at": ProofPlace.HOME, "taken_by": actor.id,
                 "checked_by": None}  # fmt: skip
        states = [state for state, made in REQUEST.changing if made is move and state is not None]
        return any(may(move, actor, Situation(state=state, **given | values)) for state in states)

    return rule


ACTS = {
    "ask_request": Act("rights:new", lambda cast, actor: may_take_in(actor, cast.own.id)),
    "check_identity": Act("rights:check", may_make(Move.CHECK)),
    "reject_identity": Act("rights:reject", may_make(Move.REJECT)),
    "decide_request": Act("rights:decide", may_make(Move.GRANT)),
    "carry_out_request": Act("rights:carry_out", may_make(Move.CARRY_OUT)),
    "answer_request": Act("rights:answer", may_make(Move.ANSWER)),
    "take_back_request": Act("rights:take_back", may_make(Move.TAKE_BACK)),
}
WITHOUT_PAGE = {
    "follow_requests": "by a household's move to another area",
    "keep_moved": "by the job that reckons anew what a moved working day changes",
    "carry_up": "by the job that carries up what is late",
    "lapse_request": "with the deletion of the person in whose name it was sent",
    "remind": "by the job that reminds of what is nearly due",
}
# behind a code there is no role; and the page that asks for an export is of exports
ASKING = frozenset({"rights:ask", "rights:export"})
# one question a page; the last page sends all of them to the one service
BY_SERVICE = dict.fromkeys(
    (f"rights.forms.{name}" for name in ("staff.TakeInForm", "door.WhatForm", "door.WhoForm", "door.DetailsForm",
                                         "door.ProofForm")),
    "rights.services.ask_request",
)  # fmt: skip
ADDS = {"Once", "WhatForm", "WhoForm", "DetailsForm", "ProofForm", "TakeInForm"}
UNSEEN = {"ask.html": "goes back a page; nothing is stored yet", "check.html": "adds a request"}


def a_copy_to_hand_over(cast: Cast) -> None:
    request(cast, cast.own, state=State.DONE, granted=True, prove_at=ProofPlace.HOME)


PLANTED = {a_copy_to_hand_over}


def letter(cast: Cast, who: Any) -> Any:
    (id,) = request(cast, cast.own, state=State.DONE, granted=True, number="RQ-1")
    return who.get(reverse("rights:letter", args=[id, "pdf"]))


NAMES = ("答复书-RQ-1.pdf", "答覆書-RQ-1.pdf", "Letter of answer-RQ-1.pdf")
DOWNLOADS = {"letter": ("rights/views/staff.py", letter, NAMES)}

# ends by itself with the deletion of the person in whose name it was sent
INSIDE = {"rights.services.lapse_request", "rights.services.follow_requests"}


def standing(word: str, *states: State, **data: Any) -> tuple[Told, ...]:
    """In each of those states: two people decide and it is shown in the office, or one does and somebody comes."""
    return tuple(
        Told(
            f"rights.request.{word}",
            of("rights", request, kind=kind, state=state, prove_at=place, taken_by=of_cadre),
            {"state": state.value, **data},
        )
        for state in states
        for kind, place in ((RequestKind.COPY, ProofPlace.OFFICE), (RequestKind.EXPLAIN, ProofPlace.HOME))
    )


def of_cadre(cast: Cast) -> Any:
    return cast.account("cadre")


NOTICES = {
    "rights.asked": standing("asked", State.ASKED),
    "rights.to_decide": standing("checked", State.CHECKED),
    "rights.to_carry_out": standing("granted", State.GRANTED),
    "rights.to_hand_over": (
        *standing("carried_out", State.DONE),
        *standing("refused", State.REFUSED),
        *standing("rejected", State.REFUSED),
    ),
    "rights.nearing": standing("nearing", State.ASKED, State.CHECKED, State.GRANTED, State.DONE),
    "rights.overdue": tuple(
        told
        for rung in (Rung.HEAD, Rung.TOWNSHIP, Rung.CITY)
        for told in standing("escalated", State.ASKED, State.CHECKED, rung=rung.value)
    ),
}
FINDINGS = {"requests about own data"}
LOCKED = {
    "rights.subjects.erase": "rows of one person, in the order of their ids",
    "rights.services.follow_requests": "rows of one household, in order of their ids",
    "rights.services.begin": "the request, then what each room holds of the person, in the order of the rooms",
}
STAFFED = {
    "rights.RequestClock.unit": "no unit has a request",
}
