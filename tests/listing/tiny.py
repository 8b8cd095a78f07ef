"""A small list of its own, and the house's addresses with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import path

from minqing.config.urls import urlpatterns as house
from minqing.listing.kinds import Button, Column, Empty, List, Order, Queue
from minqing.listing.queries import Queues
from minqing.listing.views import list_page
from minqing.org.access import PageRequest
from minqing.org.enums import Role
from minqing.org.models import Area
from minqing.web.forms import BootstrapFormMixin, DayField


class TinyFilter(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares the field class as None
    name = forms.CharField(label="名称", required=False)
    level = forms.ChoiceField(label="级别", required=False, choices=[("", "全部"), ("village", "村")])
    since = DayField(label="起", required=False)


def filters(_request: PageRequest, data: QueryDict) -> TinyFilter:
    return TinyFilter(data)


def rows(request: PageRequest, form: Any) -> QuerySet[Area]:
    chosen = form.cleaned_data if form.is_valid() else {}
    found = Area.objects.filter(pk__in=request.actor.areas, name__contains=chosen.get("name", ""))
    return found.filter(level=chosen["level"]) if chosen.get("level") else found


QUEUES = Queues(
    lambda actor: Area.objects.filter(pk__in=actor.areas),
    (
        Queue("villages", "村里", "house", frozenset({Role.CLERK}), lambda _actor, _now: Q(level="village"), ("id",)),
        Queue("towns", "镇上", "house", frozenset({Role.CLERK}), lambda _actor, _now: Q(level="township"), ("id",)),
    ),
)
TINY = List(
    name="tiny",
    label="小列表",
    url="tiny",
    roles={Role.CLERK, Role.CADRE},
    rows=rows,
    orders={"name": Order(("name", "id")), "newest": Order(("-id",), descending=True)},
    columns=(
        Column("名称", lambda area: area.name, order="name"),
        Column("级别", lambda area: area.level),
        Column("编号", lambda area: area.pk, order="newest"),
    ),
    form=filters,
    first=("name",),
    buttons=(Button(label="新建", url="matters:new", icon="plus-lg", roles={Role.CLERK}, main=True),),
    queues=QUEUES,
    below=lambda request: f"<p>一共 {len(request.actor.areas)} 处</p>",
    foot=(Button(label="打印", url="matters:slips", icon="printer", roles={Role.CLERK}),),
    empty=Empty("inbox", "还没有", "以后会有"),
    nothing=Empty("search", "没有找到", "少写几个字"),
    size=2,
)
LINES = List(
    name="lines",
    label="小列表",
    url="lines",
    roles={Role.CLERK},
    rows=lambda request, _form: Area.objects.filter(pk__in=request.actor.areas),
    orders={"": Order(("name",))},
    lines="listing_tests/lines.html",
    shown=lambda _request, areas: [f"〔{area.name}〕" for area in areas],
    empty=Empty("inbox", "还没有"),
)
SAID = "共 %(n)s 个"
urlpatterns = [
    *house,
    path("tiny/", list_page(TINY), name="tiny"),
    path("tiny/counted/", list_page(replace(TINY, size=50, counted=SAID))),
    path("tiny/all/", list_page(replace(TINY, size=50))),
    path("tiny/one-counted/", list_page(replace(TINY, size=1, counted=SAID))),
    path("lines/", list_page(LINES), name="lines"),
]
