"""Machines suggest, people decide: fault 62."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from minqing.core.ids import new_id
from minqing.deadlines import services as deadlines
from minqing.deadlines import tasks as jobs
from minqing.journal.models import Event
from minqing.matters import queries, services, tasks
from minqing.matters.enums import Move, State
from minqing.matters.models import Step
from minqing.org.queries import system_actor
from minqing.routing.queries.advice import advise
from tests.cast import Cast
from tests.matters.lives import Life, monday

pytestmark = [pytest.mark.django_db, pytest.mark.fault(62)]
TEXT = "村口道路坑坑洼洼，下雨积水。"


@pytest.fixture
def life(cast: Cast) -> Life:
    return Life(cast)


def test_what_is_suggested_is_applied_by_nobody_however_long_it_waits(life: Life) -> None:
    matter = life.report(title="", text=TEXT)
    with life.cast.everything():
        advice = advise([queries.matter_for(life.actor("system"), matter.pk) or matter])[matter.pk]
    assert advice.category is not None, "there is something to suggest"
    assert advice.unit is not None
    by, later = system_actor("rounds"), monday("08:30") + timedelta(days=60)
    deadlines.escalate_due(by=by, at=later)
    deadlines.resume_due(by=by, at=later)
    services.draw_call_backs(by=by, at=later)
    deadlines.reckon_clocks(by=by, at=later)
    jobs.ladder(0)
    tasks.call_backs(0)
    jobs.reckon()
    now = life.now(matter)
    assert (now.state, now.category_id, now.lead_unit_id) == (State.RECEIVED, None, None)
    moves = life.look(lambda: set(Step.objects.filter(matter=matter).values_list("move", flat=True)))
    assert moves == {Move.RECEIVE, Move.ESCALATE}, "those above hear that it waits, and nothing else happens"


def test_the_page_says_because_of_which_words_it_suggests(life: Life) -> None:
    matter = life.report(title="", text=TEXT)
    before = life.told(matter)
    page = life.cast.client("clerk").get(reverse("routing:triage")).content.decode()
    assert "坑坑洼洼" in page.split("bi-lightbulb")[-1] or "“坑坑洼洼”" in page
    assert life.told(matter) == before, "looking at a suggestion applies nothing"


def test_it_takes_effect_as_the_move_of_the_person_who_took_it(life: Life) -> None:
    matter = life.report(title="", text=TEXT)
    with life.cast.everything():
        advice = advise([queries.matter_for(life.actor("system"), matter.pk) or matter])[matter.pk]
    assert advice.unit is not None
    assert advice.category is not None
    typed = {
        "request_id": str(new_id()), "unit": str(advice.unit.id), "category": advice.category.code,
        "due_days": str(advice.days), "mechanism": "immediate",
    }  # fmt: skip
    answer = life.cast.client("clerk").post(reverse("routing:route", args=[matter.pk]), typed)
    assert answer.status_code == 302
    event = Event.objects.get(type="matters.matter.assigned")
    assert event.actor == life.actor("clerk").ref
    assert life.last_step(matter).by_name == "孙丽华"
