"""Who looked at what is personal, and days on which somebody opened unusually much."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils.html import strip_tags

from minqing.core.ids import new_id
from tests.audit.test_record import DAY, done, told
from tests.cast import Cast


def opened(cast: Cast, who: str, households: int, times: int = 1) -> None:
    for n in range(households):
        for _again in range(times):
            done(
                cast,
                "households.household.viewed",
                f"household:{n}-{new_id()}" if times == 1 else f"household:{n}",
                who,
            )


def worth(cast: Cast) -> list[tuple[str, str]]:
    """What is pointed out: the person and the sentence."""
    page = cast.client("auditor").get(f"/audit/looks/?{DAY}").content.decode()
    section = re.search(r'id="bursts-title".*?</section>', page, re.DOTALL)
    assert section
    rows = re.findall(r'class="title"[^>]*>([^<]+)</a><span class="second">(.*?)</span>', section.group())
    return [(who, strip_tags(told)) for who, told in rows]


def test_many_households_opened_in_one_day_are_pointed_out_as_a_fact(cast: Cast, settings: Any) -> None:
    settings.LOOKS_NOTED = 3
    opened(cast, "cadre", 3)
    opened(cast, "other_cadre", 2)
    # the same household again and again is one
    opened(cast, "clerk", 2, times=3)
    assert worth(cast) == [("王建国（棠溪村村委会 联户干部）", "11月3日 星期二：一天内打开 3 户")]


def test_only_looks_and_what_left_the_house_stand_there(cast: Cast) -> None:
    home = cast.household(number="H-77")
    done(cast, "households.household.viewed", f"household:{home.pk}", "cadre")
    done(cast, "households.tag.granted", f"household:{home.pk}", "cadre")
    done(cast, "exports.export.taken", "export:1", "leader", kind="matters", rows=12, purpose="meeting")
    assert told(cast.client("auditor"), page="/audit/looks/") == [
        "冯立新（石璜镇综合服务办 领导）导出了民情事项（12行，用途：会议使用）",
        "王建国（棠溪村村委会 联户干部）打开查看了“H-77”户的档案",
    ]
    assert len(told(cast.client("auditor"), f"{DAY}&about=H-77", page="/audit/looks/")) == 1


def test_each_day_says_how_often_and_by_how_many(cast: Cast) -> None:
    opened(cast, "cadre", 2)
    opened(cast, "clerk", 1)
    days = cast.client("auditor").get(f"/audit/looks/?{DAY}").context["days"]
    assert [(one["looks"], one["out"], one["people"]) for one in days] == [(3, 0, 2)]


def test_the_page_takes_as_many_queries_with_three_rows_as_with_one(cast: Cast, django_assert_num_queries: Any) -> None:
    client = cast.client("auditor")
    client.get(f"/audit/looks/?{DAY}")
    for _time in range(2):
        opened(cast, "cadre", 1)
        with django_assert_num_queries(20):
            client.get(f"/audit/looks/?{DAY}")
        opened(cast, "clerk", 2)


@pytest.mark.parametrize("role", ["cadre", "clerk", "leader", "analyst", "operator", "liaison", "volunteer"])
def test_nobody_else_reads_it(cast: Cast, role: str) -> None:
    home = cast.household(number="H-77")
    done(cast, "households.household.viewed", f"household:{home.pk}", "cadre")
    for page in ("/audit/", "/audit/looks/", "/audit/seals/"):
        answer = cast.client(role).get(page)
        assert answer.status_code == 403
        assert "H-77" not in answer.content.decode()
    assert cast.client(role).post("/audit/seals/check/", {"day": "2026-11-03"}).status_code == 403


def test_the_first_page_says_what_happened_today_with_links_to_it(cast: Cast) -> None:
    from minqing.core import clock
    from minqing.journal.services import record

    for _time in range(2):
        record(type="org.page.refused", subject="page:x", by=cast.actor("cadre"), at=clock.now())
    client = cast.client("auditor")
    page = client.get("/")
    figures = dict(
        re.findall(r'class="stat"><span class="name">([^<]+)</span><span class="value">(\d+)', page.content.decode())
    )
    assert figures["今天被拒绝"] == "2"
    link = re.search(r'href="([^"]+sort=denied)"', page.content.decode())
    assert link
    assert len(told(client, link.group(1).partition("?")[2].replace("&amp;", "&"))) == 2
