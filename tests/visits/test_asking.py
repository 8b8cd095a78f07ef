"""How it went, asked at the next visit: of one's household's answered matters, never of confidential ones."""

from __future__ import annotations

import re
from typing import Any

import pytest

from minqing.core import clock
from minqing.core.errors import DomainError
from minqing.core.ids import new_id
from minqing.households.models import Household
from minqing.journal.models import Event
from minqing.matters.enums import Source, State
from minqing.matters.models import Confirmation, Matter, Step
from minqing.matters.queries import matter_for, to_ask_at_door
from minqing.matters.rules import may_ask_at_door
from minqing.matters.services import DoorWord
from minqing.privacy.access import acting_as
from minqing.visits.enums import Met
from minqing.visits.models import DiaryEntry, Visit
from minqing.visits.services import record_visit
from tests.cast import Cast, at
from tests.visits.test_pages import page_of, typed

NOON = at("2026-11-20 12:00")


@pytest.fixture
def house(cast: Cast) -> Household:
    return cast.household()


def answered(cast: Cast, house: Household, **values: Any) -> Matter:
    """A matter of the household that the bureau has answered."""
    given: dict[str, Any] = {
        "household": house, "state": State.FINISHED, "lead_unit": cast.bureau, "assigned_at": at("2026-11-10 09:00"),
        "finished_at": at("2026-11-12 09:00"), "received_at": at("2026-11-09 09:00"),
    }  # fmt: skip
    return cast.matter(**given | values)


def visit(cast: Cast, house: Household, *words: DoorWord, role: str = "cadre", **values: Any) -> Visit:
    actor = cast.actor(role)
    given = {
        "id": new_id(),
        "visited_at": NOON,
        "met": Met.AT_HOME,
        "met_people": "户主",
        "text": "问了路灯的事。",
        "at": NOON,
    }
    with acting_as(actor):
        return record_visit(**given | values, household=house, words=words, by=actor)


def said(cast: Cast) -> list[tuple[Any, ...]]:
    with cast.everything():
        rows = Confirmation.objects.order_by("at", "id")
        return list(rows.values_list("answered", "solved", "satisfaction", "source", "by"))


def state(cast: Cast, matter: Matter) -> str:
    with cast.everything():
        return Matter.objects.get(pk=matter.pk).state


def test_the_word_is_saved_with_the_diary_and_closes_the_matter(cast: Cast, house: Household) -> None:
    matter = answered(cast, house)
    visit(cast, house, DoorWord(matter_id=matter.pk, answered=True, solved=True, satisfaction=4))
    ref = f"user:{cast.account('cadre').pk}"
    assert said(cast) == [(True, True, 4, Source.VISIT, ref)]
    assert state(cast, matter) == State.CONFIRMED
    with cast.everything():
        step = Step.objects.get(matter=matter)
    assert (step.move, step.by, step.by_name) == ("confirm", ref, "王建国")
    assert Event.objects.get(type="visits.visit.recorded").data["words"] == 1


def test_not_solved_reopens_it_and_asks_nobody(cast: Cast, house: Household) -> None:
    matter = answered(cast, house)
    visit(cast, house, DoorWord(matter_id=matter.pk, solved=False))
    assert state(cast, matter) == State.ASSIGNED
    assert said(cast)[0][:3] == (None, False, None), "what was not asked stays open"


def test_the_same_diary_twice_says_it_once(cast: Cast, house: Household) -> None:
    matter, id = answered(cast, house), new_id()
    for _twice in range(2):
        visit(cast, house, DoorWord(matter_id=matter.pk, solved=False), id=id)
    with cast.everything():
        assert (len(said(cast)), Matter.objects.get(pk=matter.pk).reopened) == (1, 1)


def test_a_diary_that_comes_late_is_kept_when_the_matter_was_settled_meanwhile(cast: Cast, house: Household) -> None:
    settled = answered(cast, house, state=State.CONFIRMED, closed_at=at("2026-11-15 09:00"))
    waiting = answered(cast, house)
    words = [DoorWord(matter_id=one.pk, solved=True) for one in (settled, waiting)]
    visit(cast, house, *words)
    with cast.everything():
        assert DiaryEntry.objects.count() == 1
        assert Confirmation.objects.get().matter_id == waiting.pk


def refused(cast: Cast, house: Household, matter: Matter, **values: Any) -> str:
    with pytest.raises(DomainError) as refusal:
        visit(cast, house, DoorWord(matter_id=matter.pk, solved=True), **values)
    assert str(refusal.value.sentence)
    with cast.everything():
        assert not Visit.objects.exists(), "whole or not at all"
    return refusal.value.code


def test_what_may_not_be_asked_is_refused(cast: Cast, house: Household) -> None:
    own = answered(cast, house, lead_unit=cast.committee)
    assert refused(cast, house, own, role="village_secretary") == "own_work"
    shared = answered(cast, house, supporting=[cast.office.id])
    assert refused(cast, house, shared, role="clerk") == "own_work"
    # a clerk may know of it and still does not ask at the door
    secret = answered(cast, house, confidential=True)
    assert refused(cast, house, secret, role="clerk") == "confidential"
    plain = answered(cast, house)
    assert refused(cast, house, plain, met=Met.NOBODY) == "nobody_met"
    assert refused(cast, house, plain, visited_at=at("2026-11-11 12:00")) == "answered_later"


