"""The forms of residents: few fields, only the first one must be filled in."""

from __future__ import annotations

from typing import Unpack
from uuid import UUID

from django import forms
from django.core import signing
from django.utils.crypto import constant_time_compare
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from minqing.core.errors import FormatError
from minqing.core.formats import check_phone
from minqing.core.ids import new_id
from minqing.core.point import Point
from minqing.files.forms import KeepsPictures, PicturesField
from minqing.matters.enums import Satisfaction
from minqing.matters.forms.confirmation import YES_OR_NO
from minqing.matters.forms.questions import AsksMixin
from minqing.reporting.queries import Topics
from minqing.reporting.services import Report
from minqing.web.forms import BootstrapFormMixin, Data, Files, FormOptions, OnceForm, OnceInput, PlaceMixin, PublicForm
from minqing.web.templatetags.mq import icon

LONGEST_TEXT = 20_000
ICONS = {
    "building": "buildings",
    "environment": "trash",
    "transport": "signpost",
    "education": "book",
    "labour": "briefcase",
    "commerce": "box-seam",
    "health": "hospital",
    "rural": "tree",
}
# a digit, then the icon and the word: easier to tell apart than five stars
SATISFACTION = {
    Satisfaction.VERY_SATISFIED: "emoji-laughing",
    Satisfaction.SATISFIED: "emoji-smile",
    Satisfaction.SO_SO: "emoji-neutral",
    Satisfaction.DISSATISFIED: "emoji-frown",
    Satisfaction.VERY_DISSATISFIED: "emoji-angry",
}


def with_icon(name: str, text: object) -> SafeString:
    return format_html('<span class="fs-4 align-middle">{}</span> {}', icon(name), text)


BY_VOICE = _("Rather not type? Press the microphone on the keyboard and speak.")


# looked up when shown: neither the language nor the names of static files are known before
pictured = lazy(with_icon, str)


