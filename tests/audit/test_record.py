"""The record in sentences: who did what, to what, found by day, person, number, act and words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation
from django.utils.html import strip_tags

from minqing.audit.kinds import DEEDS
from minqing.audit.queries.record import PER_PAGE, Asked, events_of, leaf_of
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.journal.models import Event
from minqing.journal.queries import latest
from minqing.journal.services import record
from tests.cast import Cast, at

SENT = at("2026-11-03 14:02")
# what is told long after it happened says so
LATER = re.compile(r'<span class="tiny"><time[^>]*>[^<]*</time>写入</span>')
DAY = "since=2026-11-03&until=2026-11-03"


def told(client: Client, query: str = DAY, page: str = "/audit/") -> list[str]:
    """The lines of a page, without their time."""
    answer = client.get(f"{page}?{query}")
    assert answer.status_code == 200
    rows = re.findall(r'<span class="record-told">(.*?)</span></li>', answer.content.decode(), re.DOTALL)
    return [re.sub(r"\s+", " ", strip_tags(LATER.sub("", one))).strip() for one in rows]


def done(cast: Cast, type: str, subject: str, who: str = "clerk", **data: Any) -> Event:
    by = cast.actor(who) if who in cast.people else Actor.system(who)
    return record(type=type, subject=subject, by=by, data=data, at=SENT)


def test_a_line_says_in_one_sentence_who_did_what(cast: Cast) -> None:
    matter = cast.matter(number="MQ-2026-000123")
    done(cast, "matters.matter.assigned", f"matter:{matter.pk}", number=matter.number, unit=cast.bureau.pk,
         area=cast.own.pk)  # fmt: skip
    home = cast.household(number="H-77")
    done(cast, "households.household.viewed", f"household:{home.pk}", "cadre")
    done(cast, "visits.assignment.made", f"household:{home.pk}", account=str(cast.account("cadre").pk))
    done(cast, "org.page.refused", "page:matters:wall", "volunteer")
    done(cast, "matters.matter.escalated", f"matter:{matter.pk}", "matters.ladder")
    assert told(cast.client("auditor")) == [
        "系统因超期上报了 民情 MQ-2026-000123",
        "卫小芳（棠溪村村委会 志愿者）想打开“督办墙”里的页面，没有权限",
        "孙丽华（石璜镇综合服务办 镇街专职人员）把“H-77”户交给王建国包联",
        "王建国（棠溪村村委会 联户干部）打开查看了“H-77”户的档案",
        "孙丽华（石璜镇综合服务办 镇街专职人员）把 民情 MQ-2026-000123 交给 市交通运输局 棠溪村",
    ]


def test_no_code_stands_on_the_page_whatever_happened(cast: Cast) -> None:
    for deed in DEEDS:
        done(cast, deed.type, "thing:1")
    done(cast, "unheard.of.event", "thing:1")
    client, text, before = cast.client("auditor"), "", ""
    for _page in range(9):
        lines = client.get(f"/audit/?{DAY}&before={before}").context
        text += "".join(f"{one.who} {one.did}" for one in lines["lines"])
        before = lines["page"].next_url.rpartition("before=")[2]
        if not lines["page"].has_next:
            break
    assert len(text) > 1000
    assert not re.search(r"[a-z]+\.[a-z_]+\.[a-z_]+|\{|_", text)


def test_a_resident_is_told_by_the_household_and_a_reporter_not_at_all(cast: Cast) -> None:
    home = cast.household(number="H-9")
    cast.resident(home, "张桂芬")
    by = Actor(id=None, kind="resident", name="", household=home.pk)
    record(
        type="matters.matter.received", subject="matter:x", by=by, at=SENT, data={"number": "MQ-1", "channel": "code"}
    )
    assert told(cast.client("auditor")) == ["“H-9”户的群众反映了 民情 MQ-1（民情码）"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 4),
        ("about=H-77", 2),
        ("about=MQ-none", 0),
        ("deed=households.household.viewed", 2),
        ("words=打开查看", 2),
        ("words=没有这种事", 0),
        ("sort=denied", 1),
        ("sort=look&words=标签", 0),
        ("source=system", 1),
        ("who={cadre}", 2),
        ("who=nobody", 4),
        ("area={town}", 1),
        ("area={other_town}", 0),
        ("since=2026-11-04&until=2026-11-05", 0),
        ("since=nonsense&until=2026-11-03", 4),
    ],
)
def test_it_is_found_by_day_person_number_act_words_and_place(cast: Cast, query: str, found: int) -> None:
    homes = [cast.household(number="H-77"), cast.household(number="H-78")]
    for home, who in zip(homes, ("cadre", "clerk"), strict=True):
        done(cast, "households.household.viewed", f"household:{home.pk}", who)
    done(cast, "org.page.refused", "page:x", "cadre", area=cast.own.pk)
    done(cast, "households.code.issued", f"household:{homes[0].pk}", "job")
    asked = query.format(cadre=cast.account("cadre").pk, town=cast.town.pk, other_town=cast.other_town.pk)
    with translation.override("zh-hans"):
        days = "" if "until" in query else f"{DAY}&"
        assert len(told(cast.client("auditor"), f"{days}{asked}")) == found


def test_pages_are_cut_at_a_line_also_where_many_happened_at_once(cast: Cast) -> None:
    made = [done(cast, "files.picture.stored", f"picture:{n}").seq for n in range(PER_PAGE * 2 + 1)]
    asked, seen, key = Asked(SENT.date(), SENT.date()), [], ""
    for _page in range(3):
        leaf = leaf_of(asked, key)
        seen += [int(line.key.partition("-")[2]) for line in leaf.lines]
        key = leaf.next
    assert key == ""
    assert seen == sorted(made, reverse=True)
    client = cast.client("auditor")
    following = client.get(f"/audit/{client.get(f'/audit/?{DAY}').context['page'].next_url}")
    assert len(following.context["lines"]) == PER_PAGE


@pytest.mark.parametrize(
    "before",
    ["x", "1-", "-1", "9" * 60, "99999999999999999999-1", "1-99999999999999999999999", "1700000000000000-²", "１-１"],
)
def test_a_place_that_is_none_is_the_beginning_or_the_end(cast: Cast, before: str) -> None:
    assert cast.client("auditor").get(f"/audit/?before={before}").status_code == 200


def test_what_was_sent_late_says_when_it_was_written_down(cast: Cast) -> None:
    done(cast, "files.picture.stored", "picture:1")
    assert LATER.search(cast.client("auditor").get(f"/audit/?{DAY}").content.decode())
    record(type="files.picture.stored", subject="picture:2", by=cast.actor("clerk"), at=clock.now())
    assert not LATER.search(cast.client("auditor").get("/audit/").content.decode())


def test_what_the_auditor_looked_at_is_in_the_record_too(cast: Cast) -> None:
    home = cast.household(number="H-77")
    client = cast.client("auditor")
    list(client.get("/audit/?about=H-77"))
    event = Event.objects.get(type="audit.record.viewed", subject=f"household:{home.pk}")
    assert event.actor == f"user:{cast.account('auditor').pk}"
    # and in the household's own list of who looked
    assert "蒋正" in cast.client("clerk").get(f"/households/{home.pk}/").content.decode()


def test_the_record_takes_as_many_queries_with_three_rows_as_with_one(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    client = cast.client("auditor")
    client.get(f"/audit/?{DAY}")
    for _time in range(2):
        # one of each kind of thing that is named by its number
        home = cast.household()
        done(cast, "households.household.viewed", f"household:{home.pk}", "cadre")
        done(cast, "visits.assignment.made", f"household:{home.pk}", account=str(cast.account("cadre").pk))
        done(cast, "matters.matter.escalated", f"matter:{cast.matter().pk}", "job")
        with django_assert_num_queries(21):
            client.get(f"/audit/?{DAY}")
        done(cast, "households.household.viewed", f"household:{home.pk}", "clerk")


def test_a_large_journal_is_read_by_the_moment_and_not_sorted(cast: Cast) -> None:
    with connection.cursor() as cursor:
        # over a few rows another plan costs as little: what is asked is whether the index gives the order by itself
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    plan = latest(events_of(Asked(SENT.date(), SENT.date())), before=(SENT, 5))[:51].explain()
    assert "event_by_moment" in plan
    assert "Sort" not in plan
