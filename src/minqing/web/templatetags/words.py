"""Django's ``{% load i18n %}`` (named in ``settings.TEMPLATES``), with plain sentences kept once translated."""

from __future__ import annotations

from django import template
from django.template import Context, Node
from django.template.base import Parser, Token
from django.templatetags import i18n
from django.utils.translation import get_language

register = template.Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


@register.tag
def translate(parser: Parser, token: Token) -> Node:
    made = i18n.do_translate(parser, token)
    expression = made.filter_expression
    plain = not (made.noop or made.asvar or made.message_context or expression.filters)
    return Sentence(made) if plain and isinstance(expression.var.literal, str) else made


class Sentence(Node):
    """A sentence as it stands in the template, and a page has fifty; Django's own looks each up, each time."""

    child_nodelists = ()

    def __init__(self, own: i18n.TranslateNode) -> None:
        self.own = own
        self.words: dict[str, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        word = self.words.get(language)
        if word is None:
            word = self.words[language] = str(self.own.render(context))
        return word
