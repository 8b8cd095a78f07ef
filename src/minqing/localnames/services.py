"""The operator gives things the county's own words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.cache_version import invalidate
from minqing.core.errors import Conflict, Invalid, Refused
from minqing.core.text import one_line
from minqing.core.words import Word
from minqing.journal.services import Json, record
from minqing.localnames.kinds import Vocabulary
from minqing.localnames.models import WORD_LENGTH, LocalName
from minqing.org.enums import Role


class Said(NamedTuple):
    """The county's word for one member and the residents' word; empty is the shipped word."""

    word: str = ""
    public_word: str = ""


@transaction.atomic
def set_names(*, kind: Vocabulary, language: str, words: Mapping[str, Said], by: Actor) -> list[str]:
    """Call the members of ``kind`` so in ``language``, from the next page on; returns the codes whose words changed.

    What ``words`` does not have keeps its words. Names only: what may be done in a state stays as it is. Raises
    Invalid for a word that is too long or would stand for two; Refused for anybody but the operator and the
    command line.
    """
    if not (by.kind == "system" or by.has(Role.OPERATOR)):
        raise Refused("not_operator", _("Only the operator may change what things are called."))
    if language not in dict(settings.LANGUAGES):
        raise Invalid("language", _("This language is not offered here."))
    rows = LocalName.objects.select_for_update().filter(kind=kind.code, language=language)
    before = {row.code: Said(row.word, row.public_word) for row in rows}
    members = {one.value: one for one in kind.members}
    said = before | {code: cleaned(members, code, one) for code, one in words.items()}
    check_apart(members, said, language)
    changed = sorted(code for code, one in said.items() if one != before.get(code, Said()))
    if not changed:
        return []
    store(kind, language, {code: said[code] for code in changed}, by=by)
    invalidate()
    data: dict[str, Json] = {"kind": kind.code, "language": language, "codes": [*changed]}
    record(type="localnames.names.changed", subject=f"names:{kind.code}", by=by, data=data)
    return changed


def cleaned(members: Mapping[str, Word], code: str, said: Said) -> Said:
    if code not in members:
        raise Invalid("code", _("There is nothing of this name."), member=code)
    made = Said(*(one_line(word, 10_000) for word in said))
    if any(len(word) > WORD_LENGTH for word in made):
        raise Invalid("word_too_long", _("A name has at most 12 characters."), member=code)
    return made


def check_apart(members: Mapping[str, Word], said: Mapping[str, Said], language: str) -> None:
    """No two members are called the same, the shipped words among them."""
    seen: dict[str, str] = {}
    with override(language):
        words = {code: said.get(code, Said()).word or str(one.label) for code, one in members.items()}
    for code, word in words.items():
        if word in seen:
            raise Invalid(
                "word_twice",
                _("“{word}” would stand for two. Choose different words.").format(word=word),
                member=code,
                other=seen[word],
            )
        seen[word] = code


def store(kind: Vocabulary, language: str, said: Mapping[str, Said], *, by: Actor) -> None:
    """Deleted and written anew: two that change their words with each other would meet halfway."""
    LocalName.objects.filter(kind=kind.code, language=language, code__in=said).delete()
    rows = [
        LocalName(
            kind=kind.code,
            code=code,
            language=language,
            word=one.word,
            public_word=one.public_word,
            changed_at=clock.now(),
            changed_by=by.ref,
        )
        for code, one in said.items()
        if any(one)
    ]
    try:
        LocalName.objects.bulk_create(rows)
    except IntegrityError:
        raise Conflict("names_changed", _("Somebody else has just changed these names. Look at them again.")) from None
