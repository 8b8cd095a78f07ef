"""What people see of points: their own behind the door, an account from the file, sums of a place."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from minqing.core import clock
from minqing.journal.models import Event
from minqing.org.enums import Level
from minqing.points.enums import AccountKind, Code
from minqing.points.models import Holder, Stay
from minqing.points.queries import Holding
from minqing.points.queries.figures import Month, overview_of, together_in, too_few, whole_of
from minqing.points.queries.people import Purse, held_at, running_out
from minqing.points.services import (
    Posting,
    follow_holders,
    forget_holder,
    house_account,
    open_account,
    post_transfers,
)
from tests.cast import Cast, area

pytestmark = pytest.mark.django_db


def test_what_is_held_is_not_among_what_is_to_be_redeemed_soon() -> None:
    today, whole = clock.today(), {"account": 1, "kind": AccountKind.RESIDENT, "wish": "usual", "named": True}
    days = [(today, 30), (today + timedelta(days=400), 50)]
    for held, soon in ((0, 30), (20, 10), (40, 0)):
        assert running_out(Purse(holding=Holding(80, held), days=days, **whole)) == soon


class Home:
    """One household with somebody who has 40 points, of which 15 were redeemed, and a door."""

    def __init__(self, cast: Cast, token: str = "points-door") -> None:  # noqa: S107  # made up
        self.cast = cast
        self.home = cast.household()
        self.one = cast.resident(self.home, "何桂香", phone="13857500001")
        code = cast.code(self.home, token)
        self.page, self.who = reverse("points:own", args=[code]), reverse("doorstep:who", args=[code])
        with cast.everything() as by:
            given = {"area": cast.own.pk, "by": by}
            self.account = open_account(kind=AccountKind.RESIDENT, resident=self.one.pk, **given).pk
            shop = open_account(kind=AccountKind.SHOP, name="村口超市", **given).pk
            issuance = house_account(kind=AccountKind.ISSUANCE, by=by).pk
            post_transfers(
                caller="tests", key=token, by=by,
                postings=[
                    Posting(issuance, self.account, 40, Code.AWARD), Posting(self.account, shop, 15, Code.REDEEM),
                ],
            )  # fmt: skip


def test_points_are_shown_to_who_has_shown_who_they_are(cast: Cast) -> None:
    home, client = Home(cast), Client()
    door = client.get(home.page).content.decode()
    assert "何桂香" not in door
    assert ">25<" not in door.split("garden-title")[0]
    assert client.post(home.page, {}).status_code == 405
    assert client.post(home.who, {"proof": "0001", "next": home.page}).headers["Location"] == home.page
    page = client.get(home.page)
    (shown,) = page.context["purses"]
    assert (shown["purse"].holding.available, [what for _line, what in shown["lines"]]) == (25, ["村口超市", ""])
    assert "何桂香" in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    client.post(home.who, {"forget": "1", "next": home.page})
    assert "何桂香" not in client.get(home.page).content.decode()


def test_what_the_village_did_is_headed_by_the_village_and_not_by_the_grid(cast: Cast) -> None:
    home = cast.household(area("V1-2", "第二网格", Level.GRID, cast.own))
    shown = Client().get(reverse("points:own", args=[cast.code(home, "grid-door")])).content.decode()
    assert f"上个月{cast.own.name}大家一起做的" in shown
    assert "第二网格" not in shown


def test_at_the_door_stands_what_many_got_or_spent_last_month_and_nothing_of_few(cast: Cast) -> None:
    home = Home(cast)
    then = (clock.today().replace(day=1) + timedelta(days=32)).replace(day=1)

    def told() -> tuple[int | None, int | None, int | None]:
        with cast.everything():
            sums = together_in([cast.own.pk], then)
        return sums.people, sums.issued, sums.redeemed

    assert told() == (None, None, None)
    for points in range(10, 18):
        given_to(cast, cast.own, points)
    assert told() == (None, None, None), "of nine"
    given_to(cast, cast.own, 18)
    given_to(cast, cast.other, 19)
    assert told() == (10, 166, None), "one alone has spent"
    now = Client().get(home.page).context["garden"]["sums"]
    assert (now.people, now.issued, now.redeemed) == (0, 0, 0), (
        "two looks at a month that runs would tell of one person"
    )


@pytest.mark.fault(124)
def test_purses_of_a_household_are_found_without_looking_through_all_of_them(cast: Cast) -> None:
    home = cast.household()
    with cast.everything() as by:
        with connection.cursor() as cursor:
            # of few rows all are read; without that, only where no index serves
            cursor.execute("SET LOCAL enable_seqscan = off")
        assert "Seq Scan on points" not in held_at(by, home.pk).explain()


def test_an_account_is_opened_from_the_file_and_the_look_is_told(cast: Cast) -> None:
    home, cadre = Home(cast), cast.client("cadre")
    page = reverse("points:account", args=[home.account])
    assert page in cadre.get(reverse("households:file", args=[home.home.pk])).content.decode()
    shown = cadre.get(page)
    assert (shown.context["holding"].available, shown.context["lines"][0][1]) == (25, "村口超市")
    with cast.everything():
        assert Event.objects.get(type="points.account.looked_at").subject == f"points_account:{home.account}"
    assert cast.client("far_clerk").get(page).status_code == 404
    assert cast.client("analyst").get(page).status_code == 403


def test_sums_are_of_the_reader_s_places_and_name_nobody(cast: Cast) -> None:
    Home(cast)
    page = cast.client("clerk").get(reverse("points:overview"))
    (month,) = page.context["months"]
    assert (month.issued, month.redeemed, month.lapsed, month.outstanding) == (40, 15, 0, 25)
    assert page.context["people"] is None, "of few it is not told how many"
    assert "何桂香" not in page.content.decode()
    assert cast.client("far_clerk").get(reverse("points:overview")).context["months"] == []


def test_sums_stay_where_they_were_made_when_their_people_move_or_are_erased(cast: Cast) -> None:
    home = Home(cast)

    def told(area: Any) -> list[tuple[int, ...]]:
        with cast.everything():
            found, villages = overview_of([area])
        assert [one.name for one in villages] == [area.name] * len(found)
        return [(one.issued, one.redeemed, one.lapsed, one.outstanding) for one in found]

    assert (told(cast.own), told(cast.other)) == ([(40, 15, 0, 25)], [])
    with cast.everything() as by:
        for area in (cast.other, cast.own, cast.other):
            assert follow_holders(household=home.home.pk, area=area.pk, by=by)
    # what they have goes with them, what they got and spent does not
    assert (told(cast.own), told(cast.other)) == ([(40, 15, 0, 0)], [(0, 0, 0, 25)])
    with cast.everything() as by:
        for one in Holder.objects.filter(area=cast.other):
            forget_holder(account=one.pk, by=by, at=clock.now())
    assert (told(cast.own), told(cast.other)) == ([(40, 15, 0, 0)], [(0, 0, 25, 0)])
    with cast.everything(), pytest.raises(DatabaseError), transaction.atomic():
        Stay.objects.update(balance=0)


def test_sums_take_as_many_queries_whatever_there_is(cast: Cast, django_assert_num_queries: Any) -> None:
    client, page = cast.client("clerk"), reverse("points:overview")
    for token in ("one", "two"):
        Home(cast, f"{token}-door")
        client.get(page)
        with django_assert_num_queries(15):
            client.get(page)


def test_a_passbook_is_printed_for_the_household_and_told(cast: Cast) -> None:
    home, cadre = Home(cast), cast.client("cadre")
    page = reverse("points:passbook", args=[home.home.pk])
    assert page in cadre.get(reverse("households:file", args=[home.home.pk])).content.decode()
    assert cadre.get(page).content.startswith(b"%PDF")
    with cast.everything():
        assert Event.objects.get(type="points.passbook.printed").subject == f"household:{home.home.pk}"
        empty = cast.household()
    assert cadre.get(reverse("points:passbook", args=[empty.pk])).status_code == 404
    assert cast.client("far_clerk").get(page).status_code == 404


def test_the_page_of_sums_says_what_runs_out_and_what_is_in_each_village(cast: Cast) -> None:
    for number, village in enumerate((cast.own, cast.own, cast.own, cast.own, cast.own, cast.other, cast.other)):
        given_to(cast, village, 10 + number)
    page = cast.client("clerk").get(reverse("points:overview"))
    assert [points for _day, points in page.context["soon"]] == [sum(range(10, 17))]
    shown = [(one.name, one.sums.issued, one.sums.outstanding, one.shown) for one in page.context["places"]]
    assert shown == [("棠溪村", 60, 60, False), ("白竹村", 31, 31, False)], "one alone would be told by the total"
    told = page.content.decode()
    assert "<td>–</td>" not in told
    assert ">31<" not in told
    assert cast.client("village_secretary").get(reverse("points:overview")).context["places"] == []


@pytest.mark.parametrize(
    ("sums", "moved"),
    [
        ({Code.AWARD: 40, Code.REDEEM: -15, Code.CORRECT: -3, Code.EXPIRE: -2}, 0),
        ({Code.AWARD: 40, Code.OPENING: 5, Code.MOVE: -25, Code.WRITE_OFF: 1}, -25),
    ],
)
def test_what_stands_in_a_row_adds_up_to_what_people_have(sums: dict[Code, int], moved: int) -> None:
    whole = whole_of([Month(date(2026, 1, 1), sums), Month(date(2026, 2, 1), sums)])
    assert whole.moved == 2 * moved
    assert whole.issued - whole.redeemed - whole.lapsed + whole.corrected + whole.moved == whole.outstanding


def test_accounts_that_nothing_came_to_hide_nobody(cast: Cast) -> None:
    for number, village in enumerate([cast.own] * 9 + [cast.other] * 2):
        given_to(cast, village, 10 + number)
    with cast.everything() as by:
        for _one in range(9):
            home = cast.household(cast.other)
            open_account(kind=AccountKind.HOUSEHOLD, area=cast.other.pk, household=home.pk, by=by)
    places = cast.client("clerk").get(reverse("points:overview")).context["places"]
    assert [(one.name, one.shown) for one in places] == [("棠溪村", False), ("白竹村", False)]


def given_to(cast: Cast, village: Any, points: int) -> None:
    home = cast.household(village)
    with cast.everything() as by:
        account = open_account(kind=AccountKind.HOUSEHOLD, area=village.pk, household=home.pk, by=by).pk
        posting = Posting(house_account(kind=AccountKind.ISSUANCE, by=by).pk, account, points, Code.AWARD)
        post_transfers(caller="tests", key=f"{account}", by=by, postings=[posting])


@pytest.mark.parametrize(
    ("holders", "hidden"),
    [({1: 9, 2: 8}, set()), ({1: 9, 2: 3}, {1, 2}), ({1: 9, 2: 7, 3: 1}, {2, 3}), ({1: 2, 2: 3, 3: 9}, {1, 2}),
     ({1: 0, 2: 9}, set())],
)  # fmt: skip
def test_of_few_people_no_sum_is_told_nor_to_be_worked_out(holders: dict[int, int], hidden: set[int]) -> None:
    assert too_few(holders) == hidden
