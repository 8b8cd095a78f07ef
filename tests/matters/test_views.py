"""Pages of matters."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.demo.bench import is_frame
from minqing.journal.models import Event
from minqing.matters import services
from minqing.matters.enums import Channel, Move, State
from minqing.matters.models import CallBack, Evidence, Matter, Reporter, Step
from minqing.matters.words import vector
from minqing.privacy.access import acting_as
from tests.cast import Cast, at, category
from tests.web.htmx_proof import assert_partial_equals_full, element

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
PAYLOAD = """"><script>alert(1)</script><img src=x onerror=alert(2)>'{{7*7}}</script>"""


def report(cast: Cast, **values: Any) -> Matter:
    actor = cast.actor("cadre")
    with acting_as(actor):
        return services.report_matter(
            **{
                "id": new_id(),
                "title": "道路坑坑洼洼",
                "text": "村口的路坏了。",
                "area_id": cast.own.id,
                "channel": Channel.CODE,
                "by": actor,
            }
            | values
        )


def move(cast: Cast, who: str, matter: Matter, move: Move, **values: Any) -> Any:
    values = {"request_id": str(new_id())} | values
    return cast.client(who).post(reverse("matters:move", args=[matter.pk, move.value]), values)


def now(cast: Cast, matter: Matter) -> Matter:
    with cast.everything():
        return Matter.objects.get(pk=matter.pk)


def jpeg() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), "green").save(file, "JPEG")
    file.seek(0)
    file.name = "photo.jpg"
    return file


@pytest.mark.parametrize("number", [1, 3, 60])
def test_the_list_costs_the_same_for_one_row_and_for_many(cast: Cast, number: int) -> None:
    for n in range(number):
        cast.matter(title=f"路灯{n}", category=category(), lead_unit=cast.bureau)
    client = cast.client("clerk")
    client.get("/matters/")
    with CaptureQueriesContext(connection) as seen:
        response = client.get("/matters/")
    assert response.status_code == 200
    # the newest stands first, and the oldest of sixty on the next page
    assert f"路灯{number - 1}" in response.content.decode()
    assert ("路灯0<" in response.content.decode()) is (number < 60)
    # of more than a page the head says how many there are, and beside the ticks stands how many of them can be ticked
    assert len(seen) == 7 + 2 * (number == 60), [query["sql"][:90] for query in seen]


def test_the_list_shows_what_the_filters_ask_for(cast: Cast) -> None:
    cast.matter(title="路灯不亮", search=vector("路灯不亮"))
    cast.matter(cast.other, title="水管破裂", search=vector("水管破裂"))
    cast.matter(cast.far, title="CANARY-FAR")
    client = cast.client("clerk")
    for query, shown, hidden in [
        ("", ["路灯不亮", "水管破裂"], ["CANARY-FAR"]),
        ("?text=路灯", ["路灯不亮"], ["水管破裂"]),
        (f"?area={cast.other.id}", ["水管破裂"], ["路灯不亮"]),
        ("?state=confirmed", [], ["路灯不亮", "水管破裂"]),
        ("?light=purple&area=abc&since=never", ["路灯不亮"], ["CANARY-FAR"]),
        (f"?area={cast.far.id}", ["路灯不亮"], ["CANARY-FAR"]),
        ("?order=due&page=1", ["路灯不亮"], []),
    ]:
        page = client.get(f"/matters/{query}").content.decode()
        assert all(one in page for one in shown), query
        assert not any(one in page for one in hidden), query


def test_an_open_call_for_help_stands_out_wherever_it_is_named(cast: Cast) -> None:
    waiting, over = (
        cast.matter(channel="sos"),
        cast.matter(channel="sos", state="withdrawn"),
    )
    client, mark = cast.client("clerk"), "求助</span>"
    assert client.get(reverse("matters:list")).content.decode().count(mark) == 1
    pages = [client.get(reverse("matters:detail", args=[one.pk])).content.decode() for one in (waiting, over)]
    assert [mark in page for page in pages] == [True, False]


def test_what_htmx_swaps_is_what_the_page_shows(cast: Cast) -> None:
    matter = report(cast, reporter_name="何大妈", reporter_phone="13800138000")
    assert_partial_equals_full(cast.client("clerk"), "/matters/?text=道路", "rows")
    address = reverse("matters:reporter", args=[matter.pk])
    page = cast.client("clerk").post(address).content.decode()
    part = cast.client("clerk").post(address, headers=HTMX).content.decode()
    assert "<html" not in part
    assert element(part, "reporter") == element(page, "reporter")


def test_detail_is_not_there_for_those_who_may_not_see_it(cast: Cast) -> None:
    matter = report(cast)
    for role, status in {
        "cadre": 200, "clerk": 200, "leader": 200, "village_secretary": 200, "far_clerk": 404, "far_cadre": 404,
        "other_cadre": 404, "handler": 404, "volunteer": 403, "operator": 403, "auditor": 403,
    }.items():  # fmt: skip
        response = cast.client(role).get(reverse("matters:detail", args=[matter.pk]))
        assert response.status_code == status, role
        assert (matter.title in response.content.decode()) is (status == 200), role


