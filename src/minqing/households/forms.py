"""Forms of household files, for a thumb on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Unpack, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Invalid
from minqing.core.ids import new_id
from minqing.households import services
from minqing.households.enums import Purpose, Relation, Sex, TagSource
from minqing.households.models import Tag
from minqing.households.queries import Member, grantable_tags, household_numbered
from minqing.households.queries.moves import homes_numbered
from minqing.households.rules import HOUSEHOLD, LONGEST_TAG_DAYS, PERSON, TAG_ROLES
from minqing.org.enums import Role
from minqing.org.queries import areas_within, who_changed
from minqing.web.forms import (
    BootstrapFormMixin,
    Data,
    DayField,
    FormOptions,
    OnceForm,
    OnceInput,
    Press,
    SeenMixin,
    SentMixin,
)


def choices(enum: Any) -> list[tuple[str, Any]]:
    return [(item.value, item.label) for item in enum]


def area_choices(actor: Actor, *levels: str) -> list[tuple[int, str]]:
    """Villages and grids of the actor, indented by level."""
    areas = areas_within(actor).filter(level__in=levels or ("village", "grid"))
    return [(area.id, f"　{area.name}" if area.level == "grid" else area.name) for area in areas]


def checked(form: forms.Form, rules: Mapping[str, Callable[[Any], Any]]) -> dict[str, object]:
    """The form's data after the rules that the services hold, each refusal beside its field."""
    data = form.cleaned_data
    for name, check in rules.items():
        if not data.get(name):
            continue
        try:
            data[name] = check(data[name])
        except Invalid as error:
            form.add_error(name, forms.ValidationError(str(error.sentence), code=error.code))
    return data


