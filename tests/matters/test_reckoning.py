"""What happens when time passes or the calendar changes: done once, by everybody's leave, whatever fails beside it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.core.actor import Actor
from minqing.deadlines import Target
from minqing.deadlines import services as deadlines
from minqing.deadlines.enums import Rung
from minqing.deadlines.queries import ladder
from minqing.deadlines.services import passing
from minqing.journal.models import Event
from minqing.matters import services
from minqing.matters.enums import ClockKind, Mechanism, Move, State
from minqing.matters.models import CallBack, Clock, Matter, Step
from minqing.matters.queries import Filters, filtered, visible_matters
from minqing.matters.queries.clocks import CLOCKS
from minqing.matters.services import periodic
from minqing.org.models import Unit, WorkDay
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast, at
from tests.matters.lives import Life, june, monday

pytestmark = pytest.mark.django_db
TUESDAY, FRIDAY = june(2), june(5)


@pytest.fixture
def life(cast: Cast) -> Life:
    return Life(cast)


def work(day: date, working: bool) -> None:
    WorkDay.objects.update_or_create(date=day, defaults={"working": working, "name": "", "source": "operator"})


def reckon(when: datetime = TUESDAY) -> passing.Reckoned:
    return deadlines.reckon_clocks(by=system_actor("test"), at=when)


def escalate(when: datetime) -> int:
    return deadlines.escalate_due(by=system_actor("test"), at=when)


def resume(when: datetime) -> int:
    return deadlines.resume_due(by=system_actor("test"), at=when)


# -- the calendar -----------------------------------------------------------------------------------------------------


@pytest.mark.fault(49)
def test_a_day_off_set_later_moves_open_deadlines_and_the_reporter_reads_from_when_to_when(life: Life) -> None:
    matter = life.accepted()
    assert matter.due_at == june(8, "17:30")
    work(june(4).date(), False)
    assert reckon().moved >= 1
    matter = life.now(matter)
    assert matter.due_at == life.clock(matter, ClockKind.FINISH).due_at == june(9, "17:30")
    assert life.clock(matter, ClockKind.FINISH).escalate_at == june(9, "17:30")
    move, text = life.read_outside(matter)[-1]
    assert move == Move.RECKON
    assert "2026-06-08 17:30" in text
    assert "2026-06-09 17:30" in text
    assert matter.state == State.ACCEPTED


@pytest.mark.fault(49)
@pytest.mark.fault(92)
def test_the_reporter_is_told_nothing_of_the_day_by_which_a_clerk_passes_it_on(life: Life) -> None:
    matter = life.report(when=june(1))
    work(june(2).date(), False)
    assert reckon(june(1, "12:00")).moved >= 1
    assert life.now(matter).due_at != matter.due_at
    assert Move.RECKON.value not in [move for move, _text in life.read_outside(matter)]


@pytest.mark.fault(49)
def test_a_make_up_weekend_set_later_brings_deadlines_forward_and_taken_back_restores_them(life: Life) -> None:
    matter = life.accepted()
    work(june(6).date(), True)
    reckon()
    assert life.now(matter).due_at == june(6, "17:30")
    WorkDay.objects.filter(date=june(6).date()).delete()
    reckon()
    assert life.now(matter).due_at == june(8, "17:30")
    assert [move for move, _text in life.read_outside(matter)].count(Move.RECKON) == 2


@pytest.mark.fault(49)
def test_reckoned_twice_is_the_same_as_once(life: Life) -> None:
    matter = life.accepted()
    work(june(4).date(), False)
    assert reckon().looked > 0
    before = life.told(matter)
    assert reckon() == passing.Reckoned(0, 0)
    assert life.told(matter) == before


@pytest.mark.fault(49)
def test_what_stands_still_or_has_stopped_is_left_alone(life: Life) -> None:
    paused, answered = life.suspended(), life.finished()
    met = life.clock(answered, ClockKind.FINISH)
    before = [life.told(paused), life.told(answered)]
    work(june(4).date(), False)
    reckon()
    assert life.now(paused).due_at is None
    assert [life.told(paused)[1], life.told(answered)[1]] == [before[0][1], before[1][1]], "no step"
    again = life.clock(answered, ClockKind.FINISH)
    assert (again.due_at, again.calendar, again.stopped_at) == (met.due_at, met.calendar, met.stopped_at)
    resumed = life.do("handler", "resume_matter", paused, at=june(3))
    assert resumed.due_at == june(10, "17:30"), "a day paused, a day off"


@pytest.mark.fault(49)
def test_the_hours_of_one_unit_move_its_deadlines_alone(life: Life) -> None:
    own = life.accepted()
    other = life.do("clerk", "assign_matter", life.report(), unit=life.cast.office.id, due_days=5, at=monday("09:00"))
    Unit.objects.filter(pk=life.cast.bureau.pk).update(hours=[["09:00", "16:00"]])
    reckon()
    assert (life.now(own).due_at, life.now(other).due_at) == (june(8, "16:00"), june(8, "17:30"))


@pytest.mark.fault(49)
def test_a_granted_extension_and_a_former_pause_are_reckoned_in_again(life: Life) -> None:
    matter = life.do("handler", "resume_matter", life.suspended(), at=june(4))
    matter = life.do("handler", "ask_extension", matter, days=3, reason="等", at=june(5))
    matter = life.do("clerk", "grant_extension", matter, at=june(5))
    assert matter.due_at == june(15, "17:30")
    work(june(9).date(), False)
    reckon(june(8))
    assert life.now(matter).due_at == june(16, "17:30")


def test_many_matters_are_reckoned_in_batches_each_with_one_event(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passing, "BATCH", 2)
    matters = [life.accepted() for _n in range(5)]
    work(june(4).date(), False)
    reckon()
    assert {life.now(one).due_at for one in matters} == {june(9, "17:30")}
    assert Event.objects.filter(type="matters.clocks.reckoned").count() == 3


def test_a_batch_reads_the_calendar_once_a_unit_and_not_once_a_clock(life: Life) -> None:
    for _n in range(2):
        life.accepted()
    work(june(4).date(), False)
    with CaptureQueriesContext(connection) as few:
        reckon()
    for _n in range(8):
        life.accepted()
    work(june(5).date(), False)
    with CaptureQueriesContext(connection) as many:
        reckon()
    days = [sum('FROM "org_workday"' in query["sql"] for query in seen) for seen in (few, many)]
    assert days[0] == days[1], days


@pytest.mark.fault(47)
def test_a_clock_that_cannot_be_read_does_not_hold_up_the_others_and_is_seen(
    life: Life, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = life.accepted(), life.accepted()
    with life.cast.everything():
        Clock.objects.filter(matter=bad, kind=ClockKind.FINISH.value).update(target="?")
    work(june(4).date(), False)
    with caplog.at_level(logging.ERROR, logger="minqing.deadlines"):
        reckon()
    assert life.now(good).due_at == june(9, "17:30")
    assert life.now(bad).due_at == june(8, "17:30")
    assert str(bad.pk) in caplog.text
    assert "ValueError" in caplog.text


# -- pauses that end --------------------------------------------------------------------------------------------------


def test_a_pause_ends_by_itself_when_its_day_is_over_and_not_before(life: Life) -> None:
    matter = life.suspended()
    assert resume(june(20, "23:59")) == 0
    assert resume(june(21, "00:00")) == 1
    assert resume(june(21, "00:05")) == 0
    matter = life.now(matter)
    assert matter.state == State.ACCEPTED
    assert matter.due_at is not None
    assert life.last_step(matter).by == "system:test"


# -- the ladder -------------------------------------------------------------------------------------------------------


def test_the_ladder_is_climbed_rung_by_rung_as_the_days_pass(life: Life) -> None:
    matter = life.accepted()
    assert escalate(june(8, "17:30")) == 0, "not at the very moment that it is due"
    climbed = [(june(8, "17:31"), Rung.HEAD), (june(10, "17:31"), Rung.TOWNSHIP), (june(15, "17:31"), Rung.CITY)]
    for when, rung in climbed:
        assert escalate(when) == 1
        assert escalate(when) == 0
        assert life.now(matter).rung == rung
    assert life.clock(matter, ClockKind.FINISH).escalate_at is None
    assert escalate(june(30)) == 0
    steps = life.look(lambda: list(Step.objects.filter(matter=matter, move=Move.ESCALATE.value).values_list("public")))
    assert steps == [(False,)] * 3, "that is not for the reporter"
    assert life.last_event(matter).data["rung"] == Rung.CITY


def test_after_a_long_night_every_missed_rung_is_a_step_of_its_own(life: Life) -> None:
    matter = life.accepted()
    assert escalate(june(30)) == len(ladder(CLOCKS))
    rungs = Event.objects.filter(type="matters.matter.escalated").order_by("seq").values_list("data__rung", flat=True)
    assert list(rungs) == [Rung.HEAD, Rung.TOWNSHIP, Rung.CITY]
    assert life.now(matter).state == State.ACCEPTED


@pytest.mark.parametrize("become", ["finish", "suspend", "withdraw"])
def test_what_was_answered_waits_or_is_withdrawn_climbs_nothing(life: Life, become: str) -> None:
    matter = life.accepted()
    if become == "finish":
        life.do("handler", "finish_matter", matter, reply="好了", at=june(9))
    elif become == "withdraw":
        life.do("resident", "withdraw_matter", matter, at=june(9))
    else:
        wait = {"reason": "reporter", "until": june(30).date(), "text": "等", "at": june(9)}
        life.do("handler", "suspend_matter", matter, **wait)
    assert escalate(june(29)) == 0


@pytest.mark.fault(46)
@pytest.mark.parametrize("job", [escalate, resume])
def test_two_workers_with_the_same_list_do_it_once(
    life: Life, job: Callable[[datetime], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second has read what is due before the first was done: a worker that was killed and came back."""
    matter = life.accepted() if job is escalate else life.suspended()
    do_one, again = passing.do_one, []

    def slow(book: Any, id: Any, act: Callable[[Matter], Any], *, by: Actor) -> bool:
        if not again:
            again.append(id)
            job(june(22 if job is resume else 9))
        return do_one(book, id, act, by=by)

    monkeypatch.setattr(passing, "do_one", slow)
    job(june(22 if job is resume else 9))
    move = Move.RESUME if job is resume else Move.ESCALATE
    assert life.look(lambda: Step.objects.filter(matter=matter, move=move.value).count()) == 1


