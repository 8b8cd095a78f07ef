"""Signing up, at a door or for somebody else, and the digits that are read off the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.activities.models import Activity, SignUp
from minqing.activities.rules import DIGITS
from minqing.activities.services import check_in_by_code, sign_up
from minqing.core.actor import Actor
from minqing.core.characters import one_form
from minqing.households.queries.files import Member
from minqing.web.forms import Data, Files, FormOptions, OnceForm, SentMixin


class SignForm(OnceForm):
    """A button: whose sign-up it is, the page knows."""

    def apply(self, *, activity: Activity, resident: UUID, by: Actor) -> SignUp | None:
        return self.tried(
            lambda: sign_up(id=self.cleaned_data["request_id"], activity=activity, resident_id=resident, by=by)
        )


class SignOthersForm(SignForm):
    """For somebody of a household."""

    resident = forms.ChoiceField(label=_("Who comes?"), widget=forms.RadioSelect)

    def __init__(
        self, data: Data = None, files: Files = None, *, members: Sequence[Member], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, files, **options)
        self.fields["resident"].choices = [(str(one.id), one.name) for one in members]  # type: ignore[attr-defined]

    def made(self, *, activity: Activity, by: Actor) -> SignUp | None:
        return self.apply(activity=activity, resident=UUID(self.cleaned_data["resident"]), by=by)


class DigitsForm(SentMixin):
    """The code on the organiser's screen."""

    chosen_by_typing = False
    digits = forms.CharField(
        label=_("The code on the organiser's screen"),
        max_length=DIGITS + 4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_digits(self) -> str:
        typed = one_form(str(self.cleaned_data["digits"]))
        return "".join(one for one in typed if one.isdecimal() and one.isascii())

    def apply(self, *, row: SignUp, by: Actor) -> SignUp | None:
        return self.tried(lambda: check_in_by_code(sign_up=row, digits=self.cleaned_data["digits"], by=by))
