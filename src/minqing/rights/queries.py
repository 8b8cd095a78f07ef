"""Who sees which request, and whom it is about."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Case, Count, F, Q, QuerySet, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from minqing.audit.kinds import Numbered
from minqing.core.actor import Actor
from minqing.core.errors import NotFound, StoredValue
from minqing.core.ids import code_of, digest
from minqing.deadlines.due_words import running, settled
from minqing.deadlines.enums import Rung
from minqing.households.queries import members_of
from minqing.households.queries.files import Member
from minqing.households.subjects import is_others, person_of, surroundings
from minqing.listing.kinds import Queue
from minqing.listing.queries import Queues
from minqing.org.queries import area_path, system_actor, work_calendar
from minqing.privacy.access import acting_as, one_of
from minqing.privacy.subjects import ROOMS, Found, Person, Section, Subjects, copy_of, found_of
from minqing.privacy.tickets import Tickets
from minqing.rights.enums import Move, ProofPlace, RequestKind, State
from minqing.rights.lifecycle import ENDED, REQUEST
from minqing.rights.models import Request
from minqing.rights.rules import DECIDERS, FOUR_EYES, MAKES, SEES, VISITS
from minqing.web.pieces import Due
from minqing.worktime.hours import WorkTime

TICKETS: Final = Tickets("rights.ticket")
OPEN = [state.value for state in State if state not in ENDED]


def visible_requests(actor: Actor) -> QuerySet[Request]:
    """The same as :func:`rules.may_see`: what waits first, then by when it is due."""
    if actor.kind == "system":
        seen = Q()
    elif actor.has(*DECIDERS):
        seen = one_of("area_id", actor.areas)
    elif actor.has(*SEES):
        to_visit = Q(prove_at=ProofPlace.HOME.value, state__in=sorted(VISITS))
        seen = one_of("area_id", actor.areas) & (Q(taken_by=actor.id) | to_visit)
    else:
        seen = Q(pk__in=[])
    return Request.objects.filter(seen).select_related("area").order_by("due_at", "pk")


def request_for(actor: Actor, request_id: UUID) -> Request:
    """NotFound for one that the actor may not know of."""
    people = ("taken_by", "checked_by", "decided_by", "household")
    row = visible_requests(actor).select_related(*people).filter(pk=request_id).first()
    if row is None:
        raise NotFound("request")
    return row


def request_told(request_id: UUID) -> Request | None:
    """For what tells of it; act as the system."""
    return Request.objects.filter(pk=request_id).first()


def open_requests(actor: Actor) -> QuerySet[Request]:
    return visible_requests(actor).filter(state__in=OPEN)


def their_turn(actor: Actor, _now: datetime) -> Q:
    """The same as :func:`rules.waits_for`, of those that the actor sees."""
    turn = Q(pk__in=[])
    if actor.has(*MAKES[Move.CHECK]):
        turn |= Q(state__in=[State.ASKED.value, *TO_HAND_OVER])
    if actor.has(*DECIDERS):
        own = Q(kind__in=sorted(FOUR_EYES), checked_by=actor.id)
        turn |= Q(state=State.CHECKED.value) & ~own
    if actor.has(*MAKES[Move.CARRY_OUT]):
        turn |= Q(state=State.GRANTED.value)
    return turn


def not_answered(_actor: Actor, _now: datetime) -> Q:
    return Q(state__in=OPEN)


def overdue(_actor: Actor, now: datetime) -> Q:
    return Q(state__in=OPEN, due_at__lt=now)


TO_HAND_OVER: Final = [State.DONE.value, State.REFUSED.value]
# what is open first, by when it is due; then what has ended, the newest first
BY_DUE: Final = (Case(When(state__in=OPEN, then=F("due_at"))).asc(nulls_last=True), "-received_at", "-pk")
QUEUES: Final = Queues(
    visible_requests,
    (
        Queue("turn", _("Waits for you"), "person-check", SEES, their_turn, BY_DUE, pgettext_lazy("act", "Handle")),
        Queue("open", _("Not answered yet"), "hourglass-split", SEES, not_answered, BY_DUE),
        Queue("overdue", _("Overdue"), "exclamation-octagon-fill", SEES, overdue, BY_DUE),
    ),
)


def requests_of(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Request]:
    """Those of the ids that the actor sees."""
    return visible_requests(actor).in_bulk(list(ids))


def dues(now: datetime) -> Callable[[Request], Due | None]:
    """What says a request's deadline at that moment; of what was taken back there is none."""
    work = WorkTime(work_calendar())

    def told(row: Request) -> Due | None:
        if row.state not in OPEN:
            return settled(row.due_at, finished_at=row.answered_at, work=work)
        return running(row.due_at, started_at=row.received_at, now=now, work=work, provisional=row.due_provisional)

    return told


def is_carried_up(row: Request) -> bool:
    """Whether somebody above has heard that it is late."""
    return row.state in OPEN and row.rung != Rung.OFFICER


def counts(actor: Actor) -> list[tuple[str, int, int]]:
    """By kind: how many came in, and how many of those were answered late."""
    late = Q(answered_at__gt=F("due_at"))
    rows = visible_requests(actor).order_by().values("kind").annotate(all=Count("pk"), late=Count("pk", filter=late))
    found = {row["kind"]: (row["all"], row["late"]) for row in rows}
    return [(str(kind.label), *found[kind.value]) for kind in RequestKind if kind.value in found]


