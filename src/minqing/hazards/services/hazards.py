"""A hazard from where it is found to where it is closed.

Locks: the hazard, then its clocks; with a matter the matter's own come after (``raising``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, When
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean
from minqing.core.errors import Invalid
from minqing.core.formats import check_length
from minqing.core.numbering import Numbers
from minqing.deadlines import Target
from minqing.deadlines.books import Book, Upkeep
from minqing.deadlines.enums import Light, Rung
from minqing.deadlines.queries import next_rung, with_lights
from minqing.deadlines.services import deadline_of, drop_requests, norm, settle_next, start_clocks, stop_clocks
from minqing.files.services import hold_pictures
from minqing.hazards import rules
from minqing.hazards.enums import Charge, ClockKind, Move, Severity, State
from minqing.hazards.lifecycle import ENDED, HAZARD, RUNS
from minqing.hazards.models import Hazard, HazardClock, HazardMore, HazardPhoto
from minqing.hazards.queries import TIMED, hazard_sent
from minqing.hazards.queries.checklists import checklist_sent
from minqing.households.queries import check_home
from minqing.journal.idempotency import sent_once
from minqing.journal.moves import Moves
from minqing.journal.services import Json, record

NUMBERS: Final = Numbers("HZ", "hazards_hazard_number")


@sent_once(made=lambda given: hazard_sent(given["id"]))
def find_hazard(
    *,
    id: UUID,
    area_id: int,
    by: Actor,
    household_id: UUID | None = None,
    place: str = "",
    version_id: int | None = None,
    items: Collection[str] = (),
    words: str = "",
    severity: Severity | None = None,
    picture_ids: Sequence[UUID] = (),
    righted: str = "",
    righted_picture_ids: Sequence[UUID] = (),
    besides: str = "",
    found_at: datetime | None = None,
    at: datetime | None = None,
) -> Hazard:
    """Write down what is dangerous at a household or at a place; it waits for the township's check.

    ``items`` are of the checklist's ``version_id``. It is as grave as the gravest of them usually is, or as the
    ``severity`` where that is more: only the township finds it less. ``righted`` says how it was put right on the
    spot: an ordinary one is at rest then, a graver one waits for somebody of the township to look at it.
    ``besides`` is what was ticked and no checklist here knows, kept with the words. ``found_at`` is when it was seen,
    where that was before now; the check is due from now on.
    Events: ``hazards.hazard.found``, then ``.fixed`` or ``.put_right``.
    """
    rules.may_find(by, area_id).require()
    at = at or clock.now()
    check_home(by, area_id=area_id, household_id=household_id)
    version = checklist_sent(version_id) if version_id else None
    known = {one["code"]: Severity(one["severity"]) for one in version.items} if version else {}
    ticked = [code for code in known if code in set(items)]
    text = "\n".join(filter(None, [clean(besides), said(words)]))
    where = check_length(clean(place), rules.LONGEST_PLACE)
    if not ticked and not text:
        raise Invalid("hazard_empty", _("Tick what you have seen, or write it in your own words."))
    if household_id is None and not where:
        raise Invalid("hazard_nowhere", _("Write where it is."))
    row = Hazard(
        pk=id,
        number=NUMBERS.next(at),
        area_id=area_id,
        household_id=household_id,
        place=where,
        version=version,
        items=ticked,
        words=text,
        severity=rules.gravest_of([severity or Severity.ORDINARY, *(known[code] for code in ticked)]).value,
        charge=(Charge.OWNER if household_id else Charge.VILLAGE).value,
        found_by_id=by.person,
        found_at=found_at or at,
    )
    moved(row, Move.FIND, by, at)
    add_pictures(row, picture_ids)
    if clean(righted):
        fixed = Move.FIX if row.severity == Severity.ORDINARY else Move.PUT_RIGHT
        put_right(row, fixed, righted, righted_picture_ids, by, at)
    return row


def said(words: str) -> str:
    return check_length(clean(words), rules.LONGEST_WORDS)


def add_pictures(row: Hazard, ids: Sequence[UUID], *, after: bool = False) -> None:
    """Name pictures that were stored before. Raises Invalid where one is gone."""
    if ids and not hold_pictures(ids=ids):
        raise Invalid("photo_gone", _("A photo is not there any more. Choose it again."))
    HazardPhoto.objects.bulk_create([HazardPhoto(hazard=row, attachment_id=one, after=after) for one in ids])


@transaction.atomic
def confirm_hazard(
    *, hazard: Hazard, severity: Severity, charge: Charge, by: Actor, at: datetime | None = None
) -> Hazard:
    """It is one, so grave, to be put right by them until the day that the norm of its severity says.

    Event: ``hazards.hazard.confirmed``.
    """
    row, at = begin(hazard, Move.CONFIRM, by), at or clock.now()
    told = {"severity": severity.value, "charge": charge.value, "confirmed_by_id": by.person, "confirmed_at": at}
    return moved(row, Move.CONFIRM, by, at, reasons="", **told)


@transaction.atomic
def dismiss_hazard(*, hazard: Hazard, reasons: str, by: Actor, at: datetime | None = None) -> Hazard:
    """It is none, for these reasons. Event: ``hazards.hazard.dismissed``."""
    row, at = begin(hazard, Move.DISMISS, by), at or clock.now()
    return moved(row, Move.DISMISS, by, at, reasons=reasoned(reasons))


@sent_once(made=lambda given: hazard_sent(given["hazard"].pk))
def put_right_hazard(
    *, id: UUID, hazard: Hazard, words: str, picture_ids: Sequence[UUID], by: Actor, at: datetime | None = None
) -> Hazard:
    """It is put right: how, and a photo of it as evidence. Event: ``hazards.hazard.put_right``."""
    row, at = begin(hazard, Move.PUT_RIGHT, by), at or clock.now()
    if not picture_ids:
        raise Invalid("no_evidence", _("Add a photo of how it is now."))
    return put_right(row, Move.PUT_RIGHT, words, picture_ids, by, at)


def put_right(row: Hazard, move: Move, words: str, picture_ids: Sequence[UUID], by: Actor, at: datetime) -> Hazard:
    if not (text := said(words)):
        raise Invalid("righted", _("Write how it was put right."))
    add_pictures(row, picture_ids, after=True)
    return moved(row, move, by, at, righted=text, righted_by_id=by.person, righted_at=at, reasons="")


@transaction.atomic
def close_hazard(*, hazard: Hazard, by: Actor, at: datetime | None = None) -> Hazard:
    """Somebody else than who put it right has looked at it. Event: ``hazards.hazard.closed``."""
    row, at = begin(hazard, Move.CLOSE, by), at or clock.now()
    return moved(row, Move.CLOSE, by, at, closed_by_id=by.person, closed_at=at)


@transaction.atomic
def send_back_hazard(*, hazard: Hazard, reasons: str, by: Actor, at: datetime | None = None) -> Hazard:
    """It is not put right yet, for these reasons; there is as much time as at first.

    Event: ``hazards.hazard.sent_back``.
    """
    row, at = begin(hazard, Move.SEND_BACK, by), at or clock.now()
    return moved(row, Move.SEND_BACK, by, at, reasons=reasoned(reasons), confirmed_at=at)


@transaction.atomic
def withdraw_hazard(*, hazard: Hazard, by: Actor, at: datetime | None = None) -> Hazard:
    """Whoever reported it was mistaken. Event: ``hazards.hazard.withdrawn``."""
    row, at = begin(hazard, Move.WITHDRAW, by), at or clock.now()
    return moved(row, Move.WITHDRAW, by, at)


def reasoned(reasons: str) -> str:
    if not (text := said(reasons)):
        raise Invalid("reasons", _("Write why, in words that people understand."))
    return text


def begin(hazard: Hazard, move: Move, by: Actor) -> Hazard:
    """The row, locked, for one who may make that move now."""
    row = HAZARDS.lock(hazard.pk)
    rules.may(move, by, row.situation).require()
    return row


def moved(row: Hazard, move: Move, by: Actor, at: datetime, **changes: Any) -> Hazard:
    """Move it on, stop what ran for it and start what runs now."""
    if not row._state.adding:
        if row.asked_by_id:
            drop_requests(BOOK, row, at=at)
        stop_clocks(BOOK.running(row), at=at, counts=move not in {Move.WITHDRAW, Move.RAISE})
    HAZARDS.finish(row, move, by=by, at=at, changed_at=at, asked_by_id=None, **changes)
    deadline: dict[str, Any] = {"due_at": None, "due_provisional": False, "rung": Rung.OFFICER, "reminded_at": None}
    row.rung = Rung.OFFICER
    if kind := RUNS.get(State(row.state)):
        term = norm(BOOK, row.severity, kind) or Target.parse(rules.TERMS[kind])
        deadline |= deadline_of(BOOK, start_clocks(BOOK, row, {kind: term}, at=at)[kind])
    for name, value in deadline.items():
        setattr(row, name, value)
    row.save(update_fields=list(deadline))
    return row


def event_data(row: Hazard) -> dict[str, Json]:
    return {"number": row.number, "severity": row.severity, "state": row.state, "area": row.area_id}


HAZARDS: Final[Moves[Hazard, State, Move]] = Moves(
    model=Hazard,
    lifecycle=HAZARD,
    events={
        Move.FIND: "hazards.hazard.found",
        Move.FIX: "hazards.hazard.fixed",
        Move.CONFIRM: "hazards.hazard.confirmed",
        Move.DISMISS: "hazards.hazard.dismissed",
        Move.PUT_RIGHT: "hazards.hazard.put_right",
        Move.CLOSE: "hazards.hazard.closed",
        Move.SEND_BACK: "hazards.hazard.sent_back",
        Move.RAISE: "hazards.hazard.raised",
        Move.WITHDRAW: "hazards.hazard.withdrawn",
        Move.ASK_MORE: "hazards.hazard.more_asked",
        Move.GRANT_MORE: "hazards.hazard.more_granted",
        Move.REFUSE_MORE: "hazards.hazard.more_refused",
        Move.SETTLE: "hazards.hazard.settled",
        Move.RETURN: "hazards.hazard.returned",
        Move.REOPEN: "hazards.hazard.reopened",
    },
    subject=lambda row: f"hazard:{row.pk}",
    event_data=event_data,
    rows=lambda: Hazard.objects.select_related("version"),
)
# in nobody's own hours: those that are usual
BOOK: Final = Book[HazardClock](
    room="hazards",
    of="hazard",
    clock=HazardClock,
    extension=HazardMore,
    own=frozenset(ClockKind),
    unit_of=lambda _row, _kind: None,
    reference="minqing.hazards",
    label=_("Hazards"),
    kinds=ClockKind,
    ways=Severity,
)


def keep_moved(row: HazardClock, _sentence: object, before: datetime | None, *, by: Actor, at: datetime) -> None:
    """The working days have changed: the hazard is due when its clock now says. Event: ``hazards.hazard.reckoned``."""
    one = row.hazard
    # who was reminded of another day is reminded again
    changes = {**deadline_of(BOOK, row), "reminded_at": None}
    for name, value in changes.items():
        setattr(one, name, value)
    one.save(update_fields=list(changes))
    data: dict[str, Json] = {"before": before.isoformat() if before else None}
    record(type="hazards.hazard.reckoned", subject=f"hazard:{one.pk}", by=by, at=at, data=event_data(one) | data)


def running() -> QuerySet[Hazard]:
    return Hazard.objects.filter(state__in=TIMED)


def carry_up(row: Hazard, *, by: Actor, at: datetime) -> Hazard | None:
    """Late: the next rung of the ladder hears of it; None at the top. Event: ``hazards.hazard.escalated``."""
    above = next_rung(BOOK, Rung(row.rung))
    if above is None:
        return None
    row.rung = above.rung.value
    row.save(update_fields=["rung"])
    for clock_row in BOOK.running(row):
        settle_next(BOOK, clock_row, row)
    data: dict[str, Json] = {"rung": row.rung}
    record(type="hazards.hazard.escalated", subject=f"hazard:{row.pk}", by=by, at=at, data=event_data(row) | data)
    return row


def nearing(now: datetime) -> QuerySet[Hazard]:
    """Nearly due, and nobody was reminded."""
    since = Case(
        When(state=State.CONFIRMED.value, then=F("confirmed_at")),
        When(state=State.PUT_RIGHT.value, then=F("righted_at")),
        default=F("found_at"),
    )
    lit: Any = with_lights(running().filter(reminded_at=None), runs=Q(state__in=TIMED), started=since, now=now)
    found: QuerySet[Hazard] = lit.filter(light=Light.YELLOW.value)
    return found


def remind(row: Hazard, *, by: Actor, at: datetime) -> Hazard:
    """Nearly due: those who have it in hand hear of it once. Event: ``hazards.hazard.nearing``."""
    row.reminded_at = at
    row.save(update_fields=["reminded_at"])
    record(type="hazards.hazard.nearing", subject=f"hazard:{row.pk}", by=by, at=at, data=event_data(row))
    return row


UPKEEP: Final = Upkeep(book=BOOK, running=running, moved=keep_moved, escalate=carry_up, nearing=nearing, remind=remind)


@transaction.atomic
def follow_hazards(*, household: UUID, area: int, by: Actor) -> int:
    """A household lies in another area now: those of its hazards that are not over are seen to there.

    How many rows went. Event: ``hazards.household.followed``, if any did.
    """
    rows = Hazard.objects.filter(household=household).exclude(area=area).exclude(state__in=sorted(ENDED))
    ids = list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
    went = Hazard.objects.filter(pk__in=ids).update(area=area)
    if went:
        data: dict[str, Json] = {"area": area, "rows": went}
        record(type="hazards.household.followed", subject=f"household:{household}", by=by, data=data)
    return went
