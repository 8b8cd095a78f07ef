"""The only language that a county's template may speak: fields, lists of them, and "if there is one".

Jinja's sandbox keeps templates from Python's insides; on top of it only the few kinds of nodes listed here are
taken, so that there is nothing to call, to compute with, or to loop over for hours.
"""

from __future__ import annotations

from typing import Any, Final

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from jinja2 import StrictUndefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment, SecurityError

FILTERS: Final = frozenset({"default", "join", "length", "trim", "upper", "lower", "first", "last"})
NODES: Final = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.NSRef,
    nodes.Getattr,
    nodes.Const,
    nodes.For,
    nodes.If,
    nodes.Filter,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
)
DEEPEST: Final = 2


class SheetEnvironment(ImmutableSandboxedEnvironment):
    """Values are escaped for XML and put in as text; a field that is not there is an error, not an empty place."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        self.globals.clear()
        self.tests.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}

    def _generate(self, source: nodes.Template, name: Any, filename: Any, defer_init: bool = False) -> str:
        look_over(source, depth=0)
        return super()._generate(source, name, filename, defer_init)


def look_over(node: nodes.Node, *, depth: int) -> None:
    """Raise SecurityError at the first node that is no field, list or condition."""
    if not isinstance(node, NODES):
        raise refused(type(node).__name__)
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        raise refused(node.attr)
    if isinstance(node, nodes.Name) and node.name.startswith("_"):
        raise refused(node.name)
    depth += isinstance(node, nodes.For)
    if depth > DEEPEST:
        raise refused("for")
    for child in node.iter_child_nodes():
        look_over(child, depth=depth)


def refused(what: str) -> SecurityError:
    return SecurityError(
        str(
            format_lazy(
                _("“{what}” is not allowed in a template. Only fields, lists and conditions are, as in the guide."),
                what=what[:40],
            )
        )
    )
