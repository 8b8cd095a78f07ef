"""Two at the same matter, in both orders: what one has done stands, and the other is told or goes on from there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from minqing.core.ids import new_id
from minqing.deadlines import services as deadlines
from minqing.matters import services, subjects
from minqing.matters.enums import OWN_CLOCKS, Mechanism, Source
from minqing.matters.models import Clock, Matter, Part, Step
from minqing.matters.queries.clocks import CLOCKS
from minqing.matters.services.asking import DoorWord
from minqing.matters.services.closing import hear_nothing
from minqing.org.enums import Role
from minqing.privacy.subjects import Person
from tests.cast import category, person
from tests.matters.lives import Life, june
from tests.pairs import Pair, Refusal, Scenes, Stage, play, stage

__all__ = ["stage"]
pytestmark = [pytest.mark.fault(79), pytest.mark.fault(80)]
SCENES = Scenes()
Values = dict[str, Any]
Lay = Callable[[Life], Matter]


def contested(life: Life) -> Matter:
    """Two units have sent it back."""
    cast = life.cast
    one = life.do(
        "handler", "send_back_matter", life.assigned(), reason="不归我们", proposed=cast.office.pk, at=june(1)
    )
    one = life.do("clerk", "assign_matter", one, unit=cast.office.pk, at=june(1, "11:00"))
    return life.do(
        "office_handler", "send_back_matter", one, reason="不归", proposed=cast.committee.pk, at=june(1, "15:00")
    )


def asked(life: Life) -> Matter:
    return life.do("handler", "ask_extension", life.accepted(), days=3, reason="等材料", at=june(2))


def refused_part(life: Life) -> Matter:
    one = life.joint(life.cast.office.pk)
    return life.do("office_handler", "refuse_part", one, reason="不是", proposed=life.cast.committee.pk, at=june(2))


def merged(life: Life) -> Matter:
    child, cause = life.report(), life.accepted()
    return life.do("clerk", "merge_matter", child, cause=cause, at=june(1, "11:00"))


def with_part(life: Life, one: Matter) -> Values:
    return {"part": life.part(one, life.cast.office.pk).pk}


def units(life: Life, first: str, second: str, **values: Any) -> tuple[Values, Values]:
    return {"unit": getattr(life.cast, first).pk, **values}, {"unit": getattr(life.cast, second).pk, **values}


def both(**values: Any) -> Callable[[Life, Matter], tuple[Values, Values]]:
    return lambda life, one: (values, values)


def apart(first: Values, second: Values) -> Callable[[Life, Matter], tuple[Values, Values]]:
    return lambda life, one: (first, second)


def received(life: Life) -> Matter:
    return life.report()


# verb → a matter of which two people at once want that, who they are, and what each says
MOVES: dict[str, tuple[Lay, str, str, Callable[[Life, Matter], tuple[Values, Values]]]] = {
    "classify_matter": (received, "clerk", "second_clerk", apart({"category": "road"}, {"category": "transport"})),
    "assign_matter": (
        received, "clerk", "second_clerk", lambda life, one: units(life, "bureau", "office", waiting=True)
    ),
    "decide_matter": (contested, "clerk", "leader", lambda life, one: units(life, "bureau", "office", minutes="会商")),
    "transfer_matter": (
        Life.accepted, "handler", "unit_head", lambda life, one: units(life, "office", "committee", reason="更合适")
    ),
    "accept_matter": (Life.assigned, "handler", "unit_head", both()),
    "name_handler": (
        Life.accepted, "unit_head", "unit_head",
        lambda life, one: tuple({"handler": life.cast.account(who).pk} for who in ("handler", "unit_head")),
    ),
    "take_matter": (Life.accepted, "handler", "unit_head", both()),
    "note_progress": (Life.accepted, "handler", "unit_head", apart({"text": "在办"}, {"text": "快了"})),
    "add_note": (received, "clerk", "second_clerk", apart({"text": "一"}, {"text": "二"})),
    "send_back_matter": (
        Life.assigned, "handler", "unit_head",
        lambda life, one: ({"reason": "不归", "proposed": life.cast.office.pk},) * 2,
    ),
    "ask_part": (
        Life.accepted, "handler", "unit_head", lambda life, one: units(life, "office", "committee", task="请核实")
    ),
    "reply_part": (Life.joint, "office_handler", "committee_handler", both(reply="已核实")),
    "refuse_part": (
        lambda life: life.joint(life.cast.office.pk), "office_handler", "office_handler",
        lambda life, one: ({"reason": "不是", "proposed": life.cast.committee.pk},) * 2,
    ),
    "decide_part": (
        refused_part, "clerk", "leader", lambda life, one: ({"minutes": "会商", **with_part(life, one)},) * 2
    ),
    "drop_part": (
        Life.joint, "clerk", "handler", lambda life, one: ({"reason": "不需要", **with_part(life, one)},) * 2
    ),
    "ask_extension": (Life.accepted, "handler", "unit_head", both(days=2, reason="等材料")),
    "grant_extension": (asked, "clerk", "leader", both()),
    "refuse_extension": (asked, "clerk", "leader", both(reason="抓紧")),
    "suspend_matter": (
        Life.accepted, "handler", "unit_head", both(reason="reporter", until=june(20).date(), text="等照片")
    ),
    "resume_matter": (Life.suspended, "handler", "unit_head", both()),
    "finish_matter": (Life.accepted, "handler", "unit_head", both(reply="已换新灯。")),
    "follow_up_matter": (Life.finished, "cadre", "clerk", both(reached=True, solved=True, satisfaction=5)),
    "confirm_matter": (Life.finished, "cadre", "village_secretary", both(solved=True, satisfaction=5)),
    "hear_nothing": (Life.finished, "cadre", "village_secretary", both(source=Source.VISIT)),
    "reopen_matter": (Life.finished, "cadre", "village_secretary", both(reason="又坏了")),
    "decline_matter": (received, "clerk", "second_clerk", both(reason="属于供电公司")),
    "appeal_matter": (
        lambda life: life.do("clerk", "decline_matter", life.report(), reason="属于供电公司", at=june(1)),
        "cadre", "village_secretary", both(reason="是村里的"),
    ),
    "withdraw_matter": (received, "cadre", "village_secretary", both()),
    "split_matter": (merged, "clerk", "second_clerk", both()),
    "supervise_matter": (Life.accepted, "leader", "second_leader", both(order="限期办结")),
    "report_on_matter": (Life.supervised, "handler", "unit_head", apart({"text": "进展"}, {"text": "再进展"})),
    "release_matter": (Life.supervised, "leader", "second_leader", both(reason="已走上正轨")),
    "escalate_matter": (Life.accepted, "system", "system", both()),
}  # fmt: skip
# those of which both are done, one after the other
BOTH = {
    "classify_matter", "name_handler", "note_progress", "add_note", "ask_part", "reply_part", "report_on_matter",
    "follow_up_matter", "hear_nothing", "escalate_matter",
}  # fmt: skip


def service_of(verb: str) -> Any:
    return hear_nothing if verb == "hear_nothing" else getattr(services, verb)


def scene_of(verb: str) -> Callable[[Stage], Pair]:
    lay, first, second, say = MOVES[verb]

    def make(stage: Stage) -> Pair:
        life = Life(stage.cast)
        with transaction.atomic():
            one = lay(life)
            before = Step.objects.filter(matter=one).count()
            mine, theirs = say(life, one)
        ids = new_id(), new_id()

        def call(who: str, id: Any, values: Values) -> Callable[[], Any]:
            return stage.call(who, service_of(verb), id=id, matter=one, **{"at": june(3)} | values)

        def look(*ends: Any) -> None:
            done = [end for end in ends if not isinstance(end, Refusal)]
            assert len(done) == 2 if verb in BOTH else len(done) == 1, ends
            whole(one, before=before, done=len(done), ids=ids)

        return Pair(call(first, ids[0], mine), call(second, ids[1], theirs), look, alike=verb in BOTH)

    make.__name__ = verb
    return make


def whole(one: Matter, *, before: int, done: int, ids: tuple[Any, ...]) -> None:
    """A step for each that was done, and a matter that stands where the last of them left it."""
    now = Matter.objects.get(pk=one.pk)
    steps = Step.objects.filter(matter=one)
    assert steps.filter(pk__in=ids).count() == done
    assert steps.count() >= before + done
    # an id is made before its move: the one who waited may have the older
    assert now.state in set(steps.filter(pk__in=ids).values_list("state", flat=True))
    running = Clock.objects.filter(matter=one, stopped_at=None)
    kinds = list(running.values_list("kind", "part"))
    assert len(kinds) == len(set(kinds)), kinds
    own = running.filter(kind__in=OWN_CLOCKS, part=None).first()
    assert own is None or own.due_at == now.due_at


for _verb in MOVES:
    SCENES.of(service_of(_verb))(scene_of(_verb))


@SCENES.of(services.ask_part)
def two_units_and_one_of_them(stage: Stage) -> Pair:
    """Who comes second asks a unit that is at it already: refused as a whole, and no part of it is left behind."""
    life, cast = Life(stage.cast), stage.cast
    with transaction.atomic():
        one = life.accepted()
    both_units = {cast.office.pk, cast.committee.pk}

    def look(*ends: Any) -> None:
        refused = [end for end in ends if isinstance(end, Refusal)]
        assert len(refused) == 1, ends
        asked = list(Part.objects.filter(matter=one).values_list("unit_id", flat=True))
        now = Matter.objects.get(pk=one.pk)
        assert sorted(asked) == now.supporting
        assert set(asked) in (both_units, {cast.committee.pk}), ends
        assert Clock.objects.filter(matter=one, kind="part", stopped_at=None).count() == len(asked)

    call = {"id": new_id(), "at": june(3), "matter": one, "task": "请核实"}
    return Pair(
        stage.call("handler", services.ask_part, **call, unit=cast.office.pk, also=[cast.committee.pk]),
        stage.call("unit_head", services.ask_part, **call | {"id": new_id()}, unit=cast.committee.pk),
        look,
    )


@SCENES.of(services.unassign_matter, services.accept_matter)
def taken_back_while_the_unit_accepts(stage: Stage) -> Pair:
    """Whoever is first has it: the unit keeps what it took in hand, and does not accept what is gone."""
    life, step = Life(stage.cast), new_id()
    with transaction.atomic():
        one = life.do("clerk", "assign_matter", life.report(), id=step, unit=stage.cast.bureau.pk, at=june(2))
    both = {"matter": one, "at": june(2, "10:02")}

    def look(*ends: Any) -> None:
        assert sorted(isinstance(end, Refusal) for end in ends) == [False, True], ends
        now = Matter.objects.get(pk=one.pk)
        taken = isinstance(ends[1], Refusal)
        assert (now.state, now.lead_unit_id) == (("received", None) if taken else ("accepted", stage.cast.bureau.pk))

    return Pair(
        stage.call("clerk", services.unassign_matter, id=new_id(), step=step, **both),
        stage.call("handler", services.accept_matter, id=new_id(), **both),
        look,
    )


@SCENES.of(services.take_matter, services.name_handler)
def taken_on_while_the_head_names_herself(stage: Stage) -> Pair:
    """Who gives out the work has the last word; whoever takes it on too late is told who has it."""
    life = Life(stage.cast)
    with transaction.atomic():
        one = life.accepted()
    head = stage.cast.account("unit_head")

    def look(took: Any, _named: Any) -> None:
        assert Matter.objects.get(pk=one.pk).handler_id == head.pk
        assert not isinstance(took, Refusal) or took.code == "handled_already", took

    call = {"matter": one, "at": june(2)}
    return Pair(
        stage.call("handler", services.take_matter, id=new_id(), **call),
        stage.call("unit_head", services.name_handler, id=new_id(), handler=head.pk, **call),
        look,
    )


@SCENES.of(services.merge_matter)
def merged_into_each_other(stage: Stage) -> Pair:
    life = Life(stage.cast)
    with transaction.atomic():
        one, other = life.accepted(), life.accepted()

    def look(*ends: Any) -> None:
        states = sorted(Matter.objects.filter(pk__in=[one.pk, other.pk]).values_list("state", flat=True))
        assert states == ["accepted", "merged"], ends

    call = {"id": new_id(), "at": june(2)}
    return Pair(
        stage.call("clerk", services.merge_matter, **call, matter=one, cause=other),
        stage.call("second_clerk", services.merge_matter, **call | {"id": new_id()}, matter=other, cause=one),
        look,
    )


@SCENES.of(subjects.erase)
def two_erased_who_stand_in_the_same_matters(stage: Stage) -> Pair:
    area, text = stage.cast.own, "何桂香与李青松为水争吵。"
    with transaction.atomic():
        ids = [stage.cast.matter(text=text).pk for _n in range(2)]
    people = [
        Person(cause=f"rights:{new_id()}", name=name, areas=frozenset({area.pk})) for name in ("何桂香", "李青松")
    ]

    def look(*_ends: Any) -> None:
        with stage.cast.everything():
            left = "".join(Matter.objects.filter(pk__in=ids).values_list("text", flat=True))
        # neither comes back with what the other one had read before
        assert [one.name for one in people if one.name in left] == []

    one, other = (stage.call("system", subjects.erase, person=person, at=june(2)) for person in people)
    return Pair(one, other, look)


@SCENES.of(subjects.withhold, services.merge_matter)
def objected_to_while_they_are_merged(stage: Stage) -> Pair:
    life = Life(stage.cast)
    with transaction.atomic():
        home = stage.cast.household()
        first, second = life.accepted(), life.accepted()
        with stage.cast.everything():
            Matter.objects.filter(pk__in=[first.pk, second.pk]).update(household=home)
    person = Person(cause=f"rights:{new_id()}", name="何桂香", household=home.pk, alone=True)

    def look(*ends: Any) -> None:
        with stage.cast.everything():
            rows = Matter.objects.filter(pk__in=[first.pk, second.pk])
            assert sorted(rows.values_list("objection", "state")) == [(True, "accepted"), (True, "merged")], ends

    return Pair(
        stage.call("system", subjects.withhold, person=person, at=june(2)),
        stage.call("clerk", services.merge_matter, id=new_id(), matter=second, cause=first, at=june(2)),
        look,
    )


@SCENES.of(services.hear_at_door)
def asked_at_the_door_by_two(stage: Stage) -> Pair:
    life = Life(stage.cast)
    with transaction.atomic():
        home = stage.cast.household()
        one = life.finished()
        with stage.cast.everything():
            Matter.objects.filter(pk=one.pk).update(household=home)
    word = DoorWord(matter_id=one.pk, solved=True, satisfaction=5)

    def call(who: str) -> Callable[[], Any]:
        values = {"household_id": home.pk, "word": word, "visited_at": june(3), "at": june(3)}
        return stage.call(who, services.hear_at_door, visit_id=new_id(), **values)

    def look(*ends: Any) -> None:
        assert [end for end in ends if end is not None and not isinstance(end, Refusal)], ends
        assert Step.objects.filter(matter=one, move="confirm").count() == 1

    return Pair(call("cadre"), call("village_secretary"), look)


@SCENES.of(deadlines.reckon_clocks, deadlines.set_norm)
def a_norm_while_all_is_reckoned(stage: Stage) -> Pair:
    from minqing.deadlines import Target
    from minqing.matters.enums import ClockKind

    life = Life(stage.cast)
    with transaction.atomic():
        one = life.do("clerk", "assign_matter", life.report(), unit=stage.cast.bureau.pk, at=june(1))
        with stage.cast.everything():
            days = Target.parse(Clock.objects.get(matter=one, kind="finish", stopped_at=None).target).days + 1
            Clock.objects.filter(matter=one, stopped_at=None).update(calendar="former")
    norm = {
        "book": CLOCKS,
        "way": Mechanism.IMMEDIATE,
        "kind": ClockKind.FINISH,
        "target": Target(days=days),
        "running": True,
    }

    def look(*ends: Any) -> None:
        row = Clock.objects.get(matter=one, kind="finish", stopped_at=None)
        assert row.due_at == Matter.objects.get(pk=one.pk).due_at
        assert Target.parse(row.target).days == days, ends

    by = stage.actor("system")
    return Pair(
        lambda: deadlines.reckon_clocks(by=by, at=june(2)),
        stage.call("operator", deadlines.set_norm, **norm),
        look,
    )


@SCENES.of(deadlines.escalate_due)
def two_jobs_tell_those_above(stage: Stage) -> Pair:
    life = Life(stage.cast)
    with transaction.atomic():
        one = life.accepted()
    by, late = stage.actor("system"), june(9, "08:31")

    def look(*_ends: Any) -> None:
        assert Step.objects.filter(matter=one, move="escalate").count() == 1

    return Pair(*[lambda: deadlines.escalate_due(by=by, at=late)] * 2, look)


@SCENES.of(deadlines.escalate_due)
def two_jobs_tell_those_above_of_what_no_unit_has(stage: Stage) -> Pair:
    with transaction.atomic():
        one = Life(stage.cast).report()
    by, late = stage.actor("system"), june(2, "17:31")

    def look(*_ends: Any) -> None:
        assert Step.objects.filter(matter=one, move="escalate").count() == 1

    return Pair(*[lambda: deadlines.escalate_due(by=by, at=late)] * 2, look)


@SCENES.of(deadlines.escalate_due, services.assign_matter)
def a_unit_gets_what_is_carried_up_at_that_moment(stage: Stage) -> Pair:
    with transaction.atomic():
        one = Life(stage.cast).report()
    by, late = stage.actor("system"), june(9, "17:31")
    given = {"id": new_id(), "matter": one, "unit": stage.cast.bureau.pk, "at": late}

    def look(*_ends: Any) -> None:
        now = Matter.objects.get(pk=one.pk)
        assert (now.state, now.rung) == ("assigned", "officer")
        assert not Clock.objects.filter(matter=one, kind="assign", escalate_at__isnull=False).exists()

    assign = stage.call("clerk", services.assign_matter, **given)
    return Pair(lambda: deadlines.escalate_due(by=by, at=late), assign, look)


@SCENES.of(deadlines.resume_due)
def two_jobs_take_up_what_waited(stage: Stage) -> Pair:
    life = Life(stage.cast)
    with transaction.atomic():
        one = life.suspended()
    by, over = stage.actor("system"), june(24)

    def look(*_ends: Any) -> None:
        assert Step.objects.filter(matter=one, move="resume").count() == 1

    return Pair(*[lambda: deadlines.resume_due(by=by, at=over)] * 2, look)


@pytest.fixture(scope="module", autouse=True)
def _people(stage: Stage) -> None:
    cast = stage.cast
    with transaction.atomic():
        category("road"), category("transport")
        person(cast, "second_clerk", Role.CLERK, cast.office, cast.town, "林晓")
        person(cast, "second_leader", Role.LEADER, cast.office, cast.city, "何建平")
        person(cast, "office_handler", Role.HANDLER, cast.office, cast.town, "何晓明")
        person(cast, "committee_handler", Role.HANDLER, cast.committee, cast.own, "施小丽")


@SCENES.each()
def test_two_at_once_leave_what_one_after_the_other_would(stage: Stage, scene: Any) -> None:
    play(stage, scene)
