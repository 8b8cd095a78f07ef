"""What waits for a decision is decided where it stands, by those who may and by nobody else."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from minqing.core import clock
from minqing.core.ids import new_id
from minqing.deadlines.enums import Rung
from minqing.matters import services
from minqing.matters.enums import Mechanism, Move, State
from minqing.matters.models import Extension, Matter, Step
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.matters.lives import Life
from tests.slots import keep_parts_of


def asks(cast: Cast, role: str) -> str:
    page: str = cast.client(role).get("/leader/" if role == "leader" else "/").content.decode()
    # what waits besides stands below, by how urgent it is
    return page[page.index('id="asks"') :].partition('id="waiting-')[0] if 'id="asks"' in page else ""


def more_time(cast: Cast, title: str = "等石料") -> Matter:
    matter = Life(cast).accepted()
    with acting_as(by := cast.actor("handler")):
        at = matter.changed_at + timedelta(hours=1)
        services.ask_extension(id=new_id(), matter=matter, days=5, reason=title, by=by, at=at)
    return matter


def form_in(page: str, address: str) -> dict[str, str]:
    form = page[page.index(f'action="{address}"') :].partition("</form>")[0]
    return {unescape(name): unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form)}


def address(matter: Matter, move: Move) -> str:
    return reverse("oversight:ask", args=[matter.pk, move.value])


def now(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


def test_more_time_is_granted_where_it_is_asked_for(cast: Cast) -> None:
    matter = more_time(cast)
    page = asks(cast, "leader")
    assert "等石料" in page
    assert "再要 5个工作日" in page or "再要 5 个工作日" in page
    sent = form_in(page, address(matter, Move.GRANT_EXTENSION))
    assert set(sent) >= {"seen", "request_id", "next"}
    answer = cast.client("leader").post(address(matter, Move.GRANT_EXTENSION), sent)
    assert answer["Location"] == "/leader/"
    with cast.everything():
        assert Extension.objects.get(matter=matter).granted is True
        assert Step.objects.filter(matter=matter, move=Move.GRANT_EXTENSION.value, by_name="冯立新").exists()
    assert "等石料" not in asks(cast, "leader")
    # a second tap is the same one
    again = cast.client("leader").post(address(matter, Move.GRANT_EXTENSION), sent)
    assert again.status_code == 302
    with cast.everything():
        assert Step.objects.filter(matter=matter, move=Move.GRANT_EXTENSION.value).count() == 1


def test_a_refusal_wants_its_reason_and_without_script_has_a_page_of_its_own(cast: Cast) -> None:
    matter, client = more_time(cast), cast.client("leader")
    where = address(matter, Move.REFUSE_EXTENSION)
    page = client.get(f"{where}?next=/leader/").content.decode()
    assert "<h1>" in page
    sent = form_in(page, where)
    assert client.post(where, sent).status_code == 422
    part = client.post(where, sent, headers={"HX-Request": "true"})
    assert part.status_code == 422
    assert "<h1>" not in part.content.decode()
    done = client.post(where, sent | {"reason": "再想办法"}, headers={"HX-Request": "true"}).content.decode()
    assert 'class="decide done" role="status"' in done
    with cast.everything():
        assert Extension.objects.get(matter=matter).granted is False


def test_what_has_changed_since_is_shown_before_anything_is_decided(cast: Cast) -> None:
    matter, client = more_time(cast), cast.client("leader")
    sent = form_in(asks(cast, "leader"), address(matter, Move.GRANT_EXTENSION))
    with acting_as(by := cast.actor("clerk")):
        services.refuse_extension(id=new_id(), matter=now(matter), reason="不行", by=by)
    assert client.post(address(matter, Move.GRANT_EXTENSION), sent).status_code == 409
    with cast.everything():
        assert Extension.objects.get(matter=matter).granted is False


def carried(cast: Cast, **values: Any) -> Matter:
    matter = cast.matter(
        cast.own, title="护栏松动", state=State.ACCEPTED, lead_unit=cast.bureau, assigned_at=clock.now(),
        due_at=clock.now() - timedelta(days=400), rung=Rung.CITY.value, **values,
    )  # fmt: skip
    with cast.everything():
        Step.objects.create(matter=matter, move=Move.ESCALATE.value, state=matter.state, at=clock.now(), by="system:x")
    return matter


def test_a_leader_supervises_what_was_carried_up_or_says_why_not(cast: Cast) -> None:
    matter, client = carried(cast), cast.client("leader")
    assert "护栏松动" in asks(cast, "leader")
    where = address(matter, Move.NOTE)
    sent = form_in(client.get(where).content.decode(), where)
    client.post(where, sent | {"text": "先看三天"})
    assert "护栏松动" not in asks(cast, "leader")
    where = address(matter, Move.SUPERVISE)
    sent = form_in(client.get(where).content.decode(), where)
    client.post(where, sent | {"order": "本月修好", "due_days": "", "report_days": ""})
    with cast.everything():
        assert now(matter).mechanism == Mechanism.SUPERVISED


def test_what_no_unit_wants_is_given_to_one(cast: Cast) -> None:
    matter = cast.matter(cast.own, title="饮水发黄", contested=True, refusals=2)
    client, where = cast.client("leader"), address(matter, Move.DECIDE)
    assert "饮水发黄" in asks(cast, "leader")
    sent = form_in(client.get(where).content.decode(), where)
    assert client.post(where, sent | {"unit": cast.bureau.pk, "minutes": "会上定"}).status_code == 302
    with cast.everything():
        assert now(matter).lead_unit_id == cast.bureau.pk


@pytest.mark.parametrize("role", ["handler", "unit_head", "analyst", "cadre", "auditor", "operator"])
def test_others_are_neither_offered_it_nor_let_in(cast: Cast, role: str) -> None:
    matter = more_time(cast, "CANARY-REASON")
    where = address(matter, Move.GRANT_EXTENSION)
    assert cast.client(role).get(where).status_code == 403
    page = cast.client(role).get("/", follow=True).content.decode()
    assert where not in page


def test_who_does_not_see_the_matter_is_told_nothing_of_it(cast: Cast) -> None:
    matter = more_time(cast, "CANARY-REASON")
    answer = cast.client("far_clerk").get(address(matter, Move.GRANT_EXTENSION))
    assert answer.status_code == 404
    assert "CANARY-REASON" not in asks(cast, "far_clerk")


def test_no_other_move_is_made_here_and_no_other_site_led_to(cast: Cast) -> None:
    matter, client = more_time(cast), cast.client("leader")
    assert client.get(reverse("oversight:ask", args=[matter.pk, "suspend"])).status_code == 404
    sent = form_in(asks(cast, "leader"), address(matter, Move.GRANT_EXTENSION)) | {"next": "https://example.org/"}
    answer = client.post(address(matter, Move.GRANT_EXTENSION), sent)
    assert answer["Location"] == reverse("matters:detail", args=[matter.pk])


def test_the_page_asks_as_often_for_three_as_for_one(
    cast: Cast, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_parts_of(monkeypatch, "desk.leader", "oversight", "visits", "exports")
    client = cast.client("leader")
    client.get("/leader/")
    for number in (1, 2):
        for n in range(number):
            more_time(cast), carried(cast), cast.matter(cast.own, contested=True, title=f"{number}{n}")
        with django_assert_num_queries(23):
            client.get("/leader/")
