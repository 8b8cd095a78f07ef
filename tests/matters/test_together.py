"""Two people at one matter at the same moment, each with a connection of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from minqing.core.errors import DomainError
from minqing.core.ids import new_id
from minqing.deadlines import services as deadlines
from minqing.journal.models import Event
from minqing.matters import services
from minqing.matters.enums import Move, State
from minqing.matters.models import Clock, Confirmation, Matter, Step
from minqing.org.enums import Role
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast, category, person
from tests.matters.lives import Life, june
from tests.reporting.test_together import at_once


@pytest.fixture
def cast(committed_cast: Cast) -> Cast:
    """With a second clerk in the same township, and the categories' units in their places."""
    with transaction.atomic():
        category("transport")
        person(committed_cast, "second_clerk", Role.CLERK, committed_cast.office, committed_cast.town, "林晓")
    return committed_cast


def matter(cast: Cast, state: State, **values: Any) -> Matter:
    with transaction.atomic():
        given = {"lead_unit": cast.bureau, "state": state.value} if state is not State.RECEIVED else {}
        return cast.matter(**given | values)


def together(*works: Callable[[], Any]) -> list[Any]:
    waiting = list(works)

    def next_one() -> Any:
        return waiting.pop()()

    return at_once(len(works), next_one)


def sender(cast: Cast, who: str, address: str, **values: Any) -> Callable[[], int]:
    """What sends a form as ``who``; signed in before, so that only the move itself happens at once."""
    client = cast.client(who)
    client.raise_request_exception = False
    return lambda: client.post(address, {"request_id": str(new_id())} | values).status_code


def after(cast: Cast, one: Matter) -> tuple[Matter, list[str]]:
    with transaction.atomic(), cast.everything():
        return Matter.objects.get(pk=one.pk), list(Step.objects.filter(matter=one).values_list("move", flat=True))


def test_of_two_clerks_at_the_queue_the_first_assigns_and_the_second_is_told(cast: Cast) -> None:
    one = matter(cast, State.RECEIVED)
    address = reverse("routing:route", args=[one.pk])
    asked = {"due_days": "5", "mechanism": "immediate", "category": "transport"}
    first = sender(cast, "clerk", address, unit=str(cast.bureau.pk), **asked)
    second = sender(cast, "second_clerk", address, unit=str(cast.office.pk), **asked)
    assert sorted(together(first, second)) == [302, 409]
    _now, moves = after(cast, one)
    assert moves == ["assign"]
    assert Event.objects.filter(type="matters.matter.assigned").count() == 1


def test_the_same_form_at_the_queue_sent_twice_is_done_once(cast: Cast) -> None:
    one = matter(cast, State.RECEIVED)
    asked = {"unit": str(cast.bureau.pk), "due_days": "5", "mechanism": "immediate", "request_id": str(new_id())}
    send = [sender(cast, "clerk", reverse("routing:route", args=[one.pk]), **asked) for _n in range(4)]
    assert together(*send) == [302] * 4
    assert after(cast, one)[1] == ["assign"]


def test_confirmed_and_opened_again_at_once_is_never_both_closed_and_open(cast: Cast) -> None:
    from minqing.core import clock

    for _turn in range(4):
        one = matter(cast, State.FINISHED, finished_at=clock.now())
        confirm = reverse("matters:move", args=[one.pk, Move.CONFIRM.value])
        reopen = reverse("matters:move", args=[one.pk, Move.REOPEN.value])
        answers = together(
            sender(cast, "cadre", confirm, solved="yes", satisfaction="5"),
            sender(cast, "village_secretary", reopen, reason="路灯又坏了"),
        )
        assert set(answers) <= {302, 403}
        assert 302 in answers
        left, moves = after(cast, one)
        # whoever was first: what was opened again stays open, and nothing says that it is closed
        assert (left.state, left.closed_at, left.reopened) == ("assigned", None, 1)
        assert len(moves) == answers.count(302)
    with transaction.atomic(), cast.everything():
        assert Confirmation.objects.count() == Event.objects.filter(type="matters.matter.confirmed").count()


def test_a_reply_sent_from_two_connections_is_one_step(cast: Cast) -> None:
    one = matter(cast, State.ACCEPTED)
    address = reverse("matters:move", args=[one.pk, Move.FINISH.value])
    typed = {"request_id": str(new_id()), "reply": "已更换灯泡。", "outcome": "solved"}
    assert together(*(sender(cast, "handler", address, **typed) for _n in range(3))) == [302] * 3
    assert after(cast, one)[1] == ["finish"]
    assert Event.objects.filter(type="matters.matter.finished").count() == 1


def move_by(cast: Cast, who: str, one: Matter, verb: str, **values: Any) -> Callable[[], str]:
    """What makes one move as ``who`` in a transaction of its own and says how it ended."""
    with transaction.atomic():
        actor = cast.actor(who)

    def make() -> str:
        try:
            with transaction.atomic(), acting_as(actor):
                return str(getattr(services, verb)(id=new_id(), matter=one, by=actor, **values).state)
        except DomainError as refusal:
            return str(refusal.code)

    return make


def joint(cast: Cast) -> Matter:
    with transaction.atomic():
        return Life(cast).joint()


