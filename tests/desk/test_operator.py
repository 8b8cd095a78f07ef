"""The operator's first page: what works, since when, and what is to be done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.core import clock, health
from minqing.core.actor import Actor
from minqing.core.health import Finding
from minqing.core.language import language
from minqing.desk.models import Health
from minqing.desk.services import keep_findings, look_over
from minqing.desk.tasks import look
from minqing.journal.models import Event
from minqing.journal.services import record
from tests.cast import Cast

BY = Actor.system("test")
DISK = Finding("disk", True, "31 GiB free")
FULL = Finding("disk", False, "1 GiB free", "Free some space")
PARTNER = Finding("endpoints", False, "1 hotline", "Ask them", "partners:list")
BACKUPS = Finding("backups", True, "none known", known=False)


def kept(*findings: Finding, at: datetime | None = None) -> int:
    return keep_findings(found={code: findings for code, _name in settings.LANGUAGES}, by=BY, at=at)


def shown(cast: Cast) -> str:
    answer = cast.client("operator").get("/operator/")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize(
    ("findings", "sentence"),
    [
        ((DISK, BACKUPS), "系统在正常工作，没有要您处理的事。"),
        ((DISK, PARTNER), "系统在正常工作，有 1 件事要您看： endpoints: 1 hotline"),
        ((FULL, PARTNER), "系统在正常工作，有 2 件事要您看： disk: 1 GiB free"),
    ],
)
def test_one_sentence_says_how_it_is(cast: Cast, findings: Sequence[Finding], sentence: str) -> None:
    kept(*findings)
    assert sentence in shown(cast)


def test_what_is_not_well_stands_first_with_since_when_and_what_to_do(cast: Cast) -> None:
    kept(DISK, PARTNER)
    page = shown(cast)
    assert page.index("Ask them") < page.index("31 GiB free")
    html = cast.client("operator").get("/operator/").content.decode()
    assert html.count('href="/partners/"') >= 2
    assert "要看一下" in page


def test_nobody_who_looks_is_said_before_all_else(cast: Cast) -> None:
    assert "后台没有在工作" in shown(cast)
    kept(DISK, at=clock.now() - timedelta(minutes=16))
    assert "后台没有在工作" in shown(cast)
    kept(DISK)
    assert "后台没有在工作" not in shown(cast)


def test_the_operator_begins_here(cast: Cast) -> None:
    assert cast.client("operator").get("/")["Location"] == "/operator/"


def test_since_is_kept_while_nothing_changes_and_a_turn_is_told_once(db: None) -> None:
    first = clock.now() - timedelta(hours=2)
    assert kept(FULL, at=first) == 1
    assert kept(FULL, at=first + timedelta(minutes=5)) == 1
    row = Health.objects.get()
    assert (row.since, row.looked_at) == (first, first + timedelta(minutes=5))
    assert kept(DISK, BACKUPS, at=first + timedelta(minutes=10)) == 0
    assert Health.objects.get(pk="disk").since == first + timedelta(minutes=10)
    told = [
        *Event.objects.filter(type="desk.health.changed").order_by("recorded_at", "id").values_list("data", flat=True)
    ]
    assert told == [{"not_well": ["disk"], "well": []}, {"not_well": [], "well": ["disk"]}]
    kept(BACKUPS)
    assert [one.name for one in Health.objects.all()] == ["backups"]


def test_two_findings_of_one_name_and_one_that_is_lacking_in_a_language_stop_nothing(db: None) -> None:
    assert keep_findings(found={"zh-hans": [DISK], "en": [FULL, FULL, BACKUPS], "zh-hant": [DISK]}, by=BY) == 1
    assert {one.texts["zh-hans"]["seen"] for one in Health.objects.all()} == {"1 GiB free", "none known"}


def test_it_is_looked_over_in_each_language(db: None, monkeypatch: Any) -> None:
    monkeypatch.setattr("minqing.desk.services.examine", lambda: [Finding("disk", True, language())])
    assert look_over(by=BY) == 0
    assert {code: text["seen"] for code, text in Health.objects.get().texts.items()} == {
        "zh-hans": "zh-hans",
        "zh-hant": "zh-hant",
        "en": "en",
    }


def test_the_job_looks_at_what_the_doctor_looks_at(cast: Cast) -> None:
    assert health.examine()
    look(0)
    names = set(Health.objects.values_list("name", flat=True))
    assert {"disk", "backups", "journal", "periodic jobs", "messages", "partners' secrets"} <= names
    words = Health.objects.get(pk="disk").texts
    assert (words["zh-hans"]["name"], words["en"]["name"]) == ("磁盘", "disk")


def test_looking_again_is_asked_of_the_worker(cast: Cast) -> None:
    client = cast.client("operator")
    for _time in range(2):
        assert client.post("/operator/look/")["Location"] == "/operator/"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'desk.look'")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_however_much_is_looked_at(cast: Cast, count: int) -> None:
    kept(*(Finding(f"thing {n}", n != 1, "") for n in range(count)))
    client = cast.client("operator")
    client.get("/operator/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/operator/")
    assert len(asked) == 14, [one["sql"][:90] for one in asked]


def test_what_works_is_folded_and_who_is_to_be_looked_at_leads_to_the_list(cast: Cast) -> None:
    kept(DISK, PARTNER)
    client = cast.client("operator")
    html = client.get("/operator/").content.decode()
    assert "正常 1 项" in html
    assert html.index("Ask them") < html.index("more-rows") < html.index("31 GiB free")
    for url, number in re.findall(r'<a href="(/operator/people/\?look=[a-z_]+)" class="stat">.*?>(\d+)</span>', html):
        assert len(client.get(url).context["page"]) == int(number), url


def test_setting_up_says_what_is_done_and_what_is_next(cast: Cast) -> None:
    """Asked anew at each look, so it can be left and gone on with."""

    def page() -> str:
        answer = cast.client("operator").get("/operator/setup/")
        assert answer.status_code == 200
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))

    before = page()
    # what others bring is said, with no way into a page on which its kind is not to be chosen
    assert "登录后，在“表格导入”里导入。" in before
    order = ["网址", "区域", "单位", "干部", "登录过", "放假", "户情", "民情码", "走访", "备份"]
    main = before[before.index("一步一步来") :]
    places = [main.index(one) for one in order]
    assert places == sorted(places)
    assert main.count("下一步") == 1
    home = cast.household()
    cast.code(home, "a" * 43)
    record(type="config.backup.made", subject="backup:1", by=BY)
    after = page()
    assert after.count("已完成") == before.count("已完成") + 3
    ways = re.findall(
        r'href="(/[a-z]+/new/\?kind=[a-z]+)"', cast.client("operator").get("/operator/setup/").content.decode()
    )
    assert ways
    for way in ways:
        form = cast.client("operator").get(way).context["form"]
        assert f"?kind={form['kind'].value()}" in way
        assert form["kind"].value() in dict(form.fields["kind"].choices)
