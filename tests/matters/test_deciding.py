"""Whose it is: passing on, sending back, and what is decided on the spot."""

from __future__ import annotations

import pytest
from django.urls import reverse

from minqing.core.ids import new_id
from minqing.matters.enums import ClockKind, Move, State
from minqing.matters.models import Matter
from minqing.org.enums import Role
from minqing.org.models import Unit
from tests.cast import Cast, person
from tests.matters.lives import Life, june, monday

pytestmark = pytest.mark.django_db


@pytest.fixture
def life(cast: Cast) -> Life:
    person(cast, "office_handler", Role.HANDLER, cast.office, cast.town, "何晓明")
    return Life(cast)


def contested(life: Life) -> Matter:
    office, bureau = life.cast.office.id, life.cast.bureau.id
    matter = life.do("handler", "send_back_matter", life.assigned(), reason="不归我们", proposed=office, at=june(2))
    assert not matter.contested
    matter = life.do("clerk", "assign_matter", matter, unit=office, at=june(2, "11:00"))
    return life.do("office_handler", "send_back_matter", matter, reason="也不归我们", proposed=bureau, at=june(3))


def test_sent_back_it_names_an_owner_and_its_deadline_falls_away(life: Life) -> None:
    matter = life.assigned()
    life.refused("proposed", "handler", "send_back_matter", matter, reason="不归", proposed=life.cast.bureau.id)
    life.refused("text_missing", "handler", "send_back_matter", matter, reason="", proposed=life.cast.office.id)
    sent = {"reason": "不归我们", "proposed": life.cast.office.id, "at": june(2)}
    matter = life.once("handler", "send_back_matter", matter, **sent)
    assert (matter.state, matter.due_at, matter.refusals) == (State.RECEIVED, june(3, "17:30"), 1)
    assert life.running(matter) == {ClockKind.FIRST_CONTACT, ClockKind.ASSIGN}, "it is to be assigned within a day"
    assert life.last_event(matter).data["proposed"] == life.cast.office.id
    assert life.read_outside(matter)[-1][0] == Move.ASSIGN, "the quarrel is not for the reporter"


def test_a_second_refusal_is_decided_on_the_spot_with_minutes_and_binds(life: Life) -> None:
    matter = contested(life)
    assert (matter.contested, matter.refusals) == (True, 2)
    life.refused("contested", "clerk", "assign_matter", matter, unit=life.cast.bureau.id)
    life.refused("text_missing", "leader", "decide_matter", matter, minutes="", unit=life.cast.bureau.id)
    life.refused("wrong_party", "office_handler", "decide_matter", matter, minutes="会商", unit=life.cast.office.id)
    given = {"minutes": "三方到场，由交通局牵头", "unit": life.cast.bureau.id, "due_days": 3, "at": june(4)}
    matter = life.once("leader", "decide_matter", matter, **given)
    assert (matter.state, matter.contested, matter.bound) == (State.ASSIGNED, False, True)
    assert matter.due_at == june(9, "17:30")
    sent = {"reason": "还是不归", "proposed": life.cast.office.id}
    life.refused("bound", "handler", "send_back_matter", matter, **sent)
    life.refused("bound", "handler", "transfer_matter", matter, unit=life.cast.office.id, reason="不归")
    life.refused("bound", "clerk", "transfer_matter", matter, unit=life.cast.office.id, reason="不归")


def test_nobodys_matter_goes_to_the_townships_office(life: Life) -> None:
    matter = life.do("clerk", "decide_matter", contested(life), minutes="无人认领", at=june(4))
    assert matter.lead_unit_id == life.cast.office.id


def test_without_an_office_a_unit_must_be_chosen(life: Life) -> None:
    Unit.objects.filter(pk=life.cast.office.pk).update(kind="bureau")
    life.refused("no_backstop", "leader", "decide_matter", contested(life), minutes="无人认领")


