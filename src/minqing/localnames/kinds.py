"""Of what a county may have words of its own. Rooms say so of their enums; the types stay as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from minqing.core.registry import Registry
from minqing.core.words import Word

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The ``members`` of one enum, whose words a county may choose; ``note`` says on its page what they are for.

    With ``for_residents`` each has a second word beside it, which residents read.
    """

    code: str
    label: StrOrPromise
    members: type[Word]
    for_residents: bool = False
    note: StrOrPromise = ""


VOCABULARIES: Final = Registry[Vocabulary](lambda vocabulary: vocabulary.code)


def vocabulary_of(member: Word) -> Vocabulary:
    """That of the enum of ``member``, which its room has declared."""
    return next(one for one in VOCABULARIES if isinstance(member, one.members))
