"""Writes of matters: once per id, one event each, by those who may."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid, NotFound, Refused, SentBefore
from minqing.core.ids import digest, new_id, parse_human_number
from minqing.core.point import Point
from minqing.journal.models import Event
from minqing.matters import queries, services, tickets
from minqing.matters.enums import Channel, Mechanism, Move, State
from minqing.matters.models import Confirmation, Matter, Reporter, Step
from minqing.privacy.access import acting_as
from tests.cast import Cast, at, category

pytestmark = pytest.mark.django_db
RESIDENT = Actor(id=None, kind="resident", name="")
CANARY = "CANARY-REPORTER-何大妈"


def report(cast: Cast, who: str = "cadre", **values: Any) -> Matter:
    actor = cast.actor(who)
    with acting_as(actor):
        return services.report_matter(
            **{
                "id": new_id(),
                "title": "",
                "text": "村口路灯坏了三天。\n晚上看不见路。",
                "area_id": cast.own.id,
                "channel": Channel.COUNTER,
                "by": actor,
            }
            | values
        )


def do(cast: Cast, who: str, verb: str, matter: Matter, **values: Any) -> Matter:
    actor = cast.actor(who)
    with acting_as(actor):
        return getattr(services, verb)(**{"id": new_id(), "matter": matter, "by": actor} | values)


def assigned(cast: Cast, **values: Any) -> Matter:
    return do(cast, "clerk", "assign_matter", report(cast), unit=cast.bureau.id, **values)


def accepted(cast: Cast) -> Matter:
    return do(cast, "handler", "accept_matter", assigned(cast))


def finished(cast: Cast) -> Matter:
    return do(cast, "handler", "finish_matter", accepted(cast), reply="已换新灯。")


def events() -> list[str]:
    return list(Event.objects.filter(subject__startswith="matter:").order_by("seq").values_list("type", flat=True))


def test_a_report_gets_a_number_a_title_and_its_first_step(cast: Cast) -> None:
    matter = report(cast, at=at("2026-01-01 00:30"), point=Point(29.6, 120.8))
    assert parse_human_number(matter.number) == matter.number
    assert matter.number.startswith("MQ-2026-"), "the local year, not that of UTC"
    assert matter.title == "村口路灯坏了三天。"
    assert (matter.state, matter.latitude, matter.datum) == (State.RECEIVED, 29.6, "WGS-84")
    with cast.everything():
        step = Step.objects.get(matter=matter)
        assert (step.pk, step.move, step.by_name) == (matter.pk, Move.RECEIVE, "王建国")
    assert events() == ["matters.matter.received"]


def test_the_same_report_twice_is_one_matter_and_one_event(cast: Cast) -> None:
    first = report(cast, id=(id := new_id()))
    second = report(cast, id=id)
    with pytest.raises(SentBefore):
        report(cast, id=id, text="别的话")
    assert (second.pk, second.text) == (first.pk, first.text)
    assert events() == ["matters.matter.received"]


def test_taking_in_a_matter_costs_eight_statements(cast: Cast) -> None:
    category()
    values = {"reporter_name": CANARY, "reporter_phone": "13800138000", "category_code": "road"}
    with CaptureQueriesContext(connection) as seen, acting_as(RESIDENT):
        services.report_matter(
            id=new_id(), title="", text="灯" * 500, area_id=cast.own.id, channel=Channel.CODE, by=RESIDENT, **values
        )
    # two of them are the caller's own acting_as
    assert len(seen) - 2 == 8, [query["sql"][:80] for query in seen]


def test_a_resident_without_areas_may_report_and_follow_by_the_link(cast: Cast) -> None:
    id = new_id()
    with acting_as(RESIDENT):
        services.report_matter(
            id=id, title="", text="水管破了", area_id=cast.own.id, channel=Channel.CODE, by=RESIDENT,
            reporter_name=CANARY, reporter_phone="138 0013 8000",
        )  # fmt: skip
        assert not Matter.objects.exists(), "nothing is seen without the link"
        token = tickets.ticket_of(id)
        found = queries.by_ticket(token)
        assert found
        assert found.pk == id
        assert found.ticket == digest(token)
        assert queries.by_ticket(token[:-1] + "A") is None or token.endswith("A")
    with acting_as(RESIDENT, ticket=digest(token)):
        assert [step.move for step in queries.steps_of(found)] == [Move.RECEIVE]
        assert Reporter.objects.get().phone == "13800138000"
    assert CANARY not in str(list(Event.objects.values()))


def test_number_and_code_open_the_matter_as_people_type_them(cast: Cast) -> None:
    matter = report(cast)
    code = tickets.follow_code_of(matter.pk)
    assert len(code) == 8
    with acting_as(RESIDENT):
        found = queries.by_number_and_code(matter.number.replace("-", " ").lower(), f" {code[:4].lower()}-{code[4:]}")
        assert found == matter
        assert queries.by_number_and_code(matter.number, "AAAAAAAA") is None
        assert queries.by_number_and_code(matter.number, "错") is None
        assert queries.by_number_and_code("MQ-2026-999999-1", code) is None
        assert queries.by_number_and_code("", "") is None
        assert not Matter.objects.exists(), "looking up leaves nothing open"


def test_tickets_are_the_same_each_time_and_differ_from_the_code(cast: Cast) -> None:
    one, other = new_id(), new_id()
    assert tickets.ticket_of(one) == tickets.ticket_of(one) != tickets.ticket_of(other)
    assert len(tickets.ticket_of(one)) == 22
    assert tickets.follow_code_of(one) not in tickets.ticket_of(one)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"text": " \x00 "}, "text_missing"),
        ({"text": "灯" * 20_001}, "text_too_long"),
        ({"reporter_phone": "12"}, None),
    ],
)
def test_what_cannot_be_right_is_refused_and_leaves_nothing(cast: Cast, values: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        report(cast, **values)
    assert code in {None, refusal.value.code}
    with cast.everything():
        assert not Matter.objects.exists()
    assert events() == []


def test_a_cadre_may_not_report_for_another_place(cast: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        report(cast, "far_cadre")
    assert refusal.value.code == "wrong_party"


def test_somebody_elses_id_is_no_way_to_their_matter(cast: Cast) -> None:
    matter = report(cast)
    with pytest.raises(Conflict):
        report(cast, "far_cadre", id=matter.pk, area_id=cast.far.id)


def test_controls_and_a_hundred_kilobytes_are_stored(cast: Cast) -> None:
    text = "\x00" + "".join(chr(0x4E00 + n * 7 % 20_000) for n in range(19_000)) + "\r\n完 " + "a" * 900
    matter = report(cast, text=text)
    assert "\x00" not in matter.text
    actor = cast.actor("clerk")
    with acting_as(actor):
        assert queries.search(queries.visible_matters(actor), "完").count() == 1


def test_from_assignment_to_confirmation(cast: Cast) -> None:
    matter = do(
        cast, "clerk", "assign_matter", report(cast, at=at("2026-09-30 09:00")), unit=cast.bureau.id, due_days=5,
        note="请尽快", category=category().code, mechanism=Mechanism.JOINT, at=at("2026-09-30 16:00"),
    )  # fmt: skip
    assert matter.due_at == at("2026-10-13 17:30"), "National Day and a make-up weekend lie in between"
    assert (matter.state, matter.mechanism) == (State.ASSIGNED, Mechanism.JOINT)
    matter = do(cast, "handler", "accept_matter", matter)
    matter = do(cast, "handler", "note_progress", matter, text="已派人")
    matter = do(cast, "handler", "finish_matter", matter, reply="已修好")
    assert matter.finished_at
    matter = do(cast, "cadre", "confirm_matter", matter, answered=True, solved=True, satisfaction=5)
    assert matter.state == State.CONFIRMED
    assert events() == [
        f"matters.matter.{verb}" for verb in ("received", "assigned", "accepted", "noted", "finished", "confirmed")
    ]
    with cast.everything():
        word = Confirmation.objects.get()
        assert (word.answered, word.solved, word.satisfaction) == (True, True, 5)
        moves = [step.move for step in queries.steps_of(matter)]
    assert moves == [Move.CONFIRM, Move.FINISH, Move.ACT, Move.ACCEPT, Move.ASSIGN, Move.RECEIVE]


def test_every_move_sent_twice_is_made_once(cast: Cast) -> None:
    matter = report(cast)
    plan: list[tuple[str, str, dict[str, Any]]] = [
        ("clerk", "classify_matter", {"category": category().code}),
        ("clerk", "assign_matter", {"unit": cast.bureau.id}),
        ("handler", "accept_matter", {}),
        ("handler", "note_progress", {"text": "在办"}),
        ("handler", "send_back_matter", {"reason": "不是我们的", "proposed": cast.office.id}),
        ("clerk", "assign_matter", {"unit": cast.bureau.id}),
        ("handler", "accept_matter", {}),
        ("handler", "finish_matter", {"reply": "好了"}),
        ("cadre", "confirm_matter", {"solved": True}),
        ("cadre", "reopen_matter", {"reason": "又坏了"}),
        ("cadre", "withdraw_matter", {}),
    ]
    for who, verb, values in plan:
        before = Event.objects.count()
        id = new_id()
        first = do(cast, who, verb, matter, id=id, **values)
        again = do(cast, who, verb, matter, id=id, **values)
        assert again.state == first.state, verb
        assert Event.objects.count() == before + 1, verb
        matter = again
    with cast.everything():
        assert Step.objects.count() == 1 + len(plan)


def test_an_id_is_good_for_one_matter(cast: Cast) -> None:
    id = new_id()
    do(cast, "clerk", "assign_matter", report(cast), unit=cast.bureau.id, id=id)
    with pytest.raises(Conflict):
        do(cast, "clerk", "assign_matter", report(cast), unit=cast.bureau.id, id=id)


def test_not_solved_reopens_without_anybodys_permission(cast: Cast) -> None:
    matter = finished(cast)
    with acting_as(RESIDENT, ticket=matter.ticket):
        matter = services.confirm_matter(
            id=new_id(), matter=matter, answered=True, solved=False, satisfaction=2, text="还是不亮", by=RESIDENT
        )
    assert (matter.state, matter.reopened, matter.finished_at) == (State.ASSIGNED, 1, None)
    assert matter.due_at
    assert matter.lead_unit_id == cast.bureau.id
    with cast.everything():
        assert Confirmation.objects.get().solved is False
    assert events()[-1] == "matters.matter.reopened"
    assert Event.objects.order_by("-seq")[0].actor == "resident:anonymous"


def test_a_unit_may_send_back_and_still_sees_what_it_returned(cast: Cast) -> None:
    matter = do(cast, "handler", "send_back_matter", assigned(cast), reason="属于水利站", proposed=cast.office.id)
    assert (matter.state, matter.assigned_at, matter.lead_unit_id) == (State.RECEIVED, None, cast.bureau.id)
    assert matter.due_at, "it is to be assigned again in time"
    with acting_as(actor := cast.actor("handler")):
        assert queries.matter_for(actor, matter.pk) == matter


@pytest.mark.parametrize(
    ("verb", "values", "code"),
    [
        ("confirm_matter", {}, "nothing_said"),
        ("confirm_matter", {"solved": True, "satisfaction": 6}, "satisfaction"),
        ("reopen_matter", {"reason": " "}, "text_missing"),
    ],
)
def test_an_empty_word_is_no_word(cast: Cast, verb: str, values: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        do(cast, "cadre", verb, finished(cast), **values)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"unit": 999_999}, "unit"),
        ({"due_days": -1}, "days"),
        ({"category": "no-such"}, "category"),
    ],
)
def test_a_wrong_assignment_is_refused(cast: Cast, values: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        do(cast, "clerk", "assign_matter", report(cast), **{"unit": cast.bureau.id} | values)
    assert refusal.value.code == code


def test_a_far_clerk_does_not_even_find_the_matter(cast: Cast) -> None:
    with pytest.raises(NotFound):
        do(cast, "far_clerk", "assign_matter", report(cast), unit=cast.bureau.id)


def test_another_unit_may_not_finish(cast: Cast) -> None:
    matter = accepted(cast)
    with pytest.raises(Refused) as refusal:
        do(cast, "clerk", "finish_matter", matter, reply="好了")
    assert refusal.value.code == "wrong_party"
