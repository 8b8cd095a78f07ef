"""More time: asked for before the deadline, granted by somebody else, counted, and bound to its deadline."""

from __future__ import annotations

from typing import Any

import pytest

from minqing.matters.enums import ClockKind, Move
from minqing.matters.models import Extension, Matter
from minqing.org.enums import Role
from tests.cast import Cast, person
from tests.matters.lives import Life, june, monday

pytestmark = pytest.mark.django_db
ASK: dict[str, Any] = {"days": 3, "reason": "等材料", "at": june(2)}


@pytest.fixture
def life(cast: Cast) -> Life:
    return Life(cast)


def requests(life: Life, matter: Matter) -> list[bool | None]:
    rows = Extension.objects.filter(matter=matter).order_by("asked_at")
    return list(life.look(lambda: list(rows.values_list("granted", flat=True))))


def test_a_request_changes_nothing_until_another_has_granted_it(life: Life) -> None:
    matter = life.once("handler", "ask_extension", life.accepted(), **ASK)
    assert matter.due_at == june(8, "17:30")
    assert life.read_outside(matter)[-1][0] == Move.ACCEPT
    matter = life.once("clerk", "grant_extension", matter, note="材料齐了就办", at=june(3))
    assert matter.due_at == june(11, "17:30")
    clock = life.clock(matter, ClockKind.FINISH)
    assert (clock.due_at, clock.escalate_at) == (matter.due_at, matter.due_at)
    move, text = life.read_outside(matter)[-1]
    assert move == Move.GRANT_EXTENSION
    assert text.startswith("材料齐了就办\n")
    assert "2026-06-11 17:30" in text
    assert "2026-06-08 17:30" in text
    row = life.look(Extension.objects.get)
    assert (row.granted, row.decided_by) == (True, life.actor("clerk").ref)


def test_a_refusal_says_why_and_leaves_the_deadline(life: Life) -> None:
    matter = life.do("handler", "ask_extension", life.accepted(), **ASK)
    life.refused("text_missing", "clerk", "refuse_extension", matter, reason=" ")
    matter = life.once("leader", "refuse_extension", matter, reason="抓紧办", at=june(3))
    assert matter.due_at == june(8, "17:30")
    assert requests(life, matter) == [False]
    assert life.read_outside(matter)[-1][0] == Move.ACCEPT, "that is between the unit and the leader"


def test_nobody_grants_what_he_asked_for(life: Life) -> None:
    given = {"unit": life.cast.office.id, "due_days": 5, "at": monday("09:00")}
    matter = life.do("clerk", "assign_matter", life.report(), **given)
    matter = life.do("clerk", "ask_extension", matter, **ASK)
    life.refused("own_request", "clerk", "grant_extension", matter, at=june(3))
    life.refused("own_request", "clerk", "refuse_extension", matter, reason="不", at=june(3))
    assert life.do("leader", "grant_extension", matter, at=june(3)).due_at == june(11, "17:30")


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"days": 0}, "days"),
        ({"days": 251}, "days"),
        ({"reason": " "}, "text_missing"),
        ({"at": june(8, "17:31")}, "too_late"),
    ],
)
def test_what_is_asked_for_wrongly_is_refused(life: Life, values: dict[str, Any], code: str) -> None:
    life.refused(code, "handler", "ask_extension", life.accepted(), **ASK | values)


def test_who_may_ask_and_who_may_decide(life: Life) -> None:
    matter = life.accepted()
    for who in ("cadre", "clerk", "leader"):
        life.refused("wrong_party", who, "ask_extension", matter, **ASK)
    life.refused("nothing_asked", "clerk", "grant_extension", matter)
    life.do("handler", "ask_extension", matter, **ASK)
    life.refused("wrong_party", "handler", "grant_extension", matter)
    life.refused("wrong_party", "unit_head", "refuse_extension", matter, reason="不")
    life.refused("not_found", "far_clerk", "grant_extension", matter)


def test_more_time_is_asked_for_one_at_a_time_and_twice_at_most(life: Life) -> None:
    matter = life.do("handler", "ask_extension", life.accepted(), **ASK)
    life.refused("asked_already", "handler", "ask_extension", matter, **ASK)
    life.do("clerk", "grant_extension", matter, at=june(3))
    life.do("handler", "ask_extension", matter, **ASK | {"at": june(4)})
    life.do("clerk", "refuse_extension", matter, reason="不", at=june(5))
    life.refused("too_often", "handler", "ask_extension", matter, **ASK | {"at": june(9)})


def test_two_grants_make_one_sum(life: Life) -> None:
    matter = life.accepted()
    for day in (2, 4):
        life.do("handler", "ask_extension", matter, **ASK | {"at": june(day)})
        matter = life.do("clerk", "grant_extension", matter, at=june(day + 1))
    assert matter.due_at == june(16, "17:30"), "five, three and three working days"


@pytest.mark.parametrize(
    ("who", "verb", "values"),
    [
        ("clerk", "assign_matter", {"unit": "bureau", "due_days": 9}),
        ("handler", "send_back_matter", {"reason": "不归我们", "proposed": "office"}),
        ("clerk", "transfer_matter", {"reason": "更合适", "unit": "office"}),
        ("handler", "finish_matter", {"reply": "好了"}),
        ("resident", "withdraw_matter", {}),
        ("clerk", "decline_matter", {"reason": "属于供电公司"}),
    ],
)
def test_a_request_falls_away_with_the_deadline_or_the_unit_that_it_was_for(
    life: Life, who: str, verb: str, values: dict[str, Any]
) -> None:
    matter = life.do("handler", "ask_extension", life.accepted(), **ASK)
    named = {key: getattr(life.cast, value).id if key in {"unit", "proposed"} else value for key, value in
             values.items()}  # fmt: skip
    matter = life.once(who, verb, matter, at=june(3), **named)
    row = life.look(Extension.objects.get)
    assert (row.granted, row.decided_at, row.decided_by) == (False, june(3), ""), "decided by nobody"


def test_a_new_deadline_may_be_extended_like_any_other(life: Life) -> None:
    matter = life.accepted()
    for day in (2, 4):
        life.do("handler", "ask_extension", matter, **ASK | {"at": june(day)})
        matter = life.do("clerk", "grant_extension", matter, at=june(day + 1))
    matter = life.do("clerk", "assign_matter", matter, unit=life.cast.office.id, due_days=5, at=june(8))
    person(life.cast, "office_handler", Role.HANDLER, life.cast.office, life.cast.town, "何晓明")
    matter = life.do("office_handler", "ask_extension", matter, **ASK | {"at": june(9)})
    assert life.do("clerk", "grant_extension", matter, at=june(9)).due_at == june(18, "17:30")


@pytest.mark.fault(93)
def test_a_request_is_decided_while_the_matter_waits(life: Life) -> None:
    matter = life.do("handler", "ask_extension", life.accepted(), **ASK)
    wait = {"reason": "reporter", "until": june(20).date(), "text": "等", "at": june(3)}
    matter = life.do("handler", "suspend_matter", matter, **wait)
    matter = life.do("clerk", "grant_extension", matter, at=june(4))
    assert matter.due_at is None, "nobody knows until it goes on"
    assert life.do("handler", "resume_matter", matter, at=june(5)).due_at == june(15, "17:30")
