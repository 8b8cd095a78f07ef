"""Forms about lists: places to choose from, what narrows the worklist, what keeps a list as it is filtered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from minqing.core.errors import NotFound
from minqing.listing import services
from minqing.listing.kinds import LISTS, query_kept
from minqing.listing.models import SavedFilter
from minqing.org.access import PageRequest
from minqing.org.enums import Level
from minqing.org.queries import AREAS, areas_seen, few_of
from minqing.web.forms import BootstrapFormMixin, OnceForm
from minqing.web.query_params import whole_number


def area_choices(request: PageRequest, *, few: bool = True) -> list[tuple[int, str]]:
    """The actor's areas, those below others set in; for a unit that works in many, the county and its townships.

    Of a whole county's areas, ``few`` leaves the townships and what lies in the one that is asked for.
    """
    rows = areas_seen(request.actor) or wide_areas(request)
    if few:
        rows = few_of(rows, whole_number(request.GET, "area"))
    top = min((row.path.count(".") for row in rows), default=0)
    return [(row.id, "\u3000" * (row.path.count(".") - top) + row.name) for row in rows]


def wide_areas(request: PageRequest) -> list[Any]:
    path = request.post.area.path if request.post and request.post.area else "-"
    return [one for one in AREAS.now().areas if one.path.startswith(path) and one.level in {Level.CITY, Level.TOWNSHIP}]


class WorkFilter(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares it as None
    """What is looked for in the worklist, and where; what cannot be read narrows nothing."""

    text = forms.CharField(label=_("Search"), required=False, max_length=100)
    area = forms.TypedChoiceField(label=_("Place"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: QueryDict, *, areas: Callable[[], Sequence[tuple[int, str]]]) -> None:
        super().__init__(data)
        self.fields["area"].choices = lambda: [("", _("All")), *areas()]  # type: ignore[attr-defined]
        self.fields["text"].widget.attrs["placeholder"] = _("Words or a number")

    @classmethod
    def asked_by(cls, request: PageRequest) -> WorkFilter:
        return cls(request.GET, areas=partial(area_choices, request))

    def asked(self) -> tuple[str, int | None]:
        """What is typed, and the area's id."""
        self.is_valid()
        return self.cleaned_data.get("text", ""), self.cleaned_data.get("area")


class KeepForm(OnceForm):
    """The list's filter under a name."""

    name = forms.CharField(label=_("Name of the list"), max_length=40)
    list = forms.CharField(widget=forms.HiddenInput, max_length=40)
    query = forms.CharField(required=False, widget=forms.HiddenInput, max_length=4000)

    def apply(self, request: PageRequest) -> SavedFilter | None:
        """None where the service finds something wrong, which the form then says."""
        data: dict[str, Any] = self.cleaned_data
        listed = LISTS.of(data["list"])
        if not (listed.keeps and request.actor.has(*listed.roles)):
            raise NotFound("list")
        asked = QueryDict(data["query"][:2000])
        form = listed.form(request, asked) if listed.form else None
        query = query_kept(form, asked, request.actor, orders=listed.orders, queues=listed.queues)
        return self.tried(
            lambda: services.save_filter(
                id=data["request_id"],
                kept=listed.name,
                name=data["name"],
                query=query,
                by=request.actor,
            )
        )
