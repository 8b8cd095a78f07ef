"""Random walks over all moves, by everybody, as time passes: what must hold of a matter holds after each of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from minqing.core.actor import Actor
from minqing.core.cache_version import assume_versions, current_versions
from minqing.core.errors import DomainError
from minqing.core.ids import new_id
from minqing.deadlines import explain
from minqing.deadlines import services as deadlines
from minqing.deadlines.models import PauseRule
from minqing.deadlines.queries import reckoned, records_of
from minqing.journal.models import Event
from minqing.matters import rules, services
from minqing.matters.enums import (
    CLOSED,
    OPEN,
    OWN_CLOCKS,
    PART_OPEN,
    Channel,
    ClockKind,
    Mechanism,
    Move,
    Outcome,
    PartState,
    PauseReason,
    State,
)
from minqing.matters.lifecycle import MATTER, MOVES, PART
from minqing.matters.models import Clock, Extension, Matter, Part, Step, Supervision
from minqing.matters.queries.clocks import CLOCKS
from minqing.org.enums import Role
from minqing.org.models import WorkDay
from minqing.org.queries import system_actor, work_time
from minqing.privacy.access import acting_as
from tests.cast import Cast, category, person
from tests.matters.lives import RESIDENT, monday

MOVE_OF = {kind.event: move for move, kind in MOVES.items()}
PEOPLE = ("cadre", "clerk", "second_clerk", "handler", "unit_head", "office_handler", "village_secretary", "leader")
# no unit has these, and nobody in one
WITH_NOBODY = {State.RECEIVED, State.WITHDRAWN, State.DECLINED, State.MERGED}
# of a matter or a part: from which state by which move
Made = tuple[str, State | PartState | None, Move]
Make = Callable[["Walk", Matter, int], dict[str, Any]]


def units(walk: Walk, n: int) -> int:
    cast = walk.cast
    return int([cast.bureau.pk, cast.office.pk, cast.committee.pk][n % 3])


def part(walk: Walk, matter: Matter, n: int) -> Any:
    rows = list(Part.objects.filter(matter=matter).order_by("asked_at", "id").values_list("pk", flat=True))
    return rows[n % len(rows)] if rows else new_id()


def word(walk: Walk, matter: Matter, n: int) -> dict[str, Any]:
    return {"solved": [True, False, None][n % 3], "answered": n % 2 == 0, "satisfaction": n % 5 + 1}


VERBS: dict[str, tuple[Move, Make]] = {
    "classify_matter": (
        Move.CLASSIFY,
        lambda w, m, n: {
            "category": ["road", "law"][n % 2],
            "mechanism": [None, Mechanism.JOINT, Mechanism.IMMEDIATE][n % 3],
        },
    ),
    "assign_matter": (
        Move.ASSIGN,
        lambda w, m, n: {"unit": units(w, n), "due_days": n % 7, "category": ["", "road", "law"][n % 3]},
    ),
    "decide_matter": (Move.DECIDE, lambda w, m, n: {"minutes": "会商", "unit": units(w, n) if n % 4 else None}),
    "transfer_matter": (Move.TRANSFER, lambda w, m, n: {"unit": units(w, n), "reason": "更合适"}),
    "accept_matter": (Move.ACCEPT, lambda w, m, n: {}),
    "name_handler": (
        Move.NAME,
        lambda w, m, n: {"handler": w.actors[("handler", "unit_head", "office_handler")[n % 3]].id if n % 4 else None},
    ),
    "take_matter": (Move.TAKE, lambda w, m, n: {}),
    "note_progress": (Move.ACT, lambda w, m, n: {"text": "在办", "public": n % 2 == 0}),
    "add_note": (Move.NOTE, lambda w, m, n: {"text": "记一笔"}),
    "send_back_matter": (Move.SEND_BACK, lambda w, m, n: {"reason": "不归我们", "proposed": units(w, n)}),
    "ask_part": (Move.JOIN, lambda w, m, n: {"unit": units(w, n), "task": "请核实", "due_days": n % 5}),
    "reply_part": (Move.REPLY_PART, lambda w, m, n: {"reply": "已核实"}),
    "refuse_part": (Move.REFUSE_PART, lambda w, m, n: {"reason": "不是", "proposed": units(w, n)}),
    "decide_part": (
        Move.DECIDE_PART,
        lambda w, m, n: {"part": part(w, m, n), "minutes": "会商", "unit": units(w, n) if n % 4 else None},
    ),
    "drop_part": (Move.DROP_PART, lambda w, m, n: {"part": part(w, m, n), "reason": "不需要"}),
    "ask_extension": (Move.ASK_EXTENSION, lambda w, m, n: {"days": n % 9 + 1, "reason": "等材料"}),
    "grant_extension": (Move.GRANT_EXTENSION, lambda w, m, n: {}),
    "refuse_extension": (Move.REFUSE_EXTENSION, lambda w, m, n: {"reason": "抓紧"}),
    "suspend_matter": (
        Move.SUSPEND,
        lambda w, m, n: {
            "reason": list(PauseReason)[n % 3],
            "until": (w.at + timedelta(days=n % 40)).date(),
            "text": "等一等",
        },
    ),
    "resume_matter": (Move.RESUME, lambda w, m, n: {}),
    "finish_matter": (
        Move.FINISH,
        lambda w, m, n: {
            "reply": f"答复{n}",
            "override": "来不及" if n % 2 else "",
            "outcome": [*Outcome, None][n % 4],
            "outcome_note": "续办",
        },
    ),
    "follow_up_matter": (Move.FOLLOW_UP, lambda w, m, n: {"reached": n % 4 > 0, **word(w, m, n)}),
    "confirm_matter": (Move.CONFIRM, word),
    "reopen_matter": (Move.REOPEN, lambda w, m, n: {"reason": "又坏了"}),
    "decline_matter": (Move.DECLINE, lambda w, m, n: {"reason": "属于供电公司"}),
    "appeal_matter": (Move.APPEAL, lambda w, m, n: {"reason": "是村里的"}),
    "withdraw_matter": (Move.WITHDRAW, lambda w, m, n: {}),
    "merge_matter": (Move.MERGE, lambda w, m, n: {"cause": w.row(w.ids[n % len(w.ids)])}),
    "split_matter": (Move.SPLIT, lambda w, m, n: {}),
    "supervise_matter": (Move.SUPERVISE, lambda w, m, n: {"order": "限期办结", "report_days": n % 4 + 1}),
    "report_on_matter": (Move.REPORT, lambda w, m, n: {"text": "进展"}),
    "release_matter": (Move.RELEASE, lambda w, m, n: {"reason": "已走上正轨"}),
    "escalate_matter": (Move.ESCALATE, lambda w, m, n: {}),
}
# what leads further into the life of a matter is tried more often
LIKELY = {
    "accept_matter": 8, "assign_matter": 3, "decide_matter": 4, "ask_part": 4, "reply_part": 4, "refuse_part": 3,
    "decide_part": 4, "ask_extension": 3, "grant_extension": 4, "suspend_matter": 3, "resume_matter": 4,
    "finish_matter": 5, "confirm_matter": 4, "follow_up_matter": 2, "merge_matter": 3, "send_back_matter": 2,
    "transfer_matter": 2, "supervise_matter": 2,
}  # fmt: skip
# Lives by hand, which together make every move that the tables know. A line: which matter, verb, by whom, and the
# number that the values are made from; modulo 3 it is the unit (bureau, office, committee) and which matter is the
# cause.
STORIES: dict[str, str] = {
    "joint": """
        1 assign_matter clerk 21; 1 accept_matter handler 0; 2 assign_matter clerk 24; 2 accept_matter handler 0;
        2 ask_part handler 22; 2 ask_part handler 20""",
    "watched": """
        0 supervise_matter leader 0; 0 add_note clerk 0; 0 escalate_matter system 0; 0 classify_matter clerk 3;
        day off; 0 release_matter leader 0; 0 assign_matter clerk 21; 0 assign_matter clerk 24;
        0 supervise_matter leader 0; 0 add_note leader 0; 0 escalate_matter system 0; 0 classify_matter clerk 6;
        day on; 0 release_matter leader 0; 0 accept_matter handler 0; 0 classify_matter clerk 3;
        0 supervise_matter leader 0; 0 note_progress handler 0; 0 report_on_matter handler 0; 0 add_note handler 0;
        0 escalate_matter system 0; day off; 0 release_matter leader 0; 0 supervise_matter leader 0;
        0 finish_matter handler 1""",
    "hung up": """
        0 assign_matter clerk 21; 0 take_matter handler 0; 0 name_handler unit_head 1; 0 accept_matter handler 0;
        0 name_handler unit_head 0; 0 take_matter handler 0; 0 ask_part clerk 22; 0 ask_part handler 20;
        0 suspend_matter handler 30; 0 name_handler unit_head 4; 0 take_matter unit_head 0;
        0 supervise_matter leader 3; 0 report_on_matter unit_head 0;
        0 note_progress handler 0; 0 reply_part office_handler 0; 0 add_note office_handler 0;
        0 escalate_matter system 0; day off; 0 release_matter leader 0; 0 resume_matter unit_head 0;
        0 supervise_matter leader 2; 0 finish_matter handler 1; 0 add_note clerk 0;
        0 reopen_matter cadre 0; 1 assign_matter clerk 21; 1 accept_matter handler 0; 1 suspend_matter handler 30;
        1 withdraw_matter resident 0""",
    "hung up, all asked": """
        0 assign_matter clerk 21; 0 accept_matter handler 0; 0 ask_part handler 22; 0 ask_part handler 20;
        0 ask_extension handler 3; 0 suspend_matter handler 30; 0 grant_extension leader 0;
        0 refuse_part office_handler 2; 0 decide_part leader 4; 0 drop_part clerk 1; 0 resume_matter unit_head 0;
        0 ask_extension handler 2; 0 suspend_matter handler 33; 0 refuse_extension clerk 0""",
    "parts": """
        0 assign_matter clerk 21; 0 ask_part clerk 22; 0 reply_part office_handler 0; 0 ask_part clerk 22;
        0 refuse_part office_handler 2; 0 decide_part clerk 2; 0 refuse_part village_secretary 1;
        0 drop_part clerk 0; 0 accept_matter handler 0; 0 ask_part handler 22; 0 refuse_part office_handler 2;
        0 decide_part leader 5; 0 reply_part village_secretary 0; 0 ask_part unit_head 23; 0 drop_part handler 1""",
    "more time": """
        0 assign_matter clerk 21; 0 ask_extension handler 3; 0 grant_extension leader 0; 0 ask_extension handler 5;
        0 refuse_extension clerk 0; 1 assign_matter clerk 21; 1 accept_matter handler 0; 1 ask_extension unit_head 2;
        1 grant_extension second_clerk 0; 1 ask_extension handler 2; 1 refuse_extension leader 0;
        2 assign_matter clerk 24; 2 accept_matter handler 0; 2 suspend_matter handler 31; day off""",
    "not mine": """
        0 assign_matter clerk 21; 0 send_back_matter handler 1; 0 assign_matter clerk 22;
        0 accept_matter office_handler 0;
        0 send_back_matter office_handler 2; 0 decide_matter leader 5; 0 accept_matter village_secretary 0;
        1 assign_matter clerk 21; 1 transfer_matter handler 1; 1 accept_matter office_handler 0;
        1 transfer_matter clerk 0; 1 accept_matter handler 0; 1 assign_matter clerk 22""",
    "closed": """
        0 withdraw_matter resident 0; 0 reopen_matter resident 0; 0 decline_matter clerk 0; 0 appeal_matter resident 0;
        0 assign_matter second_clerk 21; 0 decline_matter second_clerk 0; 0 appeal_matter cadre 0;
        0 assign_matter clerk 21; 0 withdraw_matter cadre 0; 0 reopen_matter cadre 0; 2 assign_matter clerk 21;
        2 accept_matter handler 0; 2 decline_matter clerk 0; 1 assign_matter clerk 21;
        1 accept_matter handler 0; 1 finish_matter handler 2; 1 follow_up_matter clerk 8;
        1 confirm_matter resident 0; 1 follow_up_matter clerk 6; 1 add_note clerk 0; 1 reopen_matter resident 0;
        1 accept_matter handler 0; 1 withdraw_matter resident 0""",
    "one cause": """
        0 merge_matter clerk 1; 0 add_note clerk 0; 1 assign_matter clerk 21; 1 accept_matter handler 0;
        1 note_progress handler 0;
        2 assign_matter clerk 21; 2 merge_matter clerk 1; 2 split_matter clerk 0; 2 assign_matter clerk 21;
        2 accept_matter handler 0; 2 merge_matter clerk 1; 2 withdraw_matter resident 0;
        1 finish_matter handler 2""",
    "one cause, declined": "0 merge_matter clerk 1; 1 decline_matter clerk 0; 0 appeal_matter resident 0",
}
# the lives above find what a change breaks; more of these find more
WALKS = int(os.environ.get("MINQING_WALKS", "9"))
# in the middle of a life, or near its end: chance alone seldom comes so far
SHARES = (2, 3, 4)
# a walk tells its moves when it fails; making it shorter takes minutes
PHASES = (Phase.generate,)
# how time passes between two moves, in minutes
PASSING = st.sampled_from([0, 1, 45, 300, 1440, 4 * 1440, 11 * 1440])


class Walk:
    """Three reports in one village; whoever may do something does it, and sometimes somebody tries who may not.

    It is looked at with the eyes of all (``cast.everything``) and acts as one of the cast. What was seen after the
    last move is kept, so that each row is read once after each.
    """

    def __init__(self, cast: Cast, actors: dict[str, Actor]) -> None:
        self.cast, self.actors = cast, actors
        self.at: datetime = monday("08:30")
        self.ids: list[Any] = []
        self.history: list[str] = []
        self.made: set[Made] = set()
        # of each running clock
        self.elapsed: dict[Any, Any] = {}
        # of each matter: how many events, and the state that they lead to
        self.told: dict[Any, tuple[int, State | None]] = {}
        # those that nothing happened to since, of itself or by the calendar
        self.looked: set[Any] = set()
        # its parts, and whether it is under an order
        self.stood: dict[Any, tuple[dict[Any, PartState], bool]] = {}
        self.stamps = current_versions()
        for _n in range(3):
            self.ids.append(self.report())
            self.everything_holds()

    def branch(self) -> Walk:
        """Goes on from here by itself."""
        other = copy(self)
        other.history, other.made = [*self.history], {*self.made}
        other.elapsed, other.told, other.stamps = {**self.elapsed}, {**self.told}, {**self.stamps}
        other.looked, other.stood = {*self.looked}, {**self.stood}
        return other

    def report(self) -> Any:
        cadre = self.actors["cadre"]
        with acting_as(cadre):
            made = services.report_matter(
                id=new_id(), title="路灯不亮", text="坏了", area_id=self.cast.own.pk, channel=Channel.COUNTER, by=cadre,
                at=self.at,
            )  # fmt: skip
        return made.pk

    def row(self, id: Any) -> Matter:
        return Matter.objects.get(pk=id)

    def live(self, lines: list[str]) -> None:
        """Every line of a story is possible."""
        for line in lines:
            self.at += timedelta(minutes=45)
            if line.split()[0] == "day":
                self.the_calendar_changes(ahead=1, working=line.split()[1] == "on")
            else:
                which, verb, who, n = line.split()
                assert self.act(self.row(self.ids[int(which)]), verb, who, int(n)), self.history
            self.everything_holds()

    def somebody_acts(self, which: int, n: int, data: st.DataObject, wild: int) -> None:
        matter = self.row(self.ids[which])
        situation = matter.situation
        able: dict[str, list[str]] = {}
        for verb, (move, _make) in VERBS.items():
            for who, actor in self.actors.items():
                if wild == 0 or rules.may(move, actor, situation):
                    able.setdefault(verb, []).append(who)
        # first what, then by whom: what everybody may do would crowd out the rest; and what was not done yet first
        new = {verb for verb in able if not any(move == VERBS[verb][0] for _kind, _state, move in self.made)}
        verb = data.draw(
            st.sampled_from([verb for verb in able for _n in range(LIKELY.get(verb, 1) + 6 * (verb in new))])
        )
        who = data.draw(st.sampled_from(able[verb]))
        self.act(matter, verb, who, n)

    def act(self, matter: Matter, verb: str, who: str, n: int) -> bool:
        """Whether it was done; either way what must be so afterwards is looked at."""
        move, make = VERBS[verb]
        actor, id = self.actors[who], new_id()
        parts, ordered = self.stood[matter.pk]
        merged = self.merged(matter) if move in {Move.FINISH, Move.DECLINE} else []
        waiting = any(state in PART_OPEN for state in parts.values())
        values = make(self, matter, n)
        try:
            ticket = (matter.ticket or "") if who == "resident" else ""
            with transaction.atomic(), acting_as(actor, ticket=ticket), assume_versions(self.stamps):
                done = getattr(services, verb)(id=id, matter=matter, by=actor, at=self.at, **values)
        except DomainError:
            done = None
        self.history.append(f"{verb} {n} by {who} on {self.ids.index(matter.pk)}: {'done' if done else 'refused'}")
        if done is None:
            assert self.counted(matter) == [self.told[matter.pk][0]] * 2, self.history
            return False
        assert self.counted(matter) == [self.told[matter.pk][0] + 1] * 2, self.history
        self.must_be_so(matter, verb, id, values, waiting=waiting, merged=merged)
        self.everything_holds()
        now, still = self.stood[matter.pk]
        for key, state in now.items():
            if state != parts.get(key):
                self.made.add(("part", parts.get(key), move))
        if ordered and not still:
            closed = self.told[matter.pk][1] in CLOSED
            assert closed or (verb, who) == ("release_matter", "leader"), self.history
        return True

    def must_be_so(
        self, matter: Matter, verb: str, id: Any, values: dict[str, Any], *, waiting: bool, merged: list[Any]
    ) -> None:
        step = Step.objects.get(pk=id)
        assert (step.matter_id, step.at) == (matter.pk, self.at), self.history
        assert not (verb == "send_back_matter" and matter.bound), "what is bound is never sent back"
        if verb == "finish_matter":
            assert not waiting or step.aside, "an open part without a recorded override"
            for other in merged:
                assert self.row(other).state == State.FINISHED
                assert Step.objects.filter(matter=other, move=Move.FINISH.value, text=values["reply"]).exists()
        if verb == "decline_matter":
            assert {self.row(other).state for other in merged} <= {State.DECLINED.value}

    def counted(self, matter: Matter) -> list[int]:
        events = Event.objects.filter(subject=f"matter:{matter.pk}").count()
        return [events, Step.objects.filter(matter=matter).count()]

    def merged(self, matter: Matter) -> list[Any]:
        return list(Matter.objects.filter(cause=matter, state=State.MERGED.value).values_list("pk", flat=True))

    def the_system_does_its_rounds(self) -> None:
        by = self.actors["system"]
        deadlines.resume_due(by=by, at=self.at)
        deadlines.escalate_due(by=by, at=self.at)
        services.draw_call_backs(by=by, at=self.at)
        assert deadlines.resume_due(by=by, at=self.at) == 0
        assert deadlines.escalate_due(by=by, at=self.at) == 0
        assert services.draw_call_backs(by=by, at=self.at) == 0
        self.history.append("the system's rounds")

    def the_calendar_changes(self, ahead: int, working: bool) -> None:
        day = (self.at + timedelta(days=ahead)).date()
        WorkDay.objects.update_or_create(date=day, defaults={"working": working, "name": "", "source": "operator"})
        self.stamps = current_versions()
        by = self.actors["system"]
        deadlines.reckon_clocks(by=by, at=self.at)
        # days that were worked may not have been, now
        self.elapsed.clear()
        assert deadlines.reckon_clocks(by=by, at=self.at).looked == 0
        self.history.append(f"{day} is {'worked' if working else 'off'}")
        self.looked.clear()

    def everything_holds(self) -> None:
        """Of what something happened to since the last look."""
        subjects = {f"matter:{id}": id for id in self.ids}
        rows = Event.objects.filter(subject__in=subjects, type__in=MOVE_OF).order_by("seq")
        lives: dict[Any, list[tuple[str, str]]] = {}
        for subject, kind, data in rows.values_list("subject", "type", "data"):
            lives.setdefault(subjects[subject], []).append((kind, data["state"]))
        for id, life in lives.items():
            before, state = self.told.get(id, (0, None))
            if len(life) == before and id in self.looked:
                continue
            for kind, to in life[before:]:
                if (state, MOVE_OF[kind], to) == (State.MERGED, Move.MERGE, "merged"):
                    # it goes along with what it was handled with, and stays where it is
                    continue
                self.made.add(("matter", state, MOVE_OF[kind]))
                state = MATTER.target(state, MOVE_OF[kind])
                assert state == to, (self.history, kind, to)
            self.told[id] = len(life), state
            self.holds(self.row(id))
            self.looked.add(id)

    def holds(self, matter: Matter) -> None:
        state, told = State(matter.state), self.history
        clocks = list(Clock.objects.filter(matter=matter).select_related("unit", "part"))
        running = [row for row in clocks if row.stopped_at is None]
        steps = list(Step.objects.filter(matter=matter).values_list("move", flat=True))
        assert (len(steps), state) == self.told[matter.pk], told
        finish = [row for row in running if row.kind in OWN_CLOCKS]
        assert len(finish) <= 1, told
        if state in OPEN:
            assert matter.due_at == (finish[0].due_at if finish else None), told
        else:
            assert not running, (told, [row.kind for row in running])
        if state in {State.ASSIGNED, State.ACCEPTED, State.SUSPENDED}:
            assert finish, told
        if state is State.RECEIVED:
            assert [row.kind for row in finish] == [ClockKind.ASSIGN], told
            assert not {row.kind for row in running} & {ClockKind.FINISH, ClockKind.ACCEPT, ClockKind.PART}, told
        for row in clocks:
            assert row.stopped_at is None or row.stopped_at >= row.started_at, told
            assert row.due_at is None or row.due_at >= row.started_at, told
            assert row.escalate_at is None or (row.stopped_at is None and row.kind in OWN_CLOCKS), told
        self.time_stands_still_in_a_pause(matter, running)
        parts = self.parts_agree(matter, running)
        supervised = matter.mechanism == Mechanism.SUPERVISED and state not in CLOSED
        ordered = Supervision.objects.filter(matter=matter, ended_at=None).exists()
        assert ordered == supervised, (told, state, matter.mechanism)
        self.stood[matter.pk] = parts, ordered
        asked = Extension.objects.filter(matter=matter, granted=None).select_related("clock")
        assert all(one.clock.stopped_at is None for one in asked), told
        assert not (matter.contested and state in {State.ASSIGNED, State.ACCEPTED, State.SUSPENDED}), told
        assert matter.outcome == "" or state in {State.FINISHED, State.CONFIRMED}, told
        assert matter.handler_id is None or state not in WITH_NOBODY, told
        if state is State.MERGED:
            assert matter.cause is not None, told
            assert matter.cause.state in OPEN, (told, matter.cause.state)
        if state in {State.FINISHED, State.CONFIRMED}:
            assert Move.FINISH.value in steps, told
        if state is State.CONFIRMED:
            assert matter.confirmations.exists(), told

    def time_stands_still_in_a_pause(self, matter: Matter, running: list[Clock]) -> None:
        record = records_of(CLOCKS, [matter.pk])[matter.pk]
        paused = any(one.ended_at is None for one in record.pauses)
        assert paused == (matter.state == State.SUSPENDED), self.history
        with assume_versions(self.stamps):
            for row in running:
                work = work_time(row.unit)
                now, later = (
                    reckoned(CLOCKS, row, record, work, self.at + timedelta(days=days)) for days in (0, 9)
                )  # fmt: skip
                assert now.elapsed >= self.elapsed.get(row.pk, now.elapsed), (self.history, row.kind, "ran backward")
                self.elapsed[row.pk] = now.elapsed
                assert row.due_at == now.due_at, (self.history, row.kind, "what is stored is what it comes to")
                assert explain(now), self.history
                if now.paused:
                    assert now.elapsed == later.elapsed, self.history
                    assert now.left == later.left or now.due_at is None, self.history

    def parts_agree(self, matter: Matter, running: list[Clock]) -> dict[Any, PartState]:
        parts = list(Part.objects.filter(matter=matter))
        asked = sorted(str(one.pk) for one in parts if one.state == PartState.ASKED)
        assert sorted(str(row.part_id) for row in running if row.kind == ClockKind.PART) == asked, self.history
        live = {one.unit_id for one in parts if one.state != PartState.DROPPED}
        if matter.state in {State.ASSIGNED, State.ACCEPTED, State.SUSPENDED}:
            assert set(matter.supporting) == live, self.history
            assert matter.mechanism != Mechanism.IMMEDIATE or not asked, self.history
        else:
            assert not [one for one in parts if one.state in PART_OPEN], self.history
        leads = [one for one in parts if one.unit_id == matter.lead_unit_id and one.state in PART_OPEN]
        assert not leads, self.history
        return {one.pk: PartState(one.state) for one in parts}


class Walks(RuleBasedStateMachine):
    """From where ``begun`` is: the walk's savepoint is rolled back when it ends."""

    begun: ClassVar[Walk]

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.walk = self.begun.branch()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    @rule(which=st.integers(0, 2), minutes=PASSING, n=st.integers(0, 1000), data=st.data(), wild=st.integers(0, 19))
    def something_happens(self, which: int, minutes: int, n: int, data: st.DataObject, wild: int) -> None:
        walk = self.walk
        walk.at += timedelta(minutes=minutes)
        if not (which or minutes or n or wild):
            # the simplest of all walks comes first each time, and costs nothing
            return
        if wild == 1:
            walk.the_system_does_its_rounds()
        elif wild == 2:
            walk.the_calendar_changes(ahead=n % 30, working=n % 2 == 0)
        else:
            walk.somebody_acts(which, n, data, wild)
        walk.everything_holds()


