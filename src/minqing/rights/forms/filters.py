"""What the list of requests can be narrowed to."""

from __future__ import annotations

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.rights.enums import RequestKind, State, Way
from minqing.web.forms import BootstrapFormMixin, Data

NOT_ANSWERED: Final = "open"


class RequestFilter(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares it as None
    """Pages link to the list with these names."""

    kind = forms.ChoiceField(
        label=_("What is asked"),
        required=False,
        choices=[("", _("All")), *((one.value, one.label) for one in RequestKind)],
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All")),
            (NOT_ANSWERED, _("Not answered yet")),
            *((one.value, one.label) for one in State),
        ],
    )
    way = forms.ChoiceField(
        label=_("Way in"), required=False, choices=[("", _("All")), *((one.value, one.label) for one in Way)]
    )

    def __init__(self, data: Data) -> None:
        super().__init__(data, auto_id="filter-%s")

    @property
    def chosen(self) -> dict[str, str]:
        """What narrows the list; what there is not narrows nothing."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
