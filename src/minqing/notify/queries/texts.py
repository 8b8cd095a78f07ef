"""A notice in words: made when it is shown or sent, in the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.utils import translation
from django.utils.formats import date_format

from minqing.core.language import N_, sentences
from minqing.notify.enums import Param
from minqing.notify.kinds import KINDS, NoticeKind
from minqing.notify.queries.recipients import place_names

_ = sentences(__name__)
OUTBOX: Final = {
    "held": N_("{count} held"),
    "queued": N_("{count} queued"),
    "sending": N_("{count} being sent"),
    "failed": N_("{count} failed, to be tried again"),
    "parked": N_("{count} parked"),
}


@dataclass(frozen=True, slots=True)
class Text:
    """``params`` are those of the kind, as words: for carriers that fill in a template of their own."""

    title: str
    body: str
    params: Mapping[str, str]


def compose(code: str, params: Mapping[str, object], language: str) -> Text:
    """The text of one notice; raises Invalid for a kind or parameter that is not known (any more)."""
    kind = KINDS.of(code)
    given = kind.clean(params)
    with translation.override(language):
        return written(kind, given, place_names(places_in(kind, given)))


def written(kind: NoticeKind, params: Mapping[str, object], places: Mapping[int, str]) -> Text:
    """In the language that is active now."""
    words = {name: word(kind.params[name], value, places) for name, value in params.items()}
    return Text(str(kind.title) % words, str(kind.says(kind.body, params)) % words, words)


def in_app(kind: NoticeKind, params: Mapping[str, object], places: Mapping[int, str]) -> Text:
    """As :func:`written`, for somebody who is signed in."""
    text = written(kind, params, places)
    return text if kind.here is None else replace(text, body=str(kind.says(kind.here, params)) % text.params)


def places_in(kind: NoticeKind, params: Mapping[str, Any]) -> Iterable[int]:
    return [value for name, value in params.items() if kind.params.get(name) is Param.PLACE]


def word(param: Param, value: Any, places: Mapping[int, str]) -> str:
    if param is Param.DAY:
        # a template of a carrier takes no empty value
        return date_format(date.fromisoformat(value), "DATE_FORMAT") if value else "—"
    if param is Param.PLACE:
        return places.get(value, "—")
    return str(value)


def in_words(counts: Mapping[str, int]) -> str:
    """How many messages stand where, in the operator's language; empty where none waits."""
    return ", ".join(_(OUTBOX[state]).format(count=count) for state, count in counts.items())
