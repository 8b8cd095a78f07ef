"""The ladder and the reasons to wait as the operator sets them."""

from __future__ import annotations

from typing import Any

import pytest

from minqing.core.errors import DomainError, Refused
from minqing.deadlines import Target, shipped
from minqing.deadlines import services as deadlines
from minqing.deadlines.enums import Rung
from minqing.deadlines.models import LadderStep, Norm, PauseRule
from minqing.deadlines.queries import ladder, next_rung, reasons_offered, waiting_for
from minqing.journal.models import Event
from minqing.matters.enums import ClockKind, PauseReason
from minqing.matters.models import Matter
from minqing.matters.queries.clocks import CLOCKS
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.matters.lives import Life, june

pytestmark = pytest.mark.django_db
SHIPPED = {Rung.HEAD: Target(days=0), Rung.TOWNSHIP: Target(days=2), Rung.CITY: Target(days=5)}


@pytest.fixture
def life(cast: Cast) -> Life:
    return Life(cast)


def climb(when: Any) -> int:
    with acting_as(by := system_actor("test")):
        return deadlines.escalate_due(by=by, at=when)


def set_ladder(life: Life, **changes: Target | None) -> bool:
    steps: dict[Rung, Target | None] = {**SHIPPED, **{Rung(name): after for name, after in changes.items()}}
    return deadlines.set_ladder(book=CLOCKS, steps=steps, by=life.cast.actor("operator"))


def rungs(matter: Matter) -> list[str]:
    found = Event.objects.filter(type="matters.matter.escalated", subject=f"matter:{matter.pk}").order_by("seq")
    return list(found.values_list("data__rung", flat=True))


def test_what_is_shipped_is_loaded_and_what_the_operator_set_outlives_a_release(life: Life) -> None:
    assert ladder(CLOCKS) == shipped.ladder(CLOCKS.reference)
    assert waiting_for(CLOCKS, PauseReason.SEASON).stops == shipped.stopped_by(CLOCKS.reference, PauseReason.SEASON)
    set_ladder(life, township=Target(days=3))
    LadderStep.objects.update(version=1)
    PauseRule.objects.update(version=1)
    Norm.objects.update(version=1)
    assert deadlines.load_norms(by=system_actor("test")) > 0
    assert {step.rung: step.after for step in ladder(CLOCKS)} == SHIPPED | {Rung.TOWNSHIP: Target(days=3)}


def test_a_rung_that_is_passed_over_is_passed_over_by_what_runs_already(life: Life) -> None:
    matter = life.accepted()  # due 8 June, 17:30
    assert set_ladder(life, head=None)
    assert climb(june(8, "17:31")) == 0, "the head would have heard now; the township hears two days later"
    assert climb(june(10, "17:29")) == 0
    assert climb(june(10, "17:31")) == 1
    assert rungs(matter) == [Rung.TOWNSHIP]


