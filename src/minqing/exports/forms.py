"""Why a list leaves."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.exports import services
from minqing.exports.enums import Purpose
from minqing.exports.kinds import ExportKind
from minqing.exports.models import ExportRequest
from minqing.web.forms import OnceForm


class ExportForm(OnceForm):
    """Why the list is to leave the system."""

    purpose = forms.ChoiceField(
        label=_("What for?"), choices=[("", _("Choose a purpose")), *((one.value, one.label) for one in Purpose)]
    )
    query = forms.CharField(required=False, widget=forms.HiddenInput, max_length=4000)

    def apply(self, *, kind: ExportKind, area: int, rows: int, query: str, by: Actor) -> ExportRequest | None:
        """What was asked for; None where the service finds something wrong, which the form then says."""
        data = self.cleaned_data
        return self.tried(
            lambda: services.ask_export(
                id=data["request_id"],
                kind=kind.code,
                query=query,
                purpose=Purpose(data["purpose"]),
                rows=rows,
                area=area,
                by=by,
            ),
            # why somebody may not take out so much is told where they asked
            pages=(404,),
        )
