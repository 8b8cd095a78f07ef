"""A hazard from where it is found to where it is closed, and who may do what with it."""

from __future__ import annotations

from typing import Any

import pytest

from minqing.core.errors import DomainError, Invalid, Refused
from minqing.core.ids import new_id
from minqing.deadlines import services as deadlines
from minqing.hazards import services
from minqing.hazards.enums import Charge, Move, Severity, State
from minqing.hazards.lifecycle import HAZARD
from minqing.hazards.listeners import matter_moved
from minqing.hazards.models import Hazard, HazardClock
from minqing.hazards.queries import visible_hazards
from minqing.hazards.rules import Situation, may, waits_for
from minqing.hazards.services.checklists import Item, Said
from minqing.journal.models import Event
from minqing.matters.services import withdraw_matter
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast, at
from tests.hazards.cases import HOW, WHY, Finding

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast) -> Finding:
    deadlines.load_norms(by=system_actor("test"))
    return Finding(cast)


def again(cast: Cast, row: Hazard) -> Hazard:
    with cast.everything():
        return Hazard.objects.get(pk=row.pk)


def test_found_confirmed_put_right_sent_back_and_closed_each_by_its_day(cast: Cast, case: Finding) -> None:
    row = case.find(words="厨房的电线露在外面", at=at("2026-06-01 09:00"))
    assert (row.state, row.severity, row.charge) == (State.FOUND, Severity.SERIOUS, Charge.OWNER)
    # two working days of the township for a serious one, five for those who put it right, two to look at that
    assert row.due_at == at("2026-06-03 17:30")
    told = {"severity": Severity.SERIOUS, "charge": Charge.VILLAGE, "at": at("2026-06-02 10:00")}
    row = case.do("clerk", services.confirm_hazard, row, **told)
    assert (row.state, row.due_at) == (State.CONFIRMED, at("2026-06-09 17:30"))
    row = case.right(row)
    row = case.do("clerk", services.send_back_hazard, row, reasons=WHY)
    assert (row.state, row.reasons) == (State.CONFIRMED, WHY)
    row = case.right(row, "village_secretary")
    row = case.do("clerk", services.close_hazard, row)
    assert (row.state, row.righted, row.due_at) == (State.CLOSED, HOW, None)
    with cast.everything():
        assert not HazardClock.objects.filter(stopped_at=None).exists()
        kinds = [one.type.rpartition(".")[2] for one in Event.objects.filter(subject=f"hazard:{row.pk}").order_by("pk")]
    assert kinds == ["found", "confirmed", "put_right", "sent_back", "put_right", "closed"]


@pytest.mark.parametrize(
    ("item", "said", "state"),
    [
        ("sockets", None, State.AT_ONCE),
        ("sockets", Severity.SERIOUS, State.PUT_RIGHT),
        ("charging", None, State.PUT_RIGHT),
        # whoever found it says that it is graver than the list, never that it is less
        ("charging", Severity.ORDINARY, State.PUT_RIGHT),
    ],
)
def test_put_right_on_the_spot_is_at_rest_unless_it_is_grave(
    case: Finding, item: str, said: Severity | None, state: State
) -> None:
    row = case.find(items=[item], severity=said, righted="拔掉了。", righted_picture_ids=[case.picture()])
    assert (row.state, row.due_at is None) == (state, state is State.AT_ONCE)
    # the township may look all the same
    done = {State.AT_ONCE: (services.confirm_hazard, {"severity": Severity.ORDINARY, "charge": Charge.OWNER}),
            State.PUT_RIGHT: (services.send_back_hazard, {"reasons": WHY})}[state]  # fmt: skip
    assert case.do("clerk", done[0], row, **done[1]).state == State.CONFIRMED


def test_a_raised_hazard_is_a_matter_and_ends_with_it(cast: Cast, case: Finding) -> None:
    row = case.do("clerk", services.raise_hazard, case.confirmed(picture_ids=[case.picture()]))
    assert (row.state, row.due_at) == (State.RAISED, None)
    with cast.everything():
        matter = row.matter
        assert matter is not None
        assert "电线老化" in matter.text
        assert matter.household_id == case.home.pk
    with acting_as(by := cast.actor("clerk")):
        withdraw_matter(id=new_id(), matter=matter, reason=WHY, by=by)
    with cast.everything():
        event = Event.objects.get(type="matters.matter.withdrawn")
    for _time in range(2):
        matter_moved(event)
    # nobody goes on with the matter, and the hazard is still there
    row = again(cast, row)
    assert row.state == State.CONFIRMED
    assert row.due_at is not None
    assert case.do("clerk", services.raise_hazard, row).matter_id != matter.pk


@pytest.mark.parametrize(
    ("outcome", "ends", "opened"),
    # solved, it is closed with its matter and opened again with it; not solved, it is to be put right after all
    [("solved", State.CLOSED, State.RAISED), ("not_now", State.CONFIRMED, State.CONFIRMED)],
)
def test_a_raised_hazard_follows_what_becomes_of_its_matter(
    cast: Cast, case: Finding, outcome: str, ends: State, opened: State
) -> None:
    row = case.do("clerk", services.raise_hazard, case.confirmed())
    with cast.everything():
        matter = row.matter
    assert matter is not None
    stood = []
    for state in ("confirmed", "accepted"):
        with cast.everything():
            matter.state, matter.outcome = state, outcome
            services.follow_matter(matter=matter, by=system_actor("test"))
        stands = again(cast, row)
        stood.append(State(stands.state))
        # closed with its matter by nobody, and with a day only while something is to be done here
        assert (stands.closed_by_id, stands.closed_at is None) == (None, stands.state != State.CLOSED)
        assert (stands.due_at is None) == (stands.state != State.CONFIRMED)
    assert stood == [ends, opened]


