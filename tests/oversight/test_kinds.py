"""What an analyst sees besides: each kind beside the period before, what comes again in one place, and the table."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.matters.enums import State
from minqing.matters.models import Category
from minqing.oversight.slots import share_of
from minqing.web.pieces import of
from tests.cast import Cast
from tests.slots import keep_parts_of

LEADER = "/leader/"


@pytest.fixture
def kind(cast: Cast) -> tuple[Category, Category]:
    """A kind of the first level and one below it."""
    top = Category.objects.create(code="zz", name="测试类")
    return top, Category.objects.create(code="zz.lamp", name="路灯类", parent=top)


def came(cast: Cast, kind: Category, days: float = 1, **values: Any) -> None:
    at = clock.now() - timedelta(days=days)
    cast.matter(cast.own, category=kind, received_at=at, **values)


def test_each_figure_of_a_kind_leads_to_its_rows(cast: Cast, kind: tuple[Category, Category]) -> None:
    done = {"state": State.FINISHED, "lead_unit": cast.office, "finished_at": clock.now()}
    came(cast, kind[0])
    came(cast, kind[1], state=State.ASSIGNED, lead_unit=cast.office, due_at=clock.now() - timedelta(hours=1))
    came(cast, kind[1], **done, due_at=clock.now() + timedelta(days=1), last_solved=True, last_satisfaction=5)
    came(cast, kind[1], 40, **done, last_solved=False, last_satisfaction=2, reopened=1)
    client = cast.client("analyst")
    (row,) = [one for one in page_kinds(client) if one["name"] == "测试类"]
    n = row["n"]
    assert (n["received"], n["before"], n["finished"], n["open"], n["overdue"]) == (3, 1, 2, 2, 1)
    assert (row["shares"]["in_time"], row["shares"]["solved"]) == (of(1, 1), of(1, 2))
    for name, url in row["urls"].items():
        assert len(client.get(url).context["page"]) == n[name], name


def page_kinds(client: Any) -> list[dict[str, Any]]:
    """What the part of the page was made of."""
    answer = client.get(LEADER)
    assert answer.status_code == 200
    parts = [one for one in answer.context if "kinds" in one] if answer.context else []
    return list(parts[0]["kinds"])


def test_a_share_of_few_is_told_in_numbers_alone() -> None:
    assert "%" not in share_of(3, 4)
    assert share_of(9, 12).startswith("75 %")
    assert share_of(0, 0) == "–"


def test_what_comes_again_in_one_place_is_named_with_its_rows(cast: Cast, kind: tuple[Category, Category]) -> None:
    for _time in range(3):
        came(cast, kind[1])
    came(cast, kind[0])
    text = cast.client("analyst").get(LEADER).content.decode()
    assert "棠溪村 · 路灯类" in text
    assert "棠溪村 · 测试类" not in text
    assert "棠溪村 · 路灯类" not in cast.client("leader").get(LEADER).content.decode()


def test_the_table_leaves_with_a_purpose_and_holds_counts_alone(cast: Cast, kind: tuple[Category, Category]) -> None:
    came(cast, kind[1], title="不该在表里的话")
    sent = {"request_id": str(new_id()), "purpose": "meeting", "query": ""}
    answer = cast.client("analyst").post("/leader/asks/figures/export/", sent)
    assert answer.status_code == 200
    rows = list(load_workbook(io.BytesIO(b"".join(answer))).active.values)  # type: ignore[union-attr]
    assert any(row[0] == "测试类" and row[1] == 1 for row in rows)
    assert "不该在表里的话" not in str(rows)
    assert cast.client("leader").post("/leader/asks/figures/export/", sent).status_code == 403


def test_an_analyst_finds_the_lists_that_may_be_taken_out_and_a_leader_does_not(cast: Cast) -> None:
    page = cast.client("analyst").get(LEADER).content.decode()
    assert "take-title" in page
    assert reverse("oversight:export") in page
    assert "take-title" not in cast.client("leader").get(LEADER).content.decode()


def test_the_page_takes_as_many_queries_with_three_rows_as_with_one(
    cast: Cast, kind: tuple[Category, Category], django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_parts_of(monkeypatch, "desk.leader", "oversight", "visits", "exports")
    client = cast.client("analyst")
    client.get(LEADER)
    for _time in range(2):
        came(cast, kind[1])
        with django_assert_num_queries(19):
            client.get(LEADER)
        came(cast, kind[0]), came(cast, kind[1])
