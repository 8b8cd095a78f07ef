"""By when a request is to be answered, and who hears of what is nearly due and of what is late."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from minqing.deadlines import Target
from minqing.deadlines import services as deadlines
from minqing.deadlines.enums import Rung
from minqing.journal.models import Event
from minqing.org.models import WorkDay
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from minqing.rights import services
from minqing.rights.enums import RequestKind, Term
from minqing.rights.models import Request, RequestClock
from tests.cast import Cast, at
from tests.rights.cases import Asking

pytestmark = pytest.mark.django_db


@pytest.fixture
def asking(cast: Cast) -> Asking:
    deadlines.load_norms(by=system_actor("test"))
    return Asking(cast)


def passes(asking: Asking, day: str, month: str = "06") -> Request:
    """The jobs of that morning; the one request there is."""
    jobs: dict[str, Any] = {"of": [services.UPKEEP], "by": system_actor("test"), "at": at(f"2026-{month}-{day} 08:00")}
    deadlines.remind_due(**jobs)
    deadlines.escalate_due(**jobs)
    with asking.cast.everything():
        return Request.objects.get()


def told(asking: Asking, word: str) -> int:
    with asking.cast.everything():
        return Event.objects.filter(type=f"rights.request.{word}").count()


def test_the_county_promises_fifteen_working_days_and_the_operator_changes_it_for_what_runs_too(asking: Asking) -> None:
    asking.ask(RequestKind.COPY, at=at("2026-06-01 09:00"))
    with acting_as(asking.cast.actor("operator")) as operator:
        deadlines.set_norm(
            book=services.BOOK,
            way=Term.PROMISE,
            kind=RequestKind.COPY,
            target=Target(days=10),
            by=operator,
            running=True,
        )
    deadlines.reckon_clocks(of=[services.UPKEEP], by=system_actor("test"), at=at("2026-06-02 09:00"))
    with asking.cast.everything():
        assert Request.objects.get().due_at == at("2026-06-15 17:30")
        assert RequestClock.objects.get().norm == "promise"


def test_those_who_have_it_in_hand_are_reminded_once_when_a_fifth_of_the_term_is_left(asking: Asking) -> None:
    # due on the 23rd
    asking.ask(at=at("2026-06-01 09:00"))
    assert passes(asking, "17").reminded_at is None
    assert passes(asking, "19").reminded_at == at("2026-06-19 08:00")
    passes(asking, "22")
    assert told(asking, "nearing") == 1


def test_whoever_was_reminded_of_another_day_is_reminded_again(asking: Asking) -> None:
    asking.ask(at=at("2026-06-01 09:00"))
    passes(asking, "22")
    WorkDay.objects.update_or_create(
        date=date(2026, 6, 23), defaults={"working": False, "name": "停工", "source": "operator"}
    )
    deadlines.reckon_clocks(of=[services.UPKEEP], by=system_actor("test"), at=at("2026-06-22 09:00"))
    assert passes(asking, "22").due_at == at("2026-06-24 17:30")
    assert told(asking, "nearing") == 2


def test_what_is_late_climbs_to_the_top_and_no_further(asking: Asking) -> None:
    asking.ask(at=at("2026-06-01 09:00"))
    rungs = [passes(asking, *day).rung for day in (("23",), ("24",), ("26",), ("01", "07"))]
    assert rungs == [Rung.OFFICER, Rung.HEAD, Rung.TOWNSHIP, Rung.CITY]
    passes(asking, "10", "07")
    assert told(asking, "escalated") == 3


def test_what_is_answered_is_neither_reminded_of_nor_carried_up(asking: Asking) -> None:
    asking.do("clerk", services.take_back_request, asking.ask(at=at("2026-06-01 09:00")))
    assert passes(asking, "30").rung == Rung.OFFICER
    assert told(asking, "escalated") == told(asking, "nearing") == 0
