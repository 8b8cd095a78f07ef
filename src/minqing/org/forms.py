"""Forms of signing in and of one's own settings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Unpack

from allauth.account.forms import ChangePasswordForm, LoginForm
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _

from minqing.org.models import Post
from minqing.web.forms import BootstrapFormMixin, Data, Files, FormOptions, SentMixin
from minqing.web.templatetags.mq import language_name


class SignInForm(BootstrapFormMixin, LoginForm):
    """User name and password; nothing about who exists."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        words = {"login": _("User name"), "password": _("Password")}
        for name, label in words.items():
            field = self.fields[name]
            field.label, field.help_text = label, ""
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false", "autofocus": True}


class PasswordForm(BootstrapFormMixin, ChangePasswordForm):
    """The present password, and a new one twice."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        words = {
            "oldpassword": _("Present password"),
            "password1": _("New password"),
            "password2": _("New password, once more"),
        }
        for name, label in words.items():
            field = self.fields[name]
            field.label, field.help_text = label, ""
            field.widget.attrs.pop("placeholder", None)
        self.fields["password1"].help_text = " ".join(password_validators_help_texts())

    def clean_password1(self) -> str:
        """The one on the sheet is not one's own by being typed once more."""
        chosen = str(self.cleaned_data["password1"])
        if chosen == self.data.get("oldpassword"):
            raise forms.ValidationError(_("Choose another password than the present one."), code="same")
        return chosen


class MeForm(SentMixin):
    """The post to act in, the language and the size of print: one's own, and what was said last counts."""

    post = forms.ChoiceField(label=_("I am acting as"), widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language"), widget=forms.RadioSelect)
    large_print = forms.BooleanField(label=_("Large print"), required=False)

    def __init__(
        self, data: Data = None, files: Files = None, *, posts: Sequence[Post], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, files, **options)
        self.fields["language"].choices = [  # type: ignore[attr-defined]
            (code, language_name(str(name), code)) for code, name in settings.LANGUAGES
        ]
        if posts:
            self.fields["post"].choices = [(str(post.id), describe(post)) for post in posts]  # type: ignore[attr-defined]
        else:
            del self.fields["post"]


def describe(post: Post) -> str:
    """``Township clerk · 石璜镇综合服务办 · 石璜镇``."""
    return " · ".join([str(post), *(place.name for place in (post.unit, post.area) if place)])
