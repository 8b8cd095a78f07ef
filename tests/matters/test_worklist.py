"""Queues: what list, count, search and export share."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.ids import human_number
from minqing.deadlines.enums import Rung
from minqing.listing import worklist
from minqing.matters.enums import ClockKind, Mechanism, PartState, State
from minqing.matters.models import CallBack, Clock, Extension, Matter, Part
from minqing.matters.queries import Filters, filtered, search, visible_matters
from minqing.matters.queries.visibility import in_place
from minqing.matters.queries.worklist import QUEUES
from minqing.matters.words import vector
from minqing.org.models import Area
from minqing.privacy.access import acting_as
from minqing.web.paging import page_of
from tests.cast import Cast
from tests.matters.lives import Life, june

pytestmark = pytest.mark.django_db
PEOPLE = ("cadre", "village_secretary", "clerk", "far_clerk", "handler", "unit_head", "leader")


def clock_row(matter: Matter, kind: ClockKind, **values: Any) -> Clock:
    given = {"started_at": clock.now(), "target": "5d", "calendar": "x"}
    return Clock.objects.create(matter=matter, kind=kind.value, **given | values)


def some_of_each(cast: Cast, area: Area) -> dict[str, Matter]:
    """One matter for each queue, by the name of the queue that it is made for."""
    now = clock.now()
    held: dict[str, Any] = {"lead_unit": cast.bureau, "state": State.ACCEPTED.value, "due_at": now + timedelta(days=9)}
    answered = held | {"state": State.FINISHED.value, "finished_at": now}
    made = {
        "triage": cast.matter(area, title="待分"),
        "mine": cast.matter(area, title="主办", **held),
        "parts": cast.matter(area, title="协办", **held | {"lead_unit": cast.office, "supporting": [cast.bureau.id]}),
        "overdue": cast.matter(area, title="超期", **held | {"due_at": now - timedelta(days=1)}),
        "escalated": cast.matter(area, title="上提", **held | {"rung": Rung.TOWNSHIP.value, "due_at": now}),
        "contested": cast.matter(area, title="争议", contested=True, lead_unit=cast.bureau),
        "extensions": cast.matter(area, title="延期", **held),
        "reports": cast.matter(area, title="督办", **held | {"mechanism": Mechanism.SUPERVISED.value}),
        "calls": cast.matter(area, title="回访", **answered),
        "confirmed": cast.matter(area, title="代为确认", **answered | {"state": State.CONFIRMED, "closed_at": now}),
    }
    with cast.everything():
        Part.objects.create(
            matter=made["parts"], unit=cast.bureau, task="查", asked_at=now, state=PartState.ASKED.value
        )
        finish = clock_row(made["extensions"], ClockKind.FINISH)
        Extension.objects.create(matter=made["extensions"], clock=finish, more="3d", reason="等配件", asked_at=now,
                                 asked_by=cast.actor("handler").ref)  # fmt: skip
        clock_row(made["reports"], ClockKind.REPORT, due_at=now - timedelta(hours=1))
        for name in ("calls", "confirmed"):
            CallBack.objects.create(matter=made[name], drawn_at=now)
    return made


def listed(actor: Actor, queue: str, **more: Any) -> set[Any]:
    return set(filtered(visible_matters(actor), Filters(queue=queue, **more), actor=actor).values_list("pk", flat=True))


@pytest.mark.parametrize("who", PEOPLE)
def test_for_every_queue_the_count_is_what_the_list_holds(cast: Cast, who: str) -> None:
    for area in (cast.own, cast.other, cast.far):
        some_of_each(cast, area)
    actor = cast.actor(who)
    with acting_as(actor):
        for path, alone, place in (
            ("", False, None),
            (cast.town.path, False, cast.town),
            (cast.own.path, True, cast.own),
        ):
            counts = QUEUES.counts(actor, found=in_place(visible_matters(actor), path, alone=alone))
            assert list(counts) == [queue.name for queue in QUEUES.of(actor)]
            found = {name: listed(actor, name, area=place.id if place else None, alone=alone) for name in counts}
            assert counts == {name: len(rows) for name, rows in found.items()}, (who, path)


def test_the_counts_follow_the_words_that_are_looked_for(cast: Cast) -> None:
    some_of_each(cast, cast.own)
    lamp = cast.matter(cast.own, title="路灯不亮", number=human_number("MQ", 2026, 123))
    with cast.everything():
        for one in Matter.objects.all():
            Matter.objects.filter(pk=one.pk).update(search=vector(one.title))
    actor = cast.actor("clerk")
    with acting_as(actor):
        for typed, total in (("路灯", 1), ("待分", 1), (lamp.number, 1), ("没有这样的词", 0), ("!", 0)):
            counts = QUEUES.counts(actor, found=search(visible_matters(actor), typed, few=True))
            assert counts == {name: len(listed(actor, name, text=typed)) for name in counts}, typed
            assert sum(counts.values()) == total, typed
    page = cast.client("clerk").get("/worklist/", {"text": "争议"})
    assert [str(row.title) for row in page.context["page"]] == ["争议"]
    assert {tab.word: tab.waiting_now for tab in page.context["tabs"]} == {"matters.contested": 1}


def test_each_queue_holds_what_waits_for_that_post(cast: Cast) -> None:
    made = {key: one.pk for key, one in some_of_each(cast, cast.own).items()}
    bureau = {made[name] for name in ("mine", "overdue", "escalated", "extensions", "reports")}
    expected: dict[str, dict[str, set[Any]]] = {
        "handler": {"mine": bureau, "parts": {made["parts"]}, "overdue": {made["overdue"], made["escalated"]},
                    "reports": {made["reports"]}},
        "unit_head": {"escalated": {made["escalated"]}},
        "clerk": {"triage": {made["triage"]}, "contested": {made["contested"]}, "extensions": {made["extensions"]},
                  "escalated": {made["escalated"]}, "calls": {made["calls"], made["confirmed"]},
                  "mine": {made["parts"]}, "reports": set()},
        # a city leader's rung is the top one
        "leader": {"escalated": set(), "reports": {made["reports"]}, "contested": {made["contested"]}},
        "far_clerk": {"triage": set(), "escalated": set(), "contested": set(), "extensions": set(), "calls": set()},
    }  # fmt: skip
    for who, queues in expected.items():
        actor = cast.actor(who)
        with acting_as(actor):
            assert {name: listed(actor, name) for name in queues} == queues, who


def test_a_queue_of_another_post_is_empty_and_not_an_error(cast: Cast) -> None:
    some_of_each(cast, cast.own)
    cadre = cast.actor("cadre")
    with acting_as(cadre):
        assert listed(cadre, "triage") == set()
        assert listed(cadre, "nothing") == set()
    for address in ("/matters/?queue=nothing", "/worklist/?queue=triage&area=x&page=99", "/matters/?queue=mine"):
        assert cast.client("cadre").get(address).status_code == 200


def test_nobody_decides_on_his_own_request_for_more_time(cast: Cast) -> None:
    made = some_of_each(cast, cast.own)
    with cast.everything():
        Extension.objects.update(asked_by=cast.actor("clerk").ref)
    for who, seen in (("clerk", set()), ("leader", {made["extensions"].pk})):
        actor = cast.actor(who)
        with acting_as(actor):
            assert listed(actor, "extensions") == seen


@pytest.mark.parametrize("number", [1, 3])
def test_the_worklist_costs_the_same_for_one_row_and_for_many(cast: Cast, number: int) -> None:
    for _n in range(number):
        some_of_each(cast, cast.own)
    client = cast.client("clerk")
    client.get("/worklist/")
    with CaptureQueriesContext(connection) as seen:
        page = client.get("/worklist/?queue=contested").content.decode()
    assert page.count("争议") >= number
    assert len(seen) == 9, [query["sql"][:90] for query in seen]


def test_the_page_opens_on_all_that_waits_what_is_due_first_on_top(cast: Cast) -> None:
    some_of_each(cast, cast.own)
    paused = cast.matter(cast.own, title="暂停", lead_unit=cast.bureau, state=State.ACCEPTED.value)
    page = cast.client("handler").get("/worklist/")
    shown, total = [row.title for row in page.context["page"]], page.context["total"].number
    assert (page.context["chosen"], shown[0], shown[-1], len(set(shown))) == (None, "超期", paused.title, total)
    # what is overdue is led by the unit too: it is counted in both queues, and stands here once
    assert sum(tab.waiting_now for tab in page.context["tabs"]) > total
    assert all(tab.waiting_now for tab in page.context["tabs"])
    empty = cast.client("handler").get("/worklist/?queue=reports&text=MQ-2026-000000-0").context
    assert [(tab.word, tab.waiting_now) for tab in empty["tabs"]] == [("matters.reports", 0)]


def test_pages_of_all_that_waits_hold_each_thing_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worklist, "page_of", partial(page_of, size=4))
    some_of_each(cast, cast.own)
    cast.matter(cast.own, title="暂停", lead_unit=cast.bureau, state=State.ACCEPTED.value)
    client = cast.client("handler")
    pages = [client.get(f"/worklist/?page={n}").context["page"] for n in (1, 2)]
    urls = [row.url for page in pages for row in page]
    assert ([page.has_next for page in pages], len(urls), len(set(urls))) == ([True, False], 7, 7)


def test_the_page_opens_where_something_waits(cast: Cast) -> None:
    made = some_of_each(cast, cast.own)
    page = cast.client("handler").get("/worklist/").content.decode()
    assert made["mine"].title in page
    assert made["triage"].title not in page
    far = cast.client("handler").get(f"/worklist/?area={cast.other_town.pk}").content.decode()
    assert str(made["mine"].pk) not in far
    assert set(QUEUES) > {"triage", "mine"}


def test_the_address_of_before_leads_to_the_same_queue(cast: Cast) -> None:
    answer = cast.client("clerk").get("/matters/todo/?queue=contested")
    assert (answer.status_code, answer["Location"]) == (302, "/worklist/?queue=contested")


def test_what_is_due_first_stands_first_and_in_one_queue(cast: Cast) -> None:
    """The one that is overdue is led by the unit and overdue there: it is one line, under what is done with it."""
    made = some_of_each(cast, cast.own)
    actor = cast.actor("handler")
    with acting_as(actor):
        first = QUEUES.first(actor, found=visible_matters(actor), due="due_at", values=("title",), now=clock.now())
    assert len({row["pk"] for row in first}) == len(first)
    assert first[0]["pk"] == made["overdue"].pk
    assert first[0]["queue"] == "mine"
    assert {row["pk"] for row in first} == {
        made[name].pk for name in ("mine", "parts", "overdue", "escalated", "extensions", "reports")
    }


def waits_for_others(cast: Cast, who: str, address: str) -> list[tuple[str, int]]:
    page = cast.client(who).get(address).content.decode()
    found = re.search(r'<p class="note awaited">.*?</p>', page, re.DOTALL)
    return re.findall(r'href="([^"]+)">[^<]*?(\d+) 件</a>', found[0]) if found else []


@pytest.mark.parametrize("address", ["/worklist/", "/"])
def test_a_head_reads_what_others_are_to_do_and_nobody_else_has_it_as_work(cast: Cast, address: str) -> None:
    assert waits_for_others(cast, "unit_head", address) == []
    life = Life(cast)
    life.do("handler", "ask_extension", life.accepted(), days=3, reason="等材料", at=june(2))
    life.joint(cast.office.pk, cast.committee.pk)
    life.do("handler", "report_on_matter", life.supervised(), text="已会商", at=june(2))
    told = [
        ("/matters/?queue=time_asked", "1"), ("/matters/?queue=parts_asked", "1"), ("/matters/?queue=reported", "1"),
    ]  # fmt: skip
    assert waits_for_others(cast, "unit_head", address) == told
    assert waits_for_others(cast, "handler", address) == []
    page = cast.client("unit_head").get("/worklist/")
    assert not {"matters.time_asked", "exports.own"} & {tab.word for tab in page.context["tabs"]}
    for url, number in told:
        listed = cast.client("unit_head").get(url).content.decode()
        assert listed.count("data-open") == int(number), url
