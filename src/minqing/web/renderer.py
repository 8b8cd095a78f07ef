"""How form fields become HTML: by Django's own Jinja2 templates. What is typed is cleaned on its way in."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField, PasswordInput
from django.forms.renderers import Jinja2

from minqing.core.characters import clean


class CleanBoundField(BoundField):
    """What was typed, as every form of the house takes it: see ``core.characters.clean``.

    A text of which nothing can be seen is empty here, so that "required" means that there is something to read.
    """

    @property
    def data(self) -> Any:
        given = super().data
        if isinstance(self.field.widget, PasswordInput):
            return given
        if isinstance(given, str):
            return clean(given)
        if isinstance(given, list):
            return [clean(one) if isinstance(one, str) else one for one in given]
        return given


class Renderer(Jinja2):
    """``settings.FORM_RENDERER``."""

    bound_field_class = CleanBoundField
