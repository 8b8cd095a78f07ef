"""Two people at one matter at the same moment, each with a connection of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from minqing.core.ids import new_id
from minqing.journal.models import Event
from minqing.matters.enums import Move, State
from minqing.matters.models import Confirmation, Matter, Step
from minqing.org.enums import Role
from tests.cast import Cast, category, person
from tests.doorstep.test_together import at_once


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
    address = reverse("matters:route", args=[one.pk])
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
    send = [sender(cast, "clerk", reverse("matters:route", args=[one.pk]), **asked) for _n in range(4)]
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
    typed = {"request_id": str(new_id()), "reply": "已更换灯泡。"}
    assert together(*(sender(cast, "handler", address, **typed) for _n in range(3))) == [302] * 3
    assert after(cast, one)[1] == ["finish"]
    assert Event.objects.filter(type="matters.matter.finished").count() == 1
