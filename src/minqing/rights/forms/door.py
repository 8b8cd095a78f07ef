"""What is asked behind a code, one question a page. What was answered goes along in hidden fields; nothing is stored
until it is sent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, Unpack

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from minqing.core.errors import FormatError
from minqing.core.formats import check_phone
from minqing.privacy.subjects import correctable
from minqing.rights.enums import Guardianship, ProofPlace, RequestKind
from minqing.rights.forms.staff import RIGHT, say_wrong, words
from minqing.rights.rules import LONGEST_WORDS
from minqing.web.forms import Data, Files, FormOptions, OnceForm

# in words of every day, beside the law's
PLAIN: Final = {
    RequestKind.COPY: _("I want to see what you have written down about me"),
    RequestKind.CORRECT: _("Something about me is wrong"),
    RequestKind.DELETE: _("Delete what you have about me"),
    RequestKind.OBJECT: _("Do not call me or write to me any more"),
    RequestKind.EXPLAIN: _("Explain to me what you use it for"),
    RequestKind.WITHDRAW: _("I agreed to something once and do not any more"),
}
MYSELF: Final = "myself"


class Once(OnceForm):
    """One page. ``question`` stands on top of it."""

    question: Any = ""


class WhatForm(Once):
    question = _("What do you want?")
    kind = forms.ChoiceField(
        label=_("Choose one"), choices=[(one.value, PLAIN[one]) for one in RequestKind], widget=forms.RadioSelect
    )


class WhoForm(Once):
    question = _("Whom is it about?")
    whom = forms.ChoiceField(
        label=_("I ask"),
        widget=forms.RadioSelect,
        initial=MYSELF,
        choices=[(MYSELF, _("for myself")), *((one.value, one.label) for one in Guardianship)],
    )
    name = forms.CharField(
        label=_("Name of the person whom it is about"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("Telephone number"),
        max_length=30,
        required=False,
        help_text=_("So that we find what was reported under it, and can call you."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    guardian = forms.CharField(
        label=_("Your own name, if you ask for somebody else"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_phone(self) -> str:
        try:
            return check_phone(text) if (text := self.cleaned_data["phone"].strip()) else ""
        except FormatError as error:
            raise forms.ValidationError(str(error.sentence), code="phone") from None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("whom") not in (None, MYSELF) and not data.get("guardian", "").strip():
            self.add_error("guardian", _("Write your own name too."))
        return data


class DetailsForm(Once):
    """What is right is asked only of somebody who wants a correction."""

    question = _("Is there anything else to say?")
    words = forms.CharField(label=_("In your own words"), required=False, max_length=LONGEST_WORDS, widget=words(4))

    def __init__(
        self, data: Data = None, files: Files = None, *, kind: str = "", **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, files, **options)
        self.kind = kind
        for name, label in correctable().items() if kind == RequestKind.CORRECT else ():
            field = forms.CharField(label=_("Right: %(field)s") % {"field": label}, required=False, max_length=60)
            self.fields[f"{RIGHT}{name}"] = field

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        said = any(value.strip() for name, value in data.items() if name.startswith(RIGHT))
        if self.kind == RequestKind.CORRECT and not said:
            self.add_error(None, _("Write what is right, in at least one field."))
        say_wrong(self)
        return data


class ProofForm(Once):
    question = _("Where will you show who you are?")
    prove_at = forms.ChoiceField(
        label=_("Bring or have ready your identity card"),
        widget=forms.RadioSelect,
        initial=ProofPlace.OFFICE.value,
        choices=[(one.value, one.label) for one in ProofPlace],
        help_text=_("We look at it and keep no copy. Until then nothing is handed out, changed or deleted."),
    )


STEPS: Final[tuple[type[Once], ...]] = (WhatForm, WhoForm, DetailsForm, ProofForm)


def step_form(number: int, data: Data = None, *, sent: bool = False) -> Once:
    """The form of one page: bound where it was ``sent``, else with what was said before."""
    made = STEPS[number]
    options: dict[str, Any] = {"kind": data.get("kind", "")} if made is DetailsForm and data else {}
    said = {name: value for name, value in (data or {}).items() if name != "csrfmiddlewaretoken"}
    return made(data, **options) if sent else made(initial=said, **options)


def carried(data: Mapping[str, object], but: Once) -> Iterator[str]:
    """Hidden fields of what was said on other pages."""
    own = {*but.fields, "csrfmiddlewaretoken", "step", "back"}
    known = {name for number in range(len(STEPS)) for name in step_form(number, data).fields}
    for name in sorted(known - own):
        if value := data.get(name, ""):
            yield format_html('<input type="hidden" name="{}" value="{}">', name, value)


def answers(data: Mapping[str, Any]) -> list[tuple[int, Any, str]]:
    """What was said, page by page, in words: to be looked at before it is sent."""
    told = []
    for number in range(len(STEPS)):
        form = step_form(number, data, sent=True)
        form.full_clean()
        for name, field in form.fields.items():
            value = form.cleaned_data.get(name, "")
            if name != "request_id" and value:
                chosen = dict(getattr(field, "choices", ())).get(value, value)
                # where a page asks one thing only, its question says it better than the field
                alone = number in (0, len(STEPS) - 1)
                told.append((number, form.question if alone else field.label, str(chosen)))
    return told
