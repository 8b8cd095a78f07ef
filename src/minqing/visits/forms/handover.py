"""From whom to whom households in somebody's care go."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from minqing.web.forms import Data, Files, FormOptions, LongSelect, OnceForm


class HandOverForm(OnceForm):
    """``carers`` have households in their care, each with how many; ``cadres`` may be given them."""

    account = forms.TypedChoiceField(label=_("From"), coerce=UUID, widget=LongSelect)
    to = forms.TypedChoiceField(label=_("Hand over to"), coerce=UUID, widget=LongSelect)

    def __init__(
        self,
        data: Data = None,
        files: Files = None,
        *,
        carers: Sequence[tuple[str, str]],
        cadres: Sequence[tuple[str, str]],
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, files, **options)
        self.fields["account"].choices = [("", _("Choose a cadre")), *carers]  # type: ignore[attr-defined]
        self.fields["to"].choices = [("", _("Choose a cadre")), *cadres]  # type: ignore[attr-defined]