def test_what_nobody_refused_twice_is_not_decided_on_the_spot(life: Life) -> None:
    life.refused("not_contested", "clerk", "decide_matter", life.report(), minutes="会商", unit=life.cast.office.id)


def test_the_decision_binds_the_unit_that_it_named_and_not_the_one_after_it(life: Life) -> None:
    matter = life.do("leader", "decide_matter", contested(life), minutes="会商", unit=life.cast.bureau.id, at=june(4))
    matter = life.do("clerk", "assign_matter", matter, unit=life.cast.office.id, at=june(5))
    assert not matter.bound
    sent = {"reason": "不归我们", "proposed": life.cast.bureau.id, "at": june(8)}
    matter = life.do("office_handler", "send_back_matter", matter, **sent)
    assert (matter.refusals, matter.contested) == (3, False), "a new quarrel begins anew"
    matter = life.do("clerk", "assign_matter", matter, unit=life.cast.committee.id, at=june(8, "11:00"))
    matter = life.do("village_secretary", "send_back_matter", matter, **sent | {"at": june(9)})
    assert matter.contested


def test_opened_again_the_unit_is_still_bound(life: Life) -> None:
    matter = life.do("leader", "decide_matter", contested(life), minutes="会商", unit=life.cast.bureau.id, at=june(4))
    matter = life.do("handler", "accept_matter", matter, at=june(4, "11:00"))
    matter = life.do("handler", "finish_matter", matter, reply="好了", at=june(5))
    matter = life.do("resident", "confirm_matter", matter, solved=False, at=june(8))
    life.refused("bound", "handler", "send_back_matter", matter, reason="不归", proposed=life.cast.office.id)


def test_passed_on_by_a_unit_without_an_area_the_deadline_stays(life: Life) -> None:
    before = life.accepted()
    life.refused("same_unit", "handler", "transfer_matter", before, unit=life.cast.bureau.id, reason="不归")
    life.refused("wrong_party", "cadre", "transfer_matter", before, unit=life.cast.office.id, reason="不归")
    given = {"unit": life.cast.office.id, "reason": "归服务办", "at": june(2)}
    matter = life.do("handler", "transfer_matter", before, **given)
    assert (matter.state, matter.lead_unit_id, matter.due_at) == (State.ASSIGNED, life.cast.office.id, before.due_at)
    assert life.clock(matter, ClockKind.ACCEPT).unit_id == life.cast.office.id
    assert life.running(matter) == {ClockKind.ACCEPT, ClockKind.FINISH, ClockKind.FIRST_CONTACT}
    event = life.last_event(matter)
    assert (event.type, event.actor) == ("matters.matter.transferred", life.actor("handler").ref)
    life.refused("not_found", "handler", "add_note", matter, text="还有一句")


def test_after_passing_on_what_one_no_longer_sees_the_list_comes_up(life: Life) -> None:
    matter = life.accepted()
    address = reverse("matters:move", args=[matter.pk, Move.TRANSFER.value])
    client = life.cast.client("handler")
    typed = {"unit": str(life.cast.office.pk), "reason": "归服务办", "request_id": str(new_id())}
    assert client.post(address, typed).url == reverse("matters:list")
    matter = life.assigned()
    address = reverse("matters:move", args=[matter.pk, Move.ACCEPT.value])
    assert client.post(address, {"request_id": str(new_id())}).url == reverse("matters:detail", args=[matter.pk])


def test_given_anew_the_former_deadline_does_not_count(life: Life) -> None:
    matter = life.assigned()
    first = life.clock(matter, ClockKind.FINISH)
    matter = life.once("clerk", "assign_matter", matter, unit=life.cast.office.id, due_days=2, at=monday("15:00"))
    assert matter.due_at == life.clock(matter, ClockKind.FINISH).due_at == june(3, "17:30")
    first = life.look(lambda: type(first).objects.get(pk=first.pk))
    assert (first.counts, first.stopped_at) == (False, monday("15:00"))
