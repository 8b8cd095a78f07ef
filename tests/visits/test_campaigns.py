"""Rounds of visits: who is called upon, what counts, and that it is counted of places and of nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from minqing.core import clock
from minqing.core.errors import DomainError
from minqing.core.ids import new_id
from minqing.households.models import Household, Tag, TagGrant
from minqing.journal.models import Event
from minqing.org.queries import system_actor
from minqing.org.services import carry_on, merge_areas
from minqing.privacy.access import acting_as
from minqing.visits.enums import Met
from minqing.visits.models import Campaign, DiaryEntry, HouseholdAssignment, Visit
from minqing.visits.queries.campaigns import left_of, places_of, progress_of, rounds_for, rounds_now, visible_campaigns
from minqing.visits.services import close_campaign, open_campaign
from tests.cast import Cast


def a_round(cast: Cast, *, who: str = "clerk", **values: Any) -> Campaign:
    today = clock.today()
    given = {"name": "冬季防火走访", "area_id": cast.town.pk, "since": today, "until": today + timedelta(days=13)}
    by = cast.actor(who)
    with acting_as(by):
        return open_campaign(id=new_id(), by=by, **given | values)


def visited(cast: Cast, home: Household, *, met: Met = Met.AT_HOME, days: int = 0) -> None:
    at = clock.now() + timedelta(days=days)
    with cast.everything():
        visit = Visit.objects.create(
            household=home, area=home.area, account=cast.account("cadre"), visited_at=at, recorded_at=at, met=met
        )
        DiaryEntry.objects.create(visit=visit, area=home.area, text="都好")


def numbers(cast: Cast, row: Campaign, who: str) -> tuple[int, int]:
    actor = cast.actor(who)
    with acting_as(actor):
        found = progress_of(actor, row)
    return found.households, found.met


def test_a_round_counts_households_in_which_somebody_was_met_in_its_days(cast: Cast) -> None:
    met, empty, before = (cast.household() for _n in range(3))
    elsewhere = cast.household(cast.far)
    visited(cast, met)
    visited(cast, empty, met=Met.NOBODY)
    visited(cast, before, days=-3)
    visited(cast, elsewhere)
    row = a_round(cast)
    assert numbers(cast, row, "clerk") == (3, 1)
    actor = cast.actor("clerk")
    with acting_as(actor):
        assert {*left_of(actor, row)} == {empty, before}
        assert [(one.name, one.progress.met) for one in places_of(actor, row) if one.progress.households] == [
            (cast.own.name, 1)
        ]


def test_a_cadre_sees_the_townships_round_in_the_own_village_and_first_those_in_care(cast: Cast) -> None:
    mine, others = cast.household(), cast.household()
    neighbour = cast.household(cast.other)
    with cast.everything():
        HouseholdAssignment.objects.create(
            household=mine, area=cast.own, account=cast.account("cadre"), since=clock.today(), due_on=clock.today()
        )
    row = a_round(cast, hazards=["electricity"])
    actor = cast.actor("cadre")
    with acting_as(actor):
        assert list(visible_campaigns(actor)) == [row]
        assert {*left_of(actor, row)} == {mine, others}
        assert {*left_of(actor, row, mine=True)} == {mine}
        assert list(rounds_for(actor, mine.pk, cast.own.pk, clock.today())) == [row]
    client = cast.client("cadre")
    file = client.get(reverse("households:file", args=[mine.pk])).content.decode()
    assert "冬季防火走访" in file
    assert "用火用电" in file
    assert "冬季防火走访" in client.get("/").content.decode()
    page = client.get(reverse("visits:campaign", args=[row.pk])).content.decode()
    assert mine.number in page
    assert others.number not in page
    assert others.number in client.get(reverse("visits:campaign", args=[row.pk]), {"all": 1}).content.decode()
    assert neighbour.number not in page
    visited(cast, mine)
    assert "冬季防火走访" not in client.get(reverse("households:file", args=[mine.pk])).content.decode()


def test_a_round_for_a_tag_is_about_those_who_have_it_and_no_closed_tag_is_taken(cast: Cast) -> None:
    old, _other = cast.household(), cast.household()
    tag = Tag.objects.filter(sensitive=False, roles=[], retired=False).first() or Tag.objects.create(
        code="alone", name="独居老人", group="关爱"
    )
    with cast.everything():
        TagGrant.objects.create(
            household=old, area=cast.own, tag=tag, reason="独居", source="visit", granted_by="user:1",
            granted_at=clock.now(), expires_on=clock.today() + timedelta(days=30),
        )  # fmt: skip
    row = a_round(cast, tags=[tag.code])
    assert numbers(cast, row, "clerk") == (1, 0)
    visited(cast, old)
    assert numbers(cast, row, "clerk") == (1, 1)
    closed = Tag.objects.create(code="hush", name="保密", group="司法", sensitive=True)
    with pytest.raises(DomainError) as refused:
        a_round(cast, tags=[closed.code])
    assert refused.value.code == "tag_not_open"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"until": clock.today() - timedelta(days=1)}, "days_turned"),
        ({"since": clock.today() - timedelta(days=9), "until": clock.today() - timedelta(days=2)}, "days_over"),
        ({"until": clock.today() + timedelta(days=366)}, "days_many"),
        ({"hazards": ["flood"]}, "hazard_unknown"),
    ],
)
def test_what_is_not_right_is_refused_in_a_sentence(cast: Cast, values: dict[str, Any], code: str) -> None:
    with pytest.raises(DomainError) as refused:
        a_round(cast, **values)
    assert refused.value.code == code


def test_a_round_is_begun_by_those_who_lead_and_ended_once(cast: Cast) -> None:
    with pytest.raises(DomainError):
        a_round(cast, who="cadre", area_id=cast.own.pk)
    row = a_round(cast)
    by = cast.actor("clerk")
    for _time in range(2):
        close_campaign(campaign_id=row.pk, by=by)
    told = Event.objects.filter(type__startswith="visits.campaign").order_by("seq").values_list("type", flat=True)
    assert list(told) == ["visits.campaign.opened", "visits.campaign.closed"]
    with pytest.raises(DomainError):
        # of the township above
        close_campaign(campaign_id=row.pk, by=cast.actor("village_secretary"))


def test_rounds_that_are_through_hide_none_in_which_something_is_left(cast: Cast) -> None:
    home, today = cast.household(), clock.today()
    tag = Tag.objects.filter(sensitive=False, roles=[], retired=False).first()
    # three that end sooner are about nobody here
    for n in range(3):
        a_round(cast, name=f"第{n}轮", until=today + timedelta(days=n), tags=[tag.code])
    row, actor = a_round(cast), cast.actor("cadre")
    with acting_as(actor):
        assert list(rounds_for(actor, home.pk, cast.own.pk, today)) == [row]
        assert [(one, progress.left) for one, progress in rounds_now(actor, today)] == [(row, 1)]


def test_a_round_that_was_ended_counts_no_visit_after_its_last_day(cast: Cast) -> None:
    home, today = cast.household(), clock.today()
    tag = Tag.objects.filter(sensitive=False, roles=[], retired=False).first()
    since = {"since": today - timedelta(days=3)}
    rounds = [a_round(cast, **since), a_round(cast, **since, tags=[tag.code])]
    with cast.everything():
        TagGrant.objects.create(
            household=home, area=cast.own, tag=tag, reason="独居", source="visit", granted_by="user:1",
            granted_at=clock.now(), expires_on=today + timedelta(days=30),
        )  # fmt: skip
    for row in rounds:
        close_campaign(campaign_id=row.pk, by=cast.actor("clerk"), at=clock.now() - timedelta(days=1))
        row.refresh_from_db()
    visited(cast, home)
    assert [numbers(cast, row, "clerk") for row in rounds] == [(1, 0), (1, 0)]
    with acting_as(actor := cast.actor("clerk")):
        assert [one.progress.met for one in places_of(actor, rounds[0]) if one.progress.households] == [0]
    visited(cast, home, days=-2)
    assert [numbers(cast, row, "clerk") for row in rounds] == [(1, 1), (1, 1)]


def test_a_round_that_is_on_goes_along_with_a_village_that_becomes_part_of_another(cast: Cast) -> None:
    home, today = cast.household(), clock.today()
    on = a_round(cast, who="village_secretary", area_id=cast.own.pk)
    ended = a_round(cast, who="village_secretary", area_id=cast.own.pk)
    close_campaign(campaign_id=ended.pk, by=cast.actor("village_secretary"))
    change = merge_areas(area=cast.own, into=cast.other, by=cast.actor("operator"))
    while not carry_on(change_id=change.pk, by=system_actor("org.changes")):
        pass
    assert [Campaign.objects.get(pk=one.pk).area_id for one in (on, ended)] == [cast.other.pk, cast.own.pk]
    with acting_as(actor := cast.actor("other_cadre")):
        assert list(rounds_for(actor, home.pk, cast.other.pk, today)) == [Campaign.objects.get(pk=on.pk)]


def test_a_leader_reads_numbers_of_places_and_no_household(cast: Cast) -> None:
    home = cast.household()
    row = a_round(cast)
    page = cast.client("leader").get(reverse("visits:campaign", args=[row.pk])).content.decode()
    assert home.number not in page
    assert cast.own.name in page
