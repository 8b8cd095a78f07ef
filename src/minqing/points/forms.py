"""How people are called on the sheet that their village posts; and where points are moved to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, Final, Unpack
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.org.queries import who_changed
from minqing.points.enums import Naming, Wish
from minqing.points.models import VillageSheet
from minqing.points.services import choose_naming, move_points, say_wish
from minqing.web.forms import Data, FormOptions, OnceForm, SeenMixin


class NamingForm(SeenMixin):
    """What a village decides."""

    naming = forms.ChoiceField(
        label=_("How people are called"), choices=[(one.value, one.label) for one in Naming], widget=forms.RadioSelect
    )

    def apply(self, *, village: int, by: Actor) -> bool:
        choose_naming(village=village, naming=Naming(self.cleaned_data["naming"]), by=by)
        return True


def naming_form(village: int, stored: VillageSheet | None, data: Any = None) -> NamingForm:
    form = NamingForm(data, initial={"naming": stored.naming if stored else Naming.SURNAME.value})
    subject = f"area:{village}"
    form.stands_at(subject, stored.changed_at if stored else "", told=partial(who_changed, subject))
    return form


HOUSEHOLD: Final = "household"


class MoveForm(OnceForm):
    """To whom of a household the points in one account go."""

    to = forms.ChoiceField(label=_("To whose account?"), widget=forms.RadioSelect)

    def __init__(
        self, data: Data = None, *, choices: Sequence[tuple[str, str]], **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        self.fields["to"].choices = choices  # type: ignore[attr-defined]

    def apply(self, *, account: int, by: Actor) -> int | None:
        """How many went; None where the service finds something wrong, which the form then says."""
        to = self.cleaned_data["to"]
        resident = None if to == HOUSEHOLD else UUID(to)
        id = self.cleaned_data["request_id"]
        return self.tried(lambda: move_points(id=id, account=account, resident=resident, by=by))


class WishForm(SeenMixin):
    """What somebody wishes about it."""

    # residents' pages are without the desk's script
    chosen_by_typing = False
    wish = forms.ChoiceField(label=_("On the sheet that the village posts"), widget=forms.RadioSelect)

    def __init__(self, data: Data = None, *, named: bool, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        self.fields["wish"].choices = [  # type: ignore[attr-defined]
            (one.value, one.label) for one in Wish if named or one is not Wish.NAME
        ]

    def apply(self, *, account: int, by: Actor) -> bool:
        say_wish(account=account, wish=Wish(self.cleaned_data["wish"]), by=by)
        return True


def wish_form(account: int, wish: str, data: Data = None, *, named: bool, at_door: bool = False) -> WishForm:
    """``named``: a household has no name that could stand there, and a child's does not. ``at_door`` nobody is told who
    of the staff has changed it.
    """
    form = WishForm(data, named=named, initial={"wish": wish}, auto_id=f"id_wish_{account}_%s")
    subject = f"points_account:{account}"
    form.stands_at(subject, told=lambda: () if at_door else who_changed(subject))
    if not at_door:
        # whoever types it is not whom it is about
        field: Any = form.fields["wish"]
        field.label = _("What the village's sheet calls them")
        told = {Wish.NAME: _("By their full name"), Wish.OUT: _("Not at all")}
        field.choices = [(value, told.get(value, label)) for value, label in field.choices]
    return form
