"""What was sealed to the server: opened here, kept until somebody decides, and taken as if the phone had sent it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.errors import Conflict, DomainError, NotFound
from minqing.journal.services import Json, record
from minqing.org.enums import Role
from minqing.org.queries import actor_of, last_place, posts_in_force
from minqing.privacy.access import acting_as
from minqing.privacy.letters import open_letter
from minqing.privacy.seal import CannotDecrypt, keyed_digest
from minqing.sync.enums import ENDED, Came, Outcome, Wait
from minqing.sync.kinds import operation_of
from minqing.sync.models import Device, Entry, Letter, Photo
from minqing.sync.queries import entries_like, letters_for, visible_letters
from minqing.sync.rules import MOST_LETTERS, OWNERS, may_decide, may_hand_in, may_leave
from minqing.sync.services.photos import take_piece
from minqing.sync.services.taking import Given, Taking, read

FULL: Final = _("Very much of this phone waits to be decided about. What is there is looked at first.")
LEFT: Final = _("It was looked at and not taken.")
GONE: Final = _("What it belongs to is not here.")
UNREADABLE: Final = _("It cannot be read here.")
FOR_GOOD: Final = frozenset({Wait.DAMAGED, Wait.NUMBER_TAKEN, Wait.ID_TAKEN})
# the entry that a letter of a device holds; raises DomainError for anything else
Parse = Callable[[bytes, Device], Given]


@dataclass(frozen=True, slots=True)
class Sealed:
    """One letter as it came: an entry, or with ``sha256`` a photo of it. ``data`` is nonce and ciphertext."""

    operation: UUID
    sha256: str
    mark: str
    point: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """Which were kept, and how many were here already, and could not be opened or are of something else."""

    ids: Sequence[UUID]
    known: int
    unreadable: int

    @property
    def kept(self) -> int:
        return len(self.ids)


def drop_secret(device_id: UUID) -> str:
    """By which a phone shows that it is the one that was registered, also once it was closed: derived, not stored."""
    return keyed_digest("sync.drop", str(device_id)).hex()


def device_by_secret(device_id: UUID, secret: str) -> Device:
    """Raises NotFound for a wrong secret as for a device that is not there."""
    if not hmac.compare_digest(drop_secret(device_id).encode(), secret.encode()):
        raise NotFound("no_device")
    found = Device.objects.filter(pk=device_id).first()
    if found is None:
        raise NotFound("no_device")
    return found


def opened(letter: Sealed) -> bytes:
    """Raises CannotDecrypt."""
    data = open_letter(mark=letter.mark, point=letter.point, sealed=letter.data)
    if letter.sha256 and hashlib.sha256(data).hexdigest() != letter.sha256:
        raise CannotDecrypt("not the photo that it is called")
    return data


def packed(letter: Sealed) -> bytes:
    head = json.dumps({"mark": letter.mark, "point": letter.point.hex()})
    return head.encode() + b"\n" + letter.data


def unpacked(row: Letter) -> bytes:
    """What a kept letter holds. Raises CannotDecrypt."""
    head, _line, data = bytes(row.sealed).partition(b"\n")
    told = json.loads(head)
    return opened(Sealed(row.operation, row.sha256, told["mark"], bytes.fromhex(told["point"]), data))


@transaction.atomic
def keep_letters(
    *,
    device: Device,
    letters: Sequence[Sealed],
    parse: Parse,
    came: Came,
    by: Actor,
    sent_at: datetime | None = None,
    at: datetime | None = None,
) -> Kept:
    """Keep what was handed in, sealed as it came, until somebody decides; nothing of it is anybody's before that.

    What has arrived in another way, or is here already, is not kept again. Event: ``sync.letters.kept``, if any was.
    """
    may_hand_in(by, came).require()
    at = at or clock.now()
    Device.objects.select_for_update().get(pk=device.pk)
    ids = {one.operation for one in letters}
    arrived = {one.pk: one for one in entries_like(device.pk, ids, ())}
    before = {(one.operation, one.sha256, one.print) for one in Letter.objects.filter(device=device, operation__in=ids)}
    rows, unreadable = [], 0
    places = words_places(device, ids)
    # words first: a photo lies where they do
    for one in sorted(letters, key=lambda one: bool(one.sha256)):
        row = letter_of(one, device, parse, arrived, places)
        if row is None:
            unreadable += 1
        elif (row.operation, row.sha256, row.print) not in before and not has_come(row, arrived):
            before.add((row.operation, row.sha256, row.print))
            row.came, row.sent_at, row.received_at, row.handed_by_id = came, sent_at, at, by.id
            rows.append(row)
            if not row.sha256:
                places[row.operation] = row.area_id
    if rows and Letter.objects.filter(device=device, decided_at=None).count() + len(rows) > MOST_LETTERS:
        raise Conflict("too_many_letters", FULL)
    Letter.objects.bulk_create(rows)
    if rows:
        data: dict[str, Json] = {"letters": len(rows), "came": str(came), "account": str(device.account_id)}
        record(type="sync.letters.kept", subject=f"device:{device.pk}", by=by, at=at, data=data)
    return Kept([one.pk for one in rows], len(letters) - len(rows) - unreadable, unreadable)


def words_places(device: Device, ids: Collection[UUID]) -> dict[UUID, int | None]:
    """Where those of these entries lie whose words wait."""
    waiting = Letter.objects.filter(device=device, operation__in=ids, decided_at=None, sha256="")
    return dict(waiting.values_list("operation", "area"))


def letter_of(
    letter: Sealed, device: Device, parse: Parse, arrived: dict[UUID, Entry], places: Mapping[UUID, int | None]
) -> Letter | None:
    """None for one that cannot be opened, or says something else inside than outside."""
    try:
        data = opened(letter)
        given = None if letter.sha256 else parse(data, device)
        area_id = place_of(given, device) if given else photo_place(letter, device, arrived, places)
    except (CannotDecrypt, DomainError):
        return None
    if given is not None and given.id != letter.operation:
        return None
    return Letter(
        device=device,
        operation=letter.operation,
        sha256=letter.sha256,
        print=hashlib.sha256(data).hexdigest(),
        area_id=area_id,
        sealed=packed(letter),
        written_at=given.written_at if given else None,
    )


def place_of(given: Given, device: Device) -> int | None:
    """Where what it is about lies: those decide who lead there. Of what is nowhere: where its writer worked last."""
    kind = operation_of(given.kind, given.schema)
    found = kind.place(kind.newest(read(given.body), given.schema)) if kind else None
    return found if found is not None else last_place(device.account_id, OWNERS)


@transaction.atomic
def follow_letters(*, about: str, area_id: int, parse: Parse) -> int:
    """What ``about`` names lies elsewhere now: who leads there decides about what waits of it. Returns how many went.

    Of which household a letter is nobody knows who has not opened it, so all that wait are; a photo lies where its
    words do, and where these have arrived, with what they are about. Told by who moved it.
    """
    waiting = Letter.objects.select_for_update(of=("self",)).filter(decided_at=None)
    rows = list(waiting.select_related("device").order_by("pk"))
    photos = {one.operation for one in rows if one.sha256}
    of_it = set(Entry.objects.filter(pk__in=photos, about=about).values_list("pk", flat=True))
    places: dict[tuple[UUID, UUID], int | None] = {}
    went = 0
    for row in sorted(rows, key=lambda one: bool(one.sha256)):
        key = (row.device_id, row.operation)
        if row.sha256:
            there = places.get(key, area_id if row.operation in of_it else row.area_id)
        else:
            there = places[key] = letter_place(row, parse)
        if there != row.area_id:
            row.area_id = there
            row.save(update_fields=["area"])
            went += 1
    return went


def letter_place(row: Letter, parse: Parse) -> int | None:
    """Where it lies now; where it was, if it cannot be read."""
    try:
        return place_of(parse(unpacked(row), row.device), row.device)
    except (CannotDecrypt, DomainError):
        return row.area_id


def photo_place(
    letter: Sealed, device: Device, arrived: Collection[UUID], places: Mapping[UUID, int | None]
) -> int | None:
    """That of its words, which wait or have arrived; of a photo alone, where its writer worked last."""
    if letter.operation in places:
        return places[letter.operation]
    named = Photo.objects.filter(entry=letter.operation) if letter.operation in arrived else Photo.objects.none()
    found = named.values_list("area_id", flat=True).first()
    return found if found is not None else last_place(device.account_id, OWNERS)


def has_come(row: Letter, arrived: dict[UUID, Entry]) -> bool:
    entry = arrived.get(row.operation)
    if entry is None or not row.sha256:
        return entry is not None
    return not Photo.objects.filter(thing=entry.thing, sha256=row.sha256).exclude(arrival__in=ENDED).exists()


@transaction.atomic
def decide_letters(
    *, device_id: UUID, ids: Collection[UUID], take: bool, parse: Parse, by: Actor, at: datetime | None = None
) -> list[Letter]:
    """Take these of a device as what its owner wrote, or leave them; what they held is then gone from here. Of somebody
    who is at work nobody but they leaves any.

    Each is applied by the room whose it is, as if the phone had sent it: what has come in another way has its receipt
    of then, and what builds on something missing is taken and marked. Photos follow their entry. Those that cannot be
    taken stay, and say why: nobody else may have their words. Event: ``sync.letters.decided``.
    """
    at = at or clock.now()
    device = Device.objects.select_for_update(of=("self",)).select_related("account").filter(pk=device_id).first()
    if device is None or not letters_for(by).filter(device=device, pk__in=ids).exists():
        raise NotFound("no_letters")
    rows = list(visible_letters(by).select_for_update(of=("self",)).filter(device=device, pk__in=ids).order_by("pk"))
    words = [one for one in rows if not one.sha256]
    for one in words:
        may_decide(by, owner=device.account_id, area=one.area_id, handed_by=one.handed_by_id).require()
    if not take:
        may_leave(by, owner=device.account_id, at_work=is_at_work(device.account)).require()
    photos = photos_with(device, rows)
    if take:
        with acting_as(writer(device.account, by)) as owner:
            take_words(device, words, parse, by=owner, at=at)
            take_photos(photos, by=owner, at=at)
    else:
        for one in [*words, *photos]:
            one.told = str(LEFT)
    tried = [one for one in [*words, *photos] if one.outcome or one.told]
    done = [one for one in tried if not take or is_over(one)]
    for one in tried:
        if one in done:
            one.sealed, one.decided_at, one.decided_by_id = b"", at, by.id
        one.save(update_fields=["sealed", "decided_at", "decided_by", "outcome", "told"])
    which: list[Json] = [*sorted({str(one.operation) for one in done})]
    data: dict[str, Json] = {
        "letters": len(done),
        "operations": which,
        "taken": take,
        "account": str(device.account_id),
    }
    record(type="sync.letters.decided", subject=f"device:{device.pk}", by=by, at=at, data=data)
    return tried


@transaction.atomic
def empty_refused(*, letters: Collection[UUID], cause: str, by: Actor, at: datetime) -> int:
    """Of words that could not be taken, and of their photos, nothing is kept any more: somebody whom they tell of is
    erased. Who wrote them has them on the phone. Returns how many. Event: ``sync.letters.emptied``.
    """
    waiting = Letter.objects.select_for_update(of=("self",)).filter(decided_at=None)
    found = waiting.filter(pk__in=letters, outcome=Outcome.REFUSED).select_related("device").order_by("pk")
    rows = [one for word in found for one in [word, *photos_with(word.device, [word])]]
    for row in rows:
        row.sealed, row.decided_at, row.decided_by_id, row.told = b"", at, by.id, str(LEFT)
        row.save(update_fields=["sealed", "decided_at", "decided_by", "told"])
    if rows:
        record(type="sync.letters.emptied", subject=cause, by=by, at=at, data={"letters": len(rows)})
    return len(rows)


def is_over(row: Letter) -> bool:
    """Taken, or a photo that nobody asks for; words that were refused are still to be looked at, or written anew."""
    return bool(row.sha256) if not row.outcome else row.outcome != Outcome.REFUSED


def photos_with(device: Device, rows: Sequence[Letter]) -> list[Letter]:
    """Those that were chosen, and those of the entries that were."""
    found = Letter.objects.select_for_update(of=("self",)).filter(device=device, decided_at=None).exclude(sha256="")
    return list(found.filter(operation__in={one.operation for one in rows}).order_by("pk"))


def posts_to_write_in(account: Any) -> list[Any]:
    return [one for one in posts_in_force(account.id) if Role(one.role) in OWNERS] if account.is_active else []


def is_at_work(account: Any) -> bool:
    """Whether they can sign in and write, and so decide themselves."""
    return bool(posts_to_write_in(account))


def writer(account: Any, by: Actor) -> Actor:
    """Who wrote it, in the post that they hold; without one, what they wrote counts where whoever decides has a say."""
    if posts := posts_to_write_in(account):
        return actor_of(account, posts[0])
    return Actor(id=account.id, kind="user", name=account.name, roles=frozenset({Role.CADRE.value}), areas=by.areas)


def take_words(device: Device, rows: Sequence[Letter], parse: Parse, *, by: Actor, at: datetime) -> None:
    given = {}
    for row in rows:
        try:
            given[row.pk] = parse(unpacked(row), device)
        except (CannotDecrypt, DomainError):
            row.outcome, row.told = "", str(UNREADABLE)
    known = entries_like(device.pk, [one.id for one in given.values()], [one.number for one in given.values()])
    # by how much the phone's clock was wrong is known where the phone itself has sent it
    ahead = next((one.sent_at - one.received_at for one in rows if one.sent_at), at - at)
    taking = Taking(
        device=device,
        by=by,
        at=at,
        sent_at=at + ahead,
        known={one.pk: one for one in known},
        numbers={one.number: one.pk for one in known if one.device_id == device.pk},
        patient=False,
    )
    receipts = {one.pk: one for one in taking.all(list({one.id: one for one in given.values()}.values()))}
    note_arrived(device, taking)
    for row in [one for one in rows if one.pk in given]:
        entry, wait = receipts.get(row.operation), taking.waits.get(row.operation)
        if entry is not None:
            row.outcome, row.told = entry.outcome, entry.told
        elif wait is not None:
            # as little as a refused one it can ever be taken: no later try says otherwise
            row.outcome, row.told = Outcome.REFUSED if wait in FOR_GOOD else "", str(wait.label)


def note_arrived(device: Device, taking: Taking) -> None:
    device.arrived += len(taking.taken)
    device.highest = max([device.highest, *(one.number for one in taking.taken)])
    device.save(update_fields=["arrived", "highest"])


def take_photos(rows: Sequence[Letter], *, by: Actor, at: datetime) -> None:
    for row in rows:
        try:
            data = unpacked(row)
            photo = take_piece(operation=row.operation, sha256=row.sha256, offset=0, data=data, by=by, at=at)
            if photo is not None and photo.arrival not in ENDED:
                # some of it has come from the phone: what is missing goes behind it
                rest = data[photo.received :]
                take_piece(operation=row.operation, sha256=row.sha256, offset=photo.received, data=rest, by=by, at=at)
        except (NotFound, CannotDecrypt):
            continue
        row.outcome = Outcome.APPLIED if photo is not None else ""
        row.told = "" if photo is not None else str(GONE)
