"""More time to put a hazard right, and the word before it is due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from minqing.core import clock
from minqing.core.errors import Conflict, DomainError
from minqing.deadlines.services import remind_due
from minqing.hazards import services
from minqing.hazards.enums import Charge, State
from minqing.hazards.models import Hazard
from minqing.hazards.queries import their_turn, visible_hazards
from minqing.hazards.rules import waits_for
from minqing.hazards.services import UPKEEP
from minqing.journal.models import Event
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.hazards.cases import WHY, Finding

pytestmark = pytest.mark.django_db
ASKS: dict[str, Any] = {"days": 3, "reasons": WHY}


@pytest.fixture
def case(cast: Cast) -> Finding:
    return Finding(cast)


def turns(case: Finding, who: str) -> set[Any]:
    actor = case.cast.actor(who)
    with acting_as(actor):
        rows = set(visible_hazards(actor).filter(their_turn(actor, clock.now())))
        assert {one for one in visible_hazards(actor) if waits_for(actor, one.situation)} == rows
        return rows


def test_more_time_is_asked_for_by_the_village_and_granted_by_the_township(case: Finding) -> None:
    row = case.confirmed()
    asked = case.do("cadre", services.ask_more_time, row, **ASKS)
    assert (asked.due_at, asked.state) == (row.due_at, State.CONFIRMED)
    assert turns(case, "clerk") == {row}
    page = case.cast.client("clerk").get(reverse("hazards:detail", args=[row.pk])).content.decode()
    assert WHY in page
    granted = case.do("clerk", services.grant_more_time, row)
    assert granted.due_at is not None
    assert row.due_at is not None
    assert granted.due_at > row.due_at
    assert granted.asked_by_id is None
    assert turns(case, "clerk") == set()
    types = Event.objects.filter(type__startswith="hazards.hazard.more_").order_by("pk").values_list("type", flat=True)
    assert [*types] == ["hazards.hazard.more_asked", "hazards.hazard.more_granted"]


def test_refused_the_deadline_stays_and_why_stands_there(case: Finding) -> None:
    row = case.confirmed()
    case.do("cadre", services.ask_more_time, row, **ASKS)
    refused = case.do("clerk", services.refuse_more_time, row, reasons="三天够了。")
    assert (refused.due_at, refused.reasons, refused.asked_by_id) == (row.due_at, "三天够了。", None)
    page = case.cast.client("cadre").get(reverse("hazards:detail", args=[row.pk])).content.decode()
    assert "三天够了。" in page


@pytest.mark.parametrize(
    ("charge", "who", "code"),
    [
        (Charge.TOWNSHIP, "cadre", "not_yours_to_ask"),
        (Charge.OWNER, "clerk", "not_yours_to_ask"),
        (Charge.OWNER, "far_cadre", "not_your_area"),
    ],
)
def test_who_does_not_put_it_right_asks_for_no_more_time(case: Finding, charge: Charge, who: str, code: str) -> None:
    row = case.confirmed(charge=charge)
    with pytest.raises(DomainError) as refused:
        case.do(who, services.ask_more_time, row, **ASKS)
    assert refused.value.code in {code, "not_found"}


def test_nobody_decides_about_what_nobody_asked_or_what_they_asked_themselves(case: Finding) -> None:
    row = case.confirmed(charge=Charge.TOWNSHIP)
    for how, values in ((services.grant_more_time, {}), (services.refuse_more_time, {"reasons": WHY})):
        with pytest.raises(DomainError) as refused:
            case.do("clerk", how, row, **values)
        assert refused.value.code == "nothing_asked"
    case.do("clerk", services.ask_more_time, row, **ASKS)
    with pytest.raises(DomainError) as refused:
        case.do("clerk", services.grant_more_time, row)
    assert refused.value.code == "own_request"


@pytest.mark.parametrize(("values", "code"), [({"days": 0}, "days"), ({"reasons": " "}, "reasons")])
def test_it_is_asked_with_days_and_a_reason_and_twice_at_most(case: Finding, values: dict[str, Any], code: str) -> None:
    row = case.confirmed()
    with pytest.raises(DomainError) as refused:
        case.do("cadre", services.ask_more_time, row, **ASKS | values)
    assert refused.value.code == code
    for _time in range(2):
        case.do("cadre", services.ask_more_time, row, **ASKS)
        with pytest.raises(Conflict, match="asked_already"):
            case.do("village_secretary", services.ask_more_time, row, **ASKS)
        case.do("clerk", services.grant_more_time, row)
    with pytest.raises(DomainError) as refused:
        case.do("cadre", services.ask_more_time, row, **ASKS)
    assert refused.value.code == "too_often"


def test_a_request_falls_away_with_the_step_it_was_for(case: Finding) -> None:
    row = case.confirmed()
    case.do("cadre", services.ask_more_time, row, **ASKS)
    righted = case.right(row)
    assert righted.asked_by_id is None
    with case.cast.everything():
        assert righted.more.get().granted is False


def test_who_has_it_in_hand_is_told_once_before_it_is_due(case: Finding) -> None:
    row = case.confirmed()
    assert row.due_at is not None
    with acting_as(system_actor("test")) as by:
        assert remind_due(by=by, at=row.due_at - timedelta(days=3), of=[UPKEEP]) == 0
        told = [remind_due(by=by, at=row.due_at - timedelta(hours=1), of=[UPKEEP]) for _time in range(2)]
    assert told == [1, 0]
    with case.cast.everything():
        assert Hazard.objects.get(pk=row.pk).reminded_at is not None
    assert Event.objects.filter(type="hazards.hazard.nearing").count() == 1
