"""What is asked of an area."""

from __future__ import annotations

from functools import partial
from typing import Any, Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.org.enums import Level
from minqing.org.queries import who_changed
from minqing.org.queries.upkeep import may_lie_above
from minqing.org.rules import may_lie_in, may_merge
from minqing.org.services import add_area, rename_area
from minqing.web.forms import Data, Files, FormOptions, LongSelect, OnceForm, Press, SeenMixin, SentMixin


class AreaForm(OnceForm):
    """A new area below ``parent``, or a city where there is none."""

    name = forms.CharField(label=_("Area name"), max_length=60)
    level = forms.ChoiceField(label=_("Level"))
    code = forms.CharField(label=_("Area code"), max_length=20, help_text=_("The county's own code; it never changes."))

    def __init__(self, data: Data = None, files: Files = None, *, parent: Any, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, files, **options)
        above = Level(parent.level) if parent else None
        self.parent = parent
        self.fields["level"].choices = [(one.value, one.label) for one in Level if may_lie_in(one, above)]  # type: ignore[attr-defined]

    def apply(self, *, by: Actor) -> Any:
        data = self.cleaned_data
        return add_area(
            id=data["request_id"],
            code=data["code"],
            name=data["name"],
            level=Level(data["level"]),
            parent=self.parent,
            by=by,
        )


class RenameForm(SeenMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    name = forms.CharField(label=_("Area name"), max_length=60)

    def __init__(self, data: Data = None, files: Files = None, *, area: Any, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, files, **options)
        self.area = area
        self.initial = {"name": area.name}
        self.stands_at(subject_of_area(area), told=partial(who_changed, subject_of_area(area)))

    def apply(self, *, by: Actor) -> Any:
        return rename_area(area=self.area, name=self.cleaned_data["name"], by=by)


class ParentForm(SentMixin):
    """Where to: asked for before the preview, and writes nothing."""

    parent = forms.TypedChoiceField(label=_("New area above"), coerce=int, widget=LongSelect)

    def __init__(self, data: Data = None, files: Files = None, *, area: Any, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, files, **options)
        level = Level(area.level)
        fitting = [one for one in may_lie_above(area) if may_lie_in(level, Level(one.level))]
        self.offered = {one.pk: one for one in fitting if one.pk != area.parent_id}
        choices = [(key, f"{one.name} · {one.code}") for key, one in self.offered.items()]
        self.fields["parent"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Any:
        """The area that was chosen; None while none was."""
        return self.offered[self.cleaned_data["parent"]] if self.is_bound and self.is_valid() else None


class IntoForm(SentMixin):
    """Into which area another one goes: asked for before the preview, and writes nothing."""

    into = forms.TypedChoiceField(label=_("Becomes part of"), coerce=int, widget=LongSelect)

    def __init__(self, data: Data = None, files: Files = None, *, area: Any, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, files, **options)
        self.offered = {one.pk: one for one in may_lie_above(area) if may_merge(area, one)}
        choices = [(key, f"{one.name} · {one.code}") for key, one in self.offered.items()]
        self.fields["into"].choices = [("", "—"), *choices]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Any:
        """The area that was chosen; None while none was."""
        return self.offered[self.cleaned_data["into"]] if self.is_bound and self.is_valid() else None


def subject_of_area(area: Any) -> str:
    return f"area:{area.pk}"


def area_press(area: Any, data: Data = None) -> Press:
    """A button at an area as it stood there."""
    subject = subject_of_area(area)
    return Press(subject, [area.name, area.path, area.valid_to], told=partial(who_changed, subject), data=data)
