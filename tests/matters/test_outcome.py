"""How it went, as the unit that answers says: asked of every answer, told to the reporter, and made up for nobody."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from minqing.core.ids import new_id
from minqing.matters.enums import Outcome
from minqing.matters.models import Matter
from minqing.matters.queries import Filters, filtered, visible_matters
from minqing.matters.tickets import ticket_of
from minqing.privacy.access import acting_as
from tests.cast import Cast
from tests.matters.lives import ANSWER, Life, june

pytestmark = pytest.mark.django_db
NEXT = "其余两处列入下月施工计划。"


def went(one: Matter) -> tuple[str, str, str]:
    return one.outcome, one.outcome_note, one.outcome_label


def finish(life: Life, one: Matter, outcome: Outcome | None, note: str = "", **more: Any) -> Matter:
    given = {"reply": "已办理。", "outcome": outcome, "outcome_note": note, "at": june(3)}
    return life.do("handler", "finish_matter", one, **given | more)


def test_what_is_not_solved_says_why_or_what_comes_next(cast: Cast) -> None:
    life = Life(cast)
    for outcome in (Outcome.PARTLY, Outcome.NOT_NOW):
        life.refused(
            "outcome_note", "handler", "finish_matter", life.accepted(), **ANSWER | {"outcome": outcome}, at=june(3)
        )
    one = finish(life, life.accepted(), Outcome.PARTLY, NEXT)
    assert went(one) == ("partly", NEXT, "解决了一部分")
    assert life.last_event(one).data["outcome"] == "partly"
    # of what is solved nothing is left
    assert went(finish(life, life.accepted(), Outcome.SOLVED, NEXT)) == ("solved", "", "已解决")
    assert went(finish(life, life.accepted(), None)) == ("", "", "未说明办理结果")
    assert went(life.accepted())[2] == ""


def test_it_goes_with_the_answer_when_that_was_none_and_comes_with_the_next(cast: Cast) -> None:
    life = Life(cast)
    one = finish(life, life.accepted(), Outcome.NOT_NOW, NEXT)
    one = life.do("cadre", "reopen_matter", one, reason="又坏了", at=june(4))
    assert went(one) == ("", "", "")


def test_everybody_who_raised_the_same_is_told_how_it_went(cast: Cast) -> None:
    life = Life(cast)
    other, cause = life.report(), life.accepted()
    life.do("clerk", "merge_matter", other, cause=cause, at=june(2))
    finish(life, cause, Outcome.PARTLY, NEXT)
    assert went(life.now(other)) == went(life.now(cause)) == ("partly", NEXT, "解决了一部分")


def test_a_part_has_an_outcome_of_its_own_until_it_is_asked_anew(cast: Cast) -> None:
    life = Life(cast)
    one = life.joint(cast.office.pk)
    life.refused("outcome_note", "office_handler", "reply_part", one, reply="已核实", outcome=Outcome.NOT_NOW)
    one = life.do("office_handler", "reply_part", one, reply="已核实", outcome=Outcome.NOT_NOW, outcome_note=NEXT)
    part = life.part(one, cast.office.pk)
    assert (part.outcome, part.outcome_note) == ("not_now", NEXT)
    page = cast.client("handler").get(reverse("matters:detail", args=[one.pk])).content.decode()
    assert "现在办不了" in page
    assert NEXT in page
    one = life.do("handler", "ask_part", one, unit=cast.office.pk, task="再看", at=june(4))
    part = life.part(one, cast.office.pk)
    assert (part.outcome, part.outcome_note) == ("", "")


@pytest.fixture(autouse=True)
def an_officer_in_the_office(cast: Cast) -> None:
    from minqing.org.enums import Role
    from tests.cast import person

    person(cast, "office_handler", Role.HANDLER, cast.office, cast.town, "韩冰")


def test_the_form_asks_and_none_of_the_three_is_chosen_already(cast: Cast) -> None:
    life = Life(cast)
    one, client = life.accepted(), cast.client("handler")
    address = reverse("matters:move", args=[one.pk, "finish"])
    page = client.get(address).content.decode()
    assert page.count('type="radio" name="outcome"') == 3
    assert 'name="outcome" value="solved" checked' not in page
    typed = {"request_id": str(new_id()), "reply": "已办理。"}
    for wrong in ({}, {"outcome": "partly"}, {"outcome": "never"}):
        assert client.post(address, typed | wrong).status_code == 422, wrong
    assert life.now(one).state == "accepted"
    assert client.post(address, typed | {"outcome": "partly", "outcome_note": NEXT}).status_code == 302
    assert went(life.now(one))[:2] == ("partly", NEXT)


SENTENCES = {
    Outcome.SOLVED: "办理单位说：已经解决。",
    Outcome.PARTLY: "已解决一部分。接下来：",
    Outcome.NOT_NOW: "现在还办不了。原因和下一步：",
    None: "",
}


@pytest.mark.parametrize("outcome", SENTENCES)
def test_the_reporter_reads_it_in_plain_words(cast: Cast, client: Any, outcome: Outcome | None) -> None:
    life = Life(cast)
    one = finish(life, life.accepted(), outcome, NEXT)
    page = client.get(reverse("reporting:follow", args=[ticket_of(one.pk)])).content.decode()
    told = [sentence for sentence in SENTENCES.values() if sentence and sentence in page]
    assert told == list(filter(None, [SENTENCES[outcome]]))
    assert (NEXT in page) is (outcome in {Outcome.PARTLY, Outcome.NOT_NOW})


def test_filter_and_list(cast: Cast) -> None:
    life = Life(cast)
    life.accepted()
    made = {
        "solved": finish(life, life.accepted(), Outcome.SOLVED),
        "partly": finish(life, life.accepted(), Outcome.PARTLY, NEXT),
        "not_now": finish(life, life.accepted(), Outcome.NOT_NOW, NEXT),
        "unsaid": finish(life, life.accepted(), None),
    }
    expected = {name: {one.pk} for name, one in made.items()} | {"left": {made["partly"].pk, made["not_now"].pk}}
    for who in ("leader", "clerk"):
        actor = cast.actor(who)
        with acting_as(actor):
            found = {
                name: set(
                    filtered(visible_matters(actor), Filters(outcome=name), actor=actor).values_list("pk", flat=True)
                )
                for name in expected
            }
        assert found == expected
    page = cast.client("leader").get(reverse("matters:list"), {"outcome": "left"}).content.decode()
    assert "解决了一部分" in page
    assert NEXT not in page


def test_a_leader_reads_of_all_units_together_how_it_went(cast: Cast) -> None:
    life = Life(cast)
    for outcome in (Outcome.SOLVED, Outcome.SOLVED, Outcome.PARTLY, None):
        finish(life, life.accepted(), outcome, NEXT)
    given = {"since": "2026-06-01", "until": "2026-06-30"}
    page = " ".join(cast.client("leader").get(reverse("desk:leader"), given).content.decode().split())
    assert "办结 4 件" in page
    for words in ("已解决 2", "解决了一部分 1", "未说明办理结果 1"):
        assert words in page, words
    assert "现在办不了 " not in page
