"""What a form marks as optional may be left empty, and where it may not in some cases, the mark says in which."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.http import QueryDict
from django.urls import reverse

from minqing.core.ids import new_id
from minqing.matters import queries
from minqing.matters.forms.taking_in import NewForm
from minqing.matters.models import Matter
from minqing.visits.forms.diary import DiaryForm
from minqing.web.forms import BootstrapFormMixin
from minqing.web.templatetags.mq import field
from tests.cast import Cast
from tests.matters.lives import Life

pytestmark = pytest.mark.django_db
OPTIONAL = "（可不填）"


def mark(bound: Any) -> str:
    found = re.search(r'class="optional">([^<]*)<', field(bound))
    return found[1] if found else ""


def test_choices_and_forms_of_which_hardly_anything_is_needed_say_it_nowhere() -> None:
    class Till(BootstrapFormMixin, forms.Form):
        unmarked = True
        soap = forms.IntegerField(required=False)

    class Words(BootstrapFormMixin, forms.Form):
        kind = forms.ChoiceField(choices=[("", "不限"), ("1", "一")], required=False)
        note = forms.CharField(required=False)

    assert [mark(one) for one in Till()] == [""]
    assert [mark(one) for one in Words()] == ["", OPTIONAL]


@pytest.mark.parametrize("member", [True, False])
def test_the_diary_says_when_it_must_be_told_who_was_met(cast: Cast, member: bool) -> None:
    members = [("1", "张桂芬")] if member else []
    form = DiaryForm(members=members)
    names = ["met_people", "text", *(["met_residents"] if member else [])]
    for name in names:
        assert "见到人时" in mark(form[name]), name
    assert OPTIONAL in mark(form["visited_on"])


def test_whoever_names_nobody_is_told_so_beside_a_field_that_is_there(cast: Cast) -> None:
    home = cast.household()
    answer = cast.client("cadre").post(
        f"/visits/new/{home.pk}/",
        {"request_id": str(new_id()), "matter_id": str(new_id()), "met": "at_home", "text": "都好"},
    )
    assert answer.status_code == 422
    assert "met_people" in answer.context["form"].errors
    with_member = cast.household()
    cast.resident(with_member)
    answer = cast.client("cadre").post(
        f"/visits/new/{with_member.pk}/",
        {"request_id": str(new_id()), "matter_id": str(new_id()), "met": "at_home", "text": "都好"},
    )
    assert "met_residents" in answer.context["form"].errors


def test_each_question_of_each_category_is_marked_as_it_is_taken(cast: Cast) -> None:
    areas = [(str(cast.own.pk), cast.own.name)]
    asked = 0
    for one in queries.categories():
        data = QueryDict(mutable=True)
        data.update({"request_id": str(new_id()), "channel": "counter", "text": "一", "area": str(cast.own.pk),
                     "category": one.code})  # fmt: skip
        shown = NewForm(initial={"category": one.code}, areas=areas, categories=queries.categories())
        sent = NewForm(data, areas=areas, categories=queries.categories())
        marked = {name for name in shown.fields if OPTIONAL in mark(shown[name])}
        refused = set(sent.errors)
        assert not marked & refused, (one.code, marked & refused)
        # and what is not marked is asked for, unless it is a choice among which there is an empty one
        bare = {
            name for name, one in shown.fields.items()
            if name.startswith("q-") and not mark(shown[name])
            and (one.required or "" not in dict(getattr(one, "choices", ())))
        }  # fmt: skip
        assert bare == {name for name in refused if name.startswith("q-")}, one.code
        asked += len(bare)
    assert asked


def test_who_asks_the_reporter_is_told_that_one_answer_is_needed(cast: Cast) -> None:
    matter = Life(cast).finished()
    page = cast.client("cadre").get(reverse("matters:detail", args=[matter.pk])).content.decode()
    assert page.count("这三项至少答一项") >= 3
    with cast.everything():
        assert Matter.objects.get(pk=matter.pk).state == "finished"
