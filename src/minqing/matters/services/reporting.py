"""A matter comes in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.bulk_insert import insert_rows
from minqing.core.errors import Conflict, StoredValue
from minqing.core.formats import check_phone
from minqing.core.numbering import Numbers
from minqing.core.point import Point
from minqing.deadlines import Target
from minqing.deadlines.services import clocks_of, promised
from minqing.journal import idempotency
from minqing.journal.services import Json, event_of
from minqing.matters import rules
from minqing.matters.enums import Channel, ClockKind, Mechanism, Move
from minqing.matters.lifecycle import MATTER, MOVES
from minqing.matters.models import Matter, Reporter, Step
from minqing.matters.queries.clocks import CLOCKS
from minqing.matters.questions import Answer, check_answers
from minqing.matters.services.categories import category_in_use
from minqing.matters.services.clocks import deadline_of
from minqing.matters.services.steps import Turn, add_pictures, fitting, required, step_of
from minqing.matters.tickets import digest_of
from minqing.matters.words import clean_text, title_from, vector
from minqing.org.queries import work_time
from minqing.privacy.access import acting_as

NUMBERS: Final = Numbers("MQ", "matters_matter_number")
# a name, or a name with another way to reach them
NAME_LENGTH = 200


@dataclass(frozen=True, kw_only=True)
class Report:
    """What is reported. ``reporter_name`` and ``reporter_phone`` may be empty: anonymous is allowed."""

    title: str
    text: str
    area_id: int
    channel: Channel
    household_id: UUID | None = None
    category_code: str = ""
    reporter_name: str = ""
    reporter_phone: str = ""
    place: str = ""
    point: Point | None = None
    picture_ids: tuple[UUID, ...] = field(default=())
    answers: Mapping[str, Answer] = field(default_factory=dict)
    outside_number: str | None = None
    confidential: bool = False
    objection: bool = False
    contact: str = ""


def report_matter(
    *,
    id: UUID,
    title: str,
    text: str,
    area_id: int,
    channel: Channel,
    by: Actor,
    household_id: UUID | None = None,
    category_code: str = "",
    reporter_name: str = "",
    reporter_phone: str = "",
    place: str = "",
    point: Point | None = None,
    picture_ids: Iterable[UUID] = (),
    answers: Mapping[str, Answer] | None = None,
    outside_number: str | None = None,
    confidential: bool = False,
    objection: bool = False,
    contact: str = "",
    at: datetime | None = None,
    counts_from: datetime | None = None,
    heard_from: datetime | None = None,
) -> Matter:
    """Take in a matter: the row, its reporter, its pictures, the first step, one event.

    Idempotent on ``id``: the same again returns the first one's matter and records nothing; something else raises
    SentBefore. Raises Invalid for an empty text or an impossible phone number, Refused where
    ``by`` does not look after the area; a resident has none: the matter's own ticket opens the row. ``answers`` belong
    to the category's questions; ``outside_number`` is the sender's own, once a channel. A ``confidential`` matter is in
    no household's file; ``contact`` is a safe way to reach its reporter. With ``objection`` it is never published.
    Its terms count from ``counts_from``, else from ``at``; those above hear of it at the earliest at ``heard_from``.
    """
    report = Report(
        title=title, text=text, area_id=area_id, channel=Channel(channel),
        household_id=None if confidential else household_id, category_code=category_code, reporter_name=reporter_name,
        reporter_phone=reporter_phone, place=place, point=point, picture_ids=tuple(picture_ids),
        answers=answers or {}, outside_number=outside_number, confidential=confidential, objection=objection,
        contact=contact,
    )  # fmt: skip
    at = at or clock.now()
    begun, told = counts_from or at, idempotency.digest_of("report_matter", {"report": report}, by=by)
    with acting_as(by, ticket=digest_of(id) if unseen(report, by) else ""):
        serial, promises, known = look(id)
        if known:
            return reported(id, told, by=by)
        rules.may(Move.RECEIVE, by, rules.Situation(state=None, area_id=area_id)).require()
        try:
            with transaction.atomic():
                return take_in(
                    id, report, told, serial=serial, promises=promises, by=by, at=at, begun=begun, hears=heard_from
                )
        except IntegrityError:
            # the same form sent twice at the same moment: the other one was first
            return reported(id, told, by=by)


def unseen(report: Report, by: Actor) -> bool:
    """A resident sees no matter at all, and a post in a village none that is confidential, its own among them."""
    return by.kind == "resident" or (report.confidential and not by.confidential)


def reported(id: UUID, told: bytes, *, by: Actor) -> Matter:
    """What ``by`` reported with this id before. Knowing somebody else's id must not open their matter."""
    idempotency.check(id, told, by=by, kept=first_report)
    before = Matter.objects.filter(pk=id).first()
    if before is None:
        raise Conflict("not_stored", _("This could not be stored. Reload the page and try again."))
    if not Step.objects.filter(pk=id, by=by.ref).exists():
        raise Conflict("request_used", _("This form was already used for another matter. Open it again."))
    return before


