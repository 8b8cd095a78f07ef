"""What somebody claims to have done: sent, confirmed by one or two people, refused, taken back as a mistake.

Locks: the send's id; the household by name, within which limits are counted; the claim; the person by name; then
accounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean, fold_name
from minqing.core.errors import Conflict, Invalid, StoredValue
from minqing.core.formats import check_length
from minqing.core.numbering import Numbers
from minqing.core.retry import one_at_a_time
from minqing.earning import rules
from minqing.earning.enums import Evidence, Happening, Move, State, Way
from minqing.earning.lifecycle import CLAIM, WAITING
from minqing.earning.models import Claim, ClaimPhoto, FunctionVersion
from minqing.earning.queries import TICKETS, claimable_versions, thanking
from minqing.earning.services.awards import give, refuse_for_all, take_back
from minqing.files.services import hold_pictures
from minqing.households.queries import check_home
from minqing.journal.idempotency import sent_once
from minqing.journal.moves import Moves
from minqing.journal.services import Json
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as

NUMBERS: Final = Numbers("XF", "earning_claim_number")


def claimed_before(id: UUID, by: Actor) -> Sequence[StoredValue]:
    """What the actor's own claim of this id says."""
    row = Claim.objects.filter(pk=id, taken_by=by.id).select_related("version").first() if by.kind == "user" else None
    return [StoredValue(_("What was done"), row.version.name), StoredValue(_("In words"), row.words)] if row else ()


@sent_once(claimed_before)
def send_claim(
    *,
    id: UUID,
    code: str,
    area_id: int,
    household_id: UUID,
    name: str,
    happened_on: date,
    by: Actor,
    resident_id: UUID | None = None,
    words: str = "",
    place: str = "",
    witness: str = "",
    picture_ids: Sequence[UUID] = (),
    at: datetime | None = None,
) -> Claim:
    """Take in what somebody of a household did; the same ``id`` again gives the same claim.

    At the door what the function asks as evidence must be there; who keys in a paper has it before them. No more than
    :data:`rules.OPEN_AT_DOOR` of one household wait at once. Event: ``earning.claim.sent``.
    """
    at = at or clock.now()
    at_door = by.kind == "resident"
    if not at_door:
        rules.may_take_in(by, area_id).require()
    if before := sent_before(id, by, household_id):
        return before
    check_home(by, area_id=area_id, household_id=household_id, resident_id=resident_id)
    if at_door:
        refuse_more(household_id)
    version = claimable(code)
    checked_day(happened_on, version, clock.local_date(at))
    if at_door:
        asked_for(version, place=place, witness=witness, pictures=picture_ids)
    with acting_as(by, ticket=TICKETS.digest_of(id)):
        row = Claim(
            pk=id,
            number=NUMBERS.next(at),
            version=version,
            way=(Way.DOOR if at_door else Way.PAPER).value,
            area_id=area_id,
            household_id=household_id,
            resident_id=resident_id,
            name=named(name),
            words=check_length(clean(words), rules.LONGEST_WORDS),
            place=check_length(clean(place), 200),
            witness=check_length(clean(witness), 60),
            happened_on=happened_on,
            ticket=TICKETS.digest_of(id),
            taken_by_id=by.id if by.kind == "user" else None,
            received_at=at,
            changed_at=at,
        )
        CLAIMS.finish(row, Move.SEND, by=by, at=at)
        show_pictures(row, picture_ids)
        return row


def sent_before(id: UUID, by: Actor, household_id: UUID) -> Claim | None:
    """The claim of this id, for who sent it; whoever else comes with it learns nothing of it."""
    with acting_as(system_actor("earning")):
        row = Claim.objects.filter(pk=id).first()
    if row is None:
        return None
    at_door = row.way == Way.DOOR and row.household_id == household_id
    if not (row.taken_by_id == by.id if by.kind == "user" else at_door):
        raise Conflict("sent_before", _("This form was sent already. Open the page anew to send another one."))
    return row


def refuse_more(household_id: UUID) -> None:
    """Raises Conflict where as many of the household wait as the village looks at in one go."""
    one_at_a_time(f"earning:door:{household_id}")
    with acting_as(system_actor("earning")):
        waiting = Claim.objects.filter(household=household_id, way=Way.DOOR.value, state__in=sorted(WAITING)).count()
    if waiting >= rules.OPEN_AT_DOOR:
        raise Conflict("too_many_open", _("Several claims of this household wait already. Send this one later."))


def claimable(code: str) -> FunctionVersion:
    found = claimable_versions().filter(function=code).first()
    if found is None:
        raise Invalid("function", _("Nobody is thanked for this at present. Choose something else."))
    return found


def checked_day(day: date, version: FunctionVersion, today: date) -> None:
    if day > today:
        raise Invalid("day_to_come", _("This day is still to come."))
    if day < today - rules.OLDEST:
        raise Invalid("day_long_ago", _("This was too long ago: it is claimed within 60 days."))
    if version.ends_on and day > version.ends_on:
        raise Invalid("day_after_end", _("What was done after the last day is not thanked for any more."))


def asked_for(version: FunctionVersion, *, place: str, witness: str, pictures: Sequence[UUID]) -> None:
    """Raises Invalid where some evidence is missing that the function asks for."""
    if Evidence.PHOTO in version.evidence and not pictures:
        raise Invalid("photo_missing", _("A photo is needed for this."))
    if Evidence.PLACE in version.evidence and not clean(place):
        raise Invalid("place_missing", _("Write where it was."))
    if Evidence.WITNESS in version.evidence and not clean(witness):
        raise Invalid("witness_missing", _("Write who saw it."))