@pytest.fixture
def walkers(cast: Cast) -> Iterator[Callable[[], Walk]]:
    """Everybody who walks, and two kinds of matter."""
    person(cast, "second_clerk", Role.CLERK, cast.office, cast.town, "林晓")
    person(cast, "office_handler", Role.HANDLER, cast.office, cast.town, "何晓明")
    category("road", working_days=4)
    category("law", name="拖欠工资", working_days=6, legal_term="30nd")
    # whoever waits for the season has only the reports stopped: its own clock runs on
    PauseRule.objects.update_or_create(room="matters", reason="season", defaults={"stops": ["report"], "longest": 366})
    actors = {who: cast.actor(who) for who in PEOPLE} | {"resident": RESIDENT, "system": system_actor("walk")}
    with cast.everything():
        yield lambda: Walk(cast, actors)


@contextmanager
def undone() -> Iterator[None]:
    """What happens within is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_every_move_of_the_tables_is_made_and_the_matter_stays_sound(walkers: Callable[[], Walk]) -> None:
    made: set[Made] = set()
    for story in STORIES.values():
        with undone():
            walk = walkers()
            walk.live(story.split(";"))
            made |= walk.made
    known_moves = {("matter", *one) for one in MATTER.transitions} | {("part", *one) for one in PART.transitions}
    # taken back within five minutes of the own assignment: tests/routing/test_unassigning.py
    in_time = {("matter", State.ASSIGNED, Move.UNASSIGN)}
    assert sorted(map(str, known_moves - made - in_time)) == []


@pytest.mark.slow
@pytest.mark.django_db
def test_whatever_people_do_in_whatever_order_the_matter_stays_sound(walkers: Callable[[], Walk]) -> None:
    """From three places in each of the lives: what comes before is lived once for all walks from there."""
    shared = dict(zip([(share, story) for share in SHARES for story in sorted(STORIES)], spread(WALKS), strict=False))
    for story in sorted(STORIES):
        with undone():
            Walks.begun, lines, lived = walkers(), STORIES[story].split(";"), 0
            for share in SHARES:
                upto = len(lines) * share // 4
                Walks.begun.live(lines[lived:upto])
                lived = upto
                walk_on(shared.get((share, story), 0))


def spread(walks: int) -> list[int]:
    """So many for each place to begin at."""
    places = len(SHARES) * len(STORIES)
    return [walks // places + (place < walks % places) for place in range(places)]


def walk_on(walks: int) -> None:
    if walks:
        told = settings(
            # the first of all is the simplest one, in which nothing happens
            max_examples=walks + 1, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck),
            print_blob=False, report_multiple_bugs=False, phases=PHASES, database=None,
        )  # fmt: skip
        run_state_machine_as_test(Walks, settings=told)
