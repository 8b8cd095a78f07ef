"""What is thanked by itself: a report that proved true, a suggestion that was adopted; once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from minqing.core import clock
from minqing.earning import services
from minqing.earning.enums import State, Way
from minqing.earning.listeners import household_moved, matter_confirmed, matter_opened_again
from minqing.earning.models import Claim
from minqing.earning.notifications import notify_of
from minqing.earning.queries import visible_claims
from minqing.households.services import save_household
from minqing.journal.models import Event
from minqing.journal.services import record
from minqing.journal.subscriptions import subscriptions
from minqing.matters.enums import Channel, Outcome
from minqing.matters.enums import State as MatterState
from minqing.matters.models import Matter
from minqing.notify.models import Notice
from minqing.org.models import Account, Post
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.earning.cases import Earning

pytestmark = pytest.mark.django_db


def confirmed(case: Earning, **values: Any) -> Any:
    """The event of a matter that was confirmed, and solved as its reporter says."""
    solved = values.pop("last_solved", True)
    now = clock.now()
    given = {"household": case.home, "channel": Channel.CODE, "state": MatterState.CONFIRMED, "assigned_at": now,
             "finished_at": now, "closed_at": now, "lead_unit": case.cast.office,
             "outcome": Outcome.SOLVED}  # fmt: skip
    row = case.cast.matter(**given | values)
    with case.cast.everything() as by:
        Matter.objects.filter(pk=row.pk).update(last_solved=solved)
        return record(type="matters.matter.confirmed", subject=f"matter:{row.pk}", by=by)


@pytest.mark.parametrize(
    ("values", "points"),
    [
        ({}, 5),
        ({"channel": Channel.SUGGESTION}, 20),
        ({"channel": Channel.PHONE}, 0),
        ({"confidential": True}, 0),
        ({"last_solved": False}, 0),
        # the reporter answered something else alone: what the unit did stands
        ({"last_solved": None}, 5),
        # whatever the reporter presses, a refused suggestion is not adopted and an untrue report not true
        ({"outcome": Outcome.NOT_NOW}, 0),
        ({"channel": Channel.SUGGESTION, "outcome": Outcome.NOT_NOW}, 0),
        ({"channel": Channel.SUGGESTION, "outcome": Outcome.PARTLY}, 0),
        ({"outcome": ""}, 0),
        # somebody has opened it again before this was heard
        ({"state": MatterState.FINISHED}, 0),
        ({"household": None}, 0),
    ],
)
def test_the_household_is_thanked_once_however_often_it_is_told(
    cast: Cast, values: dict[str, Any], points: int
) -> None:
    case = Earning(cast)
    event = confirmed(case, **values)
    for _time in range(3):
        matter_confirmed(event)
    assert case.home_balance() == points
    with cast.everything():
        assert [(one.state, one.way) for one in Claim.objects.all()] == (
            [(State.AWARDED, Way.ITSELF)] if points else []
        )


def test_what_was_thanked_and_is_opened_again_waits_for_somebody_to_look(cast: Cast) -> None:
    case = Earning(cast)
    event = confirmed(case)
    matter_opened_again(event)
    matter_confirmed(event)
    with cast.everything():
        (row,) = Claim.objects.all()
    assert not row.situation.drawn
    matter_opened_again(event)
    with cast.everything():
        (row,) = Claim.objects.all()
        # the lot of the day is drawn all the same
        case.do("village_secretary", services.pass_claim, row)
        assert services.draw_sample(day=clock.today(), by=system_actor("earning.draw")) == 1
    assert (row.situation.drawn, case.home_balance()) == (True, 5), "nothing is taken back by itself"
    assert "earning-doubt" in {one.name for one in subscriptions()}


def test_beyond_the_limit_nothing_is_given_and_nothing_left(cast: Cast) -> None:
    case = Earning(cast)
    for _time in range(3):
        matter_confirmed(confirmed(case))
    # two of a household and day
    assert (case.home_balance(), case.awards()) == (10, 2)
    with cast.everything():
        assert Claim.objects.count() == 2


def test_whoever_took_a_paper_in_hears_that_it_was_not_confirmed_and_tells_the_person(cast: Cast) -> None:
    case = Earning(cast)
    case.do("village_secretary", services.refuse_claim, case.send(), reasons="没有在值班表上。")
    event = Event.objects.get(type="earning.claim.refused")
    for _time in range(2):
        notify_of(event)
    with acting_as(cast.actor("cadre")):
        assert Notice.objects.filter(kind="earning.refused").count() == 1
    with acting_as(cast.actor("village_secretary")):
        assert not Notice.objects.exists()


def test_where_the_taker_has_left_the_village_hears_and_can_open_it(cast: Cast) -> None:
    """Another post elsewhere, or a closed account: a link that answers 404, or nobody at all."""
    case = Earning(cast)
    for leave in (
        lambda: Post.objects.filter(account=cast.account("cadre")).update(area=cast.far),
        lambda: Account.objects.filter(pk=cast.account("cadre").pk).update(is_active=False),
    ):
        row = case.send(happened_on=clock.today() - timedelta(days=Claim.objects.count()))
        case.do("clerk", services.refuse_claim, row, reasons="没有在值班表上。")
        with cast.everything():
            leave()
        notify_of(Event.objects.filter(type="earning.claim.refused").latest("seq"))
        with acting_as(system_actor("notify")):
            heard = set(Notice.objects.filter(subject=f"claim:{row.pk}").values_list("account", flat=True))
        with cast.everything():
            Post.objects.filter(account=cast.account("cadre")).update(area=cast.own)
        assert heard == {cast.account("village_secretary").pk}
        assert cast.client("village_secretary").get(reverse("earning:detail", args=[row.pk])).status_code == 200


def test_claims_of_a_household_that_moves_are_seen_where_it_lives_now(cast: Cast) -> None:
    case = Earning(cast)
    row = case.send()
    with cast.everything() as by:
        save_household(number=case.home.number, area_id=cast.other.pk, by=by)
        household_moved(Event.objects.get(type="households.household.updated"))
    for who, sees in (("village_secretary", False), ("other_cadre", True)):
        with acting_as(actor := cast.actor(who)):
            assert visible_claims(actor).filter(pk=row.pk).exists() is sees
