"""What is asked of a person and of a post, and what the list of people is narrowed by."""

from __future__ import annotations

from functools import partial
from typing import Any, Unpack

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.administration.forms.units import area_choices
from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import DomainError
from minqing.core.formats import check_phone
from minqing.org.enums import Role
from minqing.org.queries import units_at_work, who_changed
from minqing.org.queries.upkeep import Look, open_areas
from minqing.org.services import add_person, change_person, end_post, give_post
from minqing.web.forms import (
    BootstrapFormMixin,
    Data,
    DayField,
    Files,
    FormOptions,
    LongSelect,
    OnceForm,
    Press,
    SeenMixin,
)

ROLES = [(one.value, one.label) for one in Role]
LOOKS = [
    (Look.AWAY.value, _("Perhaps gone: not signed in for 30 days")),
    (Look.NEVER.value, _("Never signed in")),
    (Look.NO_POST.value, _("Without a post")),
    (Look.OFF.value, _("Switched off")),
]


class PeopleFilter(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares the field class as None
    """What cannot be is passed over."""

    q = forms.CharField(label=_("Name, user name or number"), required=False, max_length=60)
    area = forms.TypedChoiceField(label=_("Area"), required=False, coerce=int, empty_value=None, widget=LongSelect)
    role = forms.ChoiceField(label=_("Post"), required=False, choices=[("", _("All")), *ROLES])
    look = forms.ChoiceField(label=_("To look at"), required=False, choices=[("", _("All")), *LOOKS])

    def __init__(self, data: Data) -> None:
        super().__init__(data, auto_id="filter-%s")
        self.fields["area"].choices = [("", _("All")), *area_choices()]  # type: ignore[attr-defined]
        self.is_valid()


class PhoneField(forms.CharField):
    """A mobile number; what is stored is never shown again."""

    def clean(self, value: object) -> object:
        text = super().clean(value)
        try:
            return check_phone(text) if text else ""
        except DomainError as error:
            raise forms.ValidationError(str(error.sentence)) from None


class PlaceOfPost(forms.Form):
    """As what, in which unit, for which area."""

    role = forms.ChoiceField(label=_("Post"), choices=ROLES)
    unit = forms.TypedChoiceField(label=_("Unit"), coerce=int, widget=LongSelect)
    area = forms.TypedChoiceField(label=_("Area of work"), coerce=int, widget=LongSelect)
    title = forms.CharField(label=_("Title"), required=False, max_length=60)

    def __init__(self, data: Data = None, files: Files = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, files, **options)
        self.units = {one.pk: one for one in units_at_work()}
        self.areas = {one.pk: one for one in open_areas()}
        for name, rows in (("unit", self.units), ("area", self.areas)):
            self.fields[name].choices = [("", "—"), *((key, one.name) for key, one in rows.items())]  # type: ignore[attr-defined]

    @property
    def place(self) -> dict[str, Any]:
        data = self.cleaned_data
        rows = {"unit": self.units[data["unit"]], "area": self.areas[data["area"]]}
        return rows | {"role": Role(data["role"]), "title": data["title"]}


class PersonForm(OnceForm, PlaceOfPost):  # type: ignore[misc]  # as OnceForm
    """Somebody new, with a first post."""

    name = forms.CharField(label=_("Name"), max_length=60)
    staff_number = forms.CharField(label=_("Staff number"), required=False, max_length=30)
    username = forms.CharField(
        label=_("User name"), required=False, max_length=60, help_text=_("Empty: the staff number.")
    )
    phone = PhoneField(label=_("Mobile number"), required=False, max_length=20)
    field_order = ("name", "staff_number", "username", "phone", "role", "unit", "area", "title")

    def clean(self) -> dict[str, object]:
        data: dict[str, object] = super().clean() or self.cleaned_data
        if not (data.get("staff_number") or data.get("username")):
            self.add_error("staff_number", _("Write a staff number or a user name."))
        return data

    def apply(self, *, by: Actor) -> Any:
        data = self.cleaned_data
        own = {name: data[name] for name in ("name", "staff_number", "username", "phone")}
        return add_person(id=data["request_id"], by=by, **own, **self.place)


class ChangePersonForm(SeenMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    name = forms.CharField(label=_("Name"), max_length=60)
    phone = PhoneField(
        label=_("New mobile number"), required=False, max_length=20, help_text=_("Empty: it stays as it is.")
    )

    def __init__(self, data: Data = None, files: Files = None, *, person: Any, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, files, **options)
        self.person = person
        self.initial = {"name": person.name}
        subject = subject_of_person(person)
        self.stands_at(subject, person.phone_index, told=partial(who_changed, subject))

    def apply(self, *, by: Actor) -> Any:
        return change_person(
            account=self.person, name=self.cleaned_data["name"], phone=self.cleaned_data["phone"], by=by
        )


class PostForm(OnceForm, PlaceOfPost):  # type: ignore[misc]  # as OnceForm
    """One more post for somebody."""

    since = DayField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, data: Data = None, files: Files = None, *, person: Any, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, files, **options)
        self.person = person
        self.initial = {"since": clock.today()}

    def apply(self, *, by: Actor) -> Any:
        data = self.cleaned_data
        return give_post(id=data["request_id"], account=self.person, since=data["since"], by=by, **self.place)


class EndForm(SeenMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    until = DayField(
        label=_("Last day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("From the next day on it gives no rights."),
    )

    def __init__(self, data: Data = None, files: Files = None, *, post: Any, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, files, **options)
        self.post = post
        self.initial = {"until": post.until or clock.today()}
        subject = f"post:{post.pk}"
        self.stands_at(subject, post.until, told=partial(who_changed, subject))

    def apply(self, *, by: Actor) -> Any:
        return end_post(post=self.post, on=self.cleaned_data["until"], by=by)


class PasswordsForm(OnceForm):
    """A button for those that were ticked, whose ids it carries beside."""


def subject_of_person(person: Any) -> str:
    return f"account:{person.pk}"


def person_press(person: Any, data: Data = None) -> Press:
    subject = subject_of_person(person)
    return Press(subject, [person.name, person.is_active], told=partial(who_changed, subject), data=data)
