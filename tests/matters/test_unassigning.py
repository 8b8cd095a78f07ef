"""What was assigned by a slip of the hand is taken back within minutes, while nobody has touched it."""

from __future__ import annotations

import pytest

from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.matters.enums import ClockKind, Mechanism, Move, PartState, State
from minqing.matters.models import Clock, Matter, Part
from tests.cast import Cast
from tests.matters.lives import Life, monday

pytestmark = pytest.mark.django_db


@pytest.fixture
def life(cast: Cast) -> Life:
    return Life(cast)


def given(life: Life, matter: Matter) -> tuple[Matter, dict[str, object]]:
    """Assigned at nine, and what takes that back."""
    step = new_id()
    done = life.do("clerk", "assign_matter", matter, id=step, unit=life.cast.bureau.pk, due_days=5, at=monday("09:00"))
    return done, {"step": step, "at": monday("09:04")}


def running(life: Life, matter: Matter) -> dict[str, object]:
    rows = Clock.objects.filter(matter=matter, stopped_at=None)
    return life.look(lambda: {row.kind: row.due_at for row in rows})


def test_it_waits_again_as_before_and_the_journal_tells_of_both(life: Life) -> None:
    before = life.report()
    waited = running(life, before)
    done, undo = given(life, before)
    undo["id"] = new_id()
    for _twice in range(2):
        back = life.do("clerk", "unassign_matter", done, **undo)
    assert (back.state, back.lead_unit_id, back.assigned_at) == (State.RECEIVED, None, None)
    assert back.due_at == before.due_at
    assert running(life, back) == waited
    events = Event.objects.filter(type__in=["matters.matter.assigned", "matters.matter.unassigned"])
    assert [event.type.rsplit(".")[-1] for event in events.order_by("at")] == ["assigned", "unassigned"]
    again = life.do("clerk", "assign_matter", back, unit=life.cast.office.pk, due_days=3, at=monday("09:06"))
    assert {ClockKind.ACCEPT, ClockKind.FINISH} <= set(running(life, again))
    assert ClockKind.ASSIGN not in running(life, again)
    assert life.last_step(again).move == Move.ASSIGN


def test_units_that_were_asked_with_it_are_free_again(life: Life) -> None:
    done, undo = given(life, life.report())
    asked = life.do("clerk", "ask_part", done, unit=life.cast.office.pk, task="请协助", at=monday("09:00"))
    assert (asked.mechanism, asked.supporting) == (Mechanism.JOINT, [life.cast.office.pk])
    back = life.do("clerk", "unassign_matter", asked, **undo)
    assert (back.mechanism, back.supporting) == (Mechanism.IMMEDIATE, [])
    assert life.look(lambda: Part.objects.get(matter=back).state) == PartState.DROPPED
    assert not {ClockKind.ACCEPT, ClockKind.FINISH, ClockKind.PART} & set(running(life, back))


def test_who_sent_it_back_before_is_still_named(life: Life) -> None:
    one = life.assigned(when="08:40")
    one = life.do("handler", "send_back_matter", one, reason="不归", proposed=life.cast.office.pk, at=monday("08:50"))
    step = new_id()
    one = life.do("clerk", "assign_matter", one, id=step, unit=life.cast.office.pk, at=monday("09:00"))
    back = life.do("clerk", "unassign_matter", one, step=step, at=monday("09:01"))
    assert (back.state, back.lead_unit_id, back.refusals) == (State.RECEIVED, life.cast.bureau.pk, 1)


def test_after_five_minutes_by_others_or_once_touched_it_stays(life: Life) -> None:
    done, undo = given(life, life.report())
    life.refused("undo_too_late", "clerk", "unassign_matter", done, **undo | {"at": monday("09:06")})
    life.refused("step", "clerk", "unassign_matter", done, **undo | {"step": new_id()})
    for who in ("handler", "leader", "cadre"):
        life.refused("wrong_party", who, "unassign_matter", done, **undo)
    noted = life.do("handler", "add_note", done, text="已看", at=monday("09:02"))
    life.refused("undo_touched", "clerk", "unassign_matter", noted, **undo)
    accepted = life.do("handler", "accept_matter", noted, at=monday("09:03"))
    life.refused("wrong_state", "clerk", "unassign_matter", accepted, **undo)
    assert life.now(accepted).state == State.ACCEPTED
