"""Frames draw what the rooms declare: they name no room, and a new room is shown without a line of theirs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.test import Client
from django.utils.safestring import SafeString

from minqing.config.rooms import rooms
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Way
from minqing.core.ids import new_id, random_token
from minqing.core.room import SlotPart
from minqing.demo import parts as demo
from minqing.demo.services.township import live
from minqing.households.demo import Chunk, Town
from minqing.households.demo import DemoPart as DemoPart
from minqing.org.enums import FIELD, Role
from minqing.web import slots
from minqing.web.overview import Overview, Panel
from minqing.web.pieces import Ask, Button, Due, Row, Stat
from tests.architecture.tree import imports, name, python_files, room_of
from tests.cast import Cast

# what a frame is made of, and why; whatever is shown in it comes from the rooms themselves
MADE_OF = {
    "demo": {
        "core": "the time, ids, sheets, commands",
        "org": "areas, units and staff are made here, and who works where",
        "households": "what it hands to the rooms: households, towns, the parts that rooms bring",
        "intake": "rows of tables are stored as an import would",
        "journal": "when the demo began and was whole",
        "privacy": "as whom the database is read",
        "web": "the benches' server and the last page of a list",
        "matters": "messages of a real board played through its services, and the bench that copies matters",
        "routing": "who gets a message that is played",
        "deadlines": "the nights of a message that is played",
    },
    "desk": {
        "listing": "what waits in the lists of all rooms",
        "core": "the time, refusals, what a room declares",
        "journal": "what was found to be well, or not any more",
        "org": "who is signed in, in which post, and the areas to choose from",
        "web": "pages, and the slots in them",
    },
    "doorstep": {
        "core": "ids, limits, refusals, what a room declares",
        "households": "whose door a code opens, and whether its plate is real",
        "org": "the gate behind its own, the sender's address, offices to call",
        "privacy": "as whom the database is read, keyed digests",
        "web": "pages, and the slots in them",
    },
}
Add = Callable[..., None]


@pytest.mark.parametrize("frame", sorted(MADE_OF))
def test_a_frame_names_no_other_room(frame: str) -> None:
    allowed = {frame, *MADE_OF[frame]}
    wrong = [
        f"{name(path)}:{line} imports {imported}: let that room fill a slot"
        for path in python_files()
        if room_of(path) == frame
        for line, imported in imports(path)
        if imported.startswith("minqing.") and imported.split(".")[1] not in allowed
    ]
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def add(monkeypatch: pytest.MonkeyPatch) -> Add:
    """Adds parts as a room made in the test would."""
    monkeypatch.setattr(slots, "_parts", {slot: [*known] for slot, known in slots._parts.items()})

    def added(*parts: SlotPart) -> None:
        for part in parts:
            slots.register(part)

    return added


def html(words: str) -> Callable[[Any, Any], SafeString]:
    return lambda request, about: slots.drawn(request, "web/parts/figure.html", {"label": words, "value": 1})


def test_todays_page_shows_a_rooms_section_to_its_roles_in_its_place(cast: Cast, add: Add) -> None:
    add(SlotPart("desk.today", html("CANARY-SECTION"), rank=15, roles=frozenset({Role.CLERK})))
    shown = cast.client("clerk").get("/").content.decode()
    # after the search for households (10), before what stands at the side
    assert shown.index('id="find"') < shown.index("CANARY-SECTION") < shown.index("day-title")
    assert "CANARY-SECTION" not in cast.client("cadre").get("/").content.decode()


def test_todays_page_lists_what_waits_in_all_rooms_by_the_day_it_is_due(cast: Cast, add: Add) -> None:
    now = clock.now()

    def rows(_request: Any, _now: Any) -> list[Row]:
        late = Row(
            "CANARY-LATE", "/x/1/", due_at=now - timedelta(days=1), due=Due("late", "超期 1 天"), notes=("三号",)
        )
        return [Row("CANARY-ANY", "/x/3/"), late]

    def others(_request: Any, _now: Any) -> list[Row]:
        return [Row("CANARY-SOON", "/x/2/", due_at=now + timedelta(days=1))]

    roles = frozenset({Role.AUDITOR})
    add(SlotPart("desk.waiting", rows, roles=roles), SlotPart("desk.waiting", others, roles=roles))
    shown = cast.client("auditor").get("/").content.decode()
    places = [shown.index(word) for word in ("CANARY-LATE", "三号", "due-late", "CANARY-SOON", "CANARY-ANY")]
    assert places == sorted(places)
    assert "已经迟了" in shown
    assert "CANARY" not in cast.client("clerk").get("/").content.decode()


@pytest.mark.parametrize("place", ["top", "main", "side"])
def test_a_households_file_shows_what_a_room_knows_of_it(cast: Cast, add: Add, place: str) -> None:
    def known(request: Any, household: Any) -> str:
        return html(f"CANARY-{household.number}")(request, household)

    add(SlotPart(f"households.file.{place}", known, roles=FIELD - {Role.CADRE}))
    house = cast.household()
    address = f"/households/{house.pk}/"
    assert f"CANARY-{house.number}" in cast.client("clerk").get(address).content.decode()
    assert "CANARY" not in cast.client("cadre").get(address).content.decode()


def test_the_leaders_page_shows_a_rooms_figures_and_panels(cast: Cast, add: Add) -> None:
    def seen(request: Any, scope: Any) -> list[Overview]:
        link = scope.link("visits:list", **scope.span())
        panel = Panel(html("CANARY-PANEL")(request, scope), "right")
        return [Overview([Stat("CANARY-STAT", 3, url=link)], [panel], lead="CANARY-LEAD")]

    add(SlotPart("desk.leader", seen, roles=frozenset({Role.ANALYST})))
    shown = cast.client("analyst").get(f"/leader/?area={cast.town.pk}").content.decode()
    assert shown.index("CANARY-LEAD") < shown.index("CANARY-STAT") < shown.index("CANARY-PANEL")
    assert f"area={cast.town.pk}" in shown[shown.index("CANARY-STAT") - 200 : shown.index("CANARY-STAT")]
    assert "CANARY" not in cast.client("leader").get("/leader/").content.decode()


def test_what_rooms_ask_stands_on_the_first_page_of_whom_it_is_for(cast: Cast, add: Add) -> None:
    now = clock.now()

    def asked(_request: Any, _now: Any) -> list[Ask]:
        late = Ask("late", "CANARY-KIND", "CANARY-LATE", "/x/1/", "", due_at=now - timedelta(days=1))
        return [Ask("any", "CANARY-KIND", "CANARY-ANY", "/x/2/", ""), late]

    add(SlotPart("desk.asks", asked, roles=frozenset({Role.LEADER, Role.UNIT_HEAD})))
    for role, address in (("leader", "/leader/"), ("unit_head", "/")):
        shown = cast.client(role).get(address).content.decode()
        assert shown.index("CANARY-LATE") < shown.index("CANARY-ANY")
    assert "CANARY" not in cast.client("analyst").get("/leader/").content.decode()
    assert "CANARY" not in cast.client("handler").get("/").content.decode()


def test_the_door_offers_what_rooms_offer_to_a_household(cast: Cast, add: Add) -> None:
    def offered(_request: Any, door: Any) -> list[Button]:
        return [Button("CANARY-BUTTON", f"/x/{door.area_id}", "search")]

    add(SlotPart("doorstep.door", offered, rank=15), SlotPart("doorstep.door", offered, roles=frozenset({Role.CLERK})))
    shown = Client().get(f"/h/{cast.code(cast.household(), random_token())}").content.decode()
    # after reporting and following (10), before the cadre (30), and once: nobody at a door holds a post
    assert shown.index("/report") < shown.index("CANARY-BUTTON") < shown.index("/cadre")
    assert shown.count("CANARY-BUTTON") == 1
    assert f"/x/{cast.own.pk}" in shown


def test_below_each_page_of_the_door_and_on_that_of_a_false_code_stands_what_rooms_add(cast: Cast, add: Add) -> None:
    add(SlotPart("doorstep.foot", html("CANARY-FOOT")), SlotPart("doorstep.unknown", html("CANARY-UNKNOWN")))
    add(SlotPart("doorstep.before", html("CANARY-BEFORE")))
    token = cast.code(cast.household(), random_token())
    for address in (f"/h/{token}", "/h/check", "/follow", f"/h/{token}/cadre"):
        assert "CANARY-FOOT" in Client().get(address).content.decode(), address
    door = Client().get(f"/h/{token}").content.decode()
    assert door.index("CANARY-BEFORE") < door.index("/report")
    assert "CANARY-UNKNOWN" in Client().get(f"/h/{random_token()}").content.decode()


def test_from_a_refusal_a_resident_goes_on_where_a_room_says(cast: Cast, add: Add) -> None:
    add(SlotPart("doorstep.home", lambda _request, kwargs: [Way(f"CANARY-{sorted(kwargs)}", "/x/")], rank=1))
    refused = Client().get(f"/m/{random_token()}/photos/{new_id()}")
    assert "CANARY-[&#x27;picture_id&#x27;, &#x27;ticket&#x27;]" in refused.content.decode()


class Noted(DemoPart):
    """A room's part of the made-up county that notes what it is asked for."""

    notes: ClassVar[list[str]] = []
    name = "lower"

    def settle(self, chunk: Chunk) -> None:
        self.notes.append(f"{self.name} settles")

    def make(self, chunk: Chunk) -> None:
        self.notes.append(f"{self.name} makes {chunk.share(10)}")

    def store(self, chunk: Chunk) -> None:
        self.notes.append(f"{self.name} stores")

    def go_on(self, chunk: Chunk) -> None:
        self.notes.append(f"{self.name} goes on")


