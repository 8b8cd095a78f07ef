"""What a county calls a state, a way of handling or a reason to wait: the machine types stay, the words are its own.

The words are kept in the process by their edition (:mod:`minqing.core.editions`); who asks for one in a request of a
signed-in person or a partner asks no statement. A visitor's request knows no edition: there the words come along
with the matter (:func:`with_names`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.utils.translation import get_language

from minqing.core.editions import Kept
from minqing.core.ids import new_id
from minqing.core.words import Word
from minqing.matters.enums import Mechanism, Named, PauseReason, State

WORD_LENGTH: Final = 12
TYPES: Final[Mapping[Named, type[Word]]] = {
    Named.STATE: State,
    Named.MECHANISM: Mechanism,
    Named.PAUSE: PauseReason,
}
# kind, code, language → the county's word and the residents' word
Names = Mapping[tuple[str, str, str], tuple[str, str]]


class LocalName(models.Model):
    """The county's ``word`` for one member ``code`` of ``kind`` in one language, and what residents read of a state.

    An empty word is the shipped one. A row that says nothing is not there.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12)
    code = models.CharField(max_length=20)
    language = models.CharField(max_length=10)
    word = models.CharField(max_length=WORD_LENGTH, blank=True)
    public_word = models.CharField(max_length=WORD_LENGTH, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "code", "language"], name="named_once"),
            models.UniqueConstraint(
                fields=["kind", "language", "word"], condition=~models.Q(word=""), name="no_word_for_two"
            ),
        ]

    class Privacy:
        public = ("kind", "code", "language", "word", "public_word")
        internal = ("id", "changed_at", "changed_by")
        personal = ()
        sensitive = ()


def by_key(rows: Iterable[LocalName]) -> Names:
    return {(row.kind, row.code, row.language): (row.word, row.public_word) for row in rows}


NAMES: Final = Kept(["matters_localname"], LocalName.objects.all, by_key)


class StateNames(models.Func):
    """All words for states, in the statement that reads something else."""

    template = (
        "(SELECT jsonb_agg(jsonb_build_array(kind, code, language, word, public_word)) FROM matters_localname"
        " WHERE kind = 'state')"
    )
    output_field = models.JSONField()


def with_names(matters: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """Annotate ``names``: the county's words for states, read with the rows; for a request that knows no edition."""
    return matters.annotate(names=StateNames())


def names_along(matter: Any) -> Names:
    """Those that came with the matter, else those kept in the process."""
    if not hasattr(matter, "names"):
        return NAMES.now()
    return {(kind, code, language): (word, public) for kind, code, language, word, public in matter.names or ()}


def word_of(member: Word) -> str:
    """What the county calls it in the language in force; the shipped word where it has none of its own."""
    return spoken(NAMES.now(), member, 0) or str(member.label)


def state_word(state: str) -> str:
    return word_of(State(state))


def mechanism_word(mechanism: str) -> str:
    return word_of(Mechanism(mechanism))


def public_word(matter: Any, state: str | None = None) -> str:
    """What residents call a state, that of the matter unless said; empty where the county has no word for them."""
    return spoken(names_along(matter), State(state or matter.state), 1)


def outside_word(matter: Any, state: str | None = None) -> str:
    """What is told outside beside the machine type: the residents' word, else the county's, else the shipped one."""
    names, member = names_along(matter), State(state or matter.state)
    return spoken(names, member, 1) or spoken(names, member, 0) or str(member.label)


def spoken(names: Names, member: Word, place: int) -> str:
    kind = next(kind for kind, type in TYPES.items() if isinstance(member, type))
    language = get_language() or settings.LANGUAGE_CODE
    return names.get((kind.value, member.value, language), ("", ""))[place]


def choices_of(type: type[Word], members: Iterable[Word] | None = None) -> list[tuple[str, str]]:
    """For a field to choose from, in the county's words."""
    return [(one.value, word_of(one)) for one in members or type]
