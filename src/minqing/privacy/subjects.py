"""What the house holds of one person: rooms say how they find, give, correct, erase and withhold it.

Erasure follows the privacy classes beside the fields: each :class:`Holding` says what becomes of every personal and
sensitive field of one model, and ``tests/privacy/test_subjects.py`` finds a field of any room that none names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from minqing.core.actor import Actor
from minqing.core.errors import Conflict
from minqing.core.registry import Registry
from minqing.privacy.fields import EncryptedTextField
from minqing.privacy.masking import covered, mask
from minqing.privacy.spelling import patterns, places_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# what stands where a text must not be empty, whoever reads it
GONE: Final = "—"
# as whom rows are opened that are somebody's own and lie in no area
ERASER: Final = "privacy.erase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a person is told of: ``areas``, whether somebody else among those people bears the name (``namesakes``),
    and longer names of people and places there of which theirs is a part (``within``).
    """

    areas: frozenset[int]
    namesakes: bool = False
    within: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom a request is about, by all that the house can find a person by.

    ``resident`` and ``household`` are of their file, if they have one; ``alone``: nobody else was ever in it, so what
    is the household's is theirs. ``merged`` are entries that ended when they were made one with it, ``left`` the other
    households in which those were, ``lone`` such of them in which nobody else ever was: a room looks by ``residents``,
    ``households`` and ``own_homes``, which hold all of it. ``name``, ``phones`` (those at which they answered) and
    ``identity_number`` find what stands outside a file, ``areas`` is where. ``namesakes``: somebody else there bears
    the name, so the name alone finds nothing. ``within``: longer names of people and places there, of which this one
    is a part. ``shared``: of the phones those that somebody else on file has too. ``above``: what lies over the place,
    whose offices keep records of people of all its townships. ``cause`` is the record for which all this is done, as
    the journal names it.
    """

    cause: str
    name: str
    phones: frozenset[str] = frozenset()
    identity_number: str = ""
    resident: UUID | None = None
    household: UUID | None = None
    alone: bool = False
    merged: frozenset[UUID] = frozenset()
    left: frozenset[UUID] = frozenset()
    lone: frozenset[UUID] = frozenset()
    address: str = ""
    areas: frozenset[int] = frozenset()
    namesakes: bool = False
    within: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    above: Place | None = None

    @property
    def residents(self) -> frozenset[UUID]:
        """All entries of the file that are this person's."""
        return self.merged | {self.resident} if self.resident else self.merged

    @property
    def households(self) -> frozenset[UUID]:
        """Where they are and were on file."""
        return self.left | {self.household} if self.household else self.left

    @property
    def own_homes(self) -> frozenset[UUID]:
        """Of ``households`` those in which nobody else ever was: what is the household's is theirs."""
        return self.lone | {self.household} if self.household and self.alone else self.lone

    @property
    def everywhere(self) -> tuple[Person, ...]:
        """As to be looked for in rows that lie where somebody works, not where a household lies: once in the place,
        and once in what lies above it, where a name is found only if nobody of the whole county shares it.
        """
        if self.above is None:
            return (self,)
        over = self.above
        wide = replace(self, areas=over.areas, namesakes=over.namesakes, within=over.within, above=None)
        return (self, wide)

    @property
    def numbers(self) -> tuple[str, ...]:
        """What is nobody else's."""
        return tuple(filter(None, (*sorted(self.phones), self.identity_number)))

    @property
    def words(self) -> tuple[str, ...]:
        """What tells of this person wherever it stands in the place, among people who may share a name."""
        return self.numbers if self.namesakes or len(self.name) < 2 else (self.name, *self.numbers)


