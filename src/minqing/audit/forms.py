"""What of the record is asked for, and which day's seals are to be looked at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from minqing.audit.enums import SORTS, Source
from minqing.audit.kinds import DEEDS, types_of
from minqing.audit.queries.naming import found_as, people_called, staff_to_choose
from minqing.audit.queries.record import Asked, types_in_words
from minqing.audit.rules import span
from minqing.core.room import Doing
from minqing.org.enums import Level
from minqing.org.queries import areas_below, areas_of_levels
from minqing.web.forms import BootstrapFormMixin, DayField, LongSelect

ALL = [("", gettext_lazy("All"))]


class Blank(dict[str, str]):
    """Fills the places of a sentence that stands for itself."""

    def __missing__(self, name: str) -> str:
        return "…"


def acts() -> list[tuple[str, list[tuple[str, str]]]]:
    """All that can have been done, under its sort, as it is told."""
    groups: dict[Doing, list[tuple[str, str]]] = {}
    for one in DEEDS:
        groups.setdefault(one.doing, []).append((one.type, str(one.told).format_map(Blank())))
    return [(str(SORTS[doing]), sorted(groups[doing], key=lambda one: one[1])) for doing in SORTS if doing in groups]


class RecordFilter(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares the field class as None
    """What cannot be is passed over, and said."""

    since = DayField(label=gettext_lazy("From"), required=False)
    until = DayField(label=gettext_lazy("To"), required=False)
    who = forms.ChoiceField(label=gettext_lazy("Who"), required=False, widget=LongSelect)
    about = forms.CharField(label=gettext_lazy("Number of a matter or household"), required=False, max_length=60)
    deed = forms.ChoiceField(label=gettext_lazy("What was done"), required=False, widget=LongSelect)
    words = forms.CharField(label=gettext_lazy("Words of what was done"), required=False, max_length=40)
    sort = forms.ChoiceField(label=gettext_lazy("Sort"), required=False, choices=[*ALL, *SORTS.items()])
    source = forms.ChoiceField(
        label=gettext_lazy("Came from"), required=False, choices=[*ALL, *((one.value, one.label) for one in Source)]
    )
    area = forms.TypedChoiceField(
        label=gettext_lazy("Place"), required=False, coerce=int, empty_value=None, widget=LongSelect
    )

    def __init__(self, data: Mapping[str, Any], *, today: date) -> None:
        super().__init__(data, auto_id="filter-%s")
        self.today = today
        staff = staff_to_choose()
        if staff:
            self.fields["who"].choices = [*ALL, *staff]  # type: ignore[attr-defined]
        else:
            self.fields["who"] = forms.CharField(label=_("Who, by name"), required=False, max_length=40)
        towns = areas_of_levels(Level.TOWNSHIP)
        self.paths = {one.pk: one.path for one in towns}
        self.fields["area"].choices = [*ALL, *((one.pk, one.name) for one in towns)]  # type: ignore[attr-defined]
        self.fields["deed"].choices = [*ALL, *acts()]  # type: ignore[attr-defined]
        self.by_name = not staff
        self.is_valid()
        self.subject = found_as(self.value("about")) if self.value("about") else ""

    def value(self, name: str) -> Any:
        return self.cleaned_data.get(name) or ""

    @property
    def unknown(self) -> bool:
        """Whether a number was typed that nothing has."""
        return bool(self.value("about")) and not self.subject

    def asked(self) -> Asked:
        since, until = span(self.value("since") or None, self.value("until") or None, self.today)
        area = self.value("area")
        return Asked(
            since,
            until,
            types=[] if self.unknown else self.types(),
            actors=self.actors(),
            source=self.value("source"),
            subject=self.subject,
            areas=areas_below([self.paths[area]]) if area else None,
        )

    def actors(self) -> list[str] | None:
        who = self.value("who")
        if not who:
            return None
        return people_called(who) if self.by_name else [f"user:{who}"]

    def types(self) -> list[str] | None:
        """Those that fit all that is said of them; None where nothing is."""
        said = [
            [self.value("deed")] if self.value("deed") else None,
            types_of(Doing(self.value("sort"))) if self.value("sort") else None,
            types_in_words(self.value("words")) if self.value("words") else None,
        ]
        given = [set(one) for one in said if one is not None]
        return sorted(set.intersection(*given)) if given else None


class DayForm(forms.Form):
    """Which day's seals are to be looked at."""

    day = DayField()
