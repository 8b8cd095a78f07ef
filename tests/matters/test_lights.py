"""Red is one thing: the clock runs and is past. Each page, list and figure says the same colour of the same matter."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from minqing.core import clock
from minqing.deadlines import services as deadlines
from minqing.deadlines.enums import Light
from minqing.deadlines.queries import waiting_for
from minqing.matters import queries
from minqing.matters.enums import ClockKind, Move, PartState, PauseReason, State
from minqing.matters.models import Extension, Matter, Part
from minqing.matters.queries.clocks import CLOCKS
from minqing.matters.queries.lights import overdue_at
from minqing.matters.queries.worklist import QUEUES
from minqing.matters.tickets import ticket_of
from minqing.org.queries import system_actor
from tests.cast import Cast
from tests.matters.lives import Life
from tests.matters.test_doors import offered

pytestmark = pytest.mark.django_db
DUE = re.compile(r'due due-(\w+)" title="([^"]+)">(?:<svg.*?</svg>)?([^<]+)<')


def in_hand(life: Life, *, days_ago: int, due_days: int) -> Matter:
    """Assigned so many days ago with so many working days."""
    at = clock.now() - timedelta(days=days_ago)
    matter = life.report(when=at)
    matter = life.do("clerk", "assign_matter", matter, unit=life.cast.bureau.pk, due_days=due_days, at=at)
    return life.do("handler", "accept_matter", matter, at=at)


def waiting(life: Life, **values: Any) -> Matter:
    """In hand for twenty days, to be answered within ten working days; it waits since the second day."""
    at = clock.now() - timedelta(days=18)
    given = {"reason": "season", "until": clock.today() + timedelta(days=5), "text": "等收割后。", "at": at}
    return life.do("handler", "suspend_matter", in_hand(life, days_ago=20, due_days=10), **given | values)


def rule(cast: Cast, stops: set[ClockKind]) -> None:
    now = waiting_for(CLOCKS, PauseReason.SEASON)._asdict() | {"stops": stops}
    deadlines.set_pause_rule(book=CLOCKS, reason=PauseReason.SEASON, by=cast.actor("operator"), **now)


def text(cast: Cast, who: str, url: str) -> str:
    return str(cast.client(who).get(url).content.decode())


@pytest.mark.fault(82)
@pytest.mark.parametrize("stops", [ClockKind.REPORT, ClockKind.FINISH])
def test_a_matter_that_waits_is_red_wherever_its_own_clock_runs_on(cast: Cast, stops: ClockKind) -> None:
    life, red = Life(cast), stops is ClockKind.REPORT
    rule(cast, {stops})
    matter = waiting(life)
    now = clock.now()
    with cast.everything():
        assert Matter.objects.filter(overdue_at(now)).exists() is red
        assert queries.with_lights(Matter.objects.all(), now).get().light == (Light.RED if red else Light.GREY)
        assert queries.light_of(Matter.objects.get(), now) is (Light.RED if red else Light.GREY)
    for who, url in {
        "clerk": "/matters/?light=red", "leader": reverse("matters:wall"), "handler": "/worklist/?queue=overdue",
        "unit_head": "/matters/?figure=red",
    }.items():  # fmt: skip
        shown = text(cast, who, url)
        assert (matter.number in shown and "due-late" in shown) is red, url
    page = text(cast, "handler", reverse("matters:detail", args=[matter.pk]))
    assert ("due-late" in page) is red
    assert ("due-late" in text(cast, "handler", "/matters/")) is red
    # its state says so in any case, and so does what is due where nothing runs
    assert text(cast, "handler", "/matters/").count("已暂停") == (2 if red else 3)
    assert (deadlines.escalate_due(by=system_actor("test")) > 0) is red, "it is carried up as any other"


@pytest.mark.fault(82)
def test_what_waits_past_its_day_with_its_clock_stopped_is_not_red(cast: Cast) -> None:
    """It was late before it was hung up: the share in time counts that, and nothing runs."""
    matter = waiting(Life(cast), at=clock.now() - timedelta(days=1))
    assert "due-late" not in text(cast, "handler", reverse("matters:detail", args=[matter.pk]))
    assert matter.number not in text(cast, "leader", reverse("matters:wall"))


@pytest.mark.fault(94)
def test_one_deadline_is_said_one_way_in_badge_list_and_clock(cast: Cast) -> None:
    life = Life(cast)
    for days_ago, due_days, kind in ((1, 30, "ok"), (43, 32, "soon"), (20, 5, "late")):
        matter = in_hand(life, days_ago=days_ago, due_days=due_days)
        page = text(cast, "handler", reverse("matters:detail", args=[matter.pk]))
        clocks = page[page.index("<h2>期限</h2>") :]
        promised = clocks[clocks.index(str(ClockKind.FINISH.label)) :]
        listed = text(cast, "handler", f"/matters/?text={matter.number}")
        shown = [DUE.search(part) for part in (page, promised, listed)]
        assert None not in shown
        told = {one.groups() for one in shown if one}
        assert [said for said, _day, _words in told] == [kind], told


@pytest.mark.fault(93)
def test_what_was_asked_for_is_decided_whatever_became_of_the_matter_or_falls_away_with_it(cast: Cast) -> None:
    """More time asked for and a part refused, then each move that the page of somebody offers: nothing hangs."""
    life = Life(cast)
    seen = set()
    for who in ("handler", "clerk", "leader", "cadre"):
        for move in offered(cast.client(who), asked(life)):
            if move in {Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION, Move.DECIDE_PART, Move.DROP_PART}:
                continue
            with transaction.atomic():
                matter = asked(life)
                form = offered(cast.client(who), matter)[move]
                values = form.filled({"number": life.report().number})
                assert cast.client(who).post(form.action, values).status_code == 302, move
                now = life.now(matter)
                deciding = {one for by in ("clerk", "leader") for one in offered(cast.client(by), now)}
                with cast.everything():
                    more = Extension.objects.filter(matter=now, granted=None).exists()
                    part = Part.objects.filter(matter=now, state=PartState.REFUSED.value).exists()
                    here, leader = Matter.objects.filter(pk=now.pk), cast.actor("leader")
                    waits = [queue for queue in ("extensions", "contested") if QUEUES.within(here, queue, leader)]
                assert (Move.GRANT_EXTENSION in deciding) is more is ("extensions" in waits), (who, move)
                assert (Move.DECIDE_PART in deciding) is part, (who, move)
                assert not part or "contested" in waits, (who, move)
                seen.add((now.state, more, part))
                transaction.set_rollback(True)
    assert (State.SUSPENDED, True, True) in seen


def asked(life: Life) -> Matter:
    """In hand, with a request for more time and a part that its unit has refused."""
    matter = in_hand(life, days_ago=1, due_days=30)
    matter = life.do("handler", "ask_part", matter, unit=life.cast.office.pk, task="请核实")
    matter = life.do("clerk", "refuse_part", matter, reason="不是我们", proposed=life.cast.committee.pk)
    return life.do("handler", "ask_extension", matter, days=3, reason="等材料")


@pytest.mark.fault(92)
def test_what_waits_for_a_unit_has_a_deadline_in_every_list_first_and_after_it_was_sent_back(cast: Cast) -> None:
    life, long_ago = Life(cast), clock.now() - timedelta(days=12)
    fresh, late = life.report(when=clock.now()), life.report(when=long_ago)
    returned = life.do("clerk", "assign_matter", life.report(when=long_ago), unit=cast.bureau.pk, at=long_ago)
    values = {"reason": "不归我们", "proposed": cast.office.pk, "at": long_ago + timedelta(hours=1)}
    returned = life.do("handler", "send_back_matter", returned, **values)
    now = clock.now()
    with cast.everything():
        colours = {one.pk: one.light for one in queries.with_lights(Matter.objects.all(), now)}
    assert colours[fresh.pk] in {Light.GREEN, Light.YELLOW}
    assert (colours[late.pk], colours[returned.pk]) == (Light.RED, Light.RED)
    for who, url in {
        "clerk": "/matters/?light=red", "leader": reverse("matters:wall"), "analyst": "/matters/?state=received",
    }.items():  # fmt: skip
        shown = text(cast, who, url)
        for matter in (late, returned):
            assert matter.number in shown, url
    assert "待交办（超期 " in text(cast, "clerk", "/matters/?light=red")
    assert "待交办" in text(cast, "clerk", reverse("matters:detail", args=[fresh.pk]))
    assert str(ClockKind.ASSIGN.label) in text(cast, "clerk", reverse("matters:detail", args=[fresh.pk]))
    assert returned.number not in text(cast, "handler", "/worklist/?queue=overdue"), "the clerk's now"
    given = life.do("clerk", "assign_matter", late, unit=cast.bureau.pk, due_days=5)
    with cast.everything():
        assert given.due_at == given.clocks.get(kind=ClockKind.FINISH.value, stopped_at=None).due_at
        assert given.clocks.get(kind=ClockKind.ASSIGN.value).stopped_at is not None
    closed = life.do("clerk", "decline_matter", fresh, reason="属于供电公司")
    assert (closed.due_at, life.running(closed)) == (None, set())


@pytest.mark.fault(92)
def test_the_reporter_is_promised_no_answer_by_the_day_of_assignment(cast: Cast) -> None:
    matter = Life(cast).report(when=clock.now())
    assert matter.due_at is not None
    client = Client()
    page = client.get(reverse("reporting:follow", args=[ticket_of(matter.pk)])).content.decode()
    assert "前交给单位去办" in page
    assert "前答复您" not in page
