"""Handlers of inbound events, one for each type, through the services of matters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import Conflict, Invalid
from minqing.core.point import Point
from minqing.matters import services as matters
from minqing.matters.enums import LEFT_OVER, Channel, Outcome, Party, State
from minqing.matters.unusable import Unusable, lines_of
from minqing.org.queries import area_by_code, unit_by_code
from minqing.partners.formats import inbound_schema
from minqing.partners.formats.events import Told, kept_short
from minqing.partners.models import Partner
from minqing.partners.queries.hooks import own_number
from minqing.partners.queries.inbound import matter_meant, outside_number

DATUMS: Final = frozenset({"WGS-84", "GCJ-02", "CGCS2000"})


class Done(NamedTuple):
    """The matter of an event, and what of the event could not be used."""

    matter: Any
    unusable: Sequence[Unusable]


@dataclass(frozen=True)
class Task:
    """One event to carry out. Its row's id is the id of what it makes, so that doing it again does it once.

    ``raw`` is its data as it came, ``data`` what of it can be used; ``fields`` gathers what cannot.
    """

    id: UUID
    name: str
    raw: Mapping[str, Any]
    data: Mapping[str, Any]
    partner: Partner
    by: Actor
    at: datetime
    fields: matters.Fields


def carry_out(id: UUID, told: Told, *, partner: Partner, by: Actor, at: datetime) -> Done:
    """Do what the event tells and return its matter. Raises DomainError with the reason."""
    task = task_of(id, told, partner=partner, by=by, at=at)
    matter = DOING[told.type](task)
    if lines_of(task.fields.unusable):
        matter = task.fields.keep(matter, id=id, by=speaking(task, matter), at=at)
    return Done(matter, task.fields.unusable)


def carry_out_late(id: UUID, told: Told, *, partner: Partner, by: Actor, at: datetime) -> Done | None:
    """What is left of an event that was overtaken; None where its type leaves nothing."""
    if told.type not in LATE:
        return None
    task = task_of(id, told, partner=partner, by=by, at=at)
    return Done(note_late(task), task.fields.unusable)


def task_of(id: UUID, told: Told, *, partner: Partner, by: Actor, at: datetime) -> Task:
    data, unusable = inbound_schema.check_data(told.type, told.data)
    fields = matters.Fields()
    for name, code in told.unusable.items():
        fields.leave(name, code)
    for field in unusable:
        value = told.data[field.name]
        # who somebody is stands encrypted beside the reporter, see report()
        if field.kind == "unknown":
            fields.leave(field.name, "unknown_field", value=value)
            continue
        fields.leave(
            field.name, "data", inbound_schema.wrong(field).sentence, "" if field.name == "reporter" else value
        )
    return Task(id, kept_short(data.get("partnernumber") or told.subject), told.data, data, partner, by, at, fields)


def report(task: Task) -> Any:
    """A matter under the partner's own number; that number again, in whatever event, is the same matter.

    What is said anew under the number, as when a caller rings again, is kept with the matter as a note.
    """
    number = outside_number(task.partner, task.name) if task.name else None
    reporter = reporter_of(task)
    if number and (before := matter_meant(task.by, task.partner, task.name)):
        return said_again(task, before, reporter)
    area = area_by_code(task.data["area"])
    if area is None:
        raise Invalid("unknown_area", _("There is no area of this code."))
    category = task.fields.category(task.data.get("category", ""))
    phone, contact = task.fields.phone(reporter["phone"], reporter["contact"])
    return matters.report_matter(
        id=task.id,
        title=task.data.get("title", ""),
        text=task.data["text"],
        area_id=area.id,
        channel=Channel.PARTNER,
        category_code=category,
        reporter_name=reporter["name"],
        reporter_phone=phone,
        contact=contact,
        place=task.data.get("place", ""),
        point=point_of(task),
        answers=task.fields.answers(category, answers_of(task)),
        outside_number=number,
        by=task.by,
        at=task.at,
    )


def said_again(task: Task, matter: Any, reporter: Mapping[str, str]) -> Any:
    """All of what is new in it, as a note."""
    said = {name: str(value) for name, value in task.data.items() if name not in {"partnernumber", "reporter"}}
    return matters.report_again(
        id=task.id, matter=matter, said=said, reporter=reporter, by=speaking(task, matter), at=task.at
    )


def reporter_of(task: Task) -> dict[str, str]:
    """Name, phone and contact as texts. Where something else stands, what can be read of it is the contact."""
    given = task.data.get("reporter", {})
    known: dict[str, str] = {}
    for name in ("name", "phone"):
        value = given.get(name)
        known[name] = text_of(value)
        if value not in (None, "") and not known[name]:
            task.fields.leave(f"reporter.{name}", "data")
    left = [text for name, value in given.items() if name not in known and (text := text_of(value))]
    raw = task.raw.get("reporter")
    return known | {"contact": " · ".join([*left, raw] if isinstance(raw, str) else left)}


def note_late(task: Task) -> Any:
    """What was overtaken by a later event of its sender and only tells of progress: its words stay with the matter."""
    matter, text = meant(task), task.data.get("text", "")
    return matters.add_note(id=task.id, matter=matter, text=text, by=task.by, at=task.at) if text else matter


def text_of(value: object) -> str:
    return str(value) if isinstance(value, (str, int)) else ""


def answers_of(task: Task) -> dict[str, Any]:
    """Texts and lists of texts; anything else is no answer."""
    found: dict[str, object] = {}
    for code, value in task.data.get("answers", {}).items():
        listed = [text_of(one) for one in value] if isinstance(value, list) else []
        if found_text := (listed if all(listed) else "") or text_of(value):
            found[code] = found_text
        elif value not in (None, "", []):
            task.fields.leave(f"answers.{code}", "data", value=value)
    return found


def point_of(task: Task) -> Point | None:
    """The place on the map; None where it is not whole, or cannot be."""
    data = task.data
    given = {name: data[name] for name in ("latitude", "longitude", "datum") if name in data}
    if not given.keys() & {"latitude", "longitude"}:
        return None
    datum = given.get("datum", "WGS-84")
    whole = {"latitude", "longitude"} <= given.keys() and datum in DATUMS
    if not whole or not (abs(given["latitude"]) <= 90 and abs(given["longitude"]) <= 180):
        task.fields.leave("latitude, longitude", "place", _("The place on the map cannot be right."), given)
        return None
    return Point(given["latitude"], given["longitude"], datum)


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
    # whether the reporter may read it could not be read: then not
    unread = any(one.field == "public" for one in task.fields.unusable)
    public = task.data.get("public", not unread)
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
    outcome, note = outcome_of(task)
    return matters.finish_matter(
        id=task.id,
        matter=in_hand(task),
        reply=task.data["text"],
        outcome=outcome,
        outcome_note=note,
        by=task.by,
        at=task.at,
    )


def outcome_of(task: Task) -> tuple[Outcome | None, str]:
    """How it went, where the sender says so in a word that is known, and why if it is not solved: the reply counts."""
    said, note = task.data.get("outcome", ""), task.data.get("outcome_note", "")
    try:
        outcome = Outcome(said) if said else None
    except ValueError:
        task.fields.leave("outcome", "outcome", _("How it went is solved, partly or not_now."), said)
        return None, ""
    if outcome in LEFT_OVER and not note:
        task.fields.leave("outcome", "outcome_note", _("It does not say why, or what comes next."), said)
        return None, ""
    return outcome, note


def speaking(task: Task, matter: Any) -> Actor:
    """The partner as the one who brings the reporter's word: only of a matter that it sent in itself."""
    own = matter.sender == task.partner.pk or own_number(task.partner, matter)
    return replace(task.by, roles=frozenset({Party.REPORTER.value})) if own else task.by


def confirm(task: Task) -> Any:
    matter = meant(task)
    satisfaction = task.data.get("satisfaction")
    if satisfaction is not None and satisfaction not in range(1, 6):
        task.fields.leave("satisfaction", "satisfaction", _("Satisfaction is a number from 1 to 5."), satisfaction)
        satisfaction = None
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


LATE: Final = frozenset({inbound_schema.ACCEPTED, inbound_schema.NOTED})
DOING: Final[Mapping[str, Callable[[Task], Any]]] = {
    inbound_schema.REPORTED: report,
    inbound_schema.ACCEPTED: accept,
    inbound_schema.NOTED: note,
    inbound_schema.SENT_BACK: send_back,
    inbound_schema.FINISHED: finish,
    inbound_schema.CONFIRMED: confirm,
    inbound_schema.WITHDRAWN: withdraw,
}
