"""What is kept for the next page is right on the next page."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.template import engines
from django.utils import translation
from django.utils.translation import gettext_lazy

from minqing.web.forms import BootstrapFormMixin
from minqing.web.fragment_cache import render_cached
from minqing.web.nav import NavItem


def render(source: str, **context: Any) -> str:
    return engines["django"].from_string(source).render(context)


def test_a_part_is_made_for_its_values_and_language() -> None:
    def bar(*labels: str, active: bool = False) -> str:
        items = (NavItem(label=label, url="/a/", icon="house-door", active=active) for label in labels)
        return render_cached("web/parts/side_nav.html", nav=tuple(items))

    assert bar("甲") == bar("甲")
    assert len({bar("甲"), bar("乙"), bar("甲", active=True), bar("甲", "乙")}) == 4
    item = (NavItem(label=gettext_lazy("Sign out"), url="/a/", icon="house-door"),)
    made = []
    for language in ("en", "zh-hans", "en"):
        with translation.override(language):
            made.append(render_cached("web/parts/side_nav.html", nav=item))
    assert "Sign out" in made[0]
    assert "Sign out" not in made[1]
    assert made[2] == made[0]


class Choosing(BootstrapFormMixin, forms.Form):  # type: ignore[misc]
    one = forms.ChoiceField(choices=[("", "—"), ("a", "<b>"), (2, "二")], widget=forms.RadioSelect, help_text="?")
    many = forms.MultipleChoiceField(choices=[("a", "一"), ("b", "二")], widget=forms.CheckboxSelectMultiple)


@pytest.mark.parametrize("data", [None, {"one": "2", "many": ["a"]}, {"one": "x"}])
def test_choices_are_the_inputs_that_django_makes(data: dict[str, Any] | None) -> None:
    form = Choosing(data, initial={"one": "a", "many": ["b"]})
    for bound in form:
        html = render("{% field bound %}", bound=bound)
        for option in bound.subwidgets:
            assert sorted(option.tag()[7:-1].split()) == sorted(found(html, option.id_for_label)[7:-1].split())
    assert "<b>" not in render("{% field bound %}", bound=form["one"])


def found(html: str, ident: str) -> str:
    """The input of that id."""
    end = html.index(">", html.index(f'id="{ident}"')) + 1
    return html[html.rindex("<input", 0, end) : end]
