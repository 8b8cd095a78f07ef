"""The made-up village as it stands in the database, and that it never mixes with a county's own data."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from re import findall
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.hashers import check_password
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db.models import QuerySet
from django.test import Client
from django.test.testcases import LiveServerThread
from django.urls import is_valid_path, resolve
from django.utils.html import strip_tags
from rich.console import Console

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import digest
from minqing.core.language import speaking
from minqing.deadlines.enums import Light, Rung
from minqing.demo.bench_matters import actions
from minqing.demo.scales import SIZES, Scale, Size
from minqing.demo.services import Contents, contents, ensure_demo, load_demo, sign_ins_table
from minqing.demo.services.loading import BEGUN, LOADED
from minqing.demo.services.storing import NotARow
from minqing.demo.staff import PASS_PHRASE, SIGN_INS
from minqing.demo.tour import TOURS, Tour
from minqing.earning.models import Award
from minqing.hazards.models import Hazard
from minqing.households.models import Household, HouseholdCode, Resident
from minqing.journal.models import Event
from minqing.journal.sealing import seal_new
from minqing.journal.services import record
from minqing.machines.models import Slot
from minqing.matters.enums import Mechanism, Move, PartState, State
from minqing.matters.lifecycle import MATTER
from minqing.matters.models import CallBack, Confirmation, Extension, Matter, Part, Pause, Step, Supervision
from minqing.matters.queries import with_lights
from minqing.matters.services.periodic import is_drawn
from minqing.org.enums import Role
from minqing.org.models import Account, Area, Post, Unit
from minqing.org.queries import system_actor
from minqing.org.services import save_account
from minqing.points.enums import AccountKind, Code
from minqing.points.models import Holder, Past, Transfer
from minqing.points.queries import issued_and_redeemed
from minqing.points.queries.verifying import verify
from minqing.privacy.access import acting_as, transaction_as
from minqing.redeeming.models import SaleLine, Stock
from minqing.visits.models import DiaryEntry, HouseholdAssignment, Visit
from tests.cast import Cast
from tests.embedded import ROOT, empty_tables
from tests.village import keep, leave

# the village is laid out once, in the process that runs all of these
pytestmark = pytest.mark.xdist_group("village")
# what a visitor of the tour is to type, and the button that an act brings
TYPED, BROUGHT = {"水沟堵了", "门前水沟堵了", "交给"}, {"撤销"}
COUNTED = (Account, Area, Unit, Post, Household, Resident, Visit, Matter, Step, Event)


def quiet() -> Console:
    return Console(file=io.StringIO(), width=200)


def told(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def counts() -> dict[str, int]:
    with acting_as(system_actor("test")):
        return {model.__name__: model.objects.count() for model in COUNTED}


@contextmanager
def looking() -> Iterator[None]:
    with transaction_as(system_actor("test")):
        yield


@pytest.fixture(scope="module")
def village(django_db_setup: None, django_db_blocker: Any) -> Iterator[Size]:
    """The village, loaded once as ``minqing up --demo`` does it, and committed."""
    with django_db_blocker.unblock():
        console = quiet()
        assert contents() is Contents.NOTHING
        assert ensure_demo(console=console)
        keep()
        yield SIZES[Scale.VILLAGE]
        leave()
    empty_tables()


# before the village is there


@pytest.mark.django_db
def test_a_database_with_one_account_of_its_own_gets_no_demo() -> None:
    save_account(username="shen", name="沈工", is_active=True, by=Actor.system("minqing operator"))
    before, console = counts(), quiet()
    assert contents() is Contents.OWN
    assert ensure_demo(console=console) is False
    assert counts() == before
    assert "holds data of its own: no demo was added" in told(console)


@pytest.mark.django_db
def test_a_database_with_areas_and_people_of_its_own_gets_no_demo(cast: Cast) -> None:
    before = counts()
    assert ensure_demo(console=quiet()) is False
    assert counts() == before


@pytest.mark.django_db
def test_a_demo_that_was_cut_off_is_said_to_be_incomplete_and_still_shown_as_made_up(cast: Cast) -> None:
    record(type=BEGUN, subject="demo", by=Actor.system("demo"))
    before, console = counts(), quiet()
    assert contents() is Contents.PART
    assert ensure_demo(console=console) is True
    assert counts() == before
    assert "its figures are not complete" in told(console)


# the village


def told_matters() -> QuerySet[Matter]:
    """Those that somebody told; not what a hazard became that the village cannot put right."""
    return Matter.objects.exclude(pk__in=Hazard.objects.exclude(matter=None).values("matter"))


def test_the_village_holds_exactly_what_its_size_says(village: Size) -> None:
    with looking():
        assert (
            Household.objects.count(), Resident.objects.count(), Visit.objects.count(), told_matters().count(),
        ) == (village.households, village.residents, village.visits, village.matters)  # fmt: skip
        levels = Counter(Area.objects.values_list("level", flat=True))
        villages = village.townships * village.villages
        assert sorted(levels.values()) == sorted([1, village.townships, villages, villages * village.grids])
        assert Post.objects.filter(role=Role.CADRE).count() == village.cadres
        assert set(Post.objects.values_list("role", flat=True)) == set(Role)


def test_the_seed_says_who_lives_there_and_what_they_tell(village: Size) -> None:
    """Whatever room makes which part, and on whatever day: rows, and a digest of the words of each kind."""
    with looking():
        words = {
            "people": Resident.objects.values_list("household__number", "name", "sex", "relation"),
            "diaries": DiaryEntry.objects.values_list("visit__household__number", "visit__met", "text"),
            "matters": told_matters().values_list("household__number", "title", "text", "channel", "state"),
            "words": Confirmation.objects.values_list("matter__household__number", "solved", "satisfaction", "text"),
            "care": HouseholdAssignment.objects.values_list("household__number", "account__staff_number"),
        }
        told = {name: (len(rows), digest("\n".join(sorted(map(str, rows))))[:8]) for name, rows in words.items()}
    assert told == {
        "people": (232, "e2e40ff3"),
        "diaries": (300, "13c0176a"),
        "matters": (96, "607903c8"),
        "words": (64, "44250d91"),
        "care": (72, "fc4f68e3"),
    }


def test_the_points_of_the_village_are_as_many_as_its_size_says(village: Size) -> None:
    """In real transfers, by members alone, over all its months, and the ledger is as it was written."""
    with looking():
        held = list(Holder.objects.filter(account__kind=AccountKind.RESIDENT).values_list("pk", flat=True))
        sums = issued_and_redeemed(held)
        months = set(Transfer.objects.dates("posted_at", "month"))
        assert len(held) == village.members
        # a list ends where what is left is less than the least that is given, or costs
        assert village.issued - 2 < sums[0] <= village.issued
        assert village.redeemed - 15 < sums[1] <= village.redeemed
        assert len(months) >= village.days // 30
        assert Award.objects.count() == Transfer.objects.filter(code=Code.AWARD).count()
        assert not Past.objects.exists()
    assert verify() == []


def test_fifteen_points_are_a_bottle_of_water_in_the_shop_and_in_the_machine(village: Size) -> None:
    with looking():
        water = {"item__name": "矿泉水", "item__price": 15}
        assert Stock.objects.filter(count__gt=0, **water).count() == village.villages
        assert Slot.objects.filter(stock__gt=0, **water).exists()
        assert SaleLine.objects.filter(**water).count() > 10


def test_every_household_has_one_code_in_force_and_a_cadre_who_cares(village: Size) -> None:
    with looking():
        assert HouseholdCode.objects.count() == village.households
        assert HouseholdCode.objects.values("household").distinct().count() == village.households
        assert (
            HouseholdAssignment.objects.filter(until=None).values("household").distinct().count() == village.households
        )


def test_every_visit_has_its_diary(village: Size) -> None:
    with looking():
        assert DiaryEntry.objects.count() == village.visits
        assert not DiaryEntry.objects.exclude(visit__met="nobody").filter(text="").exists()
        assert not Visit.objects.filter(visited_at__gt=clock.now()).exists()


def test_every_state_and_every_light_is_there(village: Size) -> None:
    with looking():
        states = Counter(Matter.objects.values_list("state", flat=True))
        assert set(states) == set(State)
        assert set(with_lights(Matter.objects.all()).values_list("light", flat=True)) == set(Light)
        over = states[State.CONFIRMED] + states[State.WITHDRAWN]
        assert over >= village.matters - village.under_way


def test_other_software_finds_open_and_closed_requests(village: Size) -> None:
    told = Client().get("/open311/v2/requests.json").json()
    assert {row["status"] for row in told} == {"open", "closed"}


def test_hard_cases_of_every_kind_are_under_way(village: Size) -> None:
    with looking():
        part_states = set(Part.objects.values_list("state", flat=True))
        assert part_states == {PartState.ASKED, PartState.REPLIED, PartState.REFUSED}
        assert Matter.objects.filter(mechanism=Mechanism.JOINT, parts__isnull=False).exists()
        assert Matter.objects.filter(contested=True, state=State.RECEIVED).exists()
        assert Supervision.objects.filter(ended_at=None, matter__mechanism=Mechanism.SUPERVISED).exists()
        assert Step.objects.filter(move=Move.REPORT).exists()
        assert Pause.objects.filter(ended_at=None, planned_end__gt=clock.now()).exists()
        assert set(Extension.objects.values_list("granted", flat=True)) == {None, True}
        assert Matter.objects.filter(state=State.MERGED, cause__isnull=False).exists()
        assert Step.objects.filter(move=Move.APPEAL, matter__state=State.RECEIVED).exists()


def test_what_is_supervised_stands_under_an_order_of_the_leader_also_what_is_over(village: Size) -> None:
    with looking():
        supervised = Matter.objects.filter(mechanism=Mechanism.SUPERVISED)
        assert supervised.filter(state=State.CONFIRMED).exists()
        assert not supervised.filter(supervisions=None).exists()
        assert not supervised.filter(state=State.CONFIRMED, supervisions__ended_at=None).exists()
        assert not Supervision.objects.exclude(matter__mechanism=Mechanism.SUPERVISED).filter(ended_at=None).exists()


def test_what_is_late_was_carried_up_and_some_answers_are_called_back_by_lot(village: Size) -> None:
    with looking():
        red = with_lights(Matter.objects.all()).filter(light=Light.RED)
        assert {one.rung for one in red} <= {Rung.HEAD, Rung.TOWNSHIP, Rung.CITY}
        climbs = Step.objects.filter(move=Move.ESCALATE, matter__in=red.values("id"))
        assert len(set(climbs.values_list("at", flat=True))) > 1
        assert all(is_drawn(id) for id in CallBack.objects.values_list("matter_id", flat=True))


def test_the_steps_of_every_matter_follow_the_lifecycle_up_to_its_state(village: Size) -> None:
    with looking():
        matters = list(told_matters().prefetch_related("steps"))
        assert len(matters) == village.matters
        for matter in matters:
            state: State | None = None
            steps = sorted(matter.steps.all(), key=lambda step: step.at)
            assert steps[-1].at <= clock.now()
            for step in steps:
                state = MATTER.target(state, Move(step.move))
                assert state == step.state
            assert state == matter.state


def test_every_confirmed_matter_has_its_reporters_word(village: Size) -> None:
    with looking():
        confirmed = set(Matter.objects.filter(state=State.CONFIRMED).values_list("id", flat=True))
        assert set(Confirmation.objects.values_list("matter_id", flat=True)) == confirmed


def test_everybody_of_the_printed_table_can_sign_in_with_the_pass_phrase(village: Size) -> None:
    accounts = {one.username: one for one in Account.objects.filter(username__in=[one.username for one in SIGN_INS])}
    for one in SIGN_INS:
        account = accounts[one.username]
        assert account.is_active
        with looking():
            assert Post.objects.filter(account=account, role=one.role, until=None).exists()
    # one password hashed for each account: a few are enough to see that it is this one
    for name in ("cadre", "operator"):
        assert check_password(PASS_PHRASE, accounts[name].password)
    for spoken, words in (("zh-hans", ("大家的密码", "领导")), ("en", ("Everybody's pass phrase", "Leader"))):
        console = quiet()
        with speaking(spoken):
            console.print(sign_ins_table())
        expected = (*words, *(one.username for one in SIGN_INS), PASS_PHRASE)
        assert [one for one in expected if one not in told(console)] == []


def test_the_journal_tells_when_the_demo_began_and_that_it_is_whole(village: Size) -> None:
    found = list(Event.objects.filter(subject="demo", type__in=[BEGUN, LOADED]).order_by("seq"))
    assert [event.type for event in found] == [BEGUN, LOADED]
    assert [event.data for event in found] == [{"scale": "village", "seed": 1}] * 2
    assert contents() is Contents.DEMO


def test_a_second_start_with_a_demo_adds_nothing_to_it(village: Size) -> None:
    with looking():
        before = counts()
    console = quiet()
    assert ensure_demo(console=console) is True
    with looking():
        assert counts() == before
    assert told(console) == ""


def test_loading_over_a_demo_leaves_it_as_it_was(village: Size) -> None:
    with looking():
        before = counts()
    with pytest.raises(NotARow):
        load_demo(scale=Scale.VILLAGE, seed=2, console=quiet())
    with looking():
        assert counts() == before


def test_the_command_refuses_a_database_with_a_demo_and_names_the_way_to_another(village: Size) -> None:
    with looking():
        before = counts()
    done = subprocess.run(
        [sys.executable, "-m", "minqing", "demo", "--scale", "township", "--seed", "2"],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src"), "COLUMNS": "200"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "This database holds a demo already; nothing was changed." in done.stderr
    assert "MINQING_VAR=var-township minqing demo --scale township" in done.stderr
    with looking():
        assert counts() == before


def test_the_bench_of_matters_finds_its_way_through_the_pages(village: Size) -> None:
    """Each of its actions once, over HTTP, as a person's browser would: a changed page must not leave it behind."""
    thread = LiveServerThread("127.0.0.1", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    assert thread.error is None
    try:
        with actions(thread.port) as found:
            # the yardsticks are of a page that only the measured server has
            answers = {one.name: one.ask() for one in found if not one.name.startswith("bare")}
    finally:
        thread.terminate()
        thread.join()
    assert answers.pop("create")[0].status == 302
    assert all("<main" in page for _answer, page in answers.values())
    with looking():
        assert Matter.objects.filter(place="溪边路3号").count() == 1


# the guided tour


def shown(client: Client, address: str) -> str:
    page = client.get(address)
    html = page.status_code == 200 and page["Content-Type"].startswith("text/html")
    return unescape(strip_tags(page.content.decode())) if html else ""


def next_pages(client: Client, address: str) -> Iterator[str]:
    """What is one press away, the first of each kind of page."""
    found, kinds = findall(r'href="(/[^"#]*)"', client.get(address).content.decode()), set()
    for one in map(unescape, found):
        path = urlsplit(one).path
        name = resolve(path).view_name if is_valid_path(path) else ""
        if name and name not in kinds:
            kinds.add(name)
            yield one


@pytest.mark.parametrize("tour", TOURS, ids=lambda tour: tour.username)
def test_the_tour_leads_to_what_it_says(village: Size, settings: Any, tour: Tour) -> None:
    """Each thing opens, and every word that it quotes stands there or one press further."""
    settings.DEMO = True
    client = Client(headers={"accept-language": "zh-hans"})
    # as the worker does each minute
    seal_new()
    for number, thing in enumerate(tour.things, start=1):
        address = client.post("/demo/go", {"who": tour.username, "step": str(number)})["Location"]
        assert f"试一试 {number}/3" in client.get(address).content.decode()
        with speaking("zh-hans"):
            quoted = [one for one in findall("“(.*?)”", str(thing.how)) if one not in TYPED | BROUGHT]
        assert client.get(address).status_code == 200
        client.post("/demo/go", {"step": "0"})
        missing = [one for one in quoted if one not in shown(client, address)]
        for further in next_pages(client, address) if missing else ():
            page = shown(client, further)
            missing = [one for one in missing if one not in page]
        assert not missing, (thing.title, address)
