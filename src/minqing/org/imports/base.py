"""What the tables of the organisation have in common: each row is one call of a service."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import DomainError, Invalid
from minqing.core.formats import normalise_text
from minqing.intake.kinds import Row, Stored
from minqing.intake.storage.seen_keys import Seen
from minqing.org.services import Outcome

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

T = TypeVar("T")


def missing() -> StrOrPromise:
    return _("This cell must not be empty.")


def name_of(text: str, most: int) -> str:
    """A name or code of at most ``most`` characters; raises :class:`Invalid`."""
    name = normalise_text(text)
    if not name:
        raise Invalid("empty", missing())
    if len(name) > most:
        raise Invalid("too_long", format_lazy(_("At most {most} characters. Please shorten it."), most=most))
    return name


def doubled(row: int) -> StrOrPromise:
    return format_lazy(_("The same is in row {row} already. Delete one of the two."), row=row)


class Told:
    """Runs checks of single cells and keeps the sentence of the one that failed at its column."""

    def __init__(self, row: Row) -> None:
        self.row = row

    def take(self, column: str, check: Callable[[], T], default: T) -> T:
        try:
            return check()
        except DomainError as error:
            self.row.problems[column] = error.sentence
            return default


class OrgTable:
    """Rows stored through the room's services; what a service refuses is that row's problem."""

    def __init__(self, by: Actor, seen: Seen) -> None:
        self.by, self.seen = by, seen

    def look(self, rows: Sequence[Row]) -> None:
        """Nothing more than ``check`` has seen."""

    def understood(self, row: Row) -> Mapping[str, str]:
        """What is not in the row's data as it stands in its cells."""
        return {}

    def save(self, row: Row) -> Outcome:
        raise NotImplementedError

    def together(self, rows: Sequence[Row]) -> Iterable[Sequence[Row]]:
        """Rows that are stored at once or not at all: each alone, unless a table says otherwise."""
        return [[row] for row in rows]

    def save_all(self, rows: Sequence[Row]) -> Sequence[Outcome]:
        return [self.save(row) for row in rows]

    def store(self, rows: Sequence[Row]) -> Stored:
        stored = Stored()
        for group in self.together(rows):
            try:
                with transaction.atomic():
                    outcomes = self.save_all(group)
            except DomainError as error:
                for row in group:
                    row.problems[""] = error.sentence
                continue
            for row, outcome in zip(group, outcomes, strict=True):
                row.outcome = outcome
                setattr(stored, outcome, getattr(stored, outcome) + 1)
        return stored
