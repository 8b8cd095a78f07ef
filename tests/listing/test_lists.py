"""A room gets the page of a list by saying what the list is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.conf import settings as house
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils.safestring import SafeString

from minqing.config.rooms import rooms
from minqing.core.errors import NotFound
from minqing.listing import kinds
from minqing.listing.kinds import Bulk
from minqing.org.enums import Role
from minqing.org.models import Area
from tests.cast import Cast
from tests.listing.tiny import TINY

LINES = {"listing_tests/lines.html": "{% for row in rows %}<li>{{ row }}</li>{% endfor %}"}


@pytest.fixture(autouse=True)
def tiny() -> Iterator[None]:
    templates = deepcopy(house.TEMPLATES)
    loaders = templates[0]["OPTIONS"].get("loaders")
    own = ("django.template.loaders.locmem.Loader", LINES)
    if loaders is None:
        templates[0]["APP_DIRS"] = False
        loaders = ["django.template.loaders.app_directories.Loader"]
    templates[0]["OPTIONS"]["loaders"] = [own, *loaders]
    with override_settings(ROOT_URLCONF="tests.listing.tiny", TEMPLATES=templates):
        kinds.LISTS.register(TINY)
        yield
        kinds.LISTS.forget("tiny")


def page(client: Client, query: str = "", **headers: str) -> str:
    return client.get(f"/tiny/{query}", headers=headers).content.decode()


def names(html: str) -> list[str]:
    return re.findall(r'<th scope="row"><div>([^<]*)', html)


def test_it_has_filters_headings_cells_buttons_and_pages(cast: Cast) -> None:
    html = page(cast.client("clerk"))
    with cast.everything():
        mine = sorted(Area.objects.filter(pk__in=cast.actor("clerk").areas).values_list("name", flat=True))
    assert len(mine) > 2
    assert len(names(html)) == 2
    for part in ("小列表", 'name="name"', "更多条件", 'data-label="级别"', "新建", "打印", 'rel="next"', "data-keys"):
        assert part in html, part
    assert 'name="level"' not in html
    assert 'name="level"' in page(cast.client("clerk"), "?more=1")
    assert names(page(cast.client("clerk"), "?page=2"))[0] not in names(html)


def test_only_its_roles_open_it_and_see_its_buttons(cast: Cast) -> None:
    assert cast.client("handler").get("/tiny/").status_code == 403
    assert "新建" not in page(cast.client("cadre"))


def test_headings_sort_by_the_word_in_the_address(cast: Cast) -> None:
    client = cast.client("clerk")
    usual, newest = page(client), page(client, "?order=newest")
    assert usual.count('aria-sort="ascending"') == newest.count('aria-sort="descending"') == 1
    assert names(usual) == sorted(names(usual))
    assert names(newest) != names(usual)
    # the usual order needs no word, and an unknown one is passed over
    assert 'href="?order=newest"' in usual
    assert names(page(client, "?order=evil")) == names(usual)


def test_an_empty_one_says_why(cast: Cast) -> None:
    html = page(cast.client("clerk"), "?name=没有这个地方")
    assert ("没有找到" in html, "还没有" in html) == (True, False)


def test_what_is_wrong_in_a_filter_stands_above_the_rows_of_page_and_part(cast: Cast) -> None:
    client = cast.client("clerk")
    whole, part = page(client, "?since=2026-13-01"), page(client, "?since=2026-13-01", **{"HX-Request": "true"})
    assert "<html" not in part
    assert part.strip() in whole
    assert part.count("field-error") == 1


def test_a_list_that_is_no_table_has_lines(cast: Cast) -> None:
    html = cast.client("clerk").get("/lines/").content.decode()
    assert html.count("<li>〔") >= 3
    assert "<table" not in html


def test_queues_stand_above_it_as_tabs_and_go_with_the_filters(cast: Cast) -> None:
    client = cast.client("clerk")
    html, towns = page(client), page(client, "?queue=towns")
    assert re.findall(r'<span class="count">(\d+)</span>', html) == ["2", "1"]
    assert names(towns) == ["石璜镇"]
    assert '<input type="hidden" name="queue" value="towns">' in towns
    assert towns.count('aria-current="true"') == html.count('aria-current="true"')
    assert names(page(client, "?queue=towns&name=棠溪")) == []
    # a queue that nobody has narrows nothing
    assert names(page(client, "?queue=evil")) == names(html)
    assert 'class="tabs' not in page(cast.client("cadre"))


def test_what_stands_below_is_for_the_whole_page(cast: Cast) -> None:
    client = cast.client("clerk")
    assert f"一共 {len(cast.actor('clerk').areas)} 处" in page(client)
    assert "一共" not in page(client, **{"HX-Request": "true"})


@pytest.mark.parametrize("size", [1, 3])
def test_it_costs_the_same_for_one_row_and_for_many(cast: Cast, size: int) -> None:
    client, name = cast.client("clerk"), "?name=" + ("没有这个地方" if size == 1 else "")
    page(client, name)
    with CaptureQueriesContext(connection) as seen:
        page(client, name)
    assert sum("org_area" in one["sql"] and "LIMIT" in one["sql"] for one in seen) == 1


@pytest.fixture
def bulk() -> Iterator[None]:
    kinds.BULKS.register(
        Bulk(
            list="tiny",
            roles={Role.CLERK},
            boxes=lambda _request, areas: [SafeString(f'<input name="pick" value="{area.pk}">') for area in areas],
            whole=lambda _request, rows: rows.exclude(level="township"),
            picks=lambda rows: [str(area.pk) for area in rows],
            form=lambda _request, whole: f"<form id='bulk'>{whole.total} {len(whole.picks)} {whole.url}</form>",
        )
    )
    yield
    kinds.BULKS.forget("tiny")


def test_a_room_above_adds_what_is_done_with_several_rows(cast: Cast, bulk: None) -> None:
    clerk, cadre = page(cast.client("clerk")), page(cast.client("cadre"))
    assert (clerk.count('name="pick"'), "id='bulk'" in clerk) == (2, True)
    assert "ticks" not in cadre
    assert 'name="pick"' not in page(cast.client("clerk"), "?name=没有这个地方")


def test_all_that_a_filter_finds_is_ticked_row_by_row_on_all_pages(cast: Cast, bulk: None) -> None:
    """As each stands at that moment, and no more than the filter leaves; who may do nothing with them gets none."""
    client, asked = cast.client("clerk"), {"HX-Request": "true", "HX-Target": "whole"}
    html = page(client, "?order=newest&page=2")
    number, none, url = re.findall(r"<form id='bulk'>(\d+) (\d+) /tiny/(\S+)</form>", html)[0]
    assert (none, url) == ("0", "?order=newest&whole=1")
    with CaptureQueriesContext(connection) as seen:
        field = page(client, url, **asked)
    assert sum("org_area" in one["sql"] and "ORDER BY" in one["sql"] for one in seen) == 1
    picks = re.findall(r'value="([^"]*)"', field)[0].split()
    assert f'data-n="{number}"' in field
    assert len(picks) == len({*picks}) == int(number) > 1
    assert picks == sorted(picks, key=int, reverse=True), "in the order of the list"
    narrowed = page(client, "?name=棠溪&whole=1", **asked)
    assert 0 < len(re.findall(r'value="([^"]*)"', narrowed)[0].split()) < int(number)
    # without script the whole page comes, and all are ticked there
    assert f"<form id='bulk'>{number} {number} " in page(client, url)
    assert "<form id='bulk'>" not in page(cast.client("cadre"), url, **asked)


def test_every_list_of_the_house_is_known_by_its_name() -> None:
    for listed in (one for room in rooms() for one in room.lists):
        assert kinds.LISTS.of(listed.name) is listed
        # what makes the rows: either a table or lines
        assert bool(listed.columns) != bool(listed.lines)
        assert {one.order for one in listed.columns} - {""} <= set(listed.orders)
    assert all(kinds.LISTS.of(bulk.list) for room in rooms() for bulk in room.bulks)
    with pytest.raises(NotFound):
        kinds.LISTS.of("nothing")


def test_a_list_that_is_counted_asks_only_where_its_page_does_not_hold_all(cast: Cast) -> None:
    client, asked = cast.client("clerk"), []
    everything = page(client, "all/").count("<tr data-row")
    for query in ("all/", "counted/", "one-counted/"):
        page(client, query)
        with CaptureQueriesContext(connection) as seen:
            html = page(client, query)
        asked.append(len(seen))
        assert re.findall("共 (\\S+) 个", html) == [str(everything)] * ("counted" in query)
    assert asked == [asked[0], asked[0], asked[0] + 1]
