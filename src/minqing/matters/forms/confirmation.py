"""The reporter's three facts (answered, solved, satisfied) as fields, wherever somebody is asked for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.matters.enums import Satisfaction

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

YES_OR_NO: Final = (("yes", _("Yes")), ("no", _("No")))

# a person asked: that is another thing than somebody whom nobody asked
WOULD_NOT_SAY: Final = _("Asked, but would not say")


def as_bool(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


def yes_or_no(
    label: StrOrPromise, *, silent: StrOrPromise | None = None, required: bool = False, **options: Any
) -> forms.TypedChoiceField:
    """True, False, or None where nothing was said; ``silent`` is the word for that where it is offered."""
    choices = [*([("", silent)] if silent else []), *YES_OR_NO]
    return forms.TypedChoiceField(
        label=label,
        choices=choices,
        coerce=as_bool,
        empty_value=None,
        required=required,
        widget=forms.RadioSelect,
        **options,
    )


def how_satisfied(label: StrOrPromise, *, silent: StrOrPromise | None = None, **options: Any) -> forms.TypedChoiceField:
    """5 to 1, or None where nothing was said."""
    choices = [*([("", silent)] if silent else []), *((one.value, one.label) for one in Satisfaction)]
    return forms.TypedChoiceField(label=label, choices=choices, coerce=int, empty_value=None, required=False, **options)
