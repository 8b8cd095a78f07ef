"""What the list of hazards can be narrowed to."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.hazards.enums import Severity, State
from minqing.hazards.models import Hazard
from minqing.hazards.queries import OPEN
from minqing.hazards.queries.checklists import current_checklists
from minqing.web.forms import BootstrapFormMixin, Data

NOT_CLOSED: Final = "open"
ALL: Final = ("", _("All"))


class HazardFilter(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares it as None
    """Pages link to the list with these names."""

    severity = forms.ChoiceField(
        label=_("Severity"), required=False, choices=[ALL, *((one.value, one.label) for one in Severity)]
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[ALL, (NOT_CLOSED, _("Not closed yet")), *((one.value, one.label) for one in State)],
    )
    checklist = forms.ChoiceField(label=_("Checklist"), required=False)

    def __init__(self, data: Data) -> None:
        super().__init__(data, auto_id="filter-%s")
        lists = [(one.code, one.name) for one in current_checklists(withdrawn=True)]
        self.fields["checklist"].choices = [ALL, *lists]  # type: ignore[attr-defined]

    def narrow(self, rows: QuerySet[Hazard]) -> QuerySet[Hazard]:
        """Those that fit; what there is not narrows nothing."""
        self.is_valid()
        chosen: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if value}
        if code := chosen.pop("checklist", ""):
            chosen["version__code"] = code
        if chosen.get("state") == NOT_CLOSED:
            chosen["state__in"] = OPEN
            del chosen["state"]
        return rows.filter(**chosen)
