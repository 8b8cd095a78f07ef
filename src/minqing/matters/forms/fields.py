"""Fields that forms of moves have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Required

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.matters.enums import Outcome
from minqing.matters.forms.filters import lines
from minqing.web.forms import FormOptions, LongSelect

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from minqing.core.actor import Actor
    from minqing.matters.models import Category, Matter
    from minqing.matters.queries.dossier import PartRow


class MoveOptions(FormOptions, total=False):
    """What a form of a move is about, and what there is to choose from."""

    matter: Required[Matter]
    categories: Sequence[Category]
    parts: Sequence[PartRow]
    by: Actor | None


def unit_field(label: StrOrPromise, *, required: bool = True) -> forms.TypedChoiceField:
    """The units near the matter are its choices; None for nobody, where that is allowed."""
    return forms.TypedChoiceField(label=label, coerce=int, required=required, empty_value=None, widget=LongSelect)


def how_it_went(label: StrOrPromise) -> forms.TypedChoiceField:
    """Of these three none is anybody's choice before it is made."""
    return forms.TypedChoiceField(
        label=label,
        choices=[(one.value, one.label) for one in Outcome],
        coerce=Outcome,
        widget=forms.RadioSelect,
    )


def what_is_left(readers: StrOrPromise) -> forms.CharField:
    return forms.CharField(
        label=_("Why, or what comes next"), required=False, max_length=2000, widget=lines(2), help_text=readers
    )


def days(label: StrOrPromise, *, least: int = 0, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=250, **options)


def text(label: StrOrPromise, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=2000, widget=lines(rows), **options)
