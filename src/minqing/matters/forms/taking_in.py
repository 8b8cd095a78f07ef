"""Taking a matter in while somebody tells it: at the counter, on the telephone, from a page or a sheet of paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, Unpack

from django import forms
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import FormatError, Invalid
from minqing.core.formats import check_phone
from minqing.files.forms import KeepsPictures, PicturesField
from minqing.households.queries import Caller, people_with_phone
from minqing.matters import services
from minqing.matters.enums import Channel
from minqing.matters.forms.filters import category_choices, lines
from minqing.matters.forms.questions import AsksMixin
from minqing.matters.models import Category, Matter
from minqing.web.forms import Data, Files, FormOptions, LongSelect, OnceForm, Pairs
from minqing.web.templatetags.mq import icon

# how somebody may hand a matter to a person who types it; the others come in by themselves
WAYS: Final = {
    Channel.COUNTER: "person",
    Channel.PHONE: "telephone",
    Channel.WECHAT: "chat-left-text",
    Channel.SUGGESTION: "lightbulb",
    Channel.ENTERPRISE: "building",
    Channel.SOS: "lightning",
    Channel.PAPER: "file-earmark-text",
}


def with_icon(name: str, text: object) -> SafeString:
    return format_html("{} {}", icon(name), text)


pictured = lazy(with_icon, str)


class NewForm(KeepsPictures, AsksMixin, OnceForm):  # type: ignore[misc]  # as OnceForm
    """One form for all ways in; the number comes first, so that whoever rang before is seen while they speak."""

    channel = forms.ChoiceField(
        label=_("Way in"),
        initial=Channel.COUNTER.value,
        choices=[(way.value, pictured(name, way.label)) for way, name in WAYS.items()],
        widget=forms.RadioSelect,
    )
    reporter_phone = forms.CharField(
        label=_("Phone of the reporter"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off", "autofocus": "autofocus"}),
    )
    reporter_name = forms.CharField(
        label=_("Name of the reporter"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    # one of those whose number it is, offered while they speak
    resident = forms.CharField(label=_("Household"), required=False, max_length=36, widget=forms.HiddenInput)
    text = forms.CharField(label=_("What is the matter?"), max_length=20_000, widget=lines(5))
    title = forms.CharField(
        label=_("Short title"), required=False, max_length=200, help_text=_("Empty: the first line of the text.")
    )
    area = forms.TypedChoiceField(label=_("Place"), coerce=int, widget=LongSelect)
    place = forms.CharField(label=_("Exact place"), required=False, max_length=200)
    category = forms.ChoiceField(label=_("Category"), required=False, widget=LongSelect)
    confidential = forms.BooleanField(
        label=_("Nobody of the household or the village is to know of this"),
        required=False,
        help_text=_("Village cadres do not see it. Only the clerk and the unit that handles it do."),
    )
    contact = forms.CharField(
        label=_("How and when can the reporter be reached safely?"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    objection = forms.BooleanField(
        label=_("The reporter does not want this to be published"),
        required=False,
        help_text=_("Solved matters are told to the public without names, after two people have looked at them."),
    )
    photos = PicturesField()

    def __init__(
        self,
        data: Data = None,
        files: Files = None,
        *,
        areas: Iterable[Any],
        categories: Sequence[Category],
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, files, **options)
        self.fields["area"].choices = Pairs(areas)  # type: ignore[attr-defined]
        self.fields["category"].choices = Pairs(category_choices(categories, empty=_("Not sorted yet")))  # type: ignore[attr-defined]
        code = self["category"].value()
        chosen = next((row for row in categories if row.code == code), None)
        self.ask(chosen.asks if chosen else (), complete=True)

    def clean_reporter_phone(self) -> str:
        typed = str(self.cleaned_data["reporter_phone"])
        try:
            return check_phone(typed) if typed.strip() else ""
        except FormatError as error:
            raise forms.ValidationError(error.sentence, code=error.code) from None

    def apply(self, *, by: Actor) -> Matter | None:
        """Take the matter in; None when the service found something wrong, which the form then says."""
        data = self.cleaned_data
        person = self.person(by)
        if data["resident"] and person is None:
            self.add_error(None, _("The number was changed. Choose again who it is, or nobody."))
            return None
        try:
            return services.report_matter(
                id=data["request_id"],
                title=data["title"],
                text=data["text"],
                area_id=self.exact_area(person),
                household_id=person.household if person else None,
                channel=Channel(data["channel"]),
                by=by,
                category_code=data["category"],
                reporter_name=data["reporter_name"] or (person.name if person else ""),
                reporter_phone=data["reporter_phone"],
                place=data["place"],
                picture_ids=self.all_pictures(by=by),
                answers=self.answers,
                confidential=data["confidential"],
                objection=data["objection"],
                contact=data["contact"],
            )
        except Invalid as error:
            self.add_error(None, error.sentence)
            return None

    def person(self, by: Actor) -> Caller | None:
        """Who was chosen, if ``by`` may know of them and the number is theirs."""
        chosen, phone = self.cleaned_data["resident"], self.cleaned_data["reporter_phone"]
        people = people_with_phone(by, phone) if chosen and phone else ()
        return next((one for one in people if str(one.id) == chosen), None)

    def exact_area(self, person: Caller | None) -> int:
        """The chosen area, or the household's own where that lies within it: a township is no exact place."""
        area: int = self.cleaned_data["area"]
        return person.area if person and f".{area}." in f".{person.path}" else area