def named(text: str) -> str:
    if not (name := fold_name(text)):
        raise Invalid("name_empty", _("The name is missing."))
    return check_length(name, 60)


def show_pictures(row: Claim, ids: Sequence[UUID]) -> None:
    if ids and not hold_pictures(ids=ids):
        raise Invalid("photo_gone", _("A photo is not there any more. Choose it again."))
    ClaimPhoto.objects.bulk_create([ClaimPhoto(claim=row, attachment_id=one) for one in ids])


@transaction.atomic
def confirm_claim(*, claim: Claim, by: Actor, resident_id: UUID | None = None, at: datetime | None = None) -> Claim:
    """It was done: the points go to the account of that person, or to the household's.

    Of many points the first to confirm vouches, and a second person gives them. Raises Conflict where a limit is
    reached. Events: ``earning.claim.vouched``, ``earning.claim.awarded``.
    """
    at = at or clock.now()
    row = begin(claim)
    move = rules.confirming(row.situation)
    rules.may(move, by, row.situation).require()
    refuse_for_all(row.version, resident_id)
    whom: dict[str, Any] = {"resident_id": resident_id, "changed_at": at}
    if move is Move.VOUCH:
        return CLAIMS.finish(row, move, by=by, at=at, vouched_by_id=by.person, **whom)
    row.resident_id = resident_id
    award = give(row, by, at)
    data: dict[str, Json] = {"points": award.points}
    return CLAIMS.finish(row, move, by=by, at=at, data=data, decided_by_id=by.person, decided_at=at, **whom)


@transaction.atomic
def refuse_claim(*, claim: Claim, reasons: str, by: Actor, at: datetime | None = None) -> Claim:
    """It was not done so, or nobody can say; the person reads why. Event: ``earning.claim.refused``."""
    at, row = at or clock.now(), begin(claim)
    rules.may(Move.REFUSE, by, row.situation).require()
    return decided(row, Move.REFUSE, reasons, by, at)


@transaction.atomic
def correct_claim(*, claim: Claim, reasons: str, by: Actor, at: datetime | None = None) -> Claim:
    """The points were given by mistake: the transfer is taken back, once, and the person reads why.

    What was spent of them already the county carries; nobody owes anything. Event: ``earning.claim.corrected``.
    """
    at, row = at or clock.now(), begin(claim)
    rules.may(Move.CORRECT, by, row.situation).require()
    take_back(row, by, at)
    return decided(row, Move.CORRECT, reasons, by, at)


def decided(row: Claim, move: Move, reasons: str, by: Actor, at: datetime) -> Claim:
    if not (reasons := check_length(clean(reasons), rules.LONGEST_WORDS)):
        raise Invalid("reasons", _("Write why, in words that the person understands."))
    # of a correction who gave them stays on record
    who: dict[str, Any] = {"decided_by_id": by.person, "decided_at": at} if move is Move.REFUSE else {}
    return CLAIMS.finish(row, move, by=by, at=at, reasons=reasons, changed_at=at, **who)


@transaction.atomic
def thank_for(
    *,
    happening: Happening,
    cause: str,
    area_id: int,
    household_id: UUID,
    happened_on: date,
    by: Actor,
    at: datetime | None = None,
) -> Claim | None:
    """Thank a household for what happened in another room, once, by itself; None where that was done before, nobody is
    thanked for it now, or a limit is reached. Where the budget is used up it waits for somebody to confirm it once
    there is more. Events: ``earning.claim.awarded``, ``earning.claim.sent``.
    """
    at, version = at or clock.now(), thanking(happening)
    one_at_a_time(household_lock(household_id))
    if version is None or Claim.objects.filter(cause=cause).exists():
        return None
    said: dict[str, object] = {
        "number": NUMBERS.next(at), "version": version, "way": Way.ITSELF.value, "area_id": area_id, "cause": cause,
        "household_id": household_id, "happened_on": happened_on, "received_at": at, "changed_at": at,
    }  # fmt: skip
    row = Claim(**said, decided_at=at)
    try:
        with transaction.atomic():
            CLAIMS.finish(row, Move.THANK, by=by, at=at, data={"points": version.points})
            give(row, by, at)
    except Conflict as refused:
        if refused.code != "budget_empty":
            return None
        row = Claim(**said)
        CLAIMS.finish(row, Move.SEND, by=by, at=at)
    return row


def household_lock(household_id: UUID | None) -> str:
    """Within this name it is counted how often a household and its people were thanked."""
    return f"earning:household:{household_id}"


def begin(claim: Claim) -> Claim:
    """The row, locked, and nobody else counts awards of its household."""
    one_at_a_time(household_lock(claim.household_id))
    return CLAIMS.lock(claim.pk)


def event_data(row: Claim) -> dict[str, Json]:
    return {"number": row.number, "function": row.version.function_id, "state": row.state, "area": row.area_id}


CLAIMS: Final[Moves[Claim, State, Move]] = Moves(
    model=Claim,
    lifecycle=CLAIM,
    events={
        Move.SEND: "earning.claim.sent",
        Move.THANK: "earning.claim.awarded",
        Move.VOUCH: "earning.claim.vouched",
        Move.CONFIRM: "earning.claim.awarded",
        Move.REFUSE: "earning.claim.refused",
        Move.CORRECT: "earning.claim.corrected",
        Move.APPEAL: "earning.claim.appealed",
        Move.GRANT: "earning.claim.granted",
        Move.UPHOLD: "earning.claim.upheld",
        Move.PASS: "earning.claim.passed",
    },
    subject=lambda row: f"claim:{row.pk}",
    event_data=event_data,
    rows=lambda: Claim.objects.select_related("version"),
)