@pytest.mark.fault(46)
def test_a_worker_killed_in_the_middle_has_done_whole_matters_and_nothing_by_halves(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    matters = [life.accepted() for _n in range(3)]
    finish, done = periodic.escalate_matter, []

    def killed(**values: Any) -> Any:
        if len(done) == 1:
            finish(**values)
            raise KeyboardInterrupt
        done.append(values)
        return finish(**values)

    monkeypatch.setattr(periodic, "escalate_matter", killed)
    with pytest.raises(KeyboardInterrupt):
        escalate(june(9))
    assert Event.objects.filter(type="matters.matter.escalated").count() == 1, "the first stays done"
    monkeypatch.setattr(periodic, "escalate_matter", finish)
    escalate(june(9))
    assert {life.now(one).rung for one in matters} == {Rung.HEAD}
    assert Event.objects.filter(type="matters.matter.escalated").count() == 3


@pytest.mark.fault(47)
def test_one_matter_that_cannot_be_carried_up_does_not_hold_up_the_others(
    life: Life, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = life.accepted(), life.accepted()
    with life.cast.everything():
        Matter.objects.filter(pk=bad.pk).update(rung="moon")
    with caplog.at_level(logging.ERROR, logger="minqing.deadlines"):
        escalate(june(9))
    assert life.now(good).rung == Rung.HEAD
    assert life.now(bad).rung == "moon"
    assert str(bad.pk) in caplog.text
    assert good.number not in caplog.text


@pytest.mark.fault(47)
def test_one_pause_that_cannot_be_ended_does_not_hold_up_the_others(
    life: Life, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = life.suspended(), life.suspended()
    with life.cast.everything():
        Clock.objects.filter(matter=bad, stopped_at=None).update(target="?")
    with caplog.at_level(logging.ERROR, logger="minqing.deadlines"):
        assert resume(june(22)) == 1
    assert (life.now(good).state, life.now(bad).state) == (State.ACCEPTED, State.SUSPENDED)


# -- days -------------------------------------------------------------------------------------------------------------


@pytest.mark.fault(48)
def test_a_deadline_in_a_year_without_published_holidays_is_kept_and_says_provisional(life: Life) -> None:
    given = {"unit": life.cast.bureau.id, "due_days": 5, "at": at("2031-12-30 09:00")}
    matter = life.do("clerk", "assign_matter", life.report(when=at("2031-12-29 09:00")), **given)
    assert matter.due_at is not None
    assert matter.due_provisional
    assert life.clock(matter, ClockKind.FINISH).provisional


@pytest.mark.fault(50)
@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2028-02-28 23:59", "2028-02-29 17:30"),
        ("2028-02-29 00:00", "2028-03-01 17:30"),
        ("2026-06-01 23:59", "2026-06-02 17:30"),
    ],
)
def test_the_local_day_counts_on_leap_days_and_a_minute_before_midnight(life: Life, moment: str, due: str) -> None:
    given = {"unit": life.cast.bureau.id, "due_days": 1, "at": at(moment)}
    matter = life.do("clerk", "assign_matter", life.report(when=at(moment)), **given)
    assert life.now(matter).due_at == at(due)


# -- the lot ----------------------------------------------------------------------------------------------------------


def draw(when: datetime = FRIDAY) -> int:
    return services.draw_call_backs(by=system_actor("test"), at=when)


def test_the_lot_is_the_same_each_time_and_drawn_once(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periodic, "sample_percent", lambda: 50)
    matters = [life.finished(when=june(4)) for _n in range(6)]
    wanted = {one.pk for one in matters if periodic.is_drawn(one.pk)}
    assert draw() == len(wanted)
    assert draw() == 0
    assert set(life.look(lambda: list(CallBack.objects.values_list("matter_id", flat=True)))) == wanted
    assert Event.objects.filter(type="matters.call_backs.drawn").count() == (1 if wanted else 0)


def test_the_lot_does_not_look_at_what_became_of_the_answer(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periodic, "sample_percent", lambda: 100)
    one, other, third = (life.finished(when=june(4)) for _n in range(3))
    in_hand = life.accepted()
    life.do("resident", "confirm_matter", other, solved=True, at=june(4, "11:00"))
    life.do("resident", "confirm_matter", third, solved=False, at=june(4, "11:00"))
    assert draw() == 3
    drawn = set(life.look(lambda: list(CallBack.objects.values_list("matter_id", flat=True))))
    assert drawn == {one.pk, other.pk, third.pk}
    assert in_hand.pk not in drawn


def test_about_as_many_are_drawn_as_the_norms_say(monkeypatch: pytest.MonkeyPatch) -> None:
    from uuid import UUID

    share = sum(periodic.is_drawn(UUID(int=n * 2**70 + 7)) for n in range(4000)) / 4000
    assert abs(share - periodic.sample_percent() / 100) < 0.02


def test_what_was_answered_long_ago_is_not_drawn(life: Life, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periodic, "sample_percent", lambda: 100)
    life.finished(when=june(2))
    assert draw(june(25)) == 0


def retarget(life: Life, target: str, *, running: bool = True, kind: ClockKind = ClockKind.FINISH) -> int:
    """Set the norm of what is handled at once; how many events that made."""
    before = Event.objects.filter(type="deadlines.norm.changed").count()
    deadlines.set_norm(
        book=CLOCKS,
        way=Mechanism.IMMEDIATE,
        kind=kind,
        target=Target.parse(target),
        by=life.cast.actor("operator"),
        running=running,
    )
    return Event.objects.filter(type="deadlines.norm.changed").count() - before


def test_another_norm_moves_what_runs_by_it_only_where_the_operator_says_so(life: Life) -> None:
    promised = life.assigned(due_days=None)
    said = life.assigned()
    retarget(life, "7d", running=False)
    assert reckon().looked == 0
    assert life.now(promised).due_at == june(8, "17:30"), "five days, as when it began"
    assert (retarget(life, "7d"), retarget(life, "7d")) == (1, 0)
    found = reckon()
    assert (found.looked, found.moved) == (1, 1)
    assert reckon().looked == 0
    assert (life.now(promised).due_at, life.now(said).due_at) == (june(10, "17:30"), june(8, "17:30"))
    text = "本地调整了这项期限，由 2026-06-08 17:30 改为 2026-06-10 17:30。"
    assert life.last_step(promised).text == text


def test_what_is_suspended_or_answered_meanwhile_follows_in_its_own_way(life: Life) -> None:
    """GLPI #15605: another norm that came while a ticket was on hold was counted without the time on hold."""
    waits = life.do("handler", "accept_matter", life.assigned(due_days=None), at=monday("09:30"))
    done = life.do("handler", "accept_matter", life.assigned(due_days=None), at=monday("09:30"))
    given = {"reason": "reporter", "until": june(20).date(), "text": "等您补充照片。", "at": june(2)}
    waits = life.do("handler", "suspend_matter", waits, **given)
    done = life.do("handler", "finish_matter", done, reply="好了", at=june(2))
    retarget(life, "7d")
    reckon(june(2, "12:00"))
    assert (life.now(waits).due_at, life.now(done).due_at) == (None, june(8, "17:30"))
    waits = life.do("handler", "resume_matter", waits, at=june(3))
    assert waits.due_at == june(11, "17:30"), "seven days, and the one that it waited"


def test_in_time_again_it_comes_down_from_the_ladder_and_climbs_it_anew(life: Life) -> None:
    """Zammad #4353: what was carried up already stayed so after its norm was taken away."""
    matter = life.assigned(due_days=None)
    system = system_actor("ladder")
    late = june(11)
    assert deadlines.escalate_due(by=system, at=late) == 2
    assert life.now(matter).rung == Rung.TOWNSHIP
    retarget(life, "20d")
    reckon(late)
    eased = life.now(matter)
    assert (eased.due_at, eased.rung) == (june(30, "17:30"), Rung.OFFICER)
    assert deadlines.escalate_due(by=system, at=late) == 0
    head = life.cast.actor("unit_head")
    with acting_as(head):
        listed = filtered(visible_matters(head), Filters(queue="escalated"), actor=head)
        assert not listed.exists()
    assert deadlines.escalate_due(by=system, at=at("2026-07-01 09:00")) == 1
    assert life.now(matter).rung == Rung.HEAD


def test_time_granted_after_the_deadline_takes_the_matter_down_as_well(life: Life) -> None:
    matter = life.do("handler", "ask_extension", life.accepted(), days=5, reason="等材料", at=june(8))
    assert deadlines.escalate_due(by=system_actor("ladder"), at=june(9)) == 1
    matter = life.do("clerk", "grant_extension", life.now(matter), at=june(9))
    assert (matter.due_at, matter.rung) == (june(15, "17:30"), Rung.OFFICER)
    assert life.clock(matter, ClockKind.FINISH).escalate_at == june(15, "17:30")


def test_weeks_pass_over_the_national_day_and_each_rung_hears_once_and_in_its_working_days(life: Life) -> None:
    """1 to 7 October 2026 are days off and Saturday the 10th is worked; the job comes round four times a day, twice."""
    given = {"unit": life.cast.bureau.id, "due_days": 2, "at": at("2026-09-28 10:00")}
    matter = life.do("clerk", "assign_matter", life.report(when=at("2026-09-28 09:00")), **given)
    assert matter.due_at == at("2026-09-30 17:30")
    heard: list[tuple[str, datetime]] = []
    moment = at("2026-09-28 12:05")
    while moment < at("2026-10-25 00:00"):
        if escalate(moment):
            heard.append((life.now(matter).rung, moment))
        assert escalate(moment) == 0
        moment += timedelta(hours=6)
    assert heard == [
        ("head", at("2026-09-30 18:05")),
        # two working days after the deadline, which the holiday does not count: the 8th and the 9th
        ("township", at("2026-10-09 18:05")),
        # five: the 8th, 9th, 10th, 12th and 13th
        ("city", at("2026-10-13 18:05")),
    ]
    with life.cast.everything():
        assert Step.objects.filter(matter=matter, move=Move.ESCALATE.value).count() == 3