def late_since(now: datetime) -> list[datetime]:
    """Since when open ones are late, the longest first; act as the system."""
    rows = Request.objects.filter(state__in=OPEN, due_at__lt=now).order_by("due_at")
    return [due for due in rows.values_list("due_at", flat=True) if due]


def asked_before(id: UUID, by: Actor) -> Sequence[StoredValue]:
    """What the actor's own request of this id says."""
    row = Request.objects.filter(pk=id, taken_by=by.id).first() if by.kind == "user" else None
    return (
        [StoredValue(_("What is asked"), row.kind_label), StoredValue(_("In their own words"), row.words)]
        if row
        else ()
    )


def followed(ticket: str) -> Request | None:
    """The request behind a private link, and nothing else."""
    key = digest(code_of(ticket))
    with acting_as(Actor(id=None, kind="resident", name=""), ticket=key):
        return Request.objects.select_related("area").filter(ticket=key).first()


def members_here(actor: Actor, row: Request) -> list[Member]:
    """Who on file it may be: the people of the household."""
    return members_of(actor, row.household_id) if row.household_id else []


def person_in(row: Request) -> Person:
    """Whom the request is about, as all rooms find them. Act as the system.

    A number is this person's only where they answered at it: what stands in a file anybody's correction may have set.
    """
    cause, phones = f"rights:{row.pk}", frozenset([row.phone] if row.phone_shown else [])
    if row.resident_id is None:
        # somebody on file who bears the name may have written what stands under it
        there = surroundings(system_actor("rights"), row.name, area_path(row.area_id))
        one = Person(cause=cause, name=row.name, **there)
    else:
        one = person_of(system_actor("rights"), row.resident_id, cause=cause)
    return replace(one, phones=phones, shared=frozenset(phone for phone in phones if is_others(one, phone)))


def quieted(row: Request) -> Person:
    """Whom nobody is to call or write to any more, for an objection. Act as the system.

    To be left alone it takes no answered call: also the number on the request and the one in the file count, unless
    somebody else on file has it, whose calls these would be.
    """
    person = person_in(row)
    on_file = person_of(system_actor("rights"), row.resident_id, cause=person.cause).phones if row.resident_id else ()
    named = {phone for phone in (row.phone, *on_file) if phone and not is_others(person, phone)}
    return replace(person, phones=person.phones | named)


def found_for(row: Request) -> list[tuple[Subjects, Found]]:
    """What each room has of the person: how much, and what stands in the way of erasing it."""
    with acting_as(system_actor("rights")):
        return found_of(person_in(row))


def copy_for(row: Request) -> list[Section]:
    with acting_as(system_actor("rights")):
        return copy_of(person_in(row))


def right_values(row: Request) -> Mapping[str, str]:
    """What is to stand by field, of one that corrects."""
    return json.loads(row.corrections) if row.corrections else {}


# a notice says the number itself
NUMBERED: Final = Numbered(code="rights", visible=visible_requests, title=lambda row: row.kind_label)


def done_words(row: Request) -> list[str]:
    """The rooms in which something was carried out, as people call them; of a deletion also what was given up."""
    gone = row.kind == RequestKind.DELETE
    labels = {held.room: f"{held.label} ({held.lost})" if gone and held.lost else str(held.label) for held in ROOMS}
    return [labels.get(room, room) for room, count in row.done.items() if count]


def is_open(row: Request, move: Move) -> bool:
    """Whether the request's state allows the move at all, whoever makes it."""
    return move not in {Move.ASK, Move.LAPSE} and REQUEST.target(State(row.state), move) is not None


def way_of(row: Request) -> list[dict[str, str]]:
    """The way of a request as a row of steps: what is behind it, where it stands, what is to come."""
    decided = row.decided_at is not None
    done = [True, bool(row.checked_at) or decided, decided, bool(row.done_at), bool(row.answered_at)]
    # what is decided without a check was refused because nobody has shown who they are
    check = _("Identity not proved") if decided and not row.checked_at else _("Identity check")
    labels = [_("Handing in"), check, _("Decision"), _("Carrying out"), _("Answer by letter")]
    steps = [(str(label), is_done) for label, is_done in zip(labels, done, strict=True)]
    if row.granted is False:
        # what was refused is not carried out
        steps = [one for one in steps if one[0] != str(labels[3])]
    at = next((place for place, (_label, is_done) in enumerate(steps) if not is_done), len(steps))
    if row.state in {State.WITHDRAWN, State.LAPSED}:
        return [{"label": str(_("Handing in")), "state": "done"}, {"label": row.state_label, "state": "done"}]
    words = ["done" if place < at else "now" if place == at else "next" for place in range(len(steps))]
    return [{"label": label, "state": word} for (label, _done), word in zip(steps, words, strict=True)]


def is_late(row: Request, now: datetime) -> bool:
    return row.state in OPEN and row.due_at is not None and row.due_at < now


def open_of_household(actor: Actor, household_id: UUID) -> list[Request]:
    return list(open_requests(actor).filter(household=household_id)[:5])
