"""The lists of units and of people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from minqing.administration.forms.hours import hours_text
from minqing.administration.forms.people import PeopleFilter
from minqing.administration.forms.units import UnitFilter
from minqing.administration.rules import MOST_AT_ONCE, OPERATORS
from minqing.listing.kinds import Bulk, Button, Column, Empty, List, Order
from minqing.org.access import PageRequest
from minqing.org.protocols import UnitLike
from minqing.org.queries.upkeep import long_ago, people_found, posts_held_by, units_found
from minqing.web.slots import drawn
from minqing.web.templatetags.mq import when
from minqing.web.ticking import Whole


def unit_filters(_request: PageRequest, data: QueryDict) -> UnitFilter:
    return UnitFilter(data)


def unit_rows(_request: PageRequest, form: UnitFilter) -> QuerySet[Any]:
    data = form.cleaned_data
    return units_found(
        words=data.get("q", ""), kind=data.get("kind", ""), area=data.get("area"), closed=bool(data.get("closed"))
    )


def unit_link(unit: UnitLike) -> str:
    return format_html('<a href="{}">{}</a>', reverse("administration:unit", args=[unit.pk]), unit.name)


UNITS = List(
    name="units",
    label=_("Units"),
    url="administration:units",
    roles=OPERATORS,
    form=unit_filters,
    first=("q", "area", "kind", "closed"),
    rows=unit_rows,
    orders={"code": Order(("code", "pk")), "name": Order(("name", "pk"))},
    columns=(
        Column(_("Unit name"), unit_link, "name"),
        Column(_("Code"), lambda unit: unit.code, "code"),
        Column(_("Kind"), lambda unit: unit.get_kind_display()),
        Column(_("Area"), lambda unit: unit.area.name),
        Column(_("Telephone"), lambda unit: unit.phone or "–"),
        Column(_("Working hours"), lambda unit: hours_text(unit.hours) or _("usual")),
    ),
    buttons=(
        Button(label=_("New unit"), url="administration:add_unit", icon="plus-lg", roles=OPERATORS),
        Button(label=_("Import from a table"), url="intake:new", icon="file-earmark-arrow-up", roles=OPERATORS),
        Button(label=_("Export a table"), url="administration:units_table", icon="download", roles=OPERATORS),
    ),
    empty=Empty("building", _("No units yet"), _("Add them one by one, or import them from a table.")),
    nothing=Empty("search", _("No unit fits"), _("Take a filter away, or look among those out of use.")),
)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of the list with the posts in force, and what the operator should look at."""

    account: Any
    posts: Sequence[Any]
    notes: Sequence[Any]


def people_filters(_request: PageRequest, data: QueryDict) -> PeopleFilter:
    return PeopleFilter(data)


def people_rows(_request: PageRequest, form: PeopleFilter) -> QuerySet[Any]:
    data = form.cleaned_data
    look = data.get("look", "")
    return people_found(words=data.get("q", ""), role=data.get("role", ""), area=data.get("area"), look=look)


def people_shown(_request: PageRequest, accounts: Sequence[Any]) -> list[PersonRow]:
    posts = posts_held_by(one.pk for one in accounts)
    return [PersonRow(one, held := posts.get(one.pk, []), list(notes_of(one, bool(held)))) for one in accounts]


def notes_of(account: Any, holds: bool) -> Iterator[object]:
    if not account.is_active:
        yield _("switched off")
    elif not holds:
        yield _("without a post")
    elif account.last_login is None:
        yield _("never signed in")
    elif account.last_login < long_ago():
        yield _("perhaps gone")
    if account.is_active and account.must_change_password:
        yield _("start password not changed yet")


def person_link(row: PersonRow) -> str:
    address = reverse("administration:person", args=[row.account.pk])
    return format_html(
        '<a href="{}">{}</a> <span class="tiny">{}</span>', address, row.account.name, row.account.username
    )


def lines_of(texts: Sequence[object]) -> SafeString | str:
    return format_html("{}", " · ".join(map(str, dict.fromkeys(texts)))) if texts else "–"


def noted(row: PersonRow) -> SafeString | str:
    tags = [format_html('<span class="tag tag-yellow">{}</span>', one) for one in row.notes]
    return SafeString(" ".join(tags)) or "–"


def person_boxes(_request: PageRequest, rows: Sequence[PersonRow]) -> Iterator[str]:
    """Who may sign in may be given a start password."""
    label = gettext("Tick %(name)s")
    box = (
        '<label class="pick"><input class="form-check-input" type="checkbox" name="pick" value="{}" form="bulk"'
        ' aria-label="{}"></label>'
    )
    for row in rows:
        ticked = row.account.is_active
        yield format_html(box, row.account.pk, label % {"name": row.account.name}) if ticked else ""


def may_sign_in(_request: PageRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(is_active=True)


def person_picks(rows: QuerySet[Any]) -> list[str]:
    return [str(pk) for pk in rows.values_list("pk", flat=True)]


def person_bulk(request: PageRequest, whole: Whole) -> str:
    return drawn(request, "administration/parts/bulk.html", {"whole": whole})


PEOPLE = List(
    name="people",
    label=_("People and posts"),
    url="administration:people",
    roles=OPERATORS,
    form=people_filters,
    first=("q", "area", "role", "look"),
    rows=people_rows,
    shown=people_shown,
    orders={"name": Order(("name", "pk")), "seen": Order(("last_login", "pk"))},
    columns=(
        Column(_("Name"), person_link, "name"),
        Column(_("Post"), lambda row: lines_of([one.get_role_display() for one in row.posts])),
        Column(_("In charge of"), lambda row: lines_of([one.area.name for one in row.posts if one.area])),
        Column(_("Last sign-in"), lambda row: when(row.account.last_login) if row.account.last_login else "–", "seen"),
        Column(_("Remark"), noted),
    ),
    buttons=(
        Button(label=_("New person"), url="administration:add_person", icon="person-plus", roles=OPERATORS),
        Button(label=_("Import from a table"), url="intake:new", icon="file-earmark-arrow-up", roles=OPERATORS),
        Button(label=_("Export a table"), url="administration:people_table", icon="download", roles=OPERATORS),
    ),
    empty=Empty("people", _("Nobody yet"), _("Add people one by one, or import them from a table.")),
    nothing=Empty("search", _("Nobody fits"), _("Take a filter away and look again.")),
)
PASSWORDS = Bulk(
    list="people",
    roles=OPERATORS,
    boxes=person_boxes,
    whole=may_sign_in,
    picks=person_picks,
    form=person_bulk,
    most=MOST_AT_ONCE,
)
