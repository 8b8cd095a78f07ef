"""What is kept for the next page is right on the next page."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django import forms
from django.template import engines
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext_lazy

from minqing.web.forms import BootstrapFormMixin
from minqing.web.fragment_cache import render_cached
from minqing.web.nav import NavItem


def render(source: str, **context: Any) -> str:
    return engines["django"].from_string(source).render(context)


def test_an_address_is_the_one_that_django_finds() -> None:
    for _twice in range(2):
        for matter, picture in ((uuid4(), uuid4()), (UUID(int=0), uuid4())):
            made = render('{% url "matters:picture" m p %}', m=matter, p=picture)
            assert made == reverse("matters:picture", args=[matter, picture])
            made = render('{% url "matters:move" m "note" as x %}{{ x }}', m=matter)
            assert made == reverse("matters:move", args=[matter, "note"])
        assert render('{% url "matters:list" %}') == reverse("matters:list")
        assert render('{% url "matters:sheet" matter_id=m kind="pdf" %}', m=UUID(int=5)).endswith("pdf")


def test_an_address_that_is_none_says_so_or_leaves_the_variable_empty() -> None:
    with pytest.raises(NoReverseMatch):
        render('{% url "matters:nowhere" %}')
    assert render('{% url "matters:nowhere" as x %}[{{ x }}]') == "[]"


def test_a_part_is_made_for_its_values_and_language() -> None:
    def bar(*labels: str, active: bool = False, count: int = 0) -> str:
        items = (NavItem(label=label, url="/a/", icon="house-door", active=active, count=count) for label in labels)
        return render_cached("web/parts/side_nav.html", nav=tuple(items))

    assert bar("甲") == bar("甲")
    assert len({bar("甲"), bar("乙"), bar("甲", active=True), bar("甲", count=3), bar("甲", "乙")}) == 5
    item = (NavItem(label=gettext_lazy("Sign out"), url="/a/", icon="house-door"),)
    made = []
    for language in ("en", "zh-hans", "en"):
        with translation.override(language):
            made.append(render_cached("web/parts/side_nav.html", nav=item))
    assert "Sign out" in made[0]
    assert "Sign out" not in made[1]
    assert made[2] == made[0]


def test_a_sentence_of_a_template_follows_the_language() -> None:
    template = engines["django"].from_string('{% load i18n %}{% translate "Sign out" %}')
    made = []
    for language in ("en", "zh-hans", "en"):
        with translation.override(language):
            made.append(template.render({}))
    assert made == ["Sign out", made[1], "Sign out"]
    assert made[1] != "Sign out"


def test_a_sentence_in_a_variable_is_not_kept() -> None:
    template = engines["django"].from_string("{% load i18n %}{% translate word %}")
    assert [template.render({"word": word}) for word in ("one", "two")] == ["one", "two"]


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
