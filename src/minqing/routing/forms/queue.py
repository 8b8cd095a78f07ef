"""The forms of the queue: its search and order, and the assignment of one of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.decision import Decision
from minqing.matters.forms.filters import search_field
from minqing.matters.forms.moves import AssignForm
from minqing.matters.queries import meanwhile
from minqing.web.forms import BootstrapFormMixin


class QueueOrderForm(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares the field class as None
    """How the queue is searched and sorted, in its address; what cannot be is passed over."""

    text = search_field()
    order = forms.ChoiceField(
        label=_("Sort by"),
        required=False,
        choices=[("", _("Longest waiting")), ("newest", _("Newest first")), ("due", _("Due first"))],
    )

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data, auto_id="queue-%s")
        self.is_valid()


class QueueForm(AssignForm):
    """The same at the queue, where two clerks may have the matter before them."""

    def clean(self) -> dict[str, Any]:
        return (super().clean() or self.cleaned_data) | {"waiting": True}

    def still_open(self) -> Decision:
        return super().still_open() and meanwhile.waits(self.matter)
