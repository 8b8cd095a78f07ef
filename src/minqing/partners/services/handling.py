"""What each type of event does, through the services of matters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid
from minqing.core.point import Point
from minqing.matters import services as matters
from minqing.matters.enums import Channel, State
from minqing.matters.rules import Party
from minqing.matters.services.categories import category_in_use
from minqing.matters.words import clean_text
from minqing.org.queries import area_by_code, unit_by_code
from minqing.partners import taken
from minqing.partners.events import Told, kept_short
from minqing.partners.models import Partner
from minqing.partners.queries.hooks import own_number
from minqing.partners.queries.inbound import matter_meant, outside_number

DATUMS: Final = frozenset({"WGS-84", "GCJ-02", "CGCS2000"})


@dataclass(frozen=True)
class Task:
    """One event to carry out. Its row's id is the id of what it makes, so that doing it again does it once."""

    id: UUID
    name: str
    data: Mapping[str, Any]
    partner: Partner
    by: Actor
    at: datetime


def carry_out(id: UUID, told: Told, *, partner: Partner, by: Actor, at: datetime) -> Any:
    """Do what the event tells and return its matter. Raises DomainError with the reason."""
    task = task_of(id, told, partner=partner, by=by, at=at)
    return DOING[told.type](task)


def carry_out_late(id: UUID, told: Told, *, partner: Partner, by: Actor, at: datetime) -> Any:
    """What is left of an event that was overtaken; None where its type leaves nothing."""
    if told.type not in LATE:
        return None
    return note_late(task_of(id, told, partner=partner, by=by, at=at))


def task_of(id: UUID, told: Told, *, partner: Partner, by: Actor, at: datetime) -> Task:
    data = taken.check_data(told.type, told.data)
    return Task(id, kept_short(data.get("partnernumber") or told.subject), data, partner, by, at)


def report(task: Task) -> Any:
    """A matter under the partner's own number; that number again, in whatever event, is the same matter.

    What is said anew under the number, as when a caller rings again, is kept with the matter as a note.
    """
    number = outside_number(task.partner, task.name) if task.name else None
    if number and (before := matter_meant(task.by, task.partner, task.name)):
        return said_again(task, before)
    area = area_by_code(task.data["area"])
    if area is None:
        raise Invalid("unknown_area", _("There is no area of this code."))
    category = task.data.get("category", "")
    if category:
        category_in_use(category)
    reporter = task.data.get("reporter", {})
    return matters.report_matter(
        id=task.id,
        title=task.data.get("title", ""),
        text=task.data["text"],
        area_id=area.id,
        channel=Channel.PARTNER,
        category_code=category,
        reporter_name=text_of(reporter.get("name")),
        reporter_phone=text_of(reporter.get("phone")),
        place=task.data.get("place", ""),
        point=point_of(task.data),
        answers=answers_of(task.data.get("answers", {})),
        outside_number=number,
        by=task.by,
        at=task.at,
    )


def said_again(task: Task, matter: Any) -> Any:
    if clean_text(task.data["text"]) == matter.text:
        return matter
    return matters.add_note(
        id=task.id, matter=matter, text=task.data["text"], by=speaking(task, matter), at=task.at
    )  # fmt: skip


def note_late(task: Task) -> Any:
    """What was overtaken by a later event of its sender and only tells of progress: its words stay with the matter."""
    matter, text = meant(task), task.data.get("text", "")
    return matters.add_note(id=task.id, matter=matter, text=text, by=task.by, at=task.at) if text else matter


def text_of(value: object) -> str:
    return str(value) if isinstance(value, (str, int)) else ""


def answers_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Texts and lists of texts; anything else is no answer."""
    return {
        code: [text_of(one) for one in value] if isinstance(value, list) else text_of(value)
        for code, value in given.items()
    }


def point_of(data: Mapping[str, Any]) -> Point | None:
    if "latitude" not in data or "longitude" not in data:
        return None
    datum = data.get("datum", "WGS-84")
    if datum not in DATUMS or not (abs(data["latitude"]) <= 90 and abs(data["longitude"]) <= 180):
        raise Invalid("place", _("The place on the map cannot be right."))
    return Point(data["latitude"], data["longitude"], datum)


def meant(task: Task) -> Any:
    """The matter that the event is about; ``matter_unknown`` where the partner may not know of one."""
    found = matter_meant(task.by, task.partner, task.name)
    if found is None:
        raise Conflict("matter_unknown", _("The matter that this is about is not known here yet."))
    return found


def in_hand(task: Task) -> Any:
    """The matter, accepted: who tells of progress has it in hand, whether or not that was said before."""
    matter = meant(task)
    if matter.state != State.ASSIGNED:
        return matter
    return matters.accept_matter(id=beside(task.id), matter=matter, by=task.by, at=task.at)


def beside(id: UUID) -> UUID:
    """The id just before this one: the acceptance comes before its event, also where ids decide the order."""
    return UUID(int=id.int - 1)


def accept(task: Task) -> Any:
    return matters.accept_matter(id=task.id, matter=meant(task), note=task.data.get("text", ""), by=task.by, at=task.at)


def note(task: Task) -> Any:
    public = task.data.get("public", True)
    return matters.note_progress(
        id=task.id, matter=in_hand(task), text=task.data["text"], public=public, by=task.by, at=task.at
    )


def send_back(task: Task) -> Any:
    """The unit that is named instead may be unknown here; the service then refuses, and the event is laid aside."""
    unit = unit_by_code(task.data["unit"])
    proposed = unit.pk if unit else 0
    return matters.send_back_matter(
        id=task.id, matter=meant(task), reason=task.data["text"], proposed=proposed, by=task.by, at=task.at
    )


def finish(task: Task) -> Any:
    return matters.finish_matter(id=task.id, matter=in_hand(task), reply=task.data["text"], by=task.by, at=task.at)


def speaking(task: Task, matter: Any) -> Actor:
    """The partner as the one who brings the reporter's word: only of a matter that it sent in itself."""
    return replace(task.by, roles=frozenset({Party.REPORTER.value})) if own_number(task.partner, matter) else task.by


def confirm(task: Task) -> Any:
    matter = meant(task)
    satisfaction = task.data.get("satisfaction")
    if satisfaction is not None and satisfaction != int(satisfaction):
        raise taken.wrong(next(field for field in taken.FIELDS[taken.CONFIRMED] if field.name == "satisfaction"))
    return matters.confirm_matter(
        id=task.id,
        matter=matter,
        answered=task.data.get("answered"),
        solved=task.data.get("solved"),
        satisfaction=None if satisfaction is None else int(satisfaction),
        text=task.data.get("text", ""),
        by=speaking(task, matter),
        at=task.at,
    )


def withdraw(task: Task) -> Any:
    matter = meant(task)
    return matters.withdraw_matter(
        id=task.id, matter=matter, reason=task.data.get("text", ""), by=speaking(task, matter), at=task.at
    )


LATE: Final = frozenset({taken.ACCEPTED, taken.NOTED})
DOING: Final[Mapping[str, Callable[[Task], Any]]] = {
    taken.REPORTED: report,
    taken.ACCEPTED: accept,
    taken.NOTED: note,
    taken.SENT_BACK: send_back,
    taken.FINISHED: finish,
    taken.CONFIRMED: confirm,
    taken.WITHDRAWN: withdraw,
}