@dataclass(frozen=True, slots=True)
class Found:
    """How many records a room has of somebody; ``busy`` says what still has to end before they can be erased.

    ``open`` is how many those are, for people who may not know whom it is about: a sentence may name records. ``lost``
    says what of theirs they give up when they are erased, for who decides on it.
    """

    records: int = 0
    busy: tuple[StrOrPromise, ...] = ()
    open: int = 0
    lost: StrOrPromise = ""

    @property
    def waiting(self) -> int:
        return self.open or len(self.busy)


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of record in a copy: ``labels`` by field, for people; ``rows`` by field, for people and programs."""

    code: str
    title: StrOrPromise
    labels: Mapping[str, StrOrPromise]
    rows: Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Holding:
    """What becomes of one model's personal fields when somebody is erased.

    ``gone``: the whole row goes. ``blank``: field → what stands there afterwards. ``covered``: texts of others in which
    this person's name and numbers are covered. ``model`` as ``households.Resident``.
    """

    model: str
    gone: bool = False
    blank: Mapping[str, Any] = field(default_factory=dict)
    covered: tuple[str, ...] = ()

    def reaches(self, name: str) -> bool:
        return self.gone or name in self.blank or name in self.covered


class Writes(Protocol):
    """A change for one person; returns how many records it changed, and appends one event if there were any."""

    def __call__(self, *, person: Person, by: Actor, at: datetime) -> int: ...


class Corrects(Protocol):
    """Set what stands wrong, by field; the rest is left alone."""

    def __call__(self, *, person: Person, values: Mapping[str, str], by: Actor, at: datetime) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """What one room holds of people. ``corrects`` are the fields of it that can be corrected, as people call them;
    ``checks`` say of a field how what is right is kept, and raise Invalid for what could never stand there.
    ``loses`` is what somebody gives up who has themselves erased, said to whoever asks for it before they send it;
    ``lost`` the same in a few words behind the room's name, for the letter.
    """

    room: str
    label: StrOrPromise
    find: Callable[[Person], Found]
    give: Callable[[Person], Sequence[Section]]
    erase: Writes
    holdings: tuple[Holding, ...] = ()
    corrects: Mapping[str, StrOrPromise] = field(default_factory=dict)
    checks: Mapping[str, Callable[[str], str]] = field(default_factory=dict)
    correct: Corrects | None = None
    withhold: Writes | None = None
    loses: StrOrPromise = ""
    lost: StrOrPromise = ""


ROOMS: Final = Registry[Subjects](lambda held: held.room)


def found_of(person: Person) -> list[tuple[Subjects, Found]]:
    """What each room has of somebody, without those that have nothing."""
    looked = ((held, held.find(person)) for held in ROOMS)
    return [(held, found) for held, found in looked if found.records]


def copy_of(person: Person) -> list[Section]:
    """All that the house holds of somebody, by kind."""
    return [section for held in ROOMS for section in held.give(person) if section.rows]


def losses() -> list[StrOrPromise]:
    """What whoever has themselves erased gives up with it, in sentences."""
    return [held.loses for held in ROOMS if held.loses]


def correctable() -> dict[str, StrOrPromise]:
    """Fields that some room can correct, each once under the word of the lowest room."""
    labels: dict[str, StrOrPromise] = {}
    for held in ROOMS:
        labels = dict(held.corrects) | labels
    return labels


def right_value(name: str, text: str) -> str:
    """What is to stand in that field, as the lowest room that has it keeps it; raises Invalid when it is asked."""
    checks = [held.checks[name] for held in ROOMS if name in held.checks]
    return checks[0](text) if checks else text


@transaction.atomic
def erase_person(*, person: Person, by: Actor, at: datetime) -> dict[str, int]:
    """Erase somebody in every room, from the highest down: what hangs on a record goes before it. Counts by room.

    Raises Conflict where a room says what has to end first. Act as one who sees everything.
    """
    busy = [word for _held, found in found_of(person) for word in found.busy]
    if busy:
        raise Conflict("still_busy", " ".join(map(str, busy)))
    return {held.room: held.erase(person=person, by=by, at=at) for held in reversed(ROOMS)}


@transaction.atomic
def correct_person(*, person: Person, values: Mapping[str, str], by: Actor, at: datetime) -> dict[str, int]:
    """Correct the fields of ``values`` in every room that has them."""
    done = {}
    for held in ROOMS:
        mine = {name: value for name, value in values.items() if name in held.corrects}
        if held.correct is not None and mine:
            done[held.room] = held.correct(person=person, values=mine, by=by, at=at)
    return done


@transaction.atomic
def withhold_person(*, person: Person, by: Actor, at: datetime) -> dict[str, int]:
    """From now on nobody is called back, told or published of on account of what is held of them."""
    return {held.room: held.withhold(person=person, by=by, at=at) for held in ROOMS if held.withhold is not None}


# for the rooms


def naming(person: Person, *fields: str) -> Q:
    """Rows in one of whose ``fields`` something may tell of the person, however spaced; fields of JSON too."""
    found = Q(pk__in=[])
    for name in fields:
        for form in patterns(*told_apart(person.words, person)):
            found |= Q(**{f"{name}__regex": form})
    return found


def written(person: Person, name: str = "query") -> Q:
    """Rows whose address in the field ``name`` may tell of the person, in each way in which an address writes it."""
    found = Q(pk__in=[])
    for form in patterns(*told_apart(person.words, person), in_address=True):
        found |= Q(**{f"{name}__iregex": form})
    return found


def blanked(rows: QuerySet[Any], holding: Holding) -> int:
    """Put what :class:`Holding` says into the fields of ``rows``."""
    return rows.update(**holding.blank)


def covered_in(rows: Iterable[Any], holding: Holding, person: Person, *, whole: bool = False) -> int:
    """Cover what tells of ``person`` in the texts of ``rows``; how many changed. ``whole``: they are linked to the
    person, so the name is theirs though others bear it.
    """
    words = (person.name, *person.numbers) if whole else person.words
    changed = []
    for row in rows:
        values = {name: without(getattr(row, name), words, person) for name in holding.covered}
        values = {name: value for name, value in values.items() if value != getattr(row, name)}
        if values:
            changed.append((row, values))
    # in one order: two erasures of people who are named in the same rows would wait for each other
    for row, values in sorted(changed, key=lambda one: one[0].pk):
        cover_row(row, values)
    return len(changed)


def cover_row(row: Any, values: Mapping[str, Any]) -> None:
    """An encrypted text is bound to its row and written by saving it."""
    sealed = [name for name in values if isinstance(row._meta.get_field(name), EncryptedTextField)]
    for name in sealed:
        setattr(row, name, values[name])
    if sealed:
        row.save(update_fields=sealed)
    if plain := {name: value for name, value in values.items() if name not in sealed}:
        type(row)._base_manager.filter(pk=row.pk).update(**plain)


def without(value: Any, words: Sequence[str], person: Person) -> object:
    """``value``, a text or a structure of texts, with the ``words`` covered."""
    if isinstance(value, Mapping):
        return {name: without(one, words, person) for name, one in value.items()}
    if isinstance(value, list):
        return [without(one, words, person) for one in value]
    if isinstance(value, int) and not isinstance(value, bool):
        told = without(str(value), words, person)
        return value if told == str(value) else told
    if not isinstance(value, str) or not value:
        return value
    found = places_of(value, *told_apart(words, person), person.within)
    return covered(value, found) if found else value


def told_apart(words: Sequence[str], person: Person) -> tuple[list[str], list[str]]:
    """Of the ``words`` those that are written in any case, and those of which digits alone count."""
    numbers = [one for one in words if one in person.phones]
    names = {form for one in words if one and one not in person.phones for form in (one, one.lower(), one.upper())}
    return sorted(names), numbers


def without_others(text: str, person: Person, names: Iterable[str] = ()) -> str:
    """What somebody else wrote of this person, for a copy: the ``names`` of others and what tells of anybody covered,
    this person's own name left standing.
    """
    others = {one for one in names if one and one != person.name}
    here = "\ue000"
    longer = person.within | {one for one in others if person.name in one}
    kept, at = [], 0
    for one in places_of(text, [person.name], (), longer):
        kept += [text[at : one.start], here]
        at = one.end
    return mask("".join([*kept, text[at:]]), names=others).text.replace(here, person.name)


def tells_of(value: object, person: Person) -> bool:
    """Whether a text, or one in a structure of texts, tells of the person."""
    return bool(without(value, person.words, person) != value)


__all__ = [
    "ERASER",
    "GONE",
    "ROOMS",
    "Found",
    "Holding",
    "Person",
    "Place",
    "Section",
    "Subjects",
    "blanked",
    "copy_of",
    "correct_person",
    "correctable",
    "covered_in",
    "erase_person",
    "found_of",
    "naming",
    "right_value",
    "tells_of",
    "withhold_person",
    "without",
    "without_others",
    "written",
]
