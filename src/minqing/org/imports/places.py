"""Areas by code or by name, as tables give them. The whole county's areas fit in memory: a few thousand."""

from __future__ import annotations

import difflib
from collections import defaultdict
from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.characters import key_of
from minqing.core.errors import Invalid
from minqing.core.formats import normalise_text
from minqing.org.enums import Level
from minqing.org.models import Area

SUGGESTED = 3
# what a clerk may leave away or write otherwise at the end of a name
_ENDINGS = ("村民委员会", "居民委员会", "社区居委会", "村委会", "居委会")


@dataclass(frozen=True, slots=True)
class AreaRow:
    id: int
    code: str
    name: str
    level: Level
    path: str


def unknown(word: str, near: list[str]) -> Invalid:
    if near:
        sentence = _("No place is called “{word}”. Do you mean {near}?")
        return Invalid("area_unknown", format_lazy(sentence, word=word, near="、".join(near)))
    return Invalid("area_unknown", format_lazy(_("No place is called “{word}”. Please check the name."), word=word))


class Places:
    """Looks areas up as one actor: what lies outside the actor's areas is refused, and told so."""

    def __init__(self, by: Actor, *, everywhere: bool = False) -> None:
        rows = Area.objects.filter(valid_to__isnull=True).order_by("path")
        self.all = [AreaRow(a.id, a.code, a.name, Level(a.level), a.path) for a in rows]
        self.by_id = {place.id: place for place in self.all}
        self.codes = {place.code: place for place in self.all}
        # what is typed and what is stored are folded alike: case, width, gaps, dots
        self.keys = {key_of(place.code): place for place in self.all}
        self.names: dict[str, list[AreaRow]] = defaultdict(list)
        for place in self.all:
            self.names[key_of(place.name)].append(place)
        self.mine = frozenset(self.by_id) if everywhere else by.areas
        self._found: dict[tuple[str, ...], AreaRow | Invalid] = {}

    def find(self, word: str, *levels: Level, within: AreaRow | None = None) -> AreaRow:
        """The area called ``word``, or with that code, of one of ``levels``; raises :class:`Invalid`."""
        key = (word, *levels, within.path if within else "")
        if key not in self._found:
            try:
                self._found[key] = self._find(normalise_text(word), levels, within)
            except Invalid as error:
                self._found[key] = error
        found = self._found[key]
        if isinstance(found, Invalid):
            raise found
        return found

    def is_within(self, inner: int, outer: int) -> bool:
        return self.by_id[inner].path.startswith(self.by_id[outer].path)

    def _find(self, word: str, levels: tuple[Level, ...], within: AreaRow | None) -> AreaRow:
        key = key_of(word)
        coded = self.keys.get(key)
        named = [coded] if coded else self.names.get(key) or self._by_ending(key)
        fitting = [place for place in named if not levels or place.level in levels]
        if within:
            fitting = [place for place in fitting if place.path.startswith(within.path)]
        if not fitting:
            raise unknown(word, self._near(word, levels, within))
        own = [place for place in fitting if place.id in self.mine]
        if not own:
            sentence = _("“{word}” is not in your area. A table may hold your own villages only.")
            raise Invalid("area_elsewhere", format_lazy(sentence, word=word))
        if len(own) > 1:
            sentence = _("Several places are called “{word}”. Fill in the township too, or use the code of the area.")
            raise Invalid("area_ambiguous", format_lazy(sentence, word=word))
        return own[0]

    def _by_ending(self, word: str) -> list[AreaRow]:
        for ending in _ENDINGS:
            if word.endswith(ending):
                stem = word.removesuffix(ending)
                return self.names.get(stem) or self.names.get(f"{stem}村") or self.names.get(f"{stem}社区") or []
        return self.names.get(f"{word}村") or self.names.get(f"{word}社区") or []

    def _near(self, word: str, levels: tuple[Level, ...], within: AreaRow | None) -> list[str]:
        names = {
            place.name
            for place in self.all
            if place.id in self.mine
            and (not levels or place.level in levels)
            and (within is None or place.path.startswith(within.path))
        }
        return difflib.get_close_matches(word, sorted(names), n=SUGGESTED, cutoff=0.5)
