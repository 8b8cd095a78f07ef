"""The forms of the queue: its search and order, and the assignment of what is opened beside it."""

from __future__ import annotations

from typing import Any, Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.matters.forms.fields import MoveOptions
from minqing.matters.forms.filters import Choices, lines, search_field
from minqing.matters.forms.moves import AssignForm
from minqing.matters.queries import meanwhile
from minqing.routing.queries.advice import Advice
from minqing.routing.queries.queue import TABS
from minqing.routing.services.sorting import sort_matter
from minqing.web.forms import BootstrapFormMixin, Data, Files, Pairs


class QueueOrderForm(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares the field class as None
    """How the queue is searched and sorted, in its address; what cannot be is passed over."""

    tab = forms.ChoiceField(required=False, choices=[(name, name) for name in TABS], widget=forms.HiddenInput)
    text = search_field()
    order = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[("", _("Due first")), ("oldest", _("Longest waiting")), ("newest", _("Newest first"))],
    )

    def __init__(self, data: Data) -> None:
        super().__init__(data, auto_id="queue-%s")
        self.is_valid()

    @property
    def order_label(self) -> object:
        return dict(self.fields["order"].choices)[self.cleaned_data.get("order", "")]  # type: ignore[attr-defined]


class QueueForm(AssignForm):
    """The same at the queue, where two clerks may have the matter before them, with the units that are to join.

    ``advice`` is what the fields were filled from.
    """

    advice: Advice

    supporting = forms.TypedMultipleChoiceField(
        label=_("Units to join"), required=False, coerce=int, help_text=_("Several at once. They answer to the lead.")
    )
    note = forms.CharField(label=_("A word to the unit"), required=False, max_length=2000, widget=lines(1))

    def __init__(
        self, data: Data = None, files: Files = None, *, units: Choices = (), **options: Unpack[MoveOptions]
    ) -> None:
        super().__init__(data, files, units=units, **options)
        named = [(unit.id, unit.name) for unit in units]
        self.fields["supporting"].choices = Pairs(named)  # type: ignore[attr-defined]
        if how := self.fields.get("mechanism"):
            # few enough to lie open
            how.widget = forms.RadioSelect(choices=how.choices)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        return (super().clean() or self.cleaned_data) | {"waiting": True}

    def make(self, *, by: Actor, **values: Any) -> None:
        sort_matter(by=by, matter=self.matter, **values)

    def still_open(self) -> Decision:
        return super().still_open() and meanwhile.waits(self.matter)