class HouseholdFilter(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares the field class as None
    """What the list can be narrowed to, in its address. What cannot be is passed over."""

    area = forms.TypedChoiceField(label=_("Village or grid"), required=False, coerce=int, empty_value=None)
    tag = forms.ChoiceField(label=_("Tag"), required=False)

    def __init__(self, data: Data, *, actor: Actor) -> None:
        super().__init__(data, auto_id="filter-%s")
        self.tags = {tag.code: tag for tag in grantable_tags(actor)}
        self.fields["area"].choices = [("", _("All")), *area_choices(actor)]  # type: ignore[attr-defined]
        self.fields["tag"].choices = [("", _("All")), *((one.code, one.name) for one in self.tags.values())]  # type: ignore[attr-defined]
        self.is_valid()

    @property
    def asked_tag(self) -> Tag | None:
        """The tag that is asked for, if the actor may see it."""
        return self.tags.get(self.cleaned_data.get("tag") or "")


class HouseholdForm(SeenMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    """``number`` is the county's own and, like the area, only asked for a new household."""

    number = forms.CharField(label=_("Household number"), max_length=30)
    area = forms.TypedChoiceField(label=_("Village or grid"), coerce=int)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Data = None, *, actor: Actor, known: bool = False, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        self.fields["area"].choices = area_choices(actor)  # type: ignore[attr-defined]
        if known:
            # it moves by a page of its own, which shows before what that touches
            del self.fields["number"], self.fields["area"]

    def clean(self) -> dict[str, object]:
        return checked(self, HOUSEHOLD)


class PersonForm(SeenMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    """One person. With an identity number, sex and day of birth need not be filled in."""

    name = forms.CharField(label=_("Name"), max_length=60)
    relation = forms.ChoiceField(label=_("Relation to the head"), choices=choices(Relation))
    phone = forms.CharField(
        label=_("Telephone"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    identity_number = forms.CharField(
        label=_("Identity number"), max_length=30, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=choices(Sex), required=False)
    born_on = DayField(
        label=_("Born on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    lives_here = forms.BooleanField(label=_("Lives here"), required=False, initial=True)

    def __init__(self, data: Data = None, *, masked: Member | None = None, **options: Unpack[FormOptions]) -> None:
        """``masked`` shows which numbers are on file without showing them: empty then means 'as it is'."""
        super().__init__(data, **options)
        for name, held in (("phone", masked.phone), ("identity_number", masked.identity_number)) if masked else ():
            if held:
                self.fields[name].help_text = _("On file. Leave empty to keep it.")
                self.fields[name].widget.attrs["placeholder"] = held

    def clean(self) -> dict[str, object]:
        return checked(self, PERSON)


class MoveForm(SentMixin):
    """To which household a person goes: asked for before the preview, and writes nothing."""

    number = forms.CharField(label=_("Number of the other household"), max_length=30)
    relation = forms.ChoiceField(
        label=_("Relation to the head"), choices=choices(Relation), initial=Relation.OTHER.value
    )

    def __init__(self, data: Data = None, *, actor: Actor, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        self.actor = actor

    def clean_number(self) -> str:
        target = household_numbered(self.actor, self.cleaned_data["number"])
        if target is None:
            raise forms.ValidationError(_("No household of your area has this number."))
        self.target = target
        return target.number


class MoveHomesForm(SentMixin):
    """Which households go to which village or grid: asked for before the preview, and writes nothing.

    Its id becomes that of the move, which is pressed on what the preview showed.
    """

    MOST = 200
    request_id = forms.UUIDField(widget=OnceInput, initial=new_id)
    numbers = forms.CharField(
        label=_("Household numbers"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or several, with a space or a line between them."),
    )
    area = forms.TypedChoiceField(label=_("To which village or grid"), coerce=int)

    def __init__(self, data: Data = None, *, actor: Actor, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        self.actor = actor
        self.offered = area_choices(actor)
        self.fields["area"].choices = [("", "—"), *self.offered]  # type: ignore[attr-defined]

    @property
    def area_name(self) -> str:
        return dict(self.offered)[self.cleaned_data["area"]].strip()

    def clean_numbers(self) -> str:
        wanted = [one for one in re.split(r"[\s,，、;；]+", self.cleaned_data["numbers"]) if one][: self.MOST + 1]
        if len(wanted) > self.MOST:
            raise forms.ValidationError(_("No more than %(most)s at once.") % {"most": self.MOST})
        self.homes = homes_numbered(self.actor, wanted)
        if missing := sorted(set(wanted) - {one.number for one in self.homes}):
            sentence = _("No household of your area has this number: %(numbers)s")
            raise forms.ValidationError(sentence % {"numbers": "、".join(missing)})
        return " ".join(one.number for one in self.homes)


class TagForm(OnceForm):
    """A tag for the household, or for one of its people."""

    tag = forms.ChoiceField(label=_("Tag"))
    resident = forms.TypedChoiceField(label=_("For whom"), required=False, empty_value=None)
    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("In a few words, as the household may read it.")
    )
    source = forms.ChoiceField(label=_("How it is known"), choices=choices(TagSource))
    expires_on = DayField(
        label=_("Until"),
        required=False,
        help_text=_("Empty: as long as this kind of tag lasts."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self, data: Data = None, *, actor: Actor, members: list[Member], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        groups: dict[str, list[tuple[str, str]]] = {}
        for tag in grantable_tags(actor):
            groups.setdefault(tag.group, []).append((tag.code, tag.name))
        self.fields["tag"].choices = [("", "—"), *groups.items()]  # type: ignore[attr-defined]
        people = [(str(member.id), member.name) for member in members]
        self.fields["resident"].choices = [("", _("The whole household")), *people]  # type: ignore[attr-defined]


class PurposeForm(forms.Form):
    purpose = forms.ChoiceField(label=_("What do you need it for?"), choices=choices(Purpose))


class SearchForm(forms.Form):
    text = forms.CharField(required=False, max_length=300)
    purpose = forms.ChoiceField(required=False, choices=[("", ""), *choices(Purpose)])


class CodeForm(SeenMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    """A new code for a plate that is lost or was tampered with."""


class IssueForm(SentMixin):
    """Codes for the households of an area that have none: sent again, none are missing."""

    area = forms.TypedChoiceField(label=_("Village or grid"), coerce=int)

    def __init__(self, data: Data = None, *, actor: Actor, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        self.fields["area"].choices = area_choices(actor)  # type: ignore[attr-defined]


class ChangeTagForm(SeenMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    """What the operator says of a tag."""

    name = forms.CharField(
        label=_("Name of the tag"), max_length=40, help_text=_("A need or a circumstance, never a grade.")
    )
    group = forms.CharField(label=_("Group"), max_length=40)
    roles = forms.MultipleChoiceField(
        label=_("Who may see it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Nothing ticked: everybody who may see the household. It holds at once, for files that carry it too."
        ),
    )
    days_valid = forms.IntegerField(
        label=_("Looked at again after (days)"), min_value=1, max_value=LONGEST_TAG_DAYS, initial=365
    )

    def __init__(self, data: Data = None, *, tag: Tag | None = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        self.tag = tag
        self.fields["roles"].choices = [(one.value, one.label) for one in Role if one in TAG_ROLES]  # type: ignore[attr-defined]
        if tag is not None:
            self.initial = {name: getattr(tag, name) for name in ("name", "group", "roles", "days_valid")}
            self.stands_at(subject_of_tag(tag), told=partial(who_changed, subject_of_tag(tag)))

    def apply(self, *, by: Actor) -> Any:
        data = {name: self.cleaned_data[name] for name in ("name", "group", "roles", "days_valid")}
        return services.change_tag(tag=cast("Tag", self.tag), by=by, **data)


class NewTagForm(ChangeTagForm):
    code = forms.RegexField(
        r"^[a-z0-9][a-z0-9.-]*$",
        label=_("Code"),
        max_length=40,
        help_text=_("Small letters, digits and hyphens. It never changes."),
    )

    def apply(self, *, by: Actor) -> Any:
        names = ("code", "name", "group", "roles", "days_valid")
        data = {name: self.cleaned_data[name] for name in names}
        return services.add_tag(id=self.cleaned_data["request_id"], by=by, **data)


def subject_of_tag(tag: Tag) -> str:
    return f"tag:{tag.pk}"


def tag_press(tag: Tag, data: Data = None) -> Press:
    """A button at a tag as it stood there."""
    subject = subject_of_tag(tag)
    return Press(subject, [tag.name, tag.retired], told=partial(who_changed, subject), data=data)
