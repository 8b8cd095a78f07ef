"""How form fields become HTML: the widgets that every form has are written here, the rest by Django's templates.

A page with seven fields spent half its time in the templates of Django's own widgets.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.forms import BoundField, PasswordInput
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString

from minqing.core.characters import clean

Widget = Mapping[str, Any]
PLACE: Final = "django/forms/widgets/"
# of a select with hundreds of options; no template stands behind it
LONG_SELECT: Final = f"{PLACE}long_select.html"
INPUTS: Final = (
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


_MARKED = re.compile("[&<>\"']").search


def escaped(text: str) -> str:
    """As :func:`html.escape`, which looks five times even where there is nothing to escape."""
    return html.escape(text) if _MARKED(text) else text


def shown(value: object) -> str:
    text = str(value)
    return text if hasattr(text, "__html__") else escaped(text)


def attributes(given: Mapping[str, Any]) -> str:
    """With a space before each; True stands for the name alone, False for nothing."""
    return "".join(
        f" {name}" if value is True else f' {name}="{shown(value)}"'
        for name, value in given.items()
        if value is not False
    )


def typed(widget: Widget) -> str:
    value = widget["value"]
    told = "" if value is None else f' value="{shown(value)}"'
    return f'<input type="{widget["type"]}" name="{shown(widget["name"])}"{told}{attributes(widget["attrs"])}>'


def ticked(widget: Widget) -> str:
    made = typed(widget)
    if not widget.get("wrap_label"):
        return made
    ident = widget["attrs"].get("id")
    whose = f' for="{shown(ident)}"' if ident else ""
    return f"<label{whose}>{made} {shown(widget['label'])}</label>"


def area(widget: Widget) -> str:
    # a browser leaves out the first line break
    value = shown(widget["value"] or "")
    return f'<textarea name="{shown(widget["name"])}"{attributes(widget["attrs"])}>\n{value}</textarea>'


def select(widget: Widget) -> str:
    parts = []
    for name, group, _index in widget["optgroups"]:
        options = "".join(option(one["value"], one["label"], one["selected"]) for one in group)
        parts.append(grouped(name, options))
    return selecting(widget, "".join(parts))


def long_select(widget: Widget) -> str:
    """Of value and label, or a group's name and such pairs, without a dictionary for each of them."""
    chosen = set(widget["value"])
    parts = []
    for value, label in widget["choices"]:
        if isinstance(label, (list, tuple)):
            parts.append(grouped(value, "".join(option(one, word, str(one) in chosen) for one, word in label)))
        else:
            parts.append(option(value, label, str(value) in chosen))
    return selecting(widget, "".join(parts))


def option(value: object, label: object, selected: bool) -> str:
    mark = " selected" if selected else ""
    return f'<option value="{shown(value)}"{mark}>{shown(label)}</option>'


def grouped(name: object, options: str) -> str:
    return f'<optgroup label="{shown(name)}">{options}</optgroup>' if name else options


def selecting(widget: Widget, options: str) -> str:
    return f'<select name="{shown(widget["name"])}"{attributes(widget["attrs"])}>{options}</select>'


WRITTEN: Final[Mapping[str, Callable[[Widget], str]]] = {
    **{f"{PLACE}{name}.html": typed for name in INPUTS},
    **{f"{PLACE}{name}_option.html": ticked for name in ("radio", "checkbox")},
    f"{PLACE}textarea.html": area,
    f"{PLACE}select.html": select,
    LONG_SELECT: long_select,
}


class CleanBoundField(BoundField):
    """What was typed, as every form of the house and of the operator takes it: see ``core.characters.clean``.

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


class Renderer(TemplatesSetting):
    """``settings.FORM_RENDERER``."""

    bound_field_class = CleanBoundField

    def render(self, template_name: str, context: Any, request: Any = None) -> str:
        write = WRITTEN.get(template_name)
        if write is None:
            return super().render(template_name, context, request=request)
        # each piece is escaped above
        return SafeString(write(context["widget"]))
