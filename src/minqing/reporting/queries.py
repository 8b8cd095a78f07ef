"""What a resident may read of matters: the own one of a private link, and what one may report about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.ids import digest
from minqing.doorstep.queries import Contact, contacts_of
from minqing.matters import queries as matters
from minqing.matters.enums import Move, State
from minqing.matters.questions import Question
from minqing.matters.suggestion import tops
from minqing.privacy.access import acting_as


@dataclass(frozen=True, slots=True)
class Followed:
    """A matter as its reporter may read it."""

    ticket: str
    matter: Any
    actor: Actor

    @contextmanager
    def opened(self) -> Iterator[Actor]:
        """Read and write this one matter as its reporter."""
        with acting_as(self.actor, ticket=digest(self.ticket)):
            yield self.actor


def followed(ticket: str, *, helper: Actor | None = None) -> Followed | None:
    """The matter of a private link; None for any other text, after the same work.

    With a ``helper``, who has the reporter's slip at hand, it is read and written as that person for the reporter.
    """
    matter = matters.by_ticket(ticket)
    if matter is None:
        return None
    reporter = Actor(id=None, kind="resident", name="", household=matter.household_id)
    actor = helper.for_another() if helper else reporter
    return Followed(ticket, matter, actor)


def contacts_for(matter: Any) -> list[Contact]:
    """Whom its reporter may call: the unit that has it in hand, then the offices near by.

    The village is left out of what was told in confidence, unless it is the one that handles it.
    """
    near = contacts_of(matter.area.path, discreet=matter.confidential)
    unit = matter.lead_unit
    if matter.state == State.DECLINED:
        # whoever it is not ours to help is helped to the next door by lawyers of the state, the same number everywhere
        return [Contact(_("Free legal advice"), "12348", _("tells whom you can turn to")), *near]
    # the unit that sent it back stays written on it
    if unit is None or not unit.phone or matter.state == State.RECEIVED:
        return near
    return [Contact(unit.name, unit.phone, _("handles this")), *(one for one in near if one.phone != unit.phone)]


@dataclass(frozen=True, slots=True)
class Story:
    """The public steps, newest first, and the ids of the pictures that belong to them and to the report; ``heard`` are
    the reporter's words that an office wrote down, by step.
    """

    steps: list[Any]
    heard: Mapping[UUID, Any]
    own_pictures: list[UUID]

    @property
    def pictures(self) -> frozenset[UUID]:
        of_steps = (one.attachment_id for step in self.steps for one in step.evidence.all())
        return frozenset([*self.own_pictures, *of_steps])


def story_of(followed: Followed) -> Story:
    """What the reporter may read of the matter's history: internal steps and their pictures stay out."""
    with followed.opened():
        steps = matters.steps_of(followed.matter, public_only=True)
        own = [one.attachment_id for one in matters.pictures_of(followed.matter) if one.step_id is None]
        # a word has the id of its step
        others = [one.pk for one in steps if one.move == Move.CONFIRM and not one.by.startswith("resident:")]
        heard = matters.words_said(others) if others else {}
    return Story(steps=steps, heard=heard, own_pictures=own)


@dataclass(frozen=True, slots=True)
class Topics:
    """What a matter may be about: the first level to choose from, what is below each, and what is asked about it."""

    tops: list[tuple[str, str]]
    kinds: Mapping[str, list[tuple[str, str]]]
    questions: Mapping[str, list[Question]]


def topics() -> Topics:
    """The categories as a resident chooses among them: few at a time."""
    rows = matters.categories()
    tops_of = tops(rows)
    kinds: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        if (top := tops_of[row.code]) != row.code:
            kinds.setdefault(top, []).append((row.code, row.called))
    firsts = [(row.code, row.called) for row in rows if tops_of[row.code] == row.code]
    return Topics(firsts, kinds, {row.code: row.asks for row in rows if row.questions})