@pytest.mark.parametrize("number", [1, 12])
def test_detail_costs_the_same_for_one_step_and_for_many(cast: Cast, number: int) -> None:
    matter = cast.matter(state="accepted", lead_unit=cast.office)
    with cast.everything():
        for _n in range(number):
            Step.objects.create(matter=matter, move="act", state="accepted", at=clock.now(), by="system:test")
    client = cast.client("clerk")
    client.get(f"/matters/{matter.pk}/")
    with CaptureQueriesContext(connection) as seen:
        assert client.get(f"/matters/{matter.pk}/").status_code == 200
    asked = [query["sql"][:90] for query in seen if not is_frame(query["sql"])]
    # the last one closes what the gate opened, which the end of a real request's transaction does by itself
    assert len(asked) == 6, asked


def test_what_the_composer_has_is_within_reach_of_a_telephone_which_has_no_composer(cast: Cast) -> None:
    matter = cast.matter(state="accepted", lead_unit=cast.office)
    page = cast.client("clerk").get(reverse("matters:detail", args=[matter.pk])).content.decode()
    foot = page.partition('class="act-bar"')[2]
    menu = page.partition('<ul class="menu layer">')[2].partition("</ul>")[0]
    act, note = (reverse("matters:move", args=[matter.pk, move]) for move in ("act", "note"))
    assert (foot.count(act), menu.count(act), menu.count(note)) == (1, 1, 1)


def test_the_reporter_is_shown_on_asking_and_the_look_is_journalled(cast: Cast) -> None:
    matter = report(cast, reporter_name="CANARY-何大妈", reporter_phone="13800138000")
    client = cast.client("clerk")
    page = client.get(reverse("matters:detail", args=[matter.pk])).content.decode()
    assert "CANARY" not in page
    assert "13800138000" not in page
    before = Event.objects.count()
    response = client.post(reverse("matters:reporter", args=[matter.pk]), headers=HTMX)
    assert "CANARY-何大妈" in response.content.decode()
    event = Event.objects.order_by("-seq")[0]
    assert Event.objects.count() == before + 1
    assert (event.type, event.subject) == ("matters.reporter.revealed", f"matter:{matter.pk}")
    leader = cast.client("leader").post(reverse("matters:reporter", args=[matter.pk]))
    assert leader.status_code == 403
    assert "CANARY" not in leader.content.decode()


def test_a_matter_goes_its_way_through_the_pages(cast: Cast) -> None:
    matter = report(cast)
    assert (
        move(cast, "clerk", matter, Move.ASSIGN, unit=cast.bureau.id, due_days=5, mechanism="joint").status_code == 302
    )
    assert move(cast, "handler", matter, Move.ACCEPT).status_code == 302
    assert move(cast, "handler", matter, Move.ACT, text="看过现场", photos=[jpeg()]).status_code == 302
    assert move(cast, "handler", matter, Move.FINISH, reply="").status_code == 422
    assert (
        move(cast, "handler", matter, Move.FINISH, reply="修好了", outcome="solved", evidence=[jpeg()]).status_code
        == 302
    )
    assert move(cast, "cadre", matter, Move.CONFIRM).status_code == 422
    assert move(cast, "cadre", matter, Move.CONFIRM, solved="yes", satisfaction="5").status_code == 302
    matter = now(cast, matter)
    assert (matter.state, matter.mechanism) == (State.CONFIRMED, "joint")
    page = cast.client("cadre").get(reverse("matters:detail", args=[matter.pk])).content.decode()
    assert "修好了" in page


def test_who_is_to_be_called_back_is_called_back_first(cast: Cast) -> None:
    matter = cast.matter(state=State.FINISHED, lead_unit=cast.bureau, finished_at=clock.now())
    client, url = cast.client("clerk"), f"/matters/{matter.pk}/"

    def to_be_done() -> Move:
        main = client.get(url).context["acts"].main.move
        assert isinstance(main, Move)
        return main

    assert to_be_done() is Move.CONFIRM
    with cast.everything():
        CallBack.objects.create(matter=matter, drawn_at=clock.now())
    assert to_be_done() is Move.FOLLOW_UP
    assert move(cast, "clerk", matter, Move.FOLLOW_UP, reached="yes", declined="on").status_code == 302
    assert to_be_done() is Move.CONFIRM
    assert "问了，不愿表态" in client.get(url).content.decode()


def test_not_solved_on_the_page_reopens(cast: Cast) -> None:
    matter = cast.matter(state="finished", lead_unit=cast.bureau, finished_at=clock.now())
    assert move(cast, "cadre", matter, Move.CONFIRM, solved="no").status_code == 302
    assert now(cast, matter).state == State.ASSIGNED