def test_what_came_back_and_was_closed_goes_on_no_more_with_its_matter(cast: Cast, case: Finding) -> None:
    row = case.do("clerk", services.raise_hazard, case.confirmed())
    with cast.everything():
        matter = row.matter
    assert matter is not None
    with acting_as(by := cast.actor("clerk")):
        withdraw_matter(id=new_id(), matter=matter, reason=WHY, by=by)
    with cast.everything():
        matter_moved(Event.objects.get(type="matters.matter.withdrawn"))
    closed = case.do("clerk", services.close_hazard, case.right(again(cast, row)))
    with cast.everything():
        matter.refresh_from_db()
        # opened again: the hazard that it was raised as is gone by now
        matter.state = "accepted"
        services.follow_matter(matter=matter, by=system_actor("test"))
    stands = again(cast, closed)
    assert (stands.state, stands.closed_by_id) == (State.CLOSED, cast.account("clerk").pk)


def test_dismissed_and_withdrawn(case: Finding) -> None:
    assert case.do("clerk", services.dismiss_hazard, case.find(), reasons=WHY).state == State.DISMISSED
    assert case.do("cadre", services.withdraw_hazard, case.find()).state == State.WITHDRAWN


SITUATION: dict[str, Any] = {
    "severity": Severity.ORDINARY,
    "charge": Charge.OWNER,
    "found_by": None,
    "righted_by": None,
}
CHECKING = {Move.CONFIRM, Move.DISMISS, Move.CLOSE, Move.SEND_BACK, Move.RAISE}
# post → what it may do at some hazard of its place that others found and put right
MOVES = {
    "cadre": {Move.PUT_RIGHT, Move.FIX, Move.ASK_MORE},
    "village_secretary": {Move.PUT_RIGHT, Move.FIX, Move.ASK_MORE},
    "clerk": {Move.PUT_RIGHT, Move.FIX, *CHECKING},
    **{key: set[Move]() for key in ("leader", "analyst", "operator", "handler", "far_clerk")},
}


@pytest.mark.parametrize("who", MOVES)
def test_who_may_do_what_and_for_whom_it_waits(cast: Cast, who: str) -> None:
    actor = cast.actor(who)
    at_all = [Situation(state=state, area_id=cast.own.pk, **SITUATION) for state in State]
    assert {move for one in at_all for move in Move if may(move, actor, one)} == MOVES[who]
    waiting = {one.state for one in at_all if waits_for(actor, one)}
    village, township = {State.CONFIRMED}, {State.FOUND, State.PUT_RIGHT}
    assert waiting == {"cadre": village, "village_secretary": village, "clerk": township}.get(who, set())
    # what a rule lets nobody do but whoever did it, or nobody who did
    mine = SITUATION | {"found_by": actor.id, "righted_by": actor.id, "area_id": cast.own.pk}
    assert bool(may(Move.WITHDRAW, actor, Situation(state=State.FOUND, **mine))) is (Move.PUT_RIGHT in MOVES[who])
    assert not may(Move.CLOSE, actor, Situation(state=State.PUT_RIGHT, **mine))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"items": [], "words": " "}, "hazard_empty"),
        ({"household_id": None}, "hazard_nowhere"),
        ({"picture_ids": [new_id()]}, "photo_gone"),
        ({"version_id": 999_999}, "checklist"),
        ({"household_id": new_id()}, "household"),
    ],
)
def test_what_cannot_be_is_not_taken_in(cast: Cast, case: Finding, values: dict[str, Any], code: str) -> None:
    with pytest.raises(DomainError) as told:
        case.find(**values)
    assert code in told.value.code or not isinstance(told.value, Invalid)
    with cast.everything():
        assert not Hazard.objects.exists()


def test_evidence_is_words_and_a_photo_and_a_reason_is_given(case: Finding) -> None:
    row = case.confirmed()
    for values, code in (
        ({"words": HOW, "picture_ids": []}, "no_evidence"),
        ({"words": "", "picture_ids": [1]}, "right"),
    ):
        with pytest.raises(Invalid) as told:
            case.do("cadre", services.put_right_hazard, row, id=new_id(), **values)
        assert told.value.code.startswith(code)
    with pytest.raises(Invalid):
        case.do("clerk", services.dismiss_hazard, case.find(), reasons="")


def test_nobody_of_another_place_sees_it_or_does_anything_with_it(cast: Cast, case: Finding) -> None:
    row = case.find()
    with acting_as(actor := cast.actor("far_clerk")):
        assert not visible_hazards(actor).exists()
    with pytest.raises(DomainError):
        case.do("far_clerk", services.dismiss_hazard, row, reasons=WHY)
    with pytest.raises(Refused):
        case.find("far_clerk")


def test_a_changed_checklist_is_a_version_and_what_was_found_keeps_its_own(cast: Cast, case: Finding) -> None:
    row = case.find()
    said = Said(name="用电", items=[Item("只看这一条", Severity.MAJOR), Item("再看一条", Severity.ORDINARY, "wires")])
    with acting_as(by := cast.actor("operator")):
        made = services.change_checklist(id=new_id(), code="electricity", said=said, by=by)
        # the release leaves what the operator wrote
        assert services.load_checklists(by=by) == 0
    assert [one["code"] for one in made.items] == ["i1", "wires"]
    assert again(cast, row).version_id != made.pk
    assert again(cast, row).looks == ["电线老化、裸露或私拉乱接"]
    with acting_as(by := cast.actor("clerk")), pytest.raises(Refused):
        services.change_checklist(id=new_id(), code="electricity", said=said, by=by)


def test_every_state_but_its_ends_is_left(case: Finding) -> None:
    assert {state for state in State if not HAZARD.moves_from(state)} == {State.DISMISSED, State.WITHDRAWN}
