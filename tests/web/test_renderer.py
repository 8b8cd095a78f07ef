"""Widgets look as Django's own templates make them."""

from __future__ import annotations

import datetime as dt
import html
import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape

from minqing.core.clock import SHANGHAI
from minqing.web.forms import FEW, BootstrapFormMixin, LongSelect, PublicForm
from minqing.web.renderer import Renderer

HARD = "<b> \"'&村"
MOMENT = dt.datetime(2026, 2, 14, 9, 5, tzinfo=SHANGHAI)
CHOICES = [("", "—"), (HARD, HARD), ("村", [("1", "一"), ("2", HARD)])]
WIDGETS: list[tuple[forms.Widget, Any]] = [
    *((widget(attrs={"placeholder": HARD, "maxlength": 5, "autofocus": True, "hidden": False}), HARD)
      for widget in (forms.TextInput, forms.Textarea, forms.HiddenInput, forms.EmailInput, forms.URLInput)),
    (forms.NumberInput(attrs={"min": 0, "step": "any"}), 1234567.5), (forms.PasswordInput(), HARD),
    (forms.CheckboxInput(), True), (forms.CheckboxInput(), False),
    (forms.DateInput(), dt.date(2026, 2, 14)), (forms.SplitDateTimeWidget(), MOMENT),
    (forms.FileInput(), None), (forms.ClearableFileInput(), None), (forms.MultipleHiddenInput(), ["1", HARD]),
    *((widget(choices=CHOICES), value) for widget, value in (
        (forms.Select, HARD), (forms.Select, "2"), (forms.SelectMultiple, ["1", HARD]), (forms.RadioSelect, "1"),
        (forms.CheckboxSelectMultiple, ["1", "2"]))),
    (forms.NullBooleanSelect(), True),
]  # fmt: skip


def plain(text: str) -> str:
    """Without what no browser shows a difference for."""
    return html.unescape(re.sub(r"\s*(<[^>]*>)\s*", r"\1", " ".join(text.split())))


@pytest.mark.parametrize(("widget", "value"), WIDGETS, ids=lambda one: type(one).__name__)
def test_a_widget_is_what_django_s_own_templates_make_of_it(widget: forms.Widget, value: Any) -> None:
    made = widget.render("name", value, {"id": "id_name"}, renderer=Renderer())
    own = widget.render("name", value, {"id": "id_name"}, renderer=DjangoTemplates())
    assert "<b>" not in made
    assert plain(made) == plain(own)


@pytest.mark.parametrize("value", [None, "", HARD, "2", ["2"]])
def test_a_long_select_is_a_select(value: Any) -> None:
    made = LongSelect(choices=CHOICES, attrs={"class": "x"}).render("name", value, {"id": "i"}, renderer=Renderer())
    own = forms.Select(choices=CHOICES, attrs={"class": "x"}).render(
        "name", value, {"id": "i"}, renderer=DjangoTemplates()
    )
    assert plain(made) == plain(own)


class Choosing(BootstrapFormMixin, forms.Form):
    few = forms.ChoiceField(choices=[(str(n), f"村{n}") for n in range(FEW)])
    many = forms.ChoiceField(choices=[("", HARD), *((str(n), f"单村{n}") for n in range(FEW))], required=False)
    several = forms.MultipleChoiceField(choices=[("镇", [(str(n), f"村{n}") for n in range(FEW + 1)])], required=False)


class Asked(PublicForm):
    many = forms.ChoiceField(choices=[(str(n), f"村{n}") for n in range(FEW + 1)])


def test_a_select_with_many_options_says_how_each_is_read() -> None:
    form = Choosing({"many": "3", "several": ["1", "4"]})
    assert "data-combo" not in str(form["few"])
    made = str(form["many"])
    assert "data-combo" in made
    assert '<option value="3" selected data-py="dan cun|shan cun">单村3</option>' in made
    # what stands for nothing is not looked for
    assert f'<option value="">{conditional_escape(HARD)}</option>' in made
    made = str(form["several"])
    assert " multiple" in made
    assert made.count(" selected") == 2
    assert '<optgroup label="镇">' in made
    # a resident's page has no script for it
    assert "data-combo" not in str(Asked()["many"])
