"""Two at once, in both orders: nobody waits for ever, and nothing that one wrote is written over by the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from minqing.core.ids import new_id
from minqing.core.retry import once_more
from minqing.deadlines import Target
from minqing.deadlines import services as deadlines
from minqing.deadlines.enums import Rung
from minqing.deadlines.models import Norm
from minqing.deadlines.queries import ladder
from minqing.journal.models import Send
from minqing.matters import services
from minqing.matters.enums import ClockKind, Mechanism
from minqing.matters.models import Clock, Matter, Step
from minqing.matters.queries.clocks import CLOCKS
from minqing.org.enums import Role
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from minqing.routing.services.bulk import Pick, assign_many
from tests.cast import Cast, person
from tests.matters.lives import Life, june
from tests.pairs import overlapped

pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]


@pytest.fixture
def life(committed_cast: Cast) -> Life:
    with transaction.atomic():
        person(committed_cast, "second_clerk", Role.CLERK, committed_cast.office, committed_cast.town, "林晓")
    return Life(committed_cast)


def doing(life: Life, who: str, act: Callable[[Any], Any]) -> Callable[[], Any]:
    """``act`` as ``who`` in a transaction of its own."""
    with transaction.atomic():
        actor = life.actor(who)

    def work() -> Any:
        with transaction.atomic(), acting_as(actor):
            return act(actor)

    return work


def moving(life: Life, who: str, verb: str, one: Matter, **values: Any) -> Callable[[], Any]:
    return doing(life, who, lambda by: getattr(services, verb)(id=new_id(), matter=one, by=by, **values).state)


def both_orders(make: Callable[[], tuple[Callable[[], Any], Callable[[], Any], Callable[[list[Any]], None]]]) -> None:
    for turned in (False, True):
        one, other, look = make()
        ends = overlapped(other, one) if turned else overlapped(one, other)
        errors = [end for end in ends if isinstance(end, Exception)]
        assert not errors, errors
        look(ends[::-1] if turned else ends)


def test_a_new_norm_for_what_runs_waits_for_a_move_and_the_move_for_it(life: Life) -> None:
    days = iter((7, 9))

    def make() -> Any:
        with transaction.atomic():
            one = life.do("clerk", "assign_matter", life.report(), unit=life.cast.bureau.id, at=june(1))
            with life.cast.everything():
                Clock.objects.filter(matter=one, kind=ClockKind.FINISH.value).update(norm="immediate")
        target = Target(days=next(days))

        def change(by: Any) -> int:
            deadlines.set_norm(
                book=CLOCKS, way=Mechanism.IMMEDIATE, kind=ClockKind.FINISH, target=target, by=by, running=True
            )
            return 1

        def look(_ends: list[Any]) -> None:
            deadlines.reckon_clocks(by=system_actor("test"), at=june(2))
            with transaction.atomic(), life.cast.everything():
                row = Clock.objects.select_related("unit", "matter").get(
                    matter=one, kind=ClockKind.FINISH.value, stopped_at=None
                )
                assert row.target == target.as_json()
                fresh = services.clocks.reckon_running(row.matter, at=june(2))
                assert fresh["due_at"] == row.due_at == Matter.objects.get(pk=one.pk).due_at

        transfer = moving(life, "clerk", "transfer_matter", one, unit=life.cast.office.pk, reason="归他们", at=june(2))
        return doing(life, "operator", change), transfer, look

    both_orders(make)


def test_another_ladder_waits_for_a_move_and_the_move_for_it(life: Life) -> None:
    hours = iter((3, 5))

    def make() -> Any:
        with transaction.atomic():
            one = life.accepted()
        steps = {Rung(step.rung): step.after for step in ladder(CLOCKS)} | {Rung.HEAD: Target(hours=next(hours))}

        def look(_ends: list[Any]) -> None:
            with transaction.atomic(), life.cast.everything():
                row = Clock.objects.get(matter=one, kind=ClockKind.FINISH.value, stopped_at=None)
                assert row.escalate_at is not None

        ask = moving(life, "handler", "note_progress", one, text="在办", at=june(2))
        return doing(life, "operator", lambda by: deadlines.set_ladder(book=CLOCKS, steps=steps, by=by)), ask, look

    both_orders(make)


def test_two_clerks_with_the_same_ticks_in_another_order(life: Life) -> None:
    def make() -> Any:
        with transaction.atomic():
            rows = [life.report().pk for _n in range(3)]
        unit = life.cast.bureau.pk

        def assign(ids: list[Any]) -> Callable[[Any], list[str]]:
            picks = [Pick(id, new_id()) for id in ids]
            return lambda by: [str(one.why) for one in assign_many(picks, unit=unit, by=by, due_days=5)]

        def look(ends: list[Any]) -> None:
            # each matter went once, and whoever was second is told so
            assert sorted(bool(why) for end in ends for why in end) == [False] * 3 + [True] * 3
            with transaction.atomic(), life.cast.everything():
                assert Step.objects.filter(matter__in=rows, move="assign").count() == 3

        return doing(life, "clerk", assign(rows)), doing(life, "second_clerk", assign(rows[::-1])), look

    both_orders(make)


@pytest.mark.parametrize("verb", ["finish_matter", "note_progress"])
def test_what_is_merged_while_its_cause_is_worked_on(life: Life, verb: str) -> None:
    values = {"reply": "好了"} if verb == "finish_matter" else {"text": "在办"}

    def make() -> Any:
        with transaction.atomic():
            # the one that is merged comes first in the order of ids, its cause after it
            child, other, cause = life.report(), life.report(), life.accepted()
            life.do("clerk", "merge_matter", child, cause=cause, at=june(1, "11:00"))
        work = moving(life, "handler", verb, cause, at=june(2), **values)
        merge = doing(life, "clerk", lambda by: attempt_merge(by, other, cause))
        return work, merge, lambda ends: None

    both_orders(make)


def attempt_merge(by: Any, one: Matter, cause: Matter) -> str:
    from minqing.core.errors import DomainError

    try:
        with transaction.atomic():
            return str(services.merge_matter(id=new_id(), matter=one, cause=cause, by=by, at=june(2)).state)
    except DomainError as refused:
        return refused.code


def test_a_merged_one_and_its_cause_named_for_each_other(life: Life) -> None:
    def make() -> Any:
        with transaction.atomic():
            child, cause = life.report(), life.accepted()
            life.do("clerk", "merge_matter", child, cause=cause, at=june(1, "11:00"))
        finish = moving(life, "handler", "finish_matter", cause, reply="好了", at=june(2))
        return finish, doing(life, "clerk", lambda by: attempt_merge(by, child, cause)), lambda ends: None

    both_orders(make)


def test_two_that_lose_a_race_are_tried_once_more(life: Life) -> None:
    with transaction.atomic(), life.cast.everything():
        a, b = Norm.objects.order_by("pk")[:2]

    def lock(*rows: Norm) -> Callable[[], str]:
        def work() -> str:
            with transaction.atomic():
                for row in rows:
                    Norm.objects.select_for_update().get(pk=row.pk)
            return "done"

        return lambda: once_more(work)

    assert overlapped(lock(a, b), lock(b, a)) == ["done", "done"]


def test_a_page_that_lost_a_race_is_answered_all_the_same(life: Life) -> None:
    with transaction.atomic():
        one = life.report()
    client, id = life.cast.client("clerk"), new_id()
    address = reverse("matters:move", args=[one.pk, "note"])

    def send() -> int:
        return client.post(address, {"request_id": str(id), "text": "记下"}).status_code

    def against_the_order() -> str:
        with transaction.atomic(), life.cast.everything():
            Matter.objects.select_for_update().get(pk=one.pk)
            Send.objects.create(id=id, digest=b"x" * 16)
            transaction.set_rollback(True)
        return "done"

    assert overlapped(against_the_order, send) == ["done", 302]
    with transaction.atomic(), life.cast.everything():
        assert Step.objects.filter(matter=one, move="note").count() == 1
