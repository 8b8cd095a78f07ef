"""Publications as those who prepare and review them see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from minqing.core.actor import Actor
from minqing.core.decision import Decision
from minqing.matters.queries import visible_matters
from minqing.matters.queries.publishable import (
    Told,
    closed_matters,
    last_reply,
    objects,
    people_in,
    said_solved,
    solved_matters,
)
from minqing.org.enums import Level
from minqing.org.queries import areas_called
from minqing.privacy.access import one_of
from minqing.privacy.masking import MaskedKind, left, mask
from minqing.publications.enums import Stage
from minqing.publications.models import Publication
from minqing.publications.rules import is_publishable

# what is old and still has no draft is not going to get one
LOOKED_AT, PIECE = 1_000, 100
WAITING = (Stage.DRAFT.value, Stage.REVIEWED.value)


@dataclass(frozen=True)
class Known:
    """What must not stand in a publication: names and numbers of reporter, household, staff; names of the village."""

    names: tuple[str, ...]
    phones: tuple[str, ...]
    places: tuple[str, ...] = ()

    def wanted(self) -> dict[str, tuple[str, ...]]:
        return {"names": self.names, "phones": self.phones, "places": self.places}


@dataclass(frozen=True)
class Proposal:
    """The original with everything covered that could be found, for somebody to write anew."""

    title: str
    question: str
    answer: str
    found: dict[MaskedKind, int]


def publication_of(matter: Told) -> Publication | None:
    return Publication.objects.filter(matter=matter.pk).select_related("area", "category", "prepared_by").first()


def in_hand(actor: Actor) -> QuerySet[Publication]:
    """Drafts and reviewed ones of the actor's areas, the longest waiting first."""
    mine = Publication.objects.filter(one_of("matter__area_id", actor.areas), state__in=WAITING)
    return mine.select_related("area", "category", "prepared_by").order_by("changed_at", "id")


def told_to_all(actor: Actor) -> QuerySet[Any]:
    """Solved matters of the actor's areas that may be published but for an objection, and have no draft."""
    return solved_matters(actor).filter(publication__isnull=True)


def objections(actor: Actor) -> int:
    """How many could be told if their reporters did not object: a number, and no list to press them with."""
    return told_to_all(actor).filter(objection=True).count()


def to_prepare(actor: Actor, most: int = 20) -> QuerySet[Any]:
    """What may be published and has no draft, the newest first, at most so many: twin of :func:`publishable`.

    The newest that were closed are looked at in pieces, and of each the reporter's last word: asked for all at once,
    the database looks up the word of every matter there ever was.
    """
    closed = closed_matters(actor).filter(objection=False)
    newest = closed.order_by("-closed_at", "-id").values_list("pk", flat=True)
    solved = told_to_all(actor).filter(objection=False).order_by("-closed_at", "-id").values_list("pk", flat=True)
    found: list[UUID] = []
    for start in range(0, LOOKED_AT, PIECE):
        keys = list(newest[start : start + PIECE])
        found += solved.filter(pk__in=keys)
        if len(found) >= most or len(keys) < PIECE:
            break
    shown = visible_matters(actor).filter(pk__in=found[:most]).select_related("area", "category")
    return shown.defer("text", "search").order_by("-closed_at", "-id")


def on_show(actor: Actor) -> QuerySet[Publication]:
    """What the public page shows of the actor's areas, the newest first."""
    mine = Publication.objects.filter(one_of("matter__area_id", actor.areas), state=Stage.PUBLISHED.value)
    return mine.select_related("area", "category").order_by("-published_at", "-id")


def publishable(matter: Told) -> Decision:
    """Whether the matter, as it stands, may be told to everybody."""
    category = matter.category
    return is_publishable(
        state=matter.state,
        solved=said_solved(matter),
        publishable=category.publishable if category else None,
        confidential=matter.confidential,
        objection=matter.objection or objects(matter.pk),
    )


def known_of(matter: Told) -> Known:
    """Only compared with texts: it is shown to nobody."""
    names, phones = people_in(matter)
    return Known(tuple(sorted(names)), tuple(sorted(phones)), villages_of(matter))


def villages_of(matter: Told) -> tuple[str, ...]:
    """The names of what lies below the township on the way to the matter's place: only the township is told."""
    way = [int(part) for part in matter.area.path.split(".") if part]
    return tuple(area.name for area in areas_called(way) if area.level in {Level.VILLAGE, Level.GRID})


def proposal_for(matter: Told) -> Proposal:
    """Title, question and the last reply with what was found covered."""
    known = known_of(matter)
    masked = [mask(text, **known.wanted()) for text in (matter.title, matter.text, last_reply(matter))]
    found: dict[MaskedKind, int] = {}
    for one in masked:
        for kind, number in one.found.items():
            found[kind] = found.get(kind, 0) + number
    title, question, told = (one.text for one in masked)
    return Proposal(title, question, told, found)


def still_there(matter: Told, texts: Iterable[str]) -> list[MaskedKind]:
    """What must not be published and stands in ``texts`` all the same."""
    known = known_of(matter)
    return left("\n".join(texts), **known.wanted())
