"""A shop's own paper beside the ledger: what differs is listed line by line, and noted once by somebody else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from minqing.core import clock
from minqing.core.errors import Refused
from minqing.core.ids import new_id
from minqing.intake.models import ImportRun
from minqing.privacy.access import acting_as
from minqing.redeeming.enums import Reason
from minqing.redeeming.models import Settled
from minqing.redeeming.queries.papers import Figures, compare
from minqing.redeeming.services import settle_difference
from tests.cast import Cast
from tests.intake.conftest import check, load, workbook
from tests.redeeming.shops import Small

pytestmark = pytest.mark.django_db
HEADINGS = ("兑换点", "日期", "品名", "数量", "积分", "单号")


@pytest.fixture
def small(cast: Cast, tmp_path: Path, settings: Any) -> Small:
    """Two waters were had one by one today, and a third one came back."""
    settings.VAR = tmp_path
    made = Small(cast, points=100)
    for _time in range(2):
        made.sell()
    sale = made.sell()
    with cast.everything():
        line = sale.lines.get()
    made.do("give_back", line=line, reason=Reason.BROKEN)
    return made


def bring(small: Small, path: Path, *rows: tuple[object, ...], look: Any = load) -> ImportRun:
    lines = [["村口超市", day, what, count, points, slip] for day, what, count, points, slip in rows]
    with acting_as(by := small.cast.actor("clerk")):
        run: ImportRun = look(workbook(path / "台账.xlsx", lines, HEADINGS), by, "shop_papers")
    return run


def told(small: Small) -> list[tuple[str, Figures | None, Figures | None]]:
    with small.cast.everything():
        found = compare(small.shop, clock.today().replace(day=1))
    return [(one.what, one.paper, one.ledger) for one in found.open]


def test_each_line_that_differs_is_listed_and_the_same_paper_changes_nothing(small: Small, tmp_path: Path) -> None:
    day = clock.today()
    assert told(small) == [], "nobody has said anything yet"
    bring(small, tmp_path, (day, "矿泉水", 1, 15, "1"), (day, "矿泉水", 1, 15, "2"))
    assert told(small) == []
    bring(small, tmp_path, (day, "抽纸", 1, 25, ""))
    assert told(small) == [("抽纸", (1, 25), None)]
    again = bring(small, tmp_path, (day, "抽纸", 0, 0, ""), (day, "矿泉水", 3, 45, "2"))
    assert (again.created_rows, again.updated_rows) == (0, 2)
    # a line that was taken back is nothing, as what the ledger does not have
    assert told(small) == [("矿泉水", (4, 60), (2, 30))]


def test_what_is_only_in_the_ledger_differs_too_once_there_is_a_paper(small: Small, tmp_path: Path) -> None:
    bring(small, tmp_path, (clock.today(), "肥皂", 1, 25, ""))
    assert told(small) == [("矿泉水", None, (2, 30)), ("肥皂", (1, 25), None)]


def test_what_is_wrong_on_a_paper_stands_at_its_column(small: Small, tmp_path: Path) -> None:
    day = clock.today()
    small.another(0)
    rows = [
        (day + timedelta(days=1), "水", 1, 15, ""), (day, "", 1, 15, ""), (day, "水", "两瓶", 15, ""),
        (day, "水", 1, 15, ""),
    ]  # fmt: skip
    # two shops of the village have one name by now
    assert bring(small, tmp_path, *rows, look=check).problem_rows == 4


def test_a_difference_is_noted_by_somebody_else_and_open_again_for_other_figures(
    small: Small, tmp_path: Path, client: Client
) -> None:
    bring(small, tmp_path, (clock.today(), "矿泉水", 3, 45, ""))
    page = reverse("redeeming:paper", args=[small.shop.pk])
    # who takes points there sees it and has nothing to press
    client.force_login(small.cast.account("village_secretary"))
    own = client.get(page)
    assert [form for _one, form in own.context["open"]] == [None]
    # neither does who took points there and was taken off the till since
    small.do("change_keepers", shop=small.shop, keepers=[small.cast.account("cadre").pk])
    assert [form for _one, form in client.get(page).context["open"]] == [None]
    with pytest.raises(Refused), acting_as(by := small.cast.actor("village_secretary")):
        settle_difference(id=new_id(), shop=small.shop, day=clock.today(), what="矿泉水", paper=Figures(3, 45),
                          ledger=Figures(2, 30), words="漏扫一瓶", by=by)  # fmt: skip
    small.do("change_keepers", shop=small.shop, keepers=[small.cast.account("village_secretary").pk])
    client.force_login(small.cast.account("clerk"))
    ((_one, form),) = client.get(page).context["open"]
    sent = {bound.name: "" if bound.value() is None else bound.value() for bound in form}
    assert client.post(page, sent | {"words": ""}).status_code == 422
    assert client.post(page, sent | {"words": "漏扫一瓶", "ledger_count": "1"}).status_code == 422
    assert client.post(page, sent | {"words": "漏扫一瓶"}).status_code == 302
    assert "漏扫一瓶" in client.get(page).content.decode()
    assert (told(small), Settled.objects.count()) == ([], 1)
    small.sell()
    bring(small, tmp_path, (clock.today(), "矿泉水", 5, 75, ""))
    assert told(small) == [("矿泉水", (5, 75), (3, 45))]
