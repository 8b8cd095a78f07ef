"""What a resident writes: a report, and words about what became of it. They go to the matters room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from minqing.core import clock
from minqing.core.point import Point
from minqing.core.retry import one_at_a_time
from minqing.doorstep.queries import Door
from minqing.files.images import Picture
from minqing.files.services import store_pictures
from minqing.matters.enums import Channel, Source
from minqing.matters.services import add_note, appeal_matter, confirm_matter, reopen_matter, report_matter
from minqing.matters.tickets import ticket_of
from minqing.privacy.access import acting_as
from minqing.reporting import rules
from minqing.reporting.queries import Followed


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a resident typed. Name and phone may be empty; ``confidential`` keeps it out of the household's file,
    ``objection`` off the public page.
    """

    text: str
    category: str = ""
    place: str = ""
    point: Point | None = None
    name: str = ""
    phone: str = ""
    confidential: bool = False
    objection: bool = False
    contact: str = ""
    answers: Mapping[str, str | list[str]] = field(default_factory=dict)
    suggestion: bool = False
    pictures: Sequence[Picture] = ()
    # those of an earlier attempt
    kept: Sequence[UUID] = ()


@transaction.atomic
def report_at_door(*, id: UUID, door: Door, report: Report) -> str:
    """Report a matter from behind a household code; returns the ticket of its private link.

    The same ``id`` again gives the same matter and the same link, also when both arrive at the same moment.
    """
    # both would store the same pictures under the same keys; the second waits and then finds them
    one_at_a_time(f"doorstep:{id}")
    with acting_as(door.actor):
        pictures = store_pictures(request_id=id, pictures=report.pictures, by=door.actor)
        matter = report_matter(
            id=id,
            title="",
            text=report.text,
            area_id=door.area_id,
            channel=Channel.SUGGESTION if report.suggestion else Channel.CODE,
            household_id=door.household_id,
            category_code=report.category,
            reporter_name=report.name,
            reporter_phone=report.phone,
            place=report.place,
            point=report.point,
            picture_ids=[*report.kept, *pictures],
            confidential=report.confidential,
            objection=report.objection,
            contact=report.contact,
            answers=report.answers,
            by=door.actor,
        )
    return ticket_of(matter.pk)


@transaction.atomic
def add_to_report(
    *, id: UUID, followed: Followed, text: str, pictures: Sequence[Picture] = (), kept: Sequence[UUID] = ()
) -> Any:
    """The reporter adds words or pictures while it is open; the same ``id`` again adds nothing.

    ``kept`` are pictures of an earlier attempt.
    """
    # as in report_at_door: both would store the same pictures
    one_at_a_time(f"doorstep:{id}")
    with followed.opened() as by:
        stored = store_pictures(request_id=id, pictures=pictures, by=by)
        return add_note(id=id, matter=followed.matter, text=text, own=True, picture_ids=[*kept, *stored], by=by)


@transaction.atomic
def give_word(
    *, id: UUID, followed: Followed, solved: bool, satisfaction: int | None, text: str, answered: bool = True
) -> Any:
    """The reporter says whether it is solved; "no" opens the matter again at once."""
    with followed.opened() as by:
        return confirm_matter(
            id=id,
            matter=followed.matter,
            answered=answered,
            solved=solved,
            satisfaction=satisfaction,
            text=text,
            source=Source.PAPER if by.on_behalf else Source.LINK,
            by=by,
        )


@transaction.atomic
def open_again(*, id: UUID, followed: Followed, reason: str, at: datetime | None = None) -> Any:
    """The reporter opens a confirmed matter again, within a year."""
    at = at or clock.now()
    if followed.matter.closed_at is not None:
        rules.may_reopen(closed_at=followed.matter.closed_at, now=at).require()
    with followed.opened() as by:
        return reopen_matter(id=id, matter=followed.matter, reason=reason, by=by, at=at)


@transaction.atomic
def appeal(*, id: UUID, followed: Followed, reason: str) -> Any:
    """The reporter does not agree that it is outside our duty."""
    with followed.opened() as by:
        return appeal_matter(id=id, matter=followed.matter, reason=reason, by=by)
