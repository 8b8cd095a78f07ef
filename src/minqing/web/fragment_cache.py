"""What is the same on page after page and need not be made anew: parts of the frame, and addresses."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any
from uuid import UUID

from django.template import Context
from django.template.defaulttags import URLNode
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language


def render_cached(template: str, **values: Any) -> SafeString:
    """``template`` with ``values`` alone, which are hashable; for the last thousand different ones made once.

    Nothing that belongs to one request may be among them, such as a form's token.
    """
    return _kept(template, get_language(), get_urlconf(), tuple(values.items()))


@lru_cache(maxsize=1024)
def _kept(template: str, language: str, urlconf: str | None, values: tuple[tuple[str, Any], ...]) -> SafeString:
    return SafeString(render_to_string(template, dict(values)))


# stands in an address for the ids that belong there
STAND_IN = UUID(int=0)


class Address(URLNode):
    """``{% url "name" %}`` as Django's own, which searches all addresses each time. No application is here twice."""

    def render(self, context: Context) -> str:
        if self.kwargs:
            return str(super().render(context))
        args = [arg.resolve(context) for arg in self.args]
        ids = [str(arg) for arg in args if isinstance(arg, UUID)]
        shape = tuple(STAND_IN if isinstance(arg, UUID) else str(arg) for arg in args)
        try:
            first, *rest = _pieces(self.view_name.resolve(context), shape, get_urlconf(), get_script_prefix())
        except NoReverseMatch:
            # it says so, or leaves the variable empty
            return str(super().render(context))
        found = first + "".join(one + piece for one, piece in zip(ids, rest, strict=True))
        if self.asvar:
            context[self.asvar] = found
            return ""
        return escape(found)


@lru_cache(maxsize=2048)
def _pieces(name: str, args: tuple[Any, ...], urlconf: str | None, prefix: str) -> list[str]:
    """The address, cut where an id goes."""
    return reverse(name, args=args).split(str(STAND_IN))
