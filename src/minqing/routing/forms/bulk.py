"""The form under a list of ticked matters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.listing.kinds import Bulk
from minqing.matters import queries
from minqing.matters.enums import State
from minqing.matters.forms.filters import Choices, category_choices
from minqing.matters.protocols import CategoryLike
from minqing.org.access import PageRequest
from minqing.org.enums import Role
from minqing.org.queries import areas_seen, units_for
from minqing.privacy.access import one_of
from minqing.routing.services.bulk import MOST, BulkResult, Pick, assign_many, pick_of, picks_of
from minqing.web.forms import BootstrapFormMixin, LongSelect, Pairs
from minqing.web.slots import drawn
from minqing.web.ticking import Batch, Whole, ticked_in

KEPT = _("As it is; without one, as suggested")


class BulkForm(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares the field class as None
    """One unit, days and category for all that was ticked; each pick brings the id of its own assignment.

    ``suggested``, a button of its own: each as the queue suggests, and nothing that is chosen here counts.
    """

    unit = forms.TypedChoiceField(label=_("Unit"), coerce=int, widget=LongSelect)
    due_days = forms.IntegerField(
        label=_("Deadline in working days"),
        required=False,
        min_value=0,
        max_value=250,
        help_text=_("Empty: as the category says."),
    )
    category = forms.ChoiceField(label=_("Category"), required=False, widget=LongSelect)

    def __init__(self, data: QueryDict | None = None, *, units: Choices, categories: Sequence[CategoryLike]) -> None:
        super().__init__(data, auto_id="bulk-%s")
        self.picks: list[Pick] = []
        self.suggested = bool(data and data.get("suggested"))
        self.ticked: list[str] = ticked_in(data) if data is not None else []
        named = [(unit.id, unit.name) for unit in units]
        self.fields["unit"].choices = Pairs([("", _("Choose a unit")), *named])  # type: ignore[attr-defined]
        if self.suggested:
            for field in self.fields.values():
                field.required, field.disabled = False, True
        self.fields["category"].choices = Pairs(category_choices(categories, empty=KEPT))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        try:
            self.picks = picks_of(self.ticked)
        except Invalid as error:
            self.add_error(None, error.sentence)
        return self.cleaned_data

    @property
    def batch(self) -> Batch:
        """What of it is done in this request."""
        return Batch.of_sent(self.data, [pick.sent for pick in self.picks])

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """What goes with all of them, as it was sent."""
        return [(name, self.data[name]) for name in ("suggested", *self.fields) if self.data.get(name)]

    def apply(self, *, by: Actor) -> list[BulkResult]:
        """The first piece of what was ticked."""
        chosen = {} if self.suggested else self.cleaned_data
        return assign_many(self.picks[: len(self.batch.now)], by=by, **chosen)


TICK = (
    '<label class="pick"><input class="form-check-input" type="checkbox" name="pick" value="%s" form="bulk"'
    ' aria-label="%s"></label>'
)


def ticker() -> Callable[[UUID, str, datetime], SafeString]:
    """What makes of a matter's id, title and last change the box that ticks it for the form "bulk" of the same page."""
    label = gettext("Tick %(title)s")
    # in code, since a list has fifty of them; an id, and what is escaped here
    return lambda id, title, at: mark_safe(TICK % (pick_of(id, at), escape(label % {"title": title})))  # noqa: S308


def may_be_ticked(request: PageRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of matters those that wait to be assigned as usual in the clerk's area."""
    return rows.filter(one_of("area_id", request.actor.areas), state=State.RECEIVED.value, contested=False)


def picks(rows: QuerySet[Any]) -> list[str]:
    """What the box of each sends, as it stands now."""
    return [pick_of(id, changed_at) for id, changed_at in rows.values_list("pk", "changed_at")]


def boxes(request: PageRequest, lines: Iterable[Any]) -> Iterator[str]:
    """Beside what :func:`may_be_ticked` of the list."""
    tick = ticker()
    for line in lines:
        row = line.row
        waits = row["state"] == State.RECEIVED and not row["contested"] and row["area_id"] in request.actor.areas
        yield tick(row["id"], row["title"], row["changed_at"]) if waits else ""


def bulk_form(actor: Actor, data: QueryDict | None = None) -> BulkForm:
    """With the units that work somewhere in the actor's areas."""
    near = units_for(area.path for area in areas_seen(actor))
    return BulkForm(data, units=near, categories=queries.categories())


def drawn_form(request: PageRequest, whole: Whole) -> str:
    return drawn(request, "routing/parts/bulk.html", {"form": bulk_form(request.actor), "whole": whole})


ASSIGN: Final = Bulk(
    list="matters", roles={Role.CLERK}, boxes=boxes, whole=may_be_ticked, picks=picks, form=drawn_form, most=MOST
)