def first_report(id: UUID, by: Actor) -> Sequence[StoredValue]:
    """What ``by`` reported under this id the first time."""
    step = Step.objects.filter(pk=id, by=by.ref, move=Move.RECEIVE.value).select_related("matter").first()
    if step is None:
        return ()
    matter = step.matter
    # whoever stands at the same door is the same sender, and need not be the one who told it in confidence
    if matter.confidential and (by.kind != "user" or not rules.may_read(by, confidential=True)):
        return ()
    return [
        StoredValue(_("Number"), matter.number),
        StoredValue(_("What is the matter?"), matter.text or matter.title),
        StoredValue(_("Exact place") if by.kind == "user" else _("Where is it?"), matter.place),
    ]


# how long each may take; None where nothing is promised
Promises = dict[ClockKind, Target | None]


def look(id: UUID) -> tuple[int, Promises, bool]:
    """A serial that never repeats, the norms for the first word to who raises a matter and for giving it to a unit,
    and whether ``id`` is taken.
    """
    norm = "SELECT target FROM deadlines_norm WHERE room = 'matters' AND way = %s AND kind = %s"
    known = "SELECT 1 FROM matters_matter WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT nextval('{NUMBERS.sequence}'), ({norm}), ({norm}), EXISTS ({known})",  # our own words
            [
                *(Mechanism.IMMEDIATE.value, ClockKind.FIRST_CONTACT.value),
                *(Mechanism.IMMEDIATE.value, ClockKind.ASSIGN.value),
                id,
            ],
        )
        serial, first, assign, taken = cursor.fetchone()
    targets = {ClockKind.FIRST_CONTACT: first, ClockKind.ASSIGN: assign}
    return serial, {kind: promised(Mechanism.IMMEDIATE, target) for kind, target in targets.items()}, taken


def reporter_of(matter: Matter, report: Report, phone: str) -> list[Reporter]:
    """The row of who raised it; none for the anonymous."""
    name, contact = clean_text(report.reporter_name)[:NAME_LENGTH], clean_text(report.contact)[:200]
    return [Reporter(matter=matter, name=name, phone=phone, contact=contact)] if name or phone or contact else []


def take_in(
    id: UUID, report: Report, told: bytes, *, serial: int, promises: Promises, by: Actor, at: datetime,
    begun: datetime, hears: datetime | None,
) -> Matter:  # fmt: skip
    text = fitting(clean_text(report.text))
    title = required(title_from(report.title, text), _("Say in a few words what it is about."))
    phone = check_phone(report.reporter_phone) if report.reporter_phone.strip() else ""
    # the county's local year
    number = NUMBERS.of(serial, at)
    place = clean_text(report.place)[:200]
    # one query more only where something was answered
    answers = check_answers(category_in_use(report.category_code).asks, report.answers) if report.answers else {}
    matter = Matter(
        id=id,
        number=number,
        title=title,
        text=text,
        area_id=report.area_id,
        household_id=report.household_id,
        category_id=report.category_code or None,
        channel=report.channel.value,
        state=MATTER.born(Move.RECEIVE).value,
        received_at=at,
        changed_at=at,
        answers=answers,
        outside_number=report.outside_number,
        confidential=report.confidential,
        objection=report.objection,
        sender=by.id if by.kind == "partner" else None,
        place=place,
        latitude=report.point.latitude if report.point else None,
        longitude=report.point.longitude if report.point else None,
        datum=report.point.datum if report.point else "",
        ticket=digest_of(id),
        search=vector(title, text, number, place),
    )
    # no unit has it: the usual working time
    clocks = clocks_of(CLOCKS, matter, promises, at=begun, work=work_time(), hears=hears)
    for name, value in deadline_of(clocks.get(ClockKind.ASSIGN)).items():
        setattr(matter, name, value)
    insert_rows(matter)
    # the value in memory is an expression; nobody reads it from here
    matter.search = None
    data: dict[str, Json] = {"number": number, "state": matter.state, "area": matter.area_id, "channel": matter.channel}
    insert_rows(
        # the first step has the matter's own id
        step_of(Turn(id, matter, Move.RECEIVE, by, at), matter, text=""),
        *clocks.values(),
        *reporter_of(matter, report, phone),
        idempotency.send_of(id, told),
        event_of(type=MOVES[Move.RECEIVE].event, subject=f"matter:{matter.pk}", by=by, at=at, data=data),
    )
    add_pictures(matter, report.picture_ids)
    return matter
