"""What a phone hands in of visits, and what it holds for writing them (``sync/kinds.py``)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID, uuid5

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.characters import clean
from minqing.core.errors import NotFound
from minqing.core.point import Point
from minqing.hazards.rules import LONGEST_WORDS
from minqing.hazards.services import Seen
from minqing.households.queries import places_of_homes, visible_households
from minqing.households.services import held_households
from minqing.org.queries import system_actor
from minqing.privacy.access import acting_as
from minqing.sync.enums import Outcome
from minqing.sync.kinds import Applied, Feed, Operation, Owed, Photos, Sent
from minqing.sync.schemas import unreadable
from minqing.visits.enums import FileField, Met
from minqing.visits.models import Visit
from minqing.visits.queries.diary import CODE, gone_to, homes, once_cared_for
from minqing.visits.queries.files import NO, YES, key_of
from minqing.visits.rules import CLOSED_FILE
from minqing.visits.schemas import DiaryBody, FileBody, SeenBody
from minqing.visits.services import (
    HouseholdRef,
    NewMatter,
    add_photo,
    held_visit,
    join_file,
    make_promise,
    record_visit,
)

# what phones ticked hazards by until schema number 6
OLD_HAZARDS: Final = {
    "fire": _("Fire"),
    "gas": _("Gas"),
    "electric": _("Electric wiring"),
    "building": _("Unsafe building"),
    "landslide": _("Landslide"),
    "water": _("Water safety"),
    "fraud": _("Fraud"),
    "other": _("Other hazard"),
}
ABOUT: Final = "household:"
HOUSEHOLD: Final = re.compile(ABOUT + r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def read(content: dict[str, Any]) -> DiaryBody:
    try:
        return DiaryBody.model_validate(content)
    except ValidationError as error:
        raise unreadable(error) from None


def write_visit(*, sent: Sent, content: DiaryBody, by: Actor, at: datetime) -> Applied:
    """The diary, by the same write as that of the page. One of a household that has gone to others since is theirs."""
    photos = photos_of(content)
    outcome = Outcome.OWED if photos else Outcome.APPLIED
    home: HouseholdRef | None = sent.ready.get(content.household)
    if home is None:
        raise NotFound("no_household")
    if home.area_id not in by.areas:
        outcome = Outcome.HANDED_OVER
        by = replace(by, areas=by.areas | {home.area_id})
    with acting_as(by):
        visit = record_visit(
            id=content.visit,
            household=home,
            visited_at=noon(content) or sent.written_at,
            day=content.day,
            met=content.met,
            met_resident_ids=content.met_residents,
            met_people=content.met_people,
            text=content.text,
            hazards=[seen_of(one) for one in content.hazards],
            point=point_of(content),
            matter=matter_of(content),
            sent_at=sent.sent_at,
            held=True,
            by=by,
            at=at,
        )
        for one in content.promises:
            make_promise(id=one.id, visit=visit, text=one.text, due_on=one.due_on, by=by, at=at)
    made = Applied(outcome, f"visit:{visit.pk}", photos, visit.area_id)
    return made if home.closed_at is None else replace(made, code="household_closed", told=str(CLOSED_FILE))


def photos_of(content: DiaryBody) -> list[Owed]:
    """Each once: the same bytes are the same photo."""
    return [Owed(sha256, size) for sha256, size in {one.sha256: one.size for one in content.photos}.items()]


def hold_visit(thing: str, by: Actor) -> Visit | None:
    """The visit in its place of today, with the household held, which it follows."""
    return held_visit(UUID(thing.removeprefix("visit:")), by)


def attach_photo(*, held: Visit | None, attachment_id: UUID, by: Actor, at: datetime) -> None:
    if held is None:
        raise NotFound("no_visit")
    add_photo(visit=held, attachment_id=attachment_id, by=by, at=at)


def as_before(content: dict[str, Any]) -> dict[str, Any]:
    """Without photos, promises or a place: there were none."""
    return content


def photos_with_the_visit(content: dict[str, Any]) -> dict[str, Any]:
    """Nobody was asked whether those who handle the matter may see the photos: they stand with the visit alone."""
    matter = content.get("matter")
    return content | {"matter": matter | {"with_photos": False}} if isinstance(matter, dict) else content


def kinds_in_words(content: dict[str, Any]) -> dict[str, Any]:
    """Hazards were ticked by kind, with a note: each becomes one that is on no checklist, in those words.

    The ids hang on the visit and the kind: handed in by two ways it is one all the same.
    """
    old, visit = content.get("hazards"), content.get("visit")
    if not isinstance(old, dict):
        return content
    try:
        space = UUID(str(visit))
    except ValueError:
        return content
    told = [
        {"id": str(uuid5(space, f"hazard {kind}")), "words": old_words(kind, str(note))} for kind, note in old.items()
    ]
    return content | {"hazards": told}


def old_words(kind: str, note: str) -> str:
    """As it was ticked, in the language of the house."""
    with translation.override(settings.LANGUAGE_CODE):
        return "：".join(filter(None, [str(OLD_HAZARDS.get(kind, kind)), note]))[:LONGEST_WORDS]


def seen_of(told: SeenBody) -> Seen:
    return Seen(id=told.id, version_id=told.version, name=told.name, looks=told.looks, words=told.words)


def in_words(told: SeenBody) -> str:
    return "，".join(filter(None, [*told.looks.values(), told.words]))


def hold(about: Collection[str], by: Actor) -> Mapping[UUID, HouseholdRef]:
    """The households that diaries of one message are about: in the actor's areas, or once in their care.

    All at once, in the order of their ids, also those that lie elsewhere by now: one by one, two messages would stand
    in each other's way.
    """
    ids = {UUID(one.removeprefix(ABOUT)) for one in about if HOUSEHOLD.fullmatch(one)}
    with acting_as(system_actor("visits.hold")) as system:
        held = held_households(ids, system)
        elsewhere = [id for id, one in held.items() if one.area_id not in by.areas]
        strange = set(elsewhere) - once_cared_for(by, elsewhere)
    return {id: one for id, one in held.items() if id not in strange}


def read_file(content: dict[str, Any]) -> FileBody:
    try:
        return FileBody.model_validate(content)
    except ValidationError as error:
        raise unreadable(error) from None


def change_file(*, sent: Sent, content: FileBody, by: Actor, at: datetime) -> Applied:
    """Field by field, against the versions that the phone knew.

    Of a household that has gone to others since they decide: everything that differs is put before them.
    """
    changes = {key_of(FileField.LIVES_HERE, id): YES if here else NO for id, here in content.lives_here.items()}
    if content.address is not None:
        changes[key_of(FileField.ADDRESS)] = clean(content.address)
    home: HouseholdRef | None = sent.ready.get(content.household)
    handed = home is not None and home.area_id not in by.areas
    if home is not None and handed:
        by = replace(by, areas=by.areas | {home.area_id})
    with acting_as(by):
        joined = join_file(
            household_id=content.household,
            changes=changes,
            base=sent.base,
            written_at=sent.written_at,
            handed=handed,
            by=by,
            at=at,
        )
    if handed:
        return Applied(Outcome.HANDED_OVER, f"household:{content.household}")
    outcome = Outcome.CONFLICT if joined.disputed else Outcome.MERGED if joined.beside else Outcome.APPLIED
    return Applied(outcome, f"household:{content.household}")


def noon(content: DiaryBody) -> datetime | None:
    """Nobody remembers the minute of a visit of another day."""
    return datetime.combine(content.day, time(12), tzinfo=clock.SHANGHAI) if content.day else None


def point_of(content: DiaryBody) -> Point | None:
    told = content.point
    return Point(told.latitude, told.longitude, accuracy=told.accuracy) if told else None


def matter_of(content: DiaryBody) -> NewMatter | None:
    told = content.matter
    if told is None:
        return None
    return NewMatter(
        id=told.id, title=told.title, text=told.text, with_words=told.with_words, with_photos=told.with_photos
    )


def place(content: dict[str, Any]) -> int | None:
    """The area of the household that an entry is about."""
    try:
        household = UUID(str(content.get("household")))
    except ValueError:
        return None
    with acting_as(system_actor("visits.place")):
        return next((one.area_id for one in places_of_homes([household])), None)


def diary_shown(content: dict[str, Any]) -> list[tuple[Any, Any]]:
    told = read(content)
    matter = told.matter
    return [
        (_("Household"), name_of_home(told.household)),
        (_("Who was met"), Met(told.met).label),
        (_("Others who were there"), told.met_people),
        (_("What was said"), told.text),
        (_("Hazards seen"), "；".join(map(in_words, told.hazards))),
        (_("What needs doing, in one line"), matter.title if matter else ""),
        (_("What was promised"), "、".join(f"{one.text}（{one.due_on}）" for one in told.promises)),
        (_("Photos"), str(len(told.photos) or "")),
        (_("Place"), f"{told.point.latitude:.5f}, {told.point.longitude:.5f}" if told.point else ""),
    ]


def file_shown(content: dict[str, Any]) -> list[tuple[Any, Any]]:
    told = read_file(content)
    return [
        (_("Household"), name_of_home(told.household)),
        (FileField.ADDRESS.label, told.address or ""),
        (
            FileField.LIVES_HERE.label,
            "、".join(str(_("Yes") if here else _("No")) for here in told.lives_here.values()),
        ),
    ]


def name_of_home(household_id: UUID) -> str:
    """For who decides about an entry, and may see the place: its area is theirs."""
    with acting_as(system_actor("visits.place")) as system:
        found = visible_households(system).filter(pk=household_id).first()
    return f"{found.address} · {found.number}" if found else ""


VISIT: Final = Operation(
    code="visits.visit",
    schema=6,
    read=read,
    apply=write_visit,
    ready=hold,
    upcasters={1: as_before, 2: photos_with_the_visit, 3: as_before, 4: as_before, 5: kinds_in_words},
    photos=Photos(hold=hold_visit, attach=attach_photo),
    place=place,
    shown=diary_shown,
)
FILE: Final = Operation(
    code="visits.file", schema=1, read=read_file, apply=change_file, ready=hold, place=place, shown=file_shown
)
HOMES: Final = Feed(code=CODE, parcels=homes, left=gone_to)
