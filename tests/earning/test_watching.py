"""What is noticed among claims, for a person to look at; and what was given for what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.earning import services
from minqing.earning.enums import Category, State, Way
from minqing.earning.models import Claim
from minqing.earning.queries import current_version
from minqing.earning.queries.given import Given, given_in, shares_of
from minqing.earning.queries.watching import noticed_in
from minqing.points.kinds import Sums
from tests.cast import Cast
from tests.earning.cases import FEAST, WHY, Earning

pytestmark = pytest.mark.django_db
PAGE = "/points/"
GIVEN = ((Category.SAFETY, "a", 20), (Category.SAFETY, "b", 40), (Category.CUSTOMS, "c", 40))


def planted(cast: Cast, many: int, *, apart: timedelta, by: str = "village_secretary", **values: Any) -> None:
    """So many claims, decided one after the other by somebody."""
    # at the beginning of an hour, so that seconds later it is the same one
    start = clock.now().replace(minute=0, second=0) - timedelta(days=80)
    home, version = cast.household(), current_version("road_swept")
    with cast.everything():
        Claim.objects.bulk_create(
            Claim(
                number=f"XF-{new_id().hex[-10:]}",
                version=version,
                area=cast.own,
                household=home,
                happened_on=clock.today(),
                received_at=start,
                changed_at=start,
                decided_at=start + n * apart,
                decided_by_id=cast.actor(by).id,
                **{"way": Way.DOOR, "state": State.AWARDED} | values,
            )
            for n in range(many)
        )


def noticed(cast: Cast) -> list[str]:
    with cast.everything():
        return [one.sentence for one in noticed_in([cast.own.pk])]


@pytest.mark.parametrize("state", [State.REFUSED, State.APPEALED, State.UPHELD])
def test_who_confirms_all_is_said_and_no_more_once_one_was_refused(cast: Cast, state: State) -> None:
    planted(cast, 20, apart=timedelta(days=1))
    (told,) = noticed(cast)
    assert cast.people["village_secretary"].name in told
    assert "20" in told
    planted(cast, 1, apart=timedelta(days=1), state=state)
    assert noticed(cast) == []


@pytest.mark.fault(124)
def test_of_each_kind_the_newest_are_said(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    planted(cast, 20, apart=timedelta(days=1))
    planted(cast, 20, apart=timedelta(days=2), by="clerk")
    assert len(noticed(cast)) == 2
    monkeypatch.setattr("minqing.earning.queries.watching.MOST", 1)
    (told,) = noticed(cast)
    assert cast.people["clerk"].name in told


@pytest.mark.parametrize("state", [State.AWARDED, State.UPHELD])
def test_a_refusal_counts_for_who_refused_after_somebody_else_decided_on_the_objection(
    cast: Cast, state: State
) -> None:
    planted(cast, 20, apart=timedelta(days=1))
    refused_by = cast.actor("village_secretary").id
    planted(cast, 1, apart=timedelta(days=1), by="clerk", state=state, refused_by_id=refused_by)
    assert noticed(cast) == []


@pytest.mark.parametrize("state", [State.REFUSED, State.APPEALED, State.UPHELD])
def test_a_pile_within_an_hour_is_said_of_what_was_confirmed_alone(cast: Cast, state: State) -> None:
    planted(cast, 1, apart=timedelta(0), state=state)
    planted(cast, 14, apart=timedelta(seconds=1))
    assert noticed(cast) == []
    planted(cast, 1, apart=timedelta(seconds=1))
    told = " ".join(noticed(cast))
    assert "15" in told


def test_two_who_confirm_what_the_other_keyed_in_are_said_once(cast: Cast) -> None:
    one, other = "cadre", "village_secretary"
    for taken, decided in ((one, other), (other, one)):
        planted(cast, 5, apart=timedelta(days=2), by=decided, way=Way.PAPER, taken_by_id=cast.actor(taken).id)
    (told,) = noticed(cast)
    assert cast.people[one].name in told
    assert cast.people[other].name in told
    with cast.everything():
        Claim.objects.filter(taken_by=cast.actor(one).id).update(state=State.UPHELD)
    assert noticed(cast) == [], "what was left at no was not confirmed"


def test_few_others_and_what_is_long_ago_are_not_said(cast: Cast) -> None:
    planted(cast, 18, apart=timedelta(days=1))
    planted(cast, 30, apart=timedelta(days=1), way=Way.ITSELF)
    # a list of thirty people is one press
    planted(cast, 30, apart=timedelta(0), way=Way.ACTIVITY)
    assert noticed(cast) == []
    with cast.everything():
        assert noticed_in([cast.far.pk]) == []
        Claim.objects.update(decided_at=clock.now() - timedelta(days=91))
        assert noticed_in([cast.own.pk]) == []


def test_lists_of_activities_are_noticed_as_well_each_as_one(cast: Cast) -> None:
    planted(cast, 20, apart=timedelta(days=1), way=Way.ACTIVITY)
    (told,) = noticed(cast)
    assert "20" in told


def test_the_clerk_reads_it_with_the_claims_and_leaders_read_sums_alone(cast: Cast) -> None:
    Earning(cast).awarded()
    planted(cast, 20, apart=timedelta(days=1))
    told = cast.client("clerk").get(PAGE).content.decode()
    with cast.everything():
        claim = Claim.objects.filter(decided_by__isnull=False).order_by("-decided_at")[1]
    assert reverse("earning:detail", args=[claim.pk]) in told
    assert "照料邻家老人" in told
    for who in ("leader", "analyst", "village_secretary"):
        seen = cast.client(who).get(PAGE).content.decode()
        assert "照料邻家老人" in seen
        assert "请人看一看" not in seen


def test_shares_make_up_the_whole_of_what_was_given_and_taken_over() -> None:
    sums = Sums(frozenset(), opening=100, issued=207, redeemed=50, outstanding=150)
    made = [Given(category, code, code, 2, points) for category, code, points in GIVEN]
    found = shares_of(made, sums)
    assert [(whole.points, whole.redeemed, whole.outstanding, len(rows)) for whole, rows in found.groups] == [
        (60, 15, 45, 2),
        (40, 10, 30, 1),
    ]
    assert (found.opening.redeemed, found.opening.outstanding, found.taken_back) == (25, 75, 7)
    # what is rounded away from one goes to the next
    odd = shares_of(made, Sums(frozenset(), opening=0, issued=100, redeemed=49, outstanding=51))
    assert [sum(getattr(one, name) for one, _rows in odd.groups) for name in ("points", "redeemed", "outstanding")] == [
        100,
        49,
        51,
    ]


def test_what_was_taken_back_leaves_the_shares_of_what_stands_whole(cast: Cast) -> None:
    case = Earning(cast)
    case.awarded()
    case.do("clerk", services.correct_claim, case.awarded(code=FEAST), reasons=WHY)
    with cast.everything():
        given = given_in([cast.own.pk])
    ((whole, rows),) = shares_of(given, Sums(frozenset(), opening=0, issued=10, redeemed=4, outstanding=6)).groups
    assert [(one.points, one.redeemed, one.outstanding) for one in (whole, *rows)] == [(10, 4, 6)] * 2
    assert "收回的不算在内" in cast.client("clerk").get(PAGE).content.decode()


def test_the_page_of_sums_takes_as_many_queries_whatever_there_is(cast: Cast, django_assert_num_queries: Any) -> None:
    client = cast.client("clerk")
    Earning(cast).awarded()
    planted(cast, 20, apart=timedelta(days=1))
    client.get(PAGE)
    for _one in range(2):
        with django_assert_num_queries(18):
            client.get(PAGE)
        planted(cast, 20, apart=timedelta(days=1), by="cadre")
