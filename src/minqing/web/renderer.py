"""How form fields become HTML: the widgets by Django's Jinja templates, which are compiled, the rest as usual.

A page with seven fields spent half its time in the widgets of Django's own template language.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

from django import forms
from django.forms.renderers import Jinja2, TemplatesSetting

# those of the admin exist in Django's language alone
COMPILED = "django/forms/widgets/"
# templates of Django's that do nothing but include another one, for which the same context would be made again
INPUTS = (
    "text",
    "hidden",
    "number",
    "email",
    "url",
    "tel",
    "search",
    "password",
    "date",
    "datetime",
    "time",
    "checkbox",
)
SAME = {
    **{f"{COMPILED}{name}.html": f"{COMPILED}input.html" for name in INPUTS},
    **{f"{COMPILED}{name}_option.html": f"{COMPILED}input_option.html" for name in ("radio", "checkbox")},
}
PLACES = (Path(__file__).parent / "jinja2", Path(forms.__file__).parent / "jinja2")


class Renderer(TemplatesSetting):
    """``settings.FORM_RENDERER``. A widget's template in ``web/jinja2`` comes before Django's own of that name."""

    def get_template(self, template_name: str) -> Any:
        if template_name.startswith(COMPILED):
            return self.compiled.get_template(SAME.get(template_name, template_name))
        return super().get_template(template_name)

    @cached_property
    def compiled(self) -> Any:
        given = {"APP_DIRS": False, "DIRS": PLACES, "NAME": "widgets", "OPTIONS": {}}
        return Jinja2().backend(given)
