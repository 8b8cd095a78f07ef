"""Taking operations: each recognised, or applied by the room whose it is, all of it or nothing."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from minqing.core.actor import Actor
from minqing.core.errors import DomainError
from minqing.core.retry import lost_race
from minqing.journal.idempotency import digest_of
from minqing.sync.enums import Arrival, Outcome, Wait
from minqing.sync.kinds import OPERATIONS, Applied, Operation, Owed, Sent, operation_of
from minqing.sync.models import Device, Entry, Photo
from minqing.sync.rules import MOST_PHOTO, can_follow, is_whole, waited_enough

# the mark of what was taken although what it builds on is missing
ALONE: Final = "taken_alone"
WITHOUT: Final = _("Taken. What was written before it has not arrived.")
TOO_LARGE: Final = _("This photo is larger than 4 MB. Take it again.")
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One operation as it was sent; ``body`` is the text that ``digest`` is of."""

    id: UUID
    number: int
    kind: str
    schema: int
    about: str
    after: UUID | None
    base: Mapping[str, str]
    written_at: datetime
    digest: str
    body: str


@dataclass(slots=True)
class Taking:
    """One batch of a device that is held. ``ahead`` is by how much its clock is ahead of ours."""

    device: Device
    by: Actor
    at: datetime
    sent_at: datetime
    known: dict[UUID, Entry]
    numbers: dict[int, UUID]
    # in this batch: what could not be looked at, and so holds up what comes after it of the same household
    stopped: set[str] = field(default_factory=set)
    waits: dict[UUID, Wait] = field(default_factory=dict)
    taken: list[Entry] = field(default_factory=list)
    ready: dict[Callable[..., Any], Any] = field(default_factory=dict)
    photos: list[Photo] = field(default_factory=list)
    # whether what builds on something missing waits for it
    patient: bool = True

    @property
    def ahead(self) -> timedelta:
        return self.sent_at - self.at

    def all(self, batch: Sequence[Given]) -> list[Entry]:
        """The receipts of those that have one now; why the others have none stands in ``waits``."""
        found = []
        if batch:
            look_at_once()
        self.make_ready(batch)
        for given in sorted(batch, key=lambda one: one.number):
            told = self.one(given)
            if isinstance(told, Wait):
                self.waits[given.id] = told
                self.stopped.add(given.about)
            else:
                found.append(told)
        Entry.objects.bulk_create(self.taken)
        Photo.objects.bulk_create(new_among(self.photos))
        return found

    def make_ready(self, batch: Sequence[Given]) -> None:
        """Kinds that make the same ready have it at once: kind by kind, two messages would lock in opposite orders."""
        about: dict[Callable[..., Any], set[str]] = defaultdict(set)
        for given in batch:
            kind = OPERATIONS.get(given.kind)
            if kind and kind.ready and given.id not in self.known:
                about[kind.ready].add(given.about)
        for ready in sorted(about, key=lambda one: (one.__module__, one.__qualname__)):
            self.ready[ready] = ready(about[ready], self.by)

    def one(self, given: Given) -> Entry | Wait:
        told = digest(given, self.by)
        if before := self.known.get(given.id):
            same = before.device_id == self.device.pk and bytes(before.digest) == told
            return before if same else Wait.ID_TAKEN
        if given.number in self.numbers:
            return Wait.NUMBER_TAKEN
        follows = given.about not in self.stopped and can_follow(given.after, self.known)
        if not follows and not self.is_late(given):
            return Wait.BUILDS_ON
        if not is_whole(given.body, given.digest):
            return Wait.DAMAGED
        kind = operation_of(given.kind, given.schema)
        return self.write(given, kind, told, alone=not follows) if kind else Wait.UNKNOWN_KIND

    def is_late(self, given: Given) -> bool:
        return not self.patient or waited_enough(
            written_at=given.written_at, sent_at=self.sent_at, left=self.device.oldest_told
        )

    def write(self, given: Given, kind: Operation, told: bytes, *, alone: bool) -> Entry | Wait:
        """Apply it, or write down why it could not be: the receipt is in the same transaction as what it tells of."""
        try:
            entry = self.receipt(given, told, self.apply(given, kind))
            if alone:
                entry.code, entry.told = ALONE, " ".join(filter(None, [str(WITHOUT), entry.told]))[:300]
            return entry
        except DomainError as error:
            if error.http_status >= 500 or error.http_status == 429:
                return Wait.FAILED
            return self.receipt(given, told, Applied(Outcome.REFUSED), error)
        except Exception as error:
            if lost_race(error):
                raise
            # one that we cannot take holds up no other; it stays where it is, and we are told
            logger.exception("an operation of a device failed: %s %s", given.kind, given.id)
            return Wait.FAILED

    def apply(self, given: Given, kind: Operation) -> Applied:
        sent = Sent(
            id=given.id,
            about=given.about,
            written_at=min(given.written_at - self.ahead, self.at),
            sent_at=self.sent_at,
            base=given.base,
            ready=self.ready.get(kind.ready) if kind.ready else None,
        )
        content = kind.read(kind.newest(read(given.body), given.schema))
        return kind.apply(sent=sent, content=content, by=self.by, at=self.at)

    def receipt(self, given: Given, told: bytes, applied: Applied, error: DomainError | None = None) -> Entry:
        entry = Entry(
            id=given.id,
            device=self.device,
            number=given.number,
            kind=given.kind,
            schema=given.schema,
            about=given.about,
            digest=told,
            written_at=given.written_at,
            received_at=self.at,
            outcome=applied.outcome,
            thing=applied.thing,
            code=error.code if error else applied.code,
            told=str(error.sentence if error else applied.told)[:300],
        )
        self.known[given.id] = entry
        self.numbers[given.number] = given.id
        self.taken.append(entry)
        if applied.area_id is not None:
            self.photos += [named(one, entry, applied.area_id) for one in applied.photos]
        return entry


def look_at_once() -> None:
    """Each operation finds out for itself whether what its rows refer to is there: at the end one would undo all."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def new_among(photos: Sequence[Photo]) -> list[Photo]:
    """Each once for its record: handed in twice, a diary names the same ones, and no second one would ever come."""
    if not photos:
        return []
    once = {(one.thing, one.sha256): one for one in reversed(photos)}
    known = set(Photo.objects.filter(thing__in={one.thing for one in photos}).values_list("thing", "sha256"))
    return [one for key, one in once.items() if key not in known]


def named(photo: Owed, entry: Entry, area_id: int) -> Photo:
    """One that is too large is told so at once: it is no reason to refuse the words that name it."""
    large = photo.size > MOST_PHOTO
    return Photo(
        entry=entry,
        device_id=entry.device_id,
        area_id=area_id,
        thing=entry.thing,
        sha256=photo.sha256,
        size=photo.size,
        arrival=Arrival.REFUSED if large else Arrival.OWED,
        told=str(TOO_LARGE) if large else "",
        named_at=entry.received_at,
        moved_at=entry.received_at,
    )


def read(body: str) -> dict[str, Any]:
    """What cannot be read is refused, as it will be the next time; it came whole."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise DomainError("not_json", http_status=422)
    return content


def digest(given: Given, by: Actor) -> bytes:
    content = {"number": given.number, "schema": given.schema, "about": given.about, "body": given.body}
    return digest_of(given.kind, content, by=by)