def test_the_wrong_people_are_refused_with_a_reason(cast: Cast) -> None:
    matter = cast.matter(state="assigned", lead_unit=cast.bureau)
    assert move(cast, "clerk", matter, Move.ACCEPT).status_code == 403
    assert move(cast, "far_clerk", matter, Move.ASSIGN, unit=cast.bureau.id).status_code == 404
    assert move(cast, "leader", matter, Move.WITHDRAW).status_code == 403
    assert cast.client("clerk").post(f"/matters/{matter.pk}/moves/receive/", {}).status_code == 404
    # a link to it that somebody has kept says why not
    address = reverse("matters:move", args=[matter.pk, "accept"])
    kept = cast.client("clerk").get(address).content.decode()
    assert "只有被交办的单位可以受理" in kept
    assert f'action="{address}"' not in kept
    assert f'action="{address}"' in cast.client("handler").get(address).content.decode()
    assert cast.client("far_clerk").get(address).status_code == 404
    page = cast.client("clerk").get(reverse("matters:detail", args=[matter.pk])).content.decode()
    assert "aria-disabled" in page


def test_the_counter_takes_in_what_a_resident_tells(cast: Cast) -> None:
    client = cast.client("clerk")
    assert client.get("/matters/new/").status_code == 200
    values = {
        "request_id": str(new_id()), "text": "家门口积水", "area": cast.own.id, "reporter_name": "何大妈",
        "reporter_phone": "13800138000", "photos": [jpeg()], "channel": "counter",
    }  # fmt: skip
    response = client.post("/matters/new/", values)
    assert response.status_code == 302
    again = client.post("/matters/new/", values | {"photos": [jpeg()]})
    assert again["Location"] == response["Location"]
    with cast.everything():
        matter = Matter.objects.get()
        assert matter.channel == Channel.COUNTER
        assert Reporter.objects.get().phone == "13800138000"
        picture = Evidence.objects.get().attachment_id
    page = client.get(response["Location"]).content.decode()
    assert matter.number in page
    address = reverse("matters:picture", args=[matter.pk, picture])
    assert client.get(address)["Content-Type"] == "image/jpeg"
    assert cast.client("far_clerk").get(address).status_code == 404
    other = cast.matter()
    assert client.get(reverse("matters:picture", args=[other.pk, picture])).status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"text": ""}, {"area": ""}, {"area": "far"}, {"reporter_phone": "12"}, {"category": "x"}]
)
def test_the_counter_says_what_is_wrong_and_keeps_what_was_typed(cast: Cast, wrong: dict[str, str]) -> None:
    if wrong.get("area") == "far":
        wrong = {"area": str(cast.far.id)}
    values = {"request_id": str(new_id()), "text": "家门口积水", "area": cast.own.id, "channel": "phone"}
    values |= {"place": "三号楼"} | wrong
    response = cast.client("clerk").post("/matters/new/", values)
    assert response.status_code == 422
    assert "三号楼" in response.content.decode()
    with cast.everything():
        assert not Matter.objects.exists()


@pytest.mark.fault(36)
def test_what_people_write_stays_text_on_every_page(cast: Cast) -> None:
    matter = report(
        cast, title=PAYLOAD, text=PAYLOAD, place=PAYLOAD, reporter_name=PAYLOAD[:60], at=at("2026-03-02 09:00")
    )
    assert move(cast, "clerk", matter, Move.ASSIGN, unit=cast.office.id, due_days=5, mechanism="joint", note=PAYLOAD)
    for address in (
        "/matters/",
        f"/matters/?text={PAYLOAD}",
        "/matters/triage/",
        reverse("matters:detail", args=[matter.pk]),
        f"/matters/triage/?open={report(cast, title=PAYLOAD, text=PAYLOAD).pk}",
    ):
        response = cast.client("clerk").get(address)
        page = response.content.decode()
        assert response.status_code == 200
        assert "<script>alert" not in page, address
        assert "<img src=x" not in page, address
        assert "'49" not in page


def test_a_get_never_writes(cast: Cast) -> None:
    matter = report(cast)
    before = Event.objects.count()
    for address in ("/matters/", "/matters/triage/", "/matters/new/", f"/matters/{matter.pk}/"):
        assert cast.client("clerk").get(address).status_code == 200
    assert Event.objects.count() == before


def test_the_unit_that_handles_a_matter_is_not_led_to_the_household(cast: Cast) -> None:
    home = cast.household()
    matter = cast.matter(household=home, state=State.ASSIGNED, lead_unit=cast.bureau, assigned_at=clock.now())
    link = reverse("households:file", args=[home.id])
    address = reverse("matters:detail", args=[matter.id])
    assert link in cast.client("clerk").get(address).content.decode()
    assert link not in cast.client("handler").get(address).content.decode()


def test_what_is_settled_shows_its_state_and_who_only_looks_is_not_asked_to_take_in(cast: Cast) -> None:
    late = clock.now() - timedelta(days=30)
    cast.matter(state=State.CONFIRMED, lead_unit=cast.bureau, finished_at=clock.now(), due_at=late)
    shown = cast.client("leader").get(reverse("matters:list")).content.decode()
    assert f'<span class="state state-done">{State.CONFIRMED.label}</span>' in shown
    assert "due-was-late" in shown
    assert reverse("matters:new") not in shown
    assert reverse("matters:new") in cast.client("clerk").get(reverse("matters:list")).content.decode()
