"""Households and people as they move: what that touches is seen before, and it is taken back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.urls import reverse

from minqing.core import clock
from minqing.core.errors import Conflict, NotFound, Refused
from minqing.core.ids import new_id
from minqing.households.models import Household, HouseholdCode, Move
from minqing.households.queries.moves import may_undo_moves, moves_together, touched
from minqing.households.services import close_household, leave_household, move_households, move_resident, undo_move
from minqing.journal.models import Event
from minqing.privacy.access import acting_as
from minqing.visits.enums import Met
from minqing.visits.services import assign_household, record_visit
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def carry(cast: Cast, *homes: Household, area: Any = None, who: str = "clerk") -> list[Move]:
    with acting_as(cast.actor(who)) as by:
        ids = [one.pk for one in homes]
        return list(move_households(id=new_id(), household_ids=ids, area_id=(area or cast.other).pk, by=by))


def lies(cast: Cast, *rows: Any) -> set[int]:
    with cast.everything():
        for one in rows:
            one.refresh_from_db()
    return {one.area_id for one in rows}


def test_households_go_with_their_files_are_counted_before_and_come_back(cast: Cast) -> None:
    homes = [cast.household(number=f"H-7{n}") for n in range(2)]
    people = [cast.resident(home) for home in homes]
    cast.code(homes[0])
    with acting_as(cast.actor("clerk")) as clerk:
        assign_household(household=homes[0], account_id=cast.account("cadre").pk, every_days=30, by=clerk)
    with acting_as(cast.actor("cadre")) as cadre:
        record_visit(id=new_id(), household=homes[0], visited_at=clock.now(), met=Met.AT_HOME, text="好",
                     met_people="户主", by=cadre)  # fmt: skip
    told = {str(one.label): one.count for one in touched([home.pk for home in homes])}
    assert told == {"在册户": 2, "在册人口": 2, "有人包联的户": 1, "历次走访": 1}
    client, page = cast.client("clerk"), reverse("households:move")
    shown = client.get(page, {"numbers": "H-70、H-71", "area": cast.other.pk, "request_id": str(new_id())})
    assert [one.count for one in shown.context["held"]] == [2, 2, 1, 1]
    assert lies(cast, *homes) == {cast.own.pk}
    sent = shown.context["sent"] | {"seen": shown.context["press"].token, "request_id": str(shown.context["once"])}
    for _again in range(2):
        moved = client.post(page, sent, follow=True)
        assert moved.status_code == 200
    code = HouseholdCode.objects.get
    with cast.everything():
        assert lies(cast, *homes, *people, code()) == {cast.other.pk}
        assert Event.objects.filter(type="households.household.updated").count() == 2
    press = moved.context["press"]
    undo = reverse("households:move_undo", args=[moved.context["first"].together])
    client.post(undo, {"seen": press.token, "request_id": str(press.id)})
    with cast.everything():
        assert lies(cast, *homes, *people, code()) == {cast.own.pk}
    assert "2 户已迁到白竹村" in moved.content.decode()
    back = client.get(reverse("households:moved", args=[moved.context["first"].together]))
    assert back.context["press"] is None
    assert "2 户已迁回原处" in back.content.decode()


def test_who_moves_sees_both_places_and_the_file_is_open(cast: Cast) -> None:
    home = cast.household()
    with pytest.raises(Refused):
        carry(cast, home, who="village_secretary")
    with acting_as(cast.actor("clerk")) as clerk:
        close_household(household_id=home.pk, by=clerk)
    with pytest.raises(Conflict):
        carry(cast, home)


def test_a_move_is_not_taken_back_over_what_came_since(cast: Cast) -> None:
    home = cast.household()
    (first,), (second,) = carry(cast, home), carry(cast, home, area=cast.own)
    with acting_as(cast.actor("clerk")) as clerk:
        with pytest.raises(Conflict):
            undo_move(together=first.together, by=clerk)
        undo_move(together=second.together, by=clerk)
        undo_move(together=first.together, by=clerk)
        assert undo_move(together=first.together, by=clerk)
    assert lies(cast, home) == {cast.own.pk}
    # there, back and there again: it lies where the first of them took it, and the newest is taken back first
    (there,), _back, (third,) = carry(cast, home), carry(cast, home, area=cast.own), carry(cast, home)
    with acting_as(cast.actor("clerk")) as clerk:
        with pytest.raises(Conflict):
            undo_move(together=there.together, by=clerk)
        close_household(household_id=home.pk, by=clerk)
        with pytest.raises(Conflict):
            undo_move(together=third.together, by=clerk)


def test_a_person_comes_back_as_what_they_were_unless_another_took_that_place(cast: Cast) -> None:
    home, there = cast.household(), cast.household(number="H-72")
    head, son = cast.resident(home, relation="head"), cast.resident(home, "张国强", relation="son")
    client = cast.client("clerk")
    page = reverse("households:person_move", args=[head.pk])
    shown = client.get(page, {"number": "H-72", "relation": "other"})
    assert home.number in shown.content.decode()
    assert "没有户主" in shown.context["leaves"]
    sent = shown.context["sent"] | {"seen": shown.context["press"].token, "request_id": str(new_id())}
    assert client.post(page, sent).status_code == 302
    with acting_as(cast.actor("clerk")) as clerk:
        row = Move.objects.get(resident=head)
        undo_move(together=row.together, by=clerk)
        head.refresh_from_db()
        assert (head.household_id, head.relation) == (home.pk, "head")
        move_resident(resident_id=head.pk, household_id=there.pk, by=clerk)
        son.relation = "head"
        son.save()
        row = Move.objects.get(resident=head, undone_at=None)
        with pytest.raises(Conflict):
            undo_move(together=row.together, by=clerk)
        leave_household(resident_id=son.pk, by=clerk)
        undo_move(together=row.together, by=clerk)
        head.refresh_from_db()
        assert head.relation == "head"


def test_a_move_of_which_a_part_went_out_of_sight_is_not_taken_back_by_half(cast: Cast) -> None:
    homes = [cast.household(number=f"H-8{n}") for n in range(2)]
    with acting_as(cast.actor("clerk")) as clerk:
        (first, _second) = move_households(
            id=new_id(), household_ids=[home.pk for home in homes], area_id=cast.other.pk, by=clerk
        )
    with cast.everything():
        # one of them has gone on to another township
        Household.objects.filter(pk=homes[0].pk).update(area=cast.far)
    with acting_as(cast.actor("clerk")) as clerk, pytest.raises(NotFound):
        undo_move(together=first.together, by=clerk)
    assert lies(cast, homes[1]) == {cast.other.pk}


@pytest.mark.parametrize("number", [1, 3])
def test_whether_a_move_can_be_taken_back_takes_as_many_statements_for_three_as_for_one(
    cast: Cast, number: int, django_assert_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    homes = [cast.household(number=f"H-9{n}") for n in range(number)]
    with acting_as(cast.actor("clerk")) as clerk:
        rows = move_households(id=new_id(), household_ids=[home.pk for home in homes], area_id=cast.other.pk, by=clerk)
        rows = moves_together(clerk, rows[0].together)
        with django_assert_num_queries(1):
            assert may_undo_moves(clerk, rows)
