"""The list of what there is for points."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from minqing.listing.kinds import Button, Column, Empty, List, Order, Way
from minqing.org.access import PageRequest
from minqing.redeeming.models import Item
from minqing.redeeming.queries import visible_items
from minqing.redeeming.rules import KEEPERS, READERS
from minqing.web.templatetags.mq import NOTHING


def rows(request: PageRequest, _form: Any) -> QuerySet[Item]:
    return visible_items(request.actor)


def head(item: Item) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("redeeming:item", args=[item.pk]), item.name)


def state(item: Item) -> SafeString | str:
    return str(_("Offered")) if item.active else format_html('<span class="tag">{}</span>', _("Offered no more"))


def add(request: PageRequest) -> Way | None:
    return Way("redeeming:add", _("Add something")) if request.actor.has(*KEEPERS) else None


ITEMS = List(
    name="items",
    label=_("What there is for points"),
    url="redeeming:items",
    roles=READERS,
    rows=rows,
    orders={"price": Order(("-active", "price", "name", "pk"))},
    columns=(
        Column(_("What it is called"), head),
        Column(_("Points"), lambda item: item.price),
        Column(_("Kind"), lambda item: item.kind_label),
        Column(_("A month at most"), lambda item: item.monthly_limit or NOTHING),
        Column(_("For the people of"), lambda item: item.area.name),
        Column(_("State"), state),
    ),
    buttons=(Button(label=_("Add something"), url="redeeming:add", icon="plus-lg", roles=KEEPERS, main=True),),
    empty=Empty("box-seam", _("Nothing yet"), _("What people may have for their points stands here."), add),
)
