"""The three questions on the diary's form, once for each answered matter of the household that waits for a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.matters.forms.confirmation import WOULD_NOT_SAY, how_satisfied, yes_or_no
from minqing.matters.services import DoorWord
from minqing.web.forms import BootstrapFormMixin, Data

# those of an older page, which may since have been settled, are still read
MOST_READ = 20
NAME = re.compile(r"asked-([0-9a-f-]{36})-\w+")
UNASKED = _("Not asked")


class WordForm(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares it as None
    """What a household says of one answered matter; each question may be left open."""

    answered = yes_or_no(_("Was there an answer?"), silent=UNASKED)
    solved = yes_or_no(
        _("Is it solved?"), silent=UNASKED, help_text=_("With “No” it goes back to be handled again at once.")
    )
    satisfaction = how_satisfied(_("How satisfied?"), silent=UNASKED)
    declined = forms.BooleanField(label=WOULD_NOT_SAY, required=False)

    def __init__(self, matter_id: UUID, matter: Any = None, data: Data = None) -> None:
        super().__init__(data, prefix=f"asked-{matter_id}", initial={"answered": "", "solved": ""})
        self.matter_id, self.matter = matter_id, matter

    @property
    def touched(self) -> bool:
        """Something was ticked, here or in the attempt before."""
        return self.is_bound and any(self[name].value() for name in self.fields)

    def facts(self) -> list[object]:
        return [self.cleaned_data.get(name) for name in ("answered", "solved", "satisfaction")]

    def clean(self) -> dict[str, object]:
        if self.cleaned_data.get("declined") and any(value is not None for value in self.facts()):
            self.add_error("declined", _("Either something was said, or the reporter would not say."))
        return self.cleaned_data

    def word(self) -> DoorWord | None:
        if not any(value is not None for value in self.facts()) and not self.cleaned_data["declined"]:
            return None
        return DoorWord(matter_id=self.matter_id, **self.cleaned_data)


class WordForms:
    """All of them: ``shown`` those that are asked about now, and what was typed on an older page besides."""

    def __init__(self, matters: Iterable[Any], data: Data) -> None:
        self.shown = [WordForm(one.pk, one, data) for one in matters]
        now = {one.matter_id for one in self.shown}
        self.older = [WordForm(one, None, data) for one in named_in(data or {}) if one not in now][:MOST_READ]

    def is_valid(self) -> bool:
        # each is to have read what it was sent, also behind one with an error
        found = [one.is_valid() for one in (*self.shown, *self.older)]
        return all(found)

    def words(self) -> list[DoorWord]:
        found = [one.word() for one in (*self.shown, *self.older)]
        return [one for one in found if one is not None]


def named_in(data: Mapping[str, object]) -> list[UUID]:
    """The matters whose questions stand in a form that was sent."""
    found: dict[UUID, None] = {}
    for name in data:
        if match := NAME.fullmatch(name):
            try:
                found[UUID(match[1])] = None
            except ValueError:
                continue
    return list(found)
