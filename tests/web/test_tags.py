"""Tags and filters of the design system."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from minqing.core.clock import SHANGHAI, now
from minqing.web.templatetags import mq


def render(source: str, **context: Any) -> str:
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize("colour", ["green", "yellow", "red", "grey", "blue", "purple", ""])
def test_a_light_is_never_colour_alone(colour: str) -> None:
    html = mq.light(colour)
    assert "<svg" in html
    assert html.split("</svg>")[1].strip(" </span>")


def test_a_light_escapes_its_text() -> None:
    assert "&lt;b&gt;" in mq.light("red", "<b>")


@pytest.mark.parametrize(("days", "word"), [(0, "今天"), (-1, "昨天"), (1, "明天")])
def test_near_days_have_words(days: int, word: str) -> None:
    with translation.override("zh-hans"):
        assert word in mq.when(now() + dt.timedelta(days=days))


def test_a_time_is_shown_in_the_county_and_kept_for_machines() -> None:
    moment = dt.datetime(2020, 10, 2, 16, 30, tzinfo=dt.UTC)
    with translation.override("zh-hans"):
        html = mq.when(moment)
    assert 'datetime="2020-10-03T00:30:00+08:00"' in html
    assert "2020年10月3日 00:30" in html
    assert mq.when(None) == ""


def test_a_day_has_its_weekday() -> None:
    with translation.override("zh-hans"):
        assert "2020年10月3日 星期六" in mq.localday(dt.date(2020, 10, 3))
        assert "10月3日" in mq.localday(dt.datetime(2020, 10, 2, 16, tzinfo=dt.UTC))
    assert mq.localday(dt.datetime(2020, 10, 3, tzinfo=SHANGHAI)).startswith('<time datetime="2020-10-03"')


def test_a_figure_leads_to_its_rows() -> None:
    html = render('{% figure 7 "Overdue" "/matters/?late=1" light="red" %}')
    assert html.startswith("<a ")
    assert 'href="/matters/?late=1"' in html
    assert render('{% figure 7 "Overdue" %}').startswith("<div")


def test_a_select_escapes_its_options_and_keeps_groups_and_choice() -> None:
    class Form(forms.Form):
        place = forms.ChoiceField(
            choices=[("", "—"), ("<b>", '"><script>'), ("村", [("1", "一"), ("2", "二")])], initial="2"
        )

    html = re.sub(r">\s+<", "><", str(Form()["place"]))
    assert "<script>" not in html
    assert '<option value="&lt;b&gt;">&#34;&gt;&lt;script&gt;</option>' in html
    assert '<optgroup label="村"><option value="1">一</option><option value="2" selected>二</option></optgroup>' in html


@pytest.mark.parametrize(
    ("cookie", "ground"), [({}, "light"), ({"theme": "dark"}, "dark"), ({"theme": "<b>"}, "light")]
)
def test_a_page_is_drawn_on_the_ground_that_the_device_chose(cookie: dict[str, str], ground: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES.update(cookie)
    page = render_to_string("web/plain.html", {}, request=request)
    assert f'data-bs-theme="{ground}"' in page
    assert f'data-theme aria-pressed="{str(ground == "dark").lower()}"' in page