class Above(Noted):
    name = "upper"


def test_what_happens_to_a_household_is_made_from_above_and_stored_from_below(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_names", [f"{__name__}.Noted", f"{__name__}.Above"])
    town: Any = None
    monkeypatch.setattr(Noted, "notes", [])
    live([part(town) for part in demo.parts()], Chunk((), Actor.system("test"), share=lambda total: total // 2))
    assert Noted.notes == [
        "lower settles", "upper settles", "upper makes 5", "lower makes 5", "lower stores", "upper stores",
        "lower goes on", "upper goes on",
    ]  # fmt: skip


def test_every_part_of_the_county_is_known_to_its_maker_from_the_lowest_room_up() -> None:
    brought = [room.demo for room in rooms() if room.demo]
    assert [f"{part.__module__}.{part.__name__}" for part in demo.parts()] == brought
    assert all(issubclass(part, DemoPart) for part in demo.parts())
    assert [part.__module__.split(".")[1] for part in demo.parts()][:1] == ["households"]


def test_parts_that_take_their_chances_apart_do_not_disturb_one_another() -> None:
    def town() -> Town:
        anything: Any = None
        return Town("1", clock.now(), anything, anything, anything, anything, anything)

    alone, beside = town(), town()
    beside.random("rights").random()
    assert alone.random("past").random() == beside.random("past").random()
    assert alone.random("past") is alone.random("past")