@pytest.fixture
def units(cast: Cast) -> Cast:
    with transaction.atomic():
        person(cast, "office_handler", Role.HANDLER, cast.office, cast.town, "何晓明")
        person(cast, "committee_handler", Role.HANDLER, cast.committee, cast.own, "施小丽")
    return cast


def test_two_units_that_answer_their_parts_at_once_are_both_heard(units: Cast) -> None:
    one = joint(units)
    replies = [move_by(units, f"{who}_handler", one, "reply_part", reply="已核实") for who in ("office", "committee")]
    assert together(*replies) == ["accepted"] * 2
    with transaction.atomic():
        assert Life(units).parts(one) == {"U1": "replied", "U3": "replied"}
    assert after(units, one)[1].count("reply_part") == 2


def test_finished_while_a_part_is_answered_one_of_the_two_comes_first(units: Cast) -> None:
    for _turn in range(3):
        with transaction.atomic():
            one = Life(units).joint(units.office.pk)
        ends = together(
            move_by(units, "office_handler", one, "reply_part", reply="已核实"),
            move_by(units, "handler", one, "finish_matter", reply="好了"),
        )
        now, _moves = after(units, one)
        # a reply in time lets it be finished; without it the lead has to say why
        assert (sorted(ends), now.state) in [
            (["accepted", "finished"], State.FINISHED),
            (["accepted", "part_open"], State.ACCEPTED),
        ]


def test_granted_and_refused_at_once_only_the_first_counts(units: Cast) -> None:
    for _turn in range(3):
        with transaction.atomic():
            life = Life(units)
            one = life.do("handler", "ask_extension", life.accepted(), days=3, reason="等", at=june(2))
        ends = together(
            move_by(units, "clerk", one, "grant_extension", at=june(3)),
            move_by(units, "leader", one, "refuse_extension", reason="不", at=june(3)),
        )
        assert sorted(ends) == ["accepted", "nothing_asked"]
        now, moves = after(units, one)
        assert (now.due_at == june(11, "17:30")) == ("grant_extension" in moves)
        assert len({"grant_extension", "refuse_extension"} & set(moves)) == 1


def test_two_matters_merged_into_each_other_at_once_make_no_circle(units: Cast) -> None:
    for _turn in range(3):
        with transaction.atomic():
            one, other = Life(units).accepted(), Life(units).accepted()
        ends = together(
            move_by(units, "clerk", one, "merge_matter", cause=other),
            move_by(units, "second_clerk", other, "merge_matter", cause=one),
        )
        assert sorted(ends) == ["cause_closed", "merged"]
        states = {after(units, each)[0].state for each in (one, other)}
        assert states == {State.ACCEPTED, State.MERGED}


def test_deadlines_are_reckoned_while_somebody_finishes_and_neither_waits_for_the_other(units: Cast) -> None:
    with transaction.atomic():
        several = [Life(units).accepted() for _n in range(4)]
        with units.everything():
            Clock.objects.update(calendar="former")
    system = system_actor("test")
    ends = together(
        lambda: deadlines.reckon_clocks(by=system, at=june(2)),
        *(move_by(units, "handler", one, "finish_matter", reply="好了", at=june(2)) for one in several),
    )
    assert ends.count("finished") == 4, ends
    with transaction.atomic(), units.everything():
        assert not Clock.objects.filter(calendar="former", stopped_at=None).exists()


def test_of_two_who_ask_for_more_time_at_once_the_first_is_heard(units: Cast) -> None:
    life = Life(units)
    with transaction.atomic():
        one = life.accepted()
    asked = {"days": 2, "reason": "等材料", "at": june(2)}
    found = together(*(move_by(units, who, one, "ask_extension", **asked) for who in ("handler", "unit_head")))
    assert sorted(found) == ["accepted", "asked_already"]


def test_finished_while_it_is_passed_on_only_one_of_the_two_is_done(units: Cast) -> None:
    life = Life(units)
    for _turn in range(2):
        with transaction.atomic():
            one = life.accepted()
        found = together(
            move_by(units, "handler", one, "finish_matter", reply="已换新灯。", at=june(2)),
            move_by(units, "unit_head", one, "transfer_matter", unit=units.office.pk, reason="更合适", at=june(2)),
        )
        left, moves = after(units, one)
        # whoever came second has nothing to finish or to pass on any more
        assert (found[0] in {"finished", "assigned"}) + (found[1] in {"finished", "assigned"}) == 1, found
        assert ("finish" in moves) + ("transfer" in moves) == 1
        assert left.state == ("finished" if "finish" in moves else "assigned")


def test_passed_on_to_two_units_at_once_one_has_it_and_the_other_is_told(units: Cast) -> None:
    life = Life(units)
    with transaction.atomic():
        one = life.accepted()
    found = together(
        move_by(units, "handler", one, "transfer_matter", unit=units.office.pk, reason="一", at=june(2)),
        move_by(units, "unit_head", one, "transfer_matter", unit=units.committee.pk, reason="二", at=june(2)),
    )
    assert sorted(found) in (["assigned", "wrong_party"], ["assigned", "not_found"]), found
    assert after(units, one)[1].count("transfer") == 1
    with transaction.atomic(), units.everything():
        assert Clock.objects.filter(matter=one, kind="accept", stopped_at=None).count() == 1