def test_the_list_and_the_rule_agree(cast: Cast, house: Household) -> None:
    elsewhere = cast.household()
    matters = [
        answered(cast, house, **values)
        for values in (
            {}, {"confidential": True}, {"lead_unit": cast.committee}, {"supporting": [cast.committee.id]},
            {"lead_unit": cast.office}, {"supporting": [cast.office.id]}, {"area": cast.far},
            {"state": State.ACCEPTED}, {"state": State.CONFIRMED, "closed_at": NOON}, {"household": elsewhere},
        )
    ]  # fmt: skip
    for role in ("cadre", "village_secretary", "clerk", "other_cadre", "handler", "leader", "auditor"):
        actor = cast.actor(role)
        with acting_as(actor):
            offered = set(to_ask_at_door(actor, house.pk).values_list("pk", flat=True))
            open_ = [one for one in matters if one.state == State.FINISHED and one.household_id == house.pk]
            by_rule = {one.pk for one in open_ if matter_for(actor, one.pk) and may_ask_at_door(actor, one.situation)}
        assert offered == by_rule, role
        assert matters[1].pk not in offered, role


BLOCK = re.compile(r'<details class="asked".*?</details>', re.DOTALL)


def test_the_form_asks_of_each_answered_matter_and_takes_the_word(cast: Cast, house: Household) -> None:
    matter = answered(cast, house, title="路灯不亮")
    answered(cast, house, title="家里的事", confidential=True)
    answered(cast, house, title="村里办的", lead_unit=cast.committee)
    with cast.everything():
        Step.objects.create(
            matter=matter, move="finish", state="finished", at=NOON, by="system:test", text="已换新灯。"
        )
    client = cast.client("village_secretary")
    shown = page_of(client, f"/visits/new/{house.pk}/")
    blocks = BLOCK.findall(shown)
    assert len(blocks) == 1
    assert "路灯不亮" in blocks[0]
    assert "已换新灯。" in blocks[0]
    assert "家里的事" not in shown
    name = f"asked-{matter.pk}"
    values = typed() | {f"{name}-answered": "yes", f"{name}-solved": "yes", f"{name}-satisfaction": "5"}
    first = client.post(f"/visits/new/{house.pk}/", values)
    again = client.post(f"/visits/new/{house.pk}/", values)
    assert first["Location"] == again["Location"]
    assert [row[:4] for row in said(cast)] == [(True, True, 5, Source.VISIT)]
    assert "路灯不亮" in page_of(client, first["Location"])


def test_who_would_not_say_is_written_down_and_the_matter_still_waits(cast: Cast, house: Household) -> None:
    matter = answered(cast, house)
    name, client = f"asked-{matter.pk}", cast.client("cadre")
    both = client.post(f"/visits/new/{house.pk}/", typed() | {f"{name}-declined": "on", f"{name}-solved": "yes"})
    assert (both.status_code, said(cast)) == (422, [])
    made = client.post(f"/visits/new/{house.pk}/", typed() | {f"{name}-declined": "on"})
    assert [row[:4] for row in said(cast)] == [(None, None, None, Source.VISIT)]
    assert state(cast, matter) == State.FINISHED
    assert "问了，不愿表态" in page_of(client, made["Location"])
    with cast.everything():
        assert Confirmation.objects.get().declined
        [step] = Step.objects.filter(matter=matter)
    assert (step.move, step.public, step.text) == ("follow_up", False, "走访时当面问过，反映人不愿表态。")


def test_nothing_ticked_says_nothing(cast: Cast, house: Household) -> None:
    matter = answered(cast, house)
    name = f"asked-{matter.pk}"
    values = typed() | {f"{name}-answered": "", f"{name}-solved": "", f"{name}-satisfaction": ""}
    assert cast.client("cadre").post(f"/visits/new/{house.pk}/", values).status_code == 302
    assert (said(cast), state(cast, matter)) == ([], State.FINISHED)


def test_with_an_error_the_ticks_stay(cast: Cast, house: Household) -> None:
    matter = answered(cast, house)
    values = typed(text="") | {f"asked-{matter.pk}-solved": "no"}
    answer = cast.client("cadre").post(f"/visits/new/{house.pk}/", values)
    assert answer.status_code == 422
    [block] = BLOCK.findall(answer.content.decode())
    assert '<details class="asked" open>' in block
    assert re.search(r'value="no"[^>]*checked', block)


def test_a_page_that_was_open_while_the_matter_was_settled_loses_nothing_and_says_so(
    cast: Cast, house: Household
) -> None:
    matter = answered(cast, house, state=State.CONFIRMED, closed_at=clock.now())
    values = typed() | {f"asked-{matter.pk}-solved": "yes", "asked-nonsense-solved": "yes"}
    client = cast.client("cadre")
    answer = client.post(f"/visits/new/{house.pk}/", values)
    assert answer.status_code == 302
    shown = page_of(client, answer["Location"])
    assert "屋顶漏雨，要人来看。" in shown
    assert "alert-warning" in shown
    assert said(cast) == []
