"""The form of canned replies, and a list's filters in an address as it is exported."""

from __future__ import annotations

from functools import partial
from typing import Any, Unpack
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.matters import queries, services
from minqing.matters.forms.filters import FilterForm, lines
from minqing.matters.models import Phrase
from minqing.matters.rules.phrases import written
from minqing.org.enums import Role
from minqing.org.queries import AREAS, areas_seen, units_at_work, who_changed
from minqing.web.forms import Data, FormOptions, OnceForm, SeenMixin


def form_of(data: QueryDict) -> FilterForm:
    """With every area: what lies beyond one's own is empty all the same."""
    return FilterForm(
        data,
        areas=lambda: [(area.id, area.name) for area in AREAS.now().areas],
        units=units_at_work,
        categories=queries.categories,
    )


class SavingForm(OnceForm):
    """Makes one thing by one service; what the service finds wrong is said by the form."""

    def made(self, service: Any, *, id: UUID | None = None, **values: Any) -> Any:
        """What the service makes, or changes where there is an ``id`` already; None where it finds something wrong."""
        return self.tried(lambda: service(id=id or self.cleaned_data["request_id"], **values))


class PhraseForm(SeenMixin, SavingForm):  # type: ignore[misc]  # as OnceForm
    """A canned reply; a clerk may write it for everyone in the place."""

    whose = forms.ChoiceField(label=_("For whom"))
    title = forms.CharField(label=_("Title of the reply"), max_length=60)
    text = forms.CharField(
        label=_("Text"),
        max_length=2000,
        widget=lines(5),
    )

    def __init__(
        self, data: Data = None, *, actor: Actor, changing: Phrase | None = None, **options: Unpack[FormOptions]
    ) -> None:
        self.changing = changing
        super().__init__(data, **options)
        told = _("{number}, {unit}, {area} and {due} are filled in from the matter.")
        self.fields["text"].help_text = told.format(**written())
        units = [(f"u{unit.id}", unit.name) for unit in units_at_work() if unit.id in actor.units]
        areas = [(f"a{area.id}", _("Everyone in %(area)s") % {"area": area.name}) for area in areas_seen(actor)]
        self.fields["whose"].choices = units + (areas if actor.has(Role.CLERK) else [])  # type: ignore[attr-defined]
        if changing:
            self.stands_at(subject := f"phrase:{changing.pk}", told=partial(who_changed, subject))

    def apply(self, *, by: Actor) -> Phrase | None:
        data = self.cleaned_data
        whose = {"unit" if data["whose"][0] == "u" else "area": int(data["whose"][1:])}
        values: dict[str, Any] = {"title": data["title"], "text": data["text"], "by": by, **whose}
        if self.changing:
            changed: Phrase | None = self.made(services.save_phrase, id=self.changing.pk, **values)
            return changed
        made: Phrase | None = self.made(services.add_phrase, **values)
        return made
