"""The form that keeps a list as it is filtered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from minqing.core.errors import DomainError, NotFound, TwoTexts
from minqing.listing import services
from minqing.listing.kinds import List, list_named
from minqing.listing.models import SavedFilter
from minqing.org.access import PageRequest
from minqing.web.forms import OnceForm


def cleaned(form: forms.Form, orders: List, data: QueryDict) -> str:
    """Of what stands behind a list's ``?`` only what its filters know and take; an unusual order too."""
    form.is_valid()
    kept = QueryDict(mutable=True)
    for name, value in form.cleaned_data.items():
        if value:
            kept[name] = data.get(name, "")
    order = data.get("order", "")
    if order in orders.orders and order != orders.order(""):
        kept["order"] = order
    return kept.urlencode()


class KeepForm(OnceForm):
    """The list's filter under a name."""

    name = forms.CharField(label=_("Name of the list"), max_length=40)
    list = forms.CharField(widget=forms.HiddenInput, max_length=40)
    query = forms.CharField(required=False, widget=forms.HiddenInput, max_length=4000)

    def apply(self, request: PageRequest) -> SavedFilter | None:
        """None where the service finds something wrong, which the form then says."""
        data: dict[str, Any] = self.cleaned_data
        listed = list_named(data["list"])
        if not (listed.keeps and listed.form and request.actor.has(*listed.roles)):
            raise NotFound("list")
        asked = QueryDict(data["query"][:2000])
        try:
            return services.save_filter(
                id=data["request_id"],
                kept=listed.name,
                name=data["name"],
                query=cleaned(listed.form(request, asked), listed, asked),
                by=request.actor,
            )
        except TwoTexts:
            raise
        except DomainError as error:
            if error.http_status in {403, 404}:
                raise
            self.add_error(None, error.sentence)
            return None
