"""Writes of requests. Each checks the rule, locks the row, moves it on and appends one event: codes, never words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean, fold_name
from minqing.core.errors import Conflict, Invalid, NotFound
from minqing.core.formats import check_length, check_phone
from minqing.core.numbering import Numbers
from minqing.core.retry import one_at_a_time
from minqing.deadlines import Target
from minqing.deadlines.books import Book, Upkeep
from minqing.deadlines.enums import Light, Rung
from minqing.deadlines.queries import next_rung, with_lights
from minqing.deadlines.services import deadline_of, norm, settle_next, start_clocks, stop_clocks
from minqing.households.queries import check_home, visible_resident
from minqing.journal.idempotency import sent_once
from minqing.journal.moves import Moves
from minqing.journal.services import Json, record
from minqing.org.queries import system_actor
from minqing.privacy import subjects
from minqing.privacy.access import acting_as
from minqing.rights import rules
from minqing.rights.enums import Guardianship, Move, Proof, ProofPlace, RequestKind, State, Term, Way
from minqing.rights.lifecycle import ENDED, REQUEST
from minqing.rights.models import Request, RequestClock
from minqing.rights.queries import TICKETS, asked_before, person_in, quieted

NUMBERS: Final = Numbers("RQ", "rights_request_number")


@sent_once(asked_before)
def ask_request(
    *,
    id: UUID,
    kind: RequestKind,
    area_id: int,
    name: str,
    by: Actor,
    phone: str = "",
    words: str = "",
    values: Mapping[str, str] | None = None,
    household_id: UUID | None = None,
    resident_id: UUID | None = None,
    guardian: str = "",
    guardianship: Guardianship | None = None,
    prove_at: ProofPlace = ProofPlace.OFFICE,
    at: datetime | None = None,
) -> Request:
    """Take in what somebody asks about their own data; the same ``id`` again gives the same request.

    A resident behind a household code asks for somebody of that household, a cadre on paper for anybody of the place.
    At the door no more than :data:`rules.OPEN_AT_DOOR` of one household are open at once. It is to be answered within
    the term that the county promises, from now on. Event: ``rights.request.asked``.
    """
    at = at or clock.now()
    if by.kind != "resident":
        rules.may_take_in(by, area_id).require()
    if before := sent_before(id, by, household_id):
        return before
    check_home(by, area_id=area_id, household_id=household_id, resident_id=resident_id)
    if by.kind == "resident":
        refuse_more(household_id)
    with acting_as(by, ticket=TICKETS.digest_of(id)):
        row = Request(
            pk=id,
            number=NUMBERS.next(at),
            kind=kind.value,
            way=(Way.DOOR if by.kind == "resident" else Way.PAPER).value,
            area_id=area_id,
            household_id=household_id,
            resident_id=resident_id,
            name=named(name),
            phone=check_phone(phone) if clean(phone) else "",
            words=check_length(clean(words), rules.LONGEST_WORDS),
            corrections=written(kind, values or {}),
            guardianship=guardianship.value if guardianship else "",
            guardian=named(guardian) if guardianship else "",
            prove_at=prove_at.value,
            ticket=TICKETS.digest_of(id),
            taken_by_id=by.id if by.kind == "user" else None,
            received_at=at,
            changed_at=at,
        )
        REQUESTS.finish(row, Move.ASK, by=by, at=at)
        # working days, as the operator's table has them
        term = norm(BOOK, Term.PROMISE, kind) or Target.parse(rules.TERM)
        clock_row = start_clocks(BOOK, row, {RequestKind(kind): term}, at=at)[RequestKind(kind)]
        for name, value in deadline_of(BOOK, clock_row).items():
            setattr(row, name, value)
        row.save(update_fields=["due_at", "due_provisional", "rung"])
        return row


def sent_before(id: UUID, by: Actor, household_id: UUID | None) -> Request | None:
    """The request of this id, for who sent it; whoever else comes with it learns nothing of it."""
    with acting_as(system_actor("rights")):
        row = Request.objects.filter(pk=id).first()
    if row is None:
        return None
    at_door = row.way == Way.DOOR and row.household_id is not None and row.household_id == household_id
    if not (row.taken_by_id == by.id if by.kind == "user" else at_door):
        raise Conflict("sent_before", _("This form was sent already. Open the page anew to send another one."))
    return row


def refuse_more(household_id: UUID | None) -> None:
    """Raises Conflict where as many of the household came by the door as the office looks at in one go."""
    # two at once are counted one after the other
    one_at_a_time(f"rights.door.{household_id}")
    with acting_as(system_actor("rights")):
        sent = running().filter(way=Way.DOOR.value, household=household_id).count()
    if sent >= rules.OPEN_AT_DOOR:
        sentence = _(
            "Several requests of this household wait already. Ask the cadre, or come to the township's office."
        )
        raise Conflict("too_many_open", sentence)


def named(text: str) -> str:
    if not (name := fold_name(text)):
        raise Invalid("name_empty", _("The name is missing."))
    return check_length(name, 60)


def written(kind: RequestKind, values: Mapping[str, str]) -> str:
    """The right values as they are kept; whoever corrects says at least one, and none that no file could take."""
    said = {name: clean(value) for name, value in values.items() if name in subjects.correctable() and clean(value)}
    if kind is not RequestKind.CORRECT:
        return ""
    if not said:
        raise Invalid("nothing_to_correct", _("Write what is right, in at least one field."))
    return json.dumps({name: subjects.right_value(name, value) for name, value in said.items()}, ensure_ascii=False)


@transaction.atomic
def check_identity(
    *,
    request: Request,
    proof: Proof,
    by: Actor,
    resident_id: UUID | None = None,
    guardianship_shown: bool = False,
    phone_shown: bool = False,
    at: datetime | None = None,
) -> Request:
    """Who asks has shown a document; ``resident_id`` says who on file that is, None for somebody without a file.

    A guardian shows both documents. A number counts where its holder answered at it, for a document proves a name, not
    a number: the one on the request or, of a request without one, the one on file. Event: ``rights.request.checked``.
    """
    row, at = begin(request, Move.CHECK, by), at or clock.now()
    if row.guardianship and not guardianship_shown:
        raise Invalid("guardianship", _("Look also at the document that shows that this person may ask for the other."))
    one = visible_resident(by, resident_id, left=True) if resident_id else None
    # who asks is of the household, or was when it came in
    if one and one.pk != row.resident_id and one.household_id != row.household_id:
        raise NotFound("no_resident")
    number = row.phone or (one.phone if one else "")
    answered = bool(number) and phone_shown
    if resident_id is None and not answered:
        sentence = _("Choose who on file it is, or call the number in front of this person: a name alone finds nobody.")
        raise Invalid("nobody", sentence)
    return moved(
        row,
        Move.CHECK,
        by,
        at,
        resident_id=resident_id,
        phone=number if answered else row.phone,
        phone_index=None,  # reckoned from the number as the row is saved
        phone_shown=answered,
        proof=proof.value,
        checked_by_id=by.person,
        checked_at=at,
    )


@transaction.atomic
def reject_identity(*, request: Request, reasons: str, by: Actor, at: datetime | None = None) -> Request:
    """Nobody has shown who they are; the person is told how to. Event: ``rights.request.rejected``."""
    row, at = begin(request, Move.REJECT, by), at or clock.now()
    return moved(row, Move.REJECT, by, at, **decided(False, reasons, by, at))


@transaction.atomic
def decide_request(*, request: Request, grant: bool, reasons: str, by: Actor, at: datetime | None = None) -> Request:
    """Grant or refuse, with reasons that the letter repeats. Events: ``rights.request.granted`` and ``.refused``.

    For an explanation the reasons are the explanation.
    """
    move = Move.GRANT if grant else Move.REFUSE
    row, at = begin(request, move, by), at or clock.now()
    return moved(row, move, by, at, **decided(grant, reasons, by, at))


def decided(grant: bool, reasons: str, by: Actor, at: datetime) -> dict[str, object]:
    if not (reasons := check_length(clean(reasons), rules.LONGEST_WORDS)):
        raise Invalid("reasons", _("Write why, in words that the person understands."))
    return {"granted": grant, "reasons": reasons, "decided_by_id": by.person, "decided_at": at}


@transaction.atomic
def carry_out_request(*, request: Request, by: Actor, at: datetime | None = None) -> Request:
    """Do through every room what was granted; each tells it in the journal. Event: ``rights.request.carried_out``.

    Raises Conflict where something still has to end before somebody can be erased.
    """
    row, at = begin(request, Move.CARRY_OUT, by), at or clock.now()
    with acting_as(system_actor(subjects.ERASER)):
        done = carried_out(row, by, at)
    return moved(row, Move.CARRY_OUT, by, at, done=done, done_at=at)


def carried_out(row: Request, by: Actor, at: datetime) -> dict[str, int]:
    """Counts by room. A copy is made when it is taken, an explanation stands in the reasons."""
    kind, person = RequestKind(row.kind), person_in(row)
    if kind is RequestKind.DELETE:
        return subjects.erase_person(person=person, by=by, at=at)
    if kind is RequestKind.CORRECT:
        return subjects.correct_person(person=person, values=json.loads(row.corrections), by=by, at=at)
    if kind in {RequestKind.OBJECT, RequestKind.WITHDRAW}:
        return subjects.withhold_person(person=quieted(row), by=by, at=at)
    return {}


# what goes with somebody: that there was a request, when and who decided stays
FORGOTTEN: Final[Mapping[str, object]] = {
    "household": None,
    "resident": None,
    "name": "",
    "phone": "",
    "phone_index": None,
    "words": "",
    "corrections": "",
    "guardian": "",
    "reasons": "",
    "ticket": None,
}


@transaction.atomic
def answer_request(*, request: Request, by: Actor, at: datetime | None = None) -> Request:
    """The letter was handed over. Of a deletion nothing is left here but that there was one, when and who decided.

    Event: ``rights.request.answered``.
    """
    row, at = begin(request, Move.ANSWER, by), at or clock.now()
    forgets = row.kind == RequestKind.DELETE and bool(row.granted)
    changes = {**(FORGOTTEN if forgets else {}), "answered_at": at}
    return moved(row, Move.ANSWER, by, at, **changes)


@transaction.atomic
def take_back_request(*, request: Request, by: Actor, at: datetime | None = None) -> Request:
    """The person does not want it any more. Event: ``rights.request.taken_back``."""
    row, at = begin(request, Move.TAKE_BACK, by), at or clock.now()
    return moved(row, Move.TAKE_BACK, by, at)


def lapse_request(*, row: Request, by: Actor, at: datetime) -> Request:
    """Nobody has shown whose it was, and the person in whose name it was sent is erased: it ends by itself, and waits
    for nobody. That there was one stays. Event: ``rights.request.lapsed``.
    """
    return moved(row, Move.LAPSE, by, at, **FORGOTTEN)


def begin(request: Request, move: Move, by: Actor) -> Request:
    """The row, locked, for one who may make that move now."""
    row = REQUESTS.lock(request.pk)
    rules.may(move, by, row.situation).require()
    return row


def moved(row: Request, move: Move, by: Actor, at: datetime, **changes: Any) -> Request:
    if REQUESTS.target(row, move) in ENDED:
        stop_clocks(BOOK.running(row), at=at, counts=move is Move.ANSWER)
    return REQUESTS.finish(row, move, by=by, at=at, changed_at=at, **changes)


# in nobody's own hours: those that are usual
BOOK: Final = Book[RequestClock](
    room="rights",
    of="request",
    clock=RequestClock,
    own=frozenset(RequestKind),
    unit_of=lambda _row, _kind: None,
    reference="minqing.rights",
    label=_("Requests about own data"),
    kinds=RequestKind,
    ways=Term,
)


def keep_moved(row: RequestClock, _sentence: object, before: datetime | None, *, by: Actor, at: datetime) -> None:
    """The working days have changed: the request is due when its clock now says. Event: ``rights.request.reckoned``."""
    one = row.request
    # who was reminded of another day is reminded again
    changes = {**deadline_of(BOOK, row), "reminded_at": None}
    for name, value in changes.items():
        setattr(one, name, value)
    one.save(update_fields=list(changes))
    data: dict[str, Json] = {"before": before.isoformat() if before else None}
    record(type="rights.request.reckoned", subject=f"rights:{one.pk}", by=by, at=at, data=event_data(one) | data)


def running() -> QuerySet[Request]:
    return Request.objects.filter(state__in=[one.value for one in State if one not in ENDED])


def carry_up(row: Request, *, by: Actor, at: datetime) -> Request | None:
    """Late: the next rung of the ladder hears of it; None at the top. Event: ``rights.request.escalated``."""
    above = next_rung(BOOK, Rung(row.rung))
    if above is None:
        return None
    row.rung = above.rung.value
    row.save(update_fields=["rung"])
    for clock_row in BOOK.running(row):
        settle_next(BOOK, clock_row, row)
    data: dict[str, Json] = {"rung": row.rung}
    record(type="rights.request.escalated", subject=f"rights:{row.pk}", by=by, at=at, data=event_data(row) | data)
    return row


def nearing(now: datetime) -> QuerySet[Request]:
    """Nearly due, and nobody was reminded."""
    lit: Any = with_lights(
        running().filter(reminded_at=None), runs=Q(answered_at=None), started=F("received_at"), now=now
    )
    found: QuerySet[Request] = lit.filter(light=Light.YELLOW.value)
    return found


def remind(row: Request, *, by: Actor, at: datetime) -> Request:
    """Nearly due: those who have it in hand hear of it once. Event: ``rights.request.nearing``."""
    row.reminded_at = at
    row.save(update_fields=["reminded_at"])
    record(type="rights.request.nearing", subject=f"rights:{row.pk}", by=by, at=at, data=event_data(row))
    return row


UPKEEP: Final = Upkeep(book=BOOK, running=running, moved=keep_moved, escalate=carry_up, nearing=nearing, remind=remind)


def event_data(row: Request) -> dict[str, Json]:
    return {"number": row.number, "kind": row.kind, "state": row.state, "area": row.area_id}


REQUESTS: Final = Moves(
    model=Request,
    lifecycle=REQUEST,
    events={
        Move.ASK: "rights.request.asked",
        Move.CHECK: "rights.request.checked",
        Move.REJECT: "rights.request.rejected",
        Move.GRANT: "rights.request.granted",
        Move.REFUSE: "rights.request.refused",
        Move.CARRY_OUT: "rights.request.carried_out",
        Move.ANSWER: "rights.request.answered",
        Move.TAKE_BACK: "rights.request.taken_back",
        Move.LAPSE: "rights.request.lapsed",
    },
    subject=lambda row: f"rights:{row.pk}",
    event_data=event_data,
)
__all__ = [
    "answer_request",
    "ask_request",
    "carry_out_request",
    "check_identity",
    "decide_request",
    "lapse_request",
    "reject_identity",
    "take_back_request",
]


@transaction.atomic
def follow_requests(*, household: UUID, area: int, by: Actor) -> int:
    """A household lies in another area now: its requests are seen and decided there, and no longer where it was.

    How many rows went. Event: ``rights.household.followed``, if any was left behind.
    """
    rows = Request.objects.filter(household=household).exclude(area=area)
    ids = list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
    went = Request.objects.filter(pk__in=ids).update(area=area)
    if went:
        data: dict[str, Json] = {"area": area, "rows": went}
        record(type="rights.household.followed", subject=f"household:{household}", by=by, data=data)
    return went