def test_a_shorter_time_holds_for_what_is_overdue_already(life: Life) -> None:
    matter = life.accepted()
    assert climb(june(8, "17:31")) == 1
    set_ladder(life, township=Target(hours=4), city=Target(days=1))
    assert climb(june(9, "17:31")) == 2
    assert rungs(matter) == [Rung.HEAD, Rung.TOWNSHIP, Rung.CITY]
    set_ladder(life, township=None)
    assert climb(june(20)) == 0, "nothing is carried down, and nothing twice"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"head": None, "township": None, "city": None}, "ladder_empty"),
        ({"head": Target(days=3)}, "ladder_order"),
        ({"city": Target(hours=4)}, "ladder_order"),
    ],
)
def test_a_ladder_that_cannot_be_is_refused(life: Life, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        set_ladder(life, **changes)
    assert refusal.value.code == code
    assert ladder(CLOCKS) == shipped.ladder(CLOCKS.reference)


def test_only_the_operator_changes_it_once_in_one_event(life: Life) -> None:
    with pytest.raises(Refused):
        deadlines.set_ladder(book=CLOCKS, steps=SHIPPED, by=life.cast.actor("leader"))
    assert [set_ladder(life, township=Target(days=3)) for _twice in range(2)] == [True, False]
    event = Event.objects.get(type="deadlines.ladder.changed")
    assert event.data == {"room": "matters", "ladder": {"head": "0d", "township": "3d", "city": "5d"}}


def rule(life: Life, reason: PauseReason, **values: Any) -> bool:
    now = waiting_for(CLOCKS, reason)._asdict()
    return deadlines.set_pause_rule(book=CLOCKS, reason=reason, by=life.cast.actor("operator"), **now | values)


def test_a_changed_rule_moves_no_deadline_of_what_waits_or_has_waited(life: Life) -> None:
    waiting = life.suspended(reason="season", until=june(4).date())
    rule(life, PauseReason.SEASON, stops={ClockKind.REPORT})
    deadlines.resume_due(by=system_actor("test"), at=june(5))
    assert life.now(waiting).due_at == june(11, "17:30"), "2, 3 and 4 June were not counted: that was the rule"
    later = life.suspended(reason="season", until=june(4).date())
    assert later.due_at == june(8, "17:30"), "the promised answer runs on now"


def test_a_reason_out_of_use_or_too_long_a_wait_is_refused_to_who_asks(life: Life) -> None:
    matter = life.accepted()
    rule(life, PauseReason.THIRD_PARTY, offered=False)
    rule(life, PauseReason.SEASON, longest=10)
    wait = {"text": "等", "at": june(2)}
    life.refused("reason", "handler", "suspend_matter", matter, reason="third_party", until=june(5).date(), **wait)
    life.refused("until", "handler", "suspend_matter", matter, reason="season", until=june(12).date(), **wait)
    assert reasons_offered(CLOCKS) == [PauseReason.REPORTER, PauseReason.SEASON]
    page = life.cast.client("handler").get(f"/matters/{matter.pk}/moves/suspend/").content.decode()
    assert 'value="season"' in page
    assert 'value="third_party"' not in page


@pytest.mark.parametrize(
    ("reason", "values", "code"),
    [
        (PauseReason.SEASON, {"stops": set()}, "stops"),
        (PauseReason.SEASON, {"stops": {ClockKind.FINISH, ClockKind.LEGAL}}, "stops"),
        (PauseReason.REPORTER, {"longest": 367}, "longest"),
        (PauseReason.REPORTER, {"longest": 0}, "longest"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(life: Life, reason: PauseReason, values: dict[str, Any], code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        rule(life, reason, **values)
    assert refusal.value.code == code


def test_one_reason_stays(life: Life) -> None:
    rule(life, PauseReason.SEASON, offered=False)
    rule(life, PauseReason.THIRD_PARTY, offered=False)
    with pytest.raises(DomainError, match="offered"):
        rule(life, PauseReason.REPORTER, offered=False)


def test_the_page_tries_without_saving_says_what_is_wrong_and_saves(cast: Cast) -> None:
    client = cast.client("operator")
    assert "超期 2 个工作日 → 镇街" in client.get("/matters/ladder/").content.decode()
    typed = {"form": "matters-ladder"}
    for name, amount in (("head", 0), ("township", 3), ("city", 5)):
        typed |= {f"used-{name}": "on", f"amount-{name}": str(amount), f"unit-{name}": "d"}
    tried = client.post("/matters/ladder/", typed | {"look": "1"})
    assert tried.status_code == 200
    assert "超期 3 个工作日 → 镇街" in tried.content.decode()
    assert ladder(CLOCKS) == shipped.ladder(CLOCKS.reference)
    assert client.post("/matters/ladder/", typed).status_code == 302
    assert next_rung(CLOCKS, Rung.HEAD) == (Rung.TOWNSHIP, Target(days=3))
    pause = {"form": "matters-season", "offered": "on", "longest": "90", "stops": ["finish", "accept"]}
    assert client.post("/matters/ladder/", pause | {"longest": "0"}).status_code == 422
    assert client.post("/matters/ladder/", pause).status_code == 302
    assert waiting_for(CLOCKS, PauseReason.SEASON) == ({ClockKind.FINISH, ClockKind.ACCEPT}, 90, True)
    assert client.post("/matters/ladder/", {"form": "x"}).status_code == 404


def test_a_trial_refuses_with_the_sentence_with_which_saving_refuses(cast: Cast) -> None:
    client = cast.client("operator")
    climbing = {"form": "matters-ladder", "used-head": "on", "used-city": "on"}
    climbing |= {f"{name}-{rung}": value for rung in ("head", "township", "city") for name, value in
                 (("amount", "3"), ("unit", "d"))}  # fmt: skip
    waiting = {"form": "matters-season", "offered": "on", "longest": "90", "stops": ["finish"]}
    nobody = {name: value for name, value in climbing.items() if not name.startswith("used")}
    refused = {
        "上级不能比下级先接到，请填更长的时间。": climbing | {"amount-city": "1"},
        "超期总要有人知道，至少保留一级。": nobody,
        "不能因此停下": waiting | {"stops": ["finish", "legal"]},
    }
    for sentence, typed in refused.items():
        for sent in (typed | {"look": "1"}, typed):
            answer = client.post("/matters/ladder/", sent)
            html = answer.content.decode()
            assert answer.status_code == 422, sentence
            assert sentence in html
            # other rooms' ladders stand on the same page with examples of their own
            own = html[html.index('value="matters-ladder"') :].partition("</form>")[0]
            assert "下班前到期的为例" not in own or typed["form"] != "matters-ladder", "nothing is shown of it"
    for reason in PauseReason:
        if reason is not PauseReason.REPORTER:
            gone = {"form": f"matters-{reason}", "longest": "90", "stops": ["finish"]}
            assert client.post("/matters/ladder/", gone).status_code == 302
    last = {"form": f"matters-{PauseReason.REPORTER}", "longest": "30", "stops": ["finish"]}
    said = [client.post("/matters/ladder/", one) for one in (last | {"look": "1"}, last)]
    assert [one.status_code for one in said] == [422, 422]
    assert all("至少保留一种暂停原因。" in one.content.decode() for one in said)
