"""Forms: sent once, readable when wrong, quiet against robots."""

from __future__ import annotations

import time
import uuid
from typing import Any

import pytest
from django import forms
from django.core import signing
from django.template import engines
from django.utils import translation

from minqing.core.errors import Conflict, Invalid, NotFound, Refused, SentBefore, Stale
from minqing.core.ids import new_id
from minqing.web.forms import DayField, OnceForm, PlaceMixin, PublicForm
from minqing.web.templatetags.mq import field


class Note(OnceForm):
    text = forms.CharField(label="Text", max_length=5, help_text="Short")
    urgent = forms.BooleanField(required=False)
    way = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


def render(template: str, **context: Any) -> str:
    return engines["django"].get_template(template).render(context)


def test_every_form_has_an_id_of_its_own_and_keeps_it_when_it_comes_back() -> None:
    first, second = Note(), Note()
    assert first["request_id"].value() != second["request_id"].value()
    sent = str(uuid.uuid4())
    again = Note({"request_id": sent, "text": "much too long", "way": "a"})
    assert not again.is_valid()
    assert f'value="{sent}"' in str(again["request_id"])


def test_a_browser_cuts_off_nothing_of_a_long_text() -> None:
    class Long(OnceForm):
        text = forms.CharField(max_length=5, widget=forms.Textarea)

    assert "maxlength" not in str(Long()["text"])
    assert "text" in Long({"text": "much too long", "request_id": str(uuid.uuid4())}).errors


def test_a_form_without_its_id_is_refused() -> None:
    assert "request_id" in Note({"text": "x", "way": "a"}).errors
    assert "request_id" in Note({"text": "x", "way": "a", "request_id": "'; DROP"}).errors


def test_a_field_in_error_is_tied_to_its_sentence() -> None:
    form = Note({"text": "much too long"})
    html = str(field(form["text"]))
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_text_helptext id_text_error"' in html
    assert 'id="id_text_error"' in html
    assert 'class="form-control is-invalid"' in html


def test_errors_are_said_in_plain_chinese() -> None:
    with translation.override("zh-hans"):
        form = Note({"text": "much too long"})
        assert form.errors["text"] == ["最多写 5 个字，现在是 13 个字。"]
        assert form.errors["way"] == ["请填写这一项。"]
    with translation.override("zh-hant"):
        assert Note({"text": "x"}).errors["way"] == ["請填寫這一項。"]
    with translation.override("en"):
        assert Note({"text": "x"}).errors["way"] == ["This field is required."]


def test_what_a_person_typed_is_escaped() -> None:
    form = Note({"text": "<script>x</script>"})
    assert "<script>x" not in render("web/parts/fields.html", form=form)


def test_the_summary_links_to_the_fields() -> None:
    html = render("web/parts/errors.html", form=Note({"text": ""}))
    assert 'href="#id_text"' in html
    assert 'role="alert"' in html


def public(age: float = 10, website: str = "") -> PublicForm:
    signer = signing.TimestampSigner(salt="minqing.web.public-form")
    signer.timestamp = lambda: signing.b62_encode(int(time.time() - age))  # type: ignore[method-assign]
    return PublicForm({"request_id": str(uuid.uuid4()), "website": website, "opened": signer.sign("open")})


def test_a_person_gets_through() -> None:
    assert public().is_valid()


@pytest.mark.parametrize(
    ("manner", "field"),
    [({"website": "spam"}, "website"), ({"age": 0}, "opened"), ({"age": 90_000}, "opened")],
    ids=["fills the trap", "too quick", "a day old"],
)
def test_a_robot_does_not(manner: dict[str, Any], field: str) -> None:
    assert field in public(**manner).errors


def test_a_stale_page_comes_back_with_a_fresh_stamp() -> None:
    form = public(age=90_000)
    before = form.data["opened"]
    assert not form.is_valid()
    assert form.data["opened"] != before


class Placed(PlaceMixin, OnceForm):
    pass


@pytest.mark.parametrize(
    ("latitude", "longitude", "good"),
    [("29.7", "120.2", True), ("", "", True), ("29.7", "", False), ("91", "120", False), ("nan", "120", False)],
)
def test_a_place_is_whole_or_absent(latitude: str, longitude: str, good: bool) -> None:
    form = Placed({"request_id": str(uuid.uuid4()), "latitude": latitude, "longitude": longitude, "datum": "WGS-84"})
    assert form.is_valid() is good


@pytest.mark.parametrize(
    ("typed", "right"),
    [("1850-01-01", True), ("2199-12-31", True), ("1849-12-31", False), ("0001-01-01", False), ("9999-12-31", False)],
)
def test_a_day_lies_where_one_can_still_count_days(typed: str, right: bool) -> None:
    class Form(forms.Form):
        day = DayField()

    form = Form({"day": typed})
    assert form.is_valid() is right
    assert ("请填写正确的日期" in str(form.errors)) is not right


@pytest.mark.parametrize("error", [Invalid("count", "太多了"), Conflict("sold_out", "卖完了")])
def test_what_a_service_finds_wrong_stands_in_the_form_with_what_was_typed(error: Exception) -> None:
    form = Typed({"request_id": str(new_id()), "words": "十瓶水"})
    assert form.is_valid()
    assert form.tried(lambda: fails(error)) is None
    assert form.non_field_errors() == [str(error.sentence)]  # type: ignore[attr-defined]
    assert form["words"].value() == "十瓶水"


@pytest.mark.parametrize("error", [Refused("not_yours"), NotFound("gone"), Stale(), SentBefore()])
def test_what_one_may_not_do_or_know_of_and_two_texts_are_pages_of_their_own(error: Exception) -> None:
    form = Typed({"request_id": str(new_id()), "words": "十瓶水"})
    with pytest.raises(type(error)):
        form.tried(lambda: fails(error))


class Typed(OnceForm):
    words = forms.CharField()


def fails(error: Exception) -> None:
    raise error
