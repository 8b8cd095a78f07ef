"""Matters of the past: a whole life in one load, as the same life lived here would have left it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from minqing.core.errors import Conflict, Invalid
from minqing.core.ids import new_id, parse_human_number
from minqing.core.point import Point
from minqing.journal.models import Event
from minqing.matters import services
from minqing.matters.enums import Channel, Mechanism, Move, State
from minqing.matters.models import Clock, Confirmation, Matter, Reporter, Step, Supervision
from minqing.matters.queries import by_ticket, search, visible_matters
from minqing.matters.services.history import EVENT, PastMatter, PastStep, PastWord, load_past_matters
from minqing.matters.tickets import digest_of, ticket_of
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from tests.cast import Cast, at

pytestmark = pytest.mark.django_db
CANARY = "CANARY-REPORTER-何大妈"
# columns that tell one matter from another
OWN = {"id", "number", "ticket", "search"}


def step(move: Move, when: str, **values: Any) -> PastStep:
    return PastStep(move, at(f"2025-03-{when}"), "system:old", **values)


def assign(cast: Cast, when: str, **values: Any) -> PastStep:
    return step(Move.ASSIGN, when, unit_id=cast.bureau.id, **{"due_at": at("2025-03-20 17:30")} | values)


def answered(cast: Cast) -> list[PastStep]:
    return [
        step(Move.RECEIVE, "03 09:00", by_name="王建国"),
        assign(cast, "03 10:00", provisional=True),
        step(Move.ACCEPT, "04 08:30"),
        step(Move.ACT, "05 08:30", text="已联系厂家。", public=False),
        step(Move.FINISH, "07 16:00", text="已换新灯。"),
    ]


def past(cast: Cast, steps: Sequence[PastStep], **values: Any) -> PastMatter:
    return PastMatter(
        **{
            "id": new_id(),
            "title": "路灯不亮",
            "text": "村口路灯坏了三天。",
            "area_id": cast.own.id,
            "channel": Channel.COUNTER,
            "steps": steps,
        }
        | values
    )


def load(cast: Cast, *matters: PastMatter) -> int:
    with cast.everything() as by:
        return load_past_matters(matters, by=by)


def loaded(cast: Cast, one: PastMatter) -> Matter:
    load(cast, one)
    with cast.everything():
        return Matter.objects.get(pk=one.id)


def counts(cast: Cast) -> list[int]:
    with cast.everything():
        return [model.objects.count() for model in (Matter, Step, Reporter, Confirmation, Event)]


def test_a_confirmed_matter_comes_with_steps_reply_word_and_reporter(cast: Cast) -> None:
    one = past(
        cast, [*answered(cast), step(Move.CONFIRM, "08 09:00")], category_code="", mechanism=Mechanism.JOINT, likes=3,
        place="村口", point=Point(29.6, 120.8), reporter_name=CANARY, reporter_phone="13912345678",
        word=PastWord(answered=True, solved=True, satisfaction=5, text="谢谢"),
    )  # fmt: skip
    matter = loaded(cast, one)
    assert (matter.state, matter.lead_unit_id, matter.mechanism) == (State.CONFIRMED, cast.bureau.id, Mechanism.JOINT)
    assert (matter.received_at, matter.assigned_at) == (at("2025-03-03 09:00"), at("2025-03-03 10:00"))
    assert (matter.finished_at, matter.closed_at) == (at("2025-03-07 16:00"), at("2025-03-08 09:00"))
    assert (matter.due_at, matter.due_provisional) == (at("2025-03-20 17:30"), True)
    assert (matter.latitude, matter.datum, matter.likes, matter.place) == (29.6, "WGS-84", 3, "村口")
    with cast.everything():
        steps = list(Step.objects.filter(matter=matter).order_by("at"))
        assert [row.move for row in steps] == ["receive", "assign", "accept", "act", "finish", "confirm"]
        assert [row.state for row in steps] == ["received", "assigned", "accepted", "accepted", "finished", "confirmed"]
        assert [row.unit_id for row in steps] == [None, *[cast.bureau.id] * 5]
        assert [(row.text, row.public) for row in steps[3:5]] == [("已联系厂家。", False), ("已换新灯。", True)]
        assert (steps[0].pk, steps[0].by, steps[0].by_name) == (matter.pk, "system:old", "王建国")
        word = Confirmation.objects.get(matter=matter)
        assert (word.answered, word.solved, word.satisfaction, word.text) == (True, True, 5, "谢谢")
        assert (word.at, word.by) == (at("2025-03-08 09:00"), "system:old")
        reporter = Reporter.objects.get(matter=matter)
        assert (reporter.name, reporter.phone) == (CANARY, "13912345678")


def test_a_batch_is_one_event_that_names_nobody(cast: Cast) -> None:
    three = [past(cast, answered(cast), title=CANARY, text=CANARY, reporter_name=CANARY) for _ in range(3)]
    assert load(cast, *three) == 3
    event = Event.objects.get(type=EVENT)
    with cast.everything():
        numbers = sorted(Matter.objects.values_list("number", flat=True))
    assert (event.subject, event.actor) == ("matters", "system:test")
    assert event.data == {"matters": 3, "first": numbers[0]}
    assert CANARY not in str(event.data)
    assert all(parse_human_number(number).startswith("MQ-2025-") for number in numbers), "the year of the receipt"


def test_no_matters_are_no_event(cast: Cast) -> None:
    assert load(cast) == 0
    assert not Event.objects.filter(type=EVENT).exists()


@pytest.mark.parametrize(
    "moves",
    [
        [],
        [Move.ASSIGN],
        [Move.RECEIVE, Move.ACCEPT],
        [Move.RECEIVE, Move.ASSIGN, Move.FINISH],
        [Move.RECEIVE, Move.ASSIGN, Move.ACCEPT, Move.CONFIRM],
        [Move.RECEIVE, Move.RECEIVE],
        [Move.RECEIVE, Move.WITHDRAW, Move.ASSIGN],
        [Move.RECEIVE, Move.WITHDRAW, Move.WITHDRAW],
    ],
)
def test_steps_that_the_life_of_a_matter_forbids_are_refused_with_the_whole_batch(
    cast: Cast, moves: list[Move]
) -> None:
    steps = [
        assign(cast, f"{day:02} 09:00") if move is Move.ASSIGN else step(move, f"{day:02} 09:00")
        for day, move in enumerate(moves, 3)
    ]
    wrong, before = past(cast, steps, title=CANARY), counts(cast)
    with pytest.raises(Invalid) as refused:
        load(cast, past(cast, answered(cast)), wrong)
    assert refused.value.data["matter"] == str(wrong.id)
    assert CANARY not in f"{refused.value} {refused.value.data}"
    assert counts(cast) == before


def test_a_step_before_the_one_it_follows_is_refused(cast: Cast) -> None:
    steps = answered(cast)
    steps[3] = replace(steps[3], at=at("2025-03-04 08:29"))
    with pytest.raises(Invalid):
        load(cast, past(cast, steps))


def test_steps_of_the_same_moment_keep_their_order(cast: Cast) -> None:
    steps = [replace(one, at=at("2025-03-03 09:00")) for one in answered(cast)]
    assert loaded(cast, past(cast, steps)).state == State.FINISHED


def test_a_matter_in_hand_without_a_unit_is_refused(cast: Cast) -> None:
    before = counts(cast)
    with pytest.raises(IntegrityError, match="assigned_has_unit"), transaction.atomic():
        load(cast, past(cast, [step(Move.RECEIVE, "03 09:00"), step(Move.ASSIGN, "03 10:00")]))
    assert counts(cast) == before


def test_loading_the_same_matters_again_is_refused_and_adds_no_step(cast: Cast) -> None:
    one, other = past(cast, answered(cast)), past(cast, answered(cast))
    load(cast, one)
    before = counts(cast)
    for again in ([one], [other, one], [other, other]):
        with pytest.raises(Conflict):
            load(cast, *again)
    assert counts(cast) == before


def test_a_loaded_matter_is_found_by_its_words_its_number_and_its_private_link(cast: Cast) -> None:
    one = past(cast, answered(cast), title="溪边护栏'松动\\了")
    matter = loaded(cast, one)
    clerk = cast.actor("clerk")
    with acting_as(clerk):
        for typed in ("护栏", "路灯", matter.number.lower()):
            assert list(search(visible_matters(clerk), typed)) == [matter], typed
        assert not search(visible_matters(clerk), "水管").exists()
    assert matter.ticket == digest_of(matter.pk)
    assert by_ticket(ticket_of(matter.pk)) == matter


def test_only_who_sees_the_area_can_load_into_it(cast: Cast) -> None:
    clerk = cast.actor("far_clerk")
    before = counts(cast)
    with pytest.raises(Exception, match="row-level security"), transaction.atomic(), acting_as(clerk):
        load_past_matters([past(cast, answered(cast))], by=clerk)
    assert counts(cast) == before


LIVES: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "answered": [("clerk", "assign", {}), ("handler", "accept", {}), ("handler", "finish", {"reply": "已换新灯。"})],
    "sent back": [("clerk", "assign", {}), ("handler", "accept", {}), ("handler", "send_back", {"reason": "不归我们"})],
    "given to another": [("clerk", "assign", {}), ("clerk", "assign", {"due_days": 9})],
    "withdrawn": [("clerk", "assign", {}), ("cadre", "withdraw", {})],
    "withdrawn and back": [
        ("clerk", "assign", {}),
        ("clerk", "withdraw", {}),
        ("clerk", "reopen", {"reason": "又坏了"}),
    ],
    "answered and not solved": [
        ("clerk", "assign", {}),
        ("handler", "accept", {}),
        ("handler", "finish", {"reply": "已换新灯。"}),
        ("clerk", "reopen", {"reason": "又坏了"}),
    ],
}


@pytest.mark.parametrize("year", [2026, 2031], ids=["known holidays", "provisional deadlines"])
@pytest.mark.parametrize("life", LIVES)
def test_a_loaded_life_leaves_the_matter_as_the_same_life_lived_here(cast: Cast, life: str, year: int) -> None:
    lived, steps = live(cast, LIVES[life], year)
    assert lived.due_provisional is (year == 2031 and lived.due_at is not None)
    again = loaded(cast, past(cast, steps, title=lived.title, text=lived.text))
    assert columns(again) == columns(lived)


def live(cast: Cast, moves: Sequence[tuple[str, str, dict[str, Any]]], year: int) -> tuple[Matter, list[PastStep]]:
    """Do the moves through the services; the matter then, and its steps as a former system would tell them."""
    begun, cadre = at(f"{year}-04-01 09:00"), cast.actor("cadre")
    with acting_as(cadre):
        matter = services.report_matter(
            id=new_id(), title="路灯不亮", text="村口路灯坏了三天。", area_id=cast.own.id, channel=Channel.COUNTER,
            by=cadre, at=begun,
        )  # fmt: skip
    steps = [PastStep(Move.RECEIVE, begun, "system:old")]
    for day, (who, verb, more) in enumerate(moves, 2):
        move, when = Move(verb), at(f"{year}-04-{day:02} 09:00")
        actor = cast.actor(who)
        named = {Move.ASSIGN: {"unit": cast.bureau.id}, Move.SEND_BACK: {"proposed": cast.office.id}}
        given = named.get(move, {}) | more
        with acting_as(actor):
            matter = getattr(services, f"{verb}_matter")(id=new_id(), matter=matter, by=actor, at=when, **given)
        steps.append(
            PastStep(
                move, when, "system:old", unit_id=matter.lead_unit_id, due_at=matter.due_at,
                provisional=matter.due_provisional,
            )
        )  # fmt: skip
    return matter, steps


def columns(matter: Matter) -> dict[str, Any]:
    with acting_as(system_actor("test")):
        row = Matter.objects.values().get(pk=matter.pk)
    return {name: value for name, value in row.items() if name not in OWN}


def supervise(when: str) -> PastStep:
    return step(Move.SUPERVISE, when, text="十日内办结", public=False)


def test_a_supervised_matter_of_the_past_has_its_order_which_ended_when_it_was_closed(cast: Cast) -> None:
    steps = [*answered(cast)[:3], supervise("04 09:00"), *answered(cast)[3:], step(Move.CONFIRM, "08 09:00")]
    word = PastWord(answered=True, solved=True, satisfaction=5)
    matter = loaded(cast, past(cast, steps, mechanism=Mechanism.SUPERVISED, word=word))
    with cast.everything():
        order = Supervision.objects.get(matter=matter)
    assert (order.order, order.ordered_by, order.former) == ("十日内办结", "system:old", Mechanism.IMMEDIATE)
    assert (order.ordered_at, order.ended_at) == (at("2025-03-04 09:00"), matter.closed_at)


def test_what_is_still_in_hand_under_an_order_has_the_leader_s_clocks(cast: Cast) -> None:
    steps = [*answered(cast)[:3], supervise("04 09:00")]
    matter = loaded(cast, past(cast, steps, mechanism=Mechanism.SUPERVISED))
    with cast.everything():
        assert Supervision.objects.get(matter=matter).ended_at is None
        clocks = dict(Clock.objects.filter(matter=matter).values_list("kind", "due_at"))
    assert clocks == {
        "finish": at("2025-03-20 17:30"), "supervision": at("2025-04-16 17:30"), "report": at("2025-03-11 17:30"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("more", "mechanism"),
    [
        ([], Mechanism.SUPERVISED),
        ([supervise("07 17:00")], Mechanism.IMMEDIATE),
        ([supervise("05 09:00"), step(Move.RELEASE, "06 09:00")], Mechanism.SUPERVISED),
    ],
)
def test_supervision_without_an_order_is_refused_and_an_order_without_supervision(
    cast: Cast, more: list[PastStep], mechanism: Mechanism
) -> None:
    steps = [*answered(cast)[:3], *more]
    with pytest.raises(Invalid, match="history"):
        load(cast, past(cast, steps, mechanism=mechanism))
    assert counts(cast)[:2] == [0, 0]