def area(rows: int, **attrs: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": str(rows), **attrs})


def proof_of(id: UUID) -> str:
    """That an id was made for this form: staff read the ids of matters too, and have no business with the link."""
    # the name is the one this form had first: with another, forms open over an upgrade would no longer be taken
    return signing.Signer(salt="minqing.doorstep.report").signature(str(id))


class ReportForm(KeepsPictures, AsksMixin, PlaceMixin, PublicForm):  # type: ignore[misc]  # as OnceForm
    """A matter from the door. Its choices of category come with every page, so a new list needs no restart.

    Once a category is chosen its kinds and questions are fields too; nobody has to answer one.
    """

    proof = forms.CharField(required=False, widget=OnceInput)
    text = forms.CharField(label=_("What is the matter?"), max_length=LONGEST_TEXT, widget=area(5), help_text=BY_VOICE)
    photos = PicturesField(label=_("Photos"))
    place = forms.CharField(label=_("Where is it?"), max_length=200, required=False)
    suggestion = forms.BooleanField(
        label=_("This is a suggestion, nothing is broken"),
        required=False,
        help_text=_("It is read as a people's suggestion: what could be done better."),
    )
    category = forms.ChoiceField(label=_("What is it about?"), required=False, widget=forms.RadioSelect)
    kind = forms.ChoiceField(label=_("What exactly?"), required=False)
    name = forms.CharField(
        label=_("Your name"), max_length=30, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = forms.CharField(
        label=_("Your phone number"),
        max_length=30,
        required=False,
        help_text=_("So that we can call you back. Only those who handle this see it."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    confidential = forms.BooleanField(
        label=_("Nobody else in my household is to know of this"),
        required=False,
        help_text=_("It is then in no file of your household. Keep the number for yourself."),
    )
    objection = forms.BooleanField(
        label=_("Do not publish mine, not even without names"),
        required=False,
        help_text=_("Some solved matters are told on the public page, rewritten so that nobody can be recognised."),
    )
    contact = forms.CharField(
        label=_("How and when can we reach you safely?"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("For example: only by day, never at home, by text message first."),
    )

    def __init__(
        self, data: Data = None, files: Files = None, *, topics: Topics, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, files, **options)
        if not self.is_bound and "request_id" not in self.initial:
            # never for an id that came from outside: it may be that of somebody else's matter
            self.initial["request_id"] = new_id()
            self.initial["proof"] = proof_of(self.initial["request_id"])
        choices = [(code, pictured(ICONS.get(code, "question-circle"), name)) for code, name in topics.tops]
        self.fields["category"].choices = [*choices, ("", pictured("three-dots", _("Something else")))]  # type: ignore[attr-defined]
        category, kind = self["category"].value() or "", self["kind"].value() or ""
        below = topics.kinds.get(category, [])
        self.fields["kind"].choices = [("", _("I do not know")), *below]  # type: ignore[attr-defined]
        if not below:
            del self.fields["kind"]
        asked = kind if kind in dict(below) else category
        self.ask(topics.questions.get(asked, ()), complete=False)

    def clean_phone(self) -> str:
        typed = str(self.cleaned_data["phone"])
        try:
            return check_phone(typed) if typed.strip() else ""
        except FormatError as error:
            raise forms.ValidationError(error.sentence, code=error.code) from None

    @property
    def own_id(self) -> UUID | None:
        """The id that this form was sent with, where it was made for it."""
        id = self.cleaned_data["request_id"]
        return id if constant_time_compare(self.cleaned_data["proof"], proof_of(id)) else None

    def report(self) -> Report:
        data = self.cleaned_data
        point = None
        if data.get("latitude") is not None:
            point = Point(data["latitude"], data["longitude"], data.get("datum") or "WGS-84", data.get("accuracy_m"))
        return Report(
            text=data["text"],
            category=data.get("kind") or data["category"],
            answers=self.answers,
            suggestion=data["suggestion"],
            place=data["place"],
            point=point,
            name=data["name"],
            phone=data["phone"],
            confidential=data["confidential"],
            objection=data["objection"],
            contact=data["contact"],
            pictures=data["photos"],
            kept=[one.pk for one in self.kept],
        )


class WordForm(OnceForm):
    """Is it solved, and how satisfied are you?"""

    solved = forms.ChoiceField(
        label=_("Is it solved?"),
        choices=[
            ("yes", pictured("check-circle", _("Yes, solved"))),
            ("no", pictured("x-circle", _("No, not yet"))),
        ],
        widget=forms.RadioSelect,
        help_text=_("If not, it goes back to be handled again at once."),
    )
    satisfaction = forms.ChoiceField(
        label=_("How satisfied are you?"),
        choices=[(one.value, pictured(name, one.label)) for one, name in SATISFACTION.items()],
        required=False,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("Anything to add?"), max_length=2000, required=False, widget=area(3))


class SlipWordForm(WordForm):
    """The three questions of the paper slip, typed by a helper."""

    answered = forms.ChoiceField(label=_("Was there an answer?"), choices=YES_OR_NO, widget=forms.RadioSelect)
    field_order = ("answered", "solved", "satisfaction", "text")


class AgainForm(OnceForm):
    """Why a closed matter is opened again."""

    reason = forms.CharField(label=_("What is still left to do?"), max_length=2000, widget=area(3))


class AppealForm(OnceForm):
    """Why a declined matter is ours after all."""

    reason = forms.CharField(label=_("Why should we look at it again?"), max_length=2000, widget=area(3))


class AddForm(KeepsPictures, OnceForm):  # type: ignore[misc]  # as OnceForm
    """Words or photos that the reporter adds while it is open."""

    text = forms.CharField(
        label=_("What would you like to add?"), max_length=2000, required=False, widget=area(3), help_text=BY_VOICE
    )
    photos = PicturesField(label=_("Photos"))

    def clean(self) -> dict[str, object]:
        data = super().clean()
        if not (data.get("text") or data.get("photos") or self.kept or self.errors):
            self.add_error("text", _("Write something or choose a photo."))
        return data


class FindForm(BootstrapFormMixin, forms.Form):  # type: ignore[misc]  # Form declares it as None
    """Number and follow code, as somebody types them from a photo or a slip of paper."""

    number = forms.CharField(
        label=_("Number"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "MQ-2026-000123-4"}),
    )
    code = forms.CharField(
        label=_("Follow code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
