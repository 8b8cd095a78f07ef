"""In front of a machine with a phone, and at the desk of those who keep it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.households.codes import short_check
from minqing.journal.models import Event
from minqing.machines import queries, services
from minqing.machines.enums import Alarm
from minqing.machines.formats import screen
from minqing.machines.models import Machine, Slot, Trouble, Vend
from minqing.points.enums import AccountKind, Code
from minqing.points.services import open_account, post_transfer
from minqing.privacy.access import acting_as
from minqing.redeeming.models import Item
from tests.architecture.matrix import HERE  # noqa: F401  # the house's matrix is read first
from tests.cast import Cast
from tests.machines.matrix import exchange, goods, row
from tests.machines.world import POINTS, WATER, PowerCut, World

pytestmark = pytest.mark.django_db


def scanned(world: World, back: int = 0) -> str:
    period = screen.period_of(clock.now().timestamp()) - back
    return reverse("machines:scan", args=[world.machine.code, screen.code_of(world.key, period)])


def proved(world: World) -> tuple[Client, str]:
    """A phone that has said who it is, and where it is led then."""
    client, picture = Client(), scanned(world)
    page = client.get(picture)
    said = {"number": world.home.number, "check_code": short_check(world.cast.code(world.home)), "proof": "0001"}
    answer = client.post(page.context["showing"], said | {"next": page.context["here"]})
    return client, answer.headers["Location"]


def test_scan_choose_confirm_and_it_drops(world: World) -> None:
    client, there = proved(world)
    page = client.get(there)
    assert "矿泉水" in page.content.decode()
    assert [one.available for one in page.context["payers"]] == [40]
    chosen = client.get(f"{there}&slot={WATER}").context["choose"]
    said = {name: chosen[name].value() for name in chosen.fields}
    answer = client.post(there.split("?")[0] + "/choose", said)
    waiting = client.get(answer.headers["Location"])
    assert waiting.context["waits"]
    world.turns(2)
    end = client.get(answer.headers["Location"])
    assert (end.context["state"], end.context["own"].available) == ("done", 25)
    # sent twice it is one bottle
    assert client.post(there.split("?")[0] + "/choose", said).headers["Location"] == answer.headers["Location"]
    assert Vend.objects.count() == 1
    # another phone is told of no balance
    assert Client().get(answer.headers["Location"]).context["own"] is None
    world.stands()


def test_where_ones_own_points_are_too_few_those_of_the_household_pay(world: World) -> None:
    with world.cast.everything() as by:
        given = {"kind": AccountKind.HOUSEHOLD, "area": world.cast.own.pk, "household": world.home.pk}
        common = open_account(by=by, **given).pk
        posting = {"debit": world.account, "credit": common, "amount": 35, "code": Code.MOVE}
        post_transfer(caller="tests", key="common", by=by, **posting).checked()
    client, there = proved(world)
    page = client.get(f"{there}&slot={WATER}")
    assert [(one.kind, one.available) for one in page.context["payers"]] == [
        (AccountKind.RESIDENT, 5),
        (AccountKind.HOUSEHOLD, 35),
    ]
    assert page.context["payer"].account == common
    assert "35" in page.content.decode().split("showing")[0]
    said = {name: page.context["choose"][name].value() for name in page.context["choose"].fields}
    answers = [client.post(there.split("?")[0] + "/choose", said).headers["Location"] for _time in range(2)]
    assert answers[0] == answers[1], "sent twice it is one bottle"
    world.turns(2)
    end = client.get(answers[0])
    assert (end.context["own"].account, end.context["own"].available) == (common, 20)


def test_a_month_s_limit_is_the_person_s_whichever_purse_pays_at_the_machine(world: World) -> None:
    with world.cast.everything() as by:
        given = {"kind": AccountKind.HOUSEHOLD, "area": world.cast.own.pk, "household": world.home.pk}
        common = open_account(by=by, **given).pk
        posting = {"debit": world.account, "credit": common, "amount": 20, "code": Code.MOVE}
        post_transfer(caller="tests", key="common", by=by, **posting).checked()
        Item.objects.update(monthly_limit=1)
    client, there = proved(world)
    for count, status in ((1, 302), (1, 409)):
        chosen = client.get(f"{there}&slot={WATER}").context["choose"]
        said = {name: chosen[name].value() for name in chosen.fields}
        assert client.post(there.split("?")[0] + "/choose", said).status_code == status
        world.turns(2)
        assert Vend.objects.count() == count


def test_a_month_s_limit_is_the_person_s_also_from_before_they_were_ever_thanked(world: World) -> None:
    with world.cast.everything() as by:
        given = {"kind": AccountKind.HOUSEHOLD, "area": world.cast.own.pk, "household": world.home.pk}
        common = open_account(by=by, **given).pk
        posting = {"debit": world.account, "credit": common, "amount": POINTS, "code": Code.MOVE}
        post_transfer(caller="tests", key="common", by=by, **posting).checked()
        Item.objects.update(monthly_limit=1)
        young = world.cast.resident(world.home, "何小明", phone="13857500002")
    client, _there = proved(world)
    client.post(reverse("doorstep:who", args=["token-of-the-door"]), {"proof": "0002"})
    for status in (302, 409):
        there = scanned(world)
        chosen = client.get(f"{there}?slot={WATER}").context["choose"]
        said = {name: chosen[name].value() for name in chosen.fields}
        answer = client.post(f"{there}/choose", said)
        assert (answer.status_code, "本月" in answer.content.decode()) == (status, status == 409)
        world.turns(2)
        with world.cast.everything() as by:
            # with the first thanks
            open_account(kind=AccountKind.RESIDENT, area=world.cast.own.pk, resident=young.pk, by=by)
    # and nobody else's of the household
    world.choose(account=common, person=world.account)


def test_whoever_has_no_points_yet_reads_it(world: World) -> None:
    client, _there = proved(world)
    world.cast.resident(world.home, "何小明", phone="13857500002")
    client.post(reverse("doorstep:who", args=["token-of-the-door"]), {"proof": "0002"})
    page = client.get(scanned(world))
    assert (page.context["known"].name, page.context["payers"]) == ("何小明", [])
    assert client.post(scanned(world) + "/choose", {}).status_code == 422


def test_a_picture_that_was_scanned_is_good_for_a_while_and_not_for_ever(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, there = proved(world)
    now = clock.now()
    for minutes, status in ((2, 200), (4, 200), (6, 410)):
        monkeypatch.setattr("django.core.signing.time.time", lambda minutes=minutes: now.timestamp() + 60 * minutes)
        monkeypatch.setattr(clock, "now", lambda minutes=minutes: now + timedelta(minutes=minutes))
        page = client.get(there)
        assert page.status_code == status
        # each page leads on with what it was opened from
        there = page.context["here"] if status == 200 else there


def test_a_picture_that_is_over_or_made_up_opens_nothing(world: World) -> None:
    assert Client().get(scanned(world, back=3)).status_code == 410
    assert Client().get(scanned(world)[:-1] + "x").status_code == 410
    assert Client().get(reverse("machines:scan", args=["NOSUCH", "1-2"])).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(cast: Cast, count: int, django_assert_num_queries: Any) -> None:
    for _one in range(count):
        exchange(row(cast, cast.own), "unknown")
    client = cast.client("clerk")
    with django_assert_num_queries(8):
        page = client.get(reverse("machines:list")).content.decode()
    assert page.count("村口兑换机") == count


def test_the_list_counts_the_slots_to_fill_that_the_machine_s_page_marks(world: World) -> None:
    with world.cast.everything():
        Slot.objects.update(stock=0)
        Slot.objects.exclude(number=WATER).update(closed_at=clock.now())
    client = world.cast.client("clerk")
    listed = client.get(reverse("machines:list")).content.decode()
    assert "1 个货道要补货 · 1 个货道已关闭" in listed
    assert client.get(reverse("machines:machine", args=[world.machine.code])).content.decode().count("要补货") == 1
    with world.cast.everything():
        Item.objects.update(active=False)
    assert "要补货" not in client.get(reverse("machines:list")).content.decode()


def test_the_clerk_sets_a_machine_up_fills_it_and_gives_it_a_key(cast: Cast) -> None:
    client = cast.client("clerk")
    said = {"request_id": str(new_id()), "name": "桥头兑换机", "area": cast.own.pk, "place": "桥头"}
    client.post(reverse("machines:new"), said)
    made = Machine.objects.get()
    slot = reverse("machines:slot", args=[made.code, 1])
    assert "先写进兑换目录" in client.get(slot).content.decode()
    filled = {"item": str(goods(cast.own).pk), "stock": 20, "low": 3}
    haircut, elsewhere = goods(cast.own, "理发", kind="service"), goods(cast.far, "肥皂")
    for wrong in (haircut, elsewhere):
        assert client.post(slot, filled | {"item": str(wrong.pk)}).status_code == 422
    client.post(slot, filled)
    assert Slot.objects.get().stock == 20
    page = client.post(reverse("machines:key", args=[made.code]), {"request_id": str(new_id())})
    made.refresh_from_db()
    assert made.secret in page.content.decode()
    assert made.secret not in client.get(reverse("machines:machine", args=[made.code])).content.decode()


def test_what_nobody_knows_is_decided_once(world: World) -> None:
    vend = world.choose()

    def cut(*_given: Any) -> Any:
        raise PowerCut

    world.agent.driver.dispense = cut  # type: ignore[method-assign]
    with pytest.raises(PowerCut):
        world.agent.turn()
    world.boot()
    world.turns(2)
    client = world.cast.client("village_secretary")
    there = reverse("machines:decide", args=[world.machine.code, vend.pk])
    assert list(queries.unknown_of(world.machine)) == [Vend.objects.get()]
    page = client.get(reverse("machines:machine", args=[world.machine.code]))
    ((_vend, press),) = page.context["unknown"]
    said = {"seen": press.token, "request_id": str(press.id), "dropped": "1"}
    assert client.post(there, said).status_code == 302
    assert Vend.objects.get().state == "done"
    assert client.post(there, {"seen": "", "request_id": str(new_id())}).status_code == 409


def test_who_opens_a_machine_again_has_looked_at_what_it_said_in_two_ways(cast: Cast) -> None:
    made, by = row(cast, cast.own), cast.actor("clerk")
    with acting_as(by):
        Trouble.objects.create(machine=made, alarm=Alarm.CONTRADICTION, since=clock.now())
        services.unlock_machine(machine=made, by=by)
        assert Trouble.objects.get().ended_at is None, "it was not locked"
        services.lock_machine(machine=made, by=by)
        services.unlock_machine(machine=made, by=by)
        assert Trouble.objects.get().ended_at
    with cast.everything():
        assert Event.objects.get(type="machines.trouble.ended").data["alarm"] == "contradiction"
