"""Recording a visit: the one write of the people's diary 民情日记."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from minqing.core import clock
from minqing.core.actor import Actor
from minqing.core.bulk_insert import insert_rows
from minqing.core.characters import clean
from minqing.core.decision import Decision
from minqing.core.errors import Conflict, Invalid, Refused, StoredValue
from minqing.core.point import Point
from minqing.files.queries import pictures_sent_by
from minqing.hazards.services import Seen, find_seen
from minqing.households.queries import members_of, visible_residents
from minqing.households.services import held_household
from minqing.journal.idempotency import sent_once
from minqing.journal.services import Json, event_of, record
from minqing.matters.enums import Channel
from minqing.matters.queries import titles_of
from minqing.matters.services import DoorWord, hear_at_door, report_matter
from minqing.visits.enums import Met
from minqing.visits.models import DiaryEntry, Visit, VisitHazard, VisitPhoto
from minqing.visits.queries import member_label
from minqing.visits.rules import (
    NOT_A_MEMBER,
    diary_fits,
    diary_is_whole,
    may_record,
    somebody_is_named,
    somebody_spoke,
    time_is_right,
)
from minqing.visits.services.assignments import HouseholdRef, move_due

# what is on no checklist
ELSE: Final = _("Something else: what, where, how bad")


@dataclass(frozen=True, slots=True)
class NewMatter:
    """What needs doing, told during the visit. ``id`` is the matter's own, made by the client.

    What the diary says goes with it as the cadre's words, unless ``with_words`` is False, and its photos, also those
    that come later, unless ``with_photos`` is.
    """

    id: UUID
    title: str
    text: str = ""
    category_code: str = ""
    with_words: bool = True
    with_photos: bool = True


def written_before(id: UUID, by: Actor) -> Sequence[StoredValue]:
    """What the first diary says, field by field under the words of its form."""
    entry = DiaryEntry.objects.filter(visit=id, visit__account=by.id).select_related("visit").first()
    if entry is None:
        return ()
    visit = entry.visit
    day, written = clock.local_date(visit.visited_at), clock.local_date(visit.recorded_at)
    raised = titles_of(by, [f"matter:{entry.matter_id}"]).get(f"matter:{entry.matter_id}", "")
    met = set(entry.met_residents.values_list("pk", flat=True))
    people = "、".join(member_label(one) for one in members_of(by, visit.household_id) if one.id in met)
    found = VisitHazard.objects.filter(visit=visit).select_related("hazard__version").order_by("id")
    return [
        StoredValue(_("Who was met"), Met(visit.met).label),
        StoredValue(_("Members of the household"), people),
        StoredValue(_("Others who were there"), entry.met_people),
        StoredValue(_("What was said"), entry.text),
        # left empty on the form it means the day on which it was written
        StoredValue(_("Day of the visit"), "" if day == written else day.isoformat()),
        StoredValue(_("Something needs doing"), _("Yes") if entry.matter_id else ""),
        StoredValue(_("What needs doing, in one line"), raised),
        *(value for one in found for value in told_of(one.hazard)),
    ]


def told_of(hazard: Any) -> list[StoredValue]:
    """What was ticked of it, and what was written, each under the words of the form."""
    if hazard.version is None:
        return [StoredValue(ELSE, hazard.words)]
    name = hazard.version.name
    return [StoredValue(name, "、".join(hazard.looks)), StoredValue(hazard_note(name), hazard.words)]


def hazard_note(name: str) -> str:
    """What the form calls the words about what was seen by one checklist."""
    return _("%(hazard)s: where, and how bad") % {"hazard": name}


def recorded(given: Mapping[str, Any]) -> Visit | None:
    """The visit of that id: whoever moved out since is no reason to refuse what is stored."""
    return Visit.objects.filter(pk=given["id"], account=given["by"].id).first()


# the phone's clock is another one at each try, and so is the minute of a visit of now
@sent_once(written_before, besides={"sent_at", "visited_at", "held"}, made=recorded)
def record_visit(
    *,
    id: UUID,
    household: HouseholdRef,
    visited_at: datetime,
    met: str,
    text: str,
    by: Actor,
    met_resident_ids: Collection[UUID] = (),
    met_people: str = "",
    hazards: Sequence[Seen] = (),
    picture_ids: Sequence[UUID] = (),
    point: Point | None = None,
    matter: NewMatter | None = None,
    words: Sequence[DoorWord] = (),
    day: date | None = None,
    sent_at: datetime | None = None,
    held: bool = False,
    at: datetime | None = None,
) -> Visit:
    """Write down one visit with all that belongs to it, or nothing.

    ``hazards`` become findings of their room, with the diary's photos. ``visited_at`` is when it took place, on the
    ``day`` that was chosen; None is a visit of now, also where it is sent again after midnight. ``sent_at`` is the
    phone's clock when it was sent, which is kept and never believed. ``words`` is what the household said of answered
    matters; of those that wait for no word any more nothing is taken. ``held``: the household is held by the caller.
    Of a household whose file is closed it is written down all the same, and a second event
    (``visits.visit.after_closing``) tells the village secretary. The same again under the same ``id`` returns the
    visit of the first time and writes nothing; other words are refused (SentBefore).
    """
    now = at or clock.now()
    may_record(by, household.area_id).require()
    for decision in (
        time_is_right(visited_at, now),
        diary_is_whole(met, text),
        somebody_is_named(met, members=len(set(met_resident_ids)), people=met_people),
        diary_fits(text, met_people, pictures=len(set(picture_ids))),
        somebody_spoke(met, words=len(words)),
    ):
        require_valid(decision)
    members = members_among(met_resident_ids, household, by)
    pictures = own_pictures(picture_ids, by)
    times = {"visited_at": visited_at, "recorded_at": now, "sent_at": sent_at}
    if not held:
        household = held_household(household.id, by)
    visit = make_visit(id, household, by, met=met, **times, **place_of(point))
    raised = raise_matter(matter, visit, heard=clean(text), point=point, picture_ids=pictures, by=by, at=now)
    found = find_all(hazards, visit, pictures, by=by, at=now)
    move_due(visit=visit)
    heard = hear(words, visit, by=by, at=now)
    entry = entry_of(visit, text, met_people, matter, raised)
    counts = {"found": len(found), "pictures": len(pictures), "people": len(members), "words": heard}
    # one statement with the event: a phone's message has many diaries
    insert_rows(entry, *seen(visit, found, pictures), event_of(**event_told(visit, counts, matter=raised), by=by))
    if members:
        entry.met_residents.add(*members)
    if household.closed_at is not None:
        tell_closed(visit, by=by)
    return visit


def find_all(hazards: Sequence[Seen], visit: Visit, pictures: Sequence[UUID], *, by: Actor, at: datetime) -> list[UUID]:
    """What was seen is reported, at the household of the visit; the ids of the findings."""
    home: dict[str, Any] = {
        "area_id": visit.area_id,
        "household_id": visit.household_id,
        "found_at": visit.visited_at,
    }
    return [find_seen(seen=one, picture_ids=pictures, by=by, at=at, **home).pk for one in hazards]


def entry_of(visit: Visit, text: str, people: str, matter: NewMatter | None, raised: UUID | None) -> DiaryEntry:
    photos = bool(matter and matter.with_photos)
    words = {"text": clean(text), "met_people": clean(people)}
    return DiaryEntry(visit=visit, area_id=visit.area_id, matter_id=raised, matter_photos=photos, **words)


def tell_closed(visit: Visit, *, by: Actor) -> None:
    data: dict[str, Json] = {"household": str(visit.household_id), "area": visit.area_id}
    record(type="visits.visit.after_closing", subject=f"visit:{visit.id}", by=by, at=visit.recorded_at, data=data)


def seen(visit: Visit, hazards: Sequence[UUID], pictures: Sequence[UUID]) -> list[VisitHazard | VisitPhoto]:
    return [
        *(VisitHazard(visit=visit, area_id=visit.area_id, hazard_id=one) for one in hazards),
        *(VisitPhoto(visit=visit, area_id=visit.area_id, attachment_id=picture) for picture in pictures),
    ]


def make_visit(id: UUID, household: HouseholdRef, by: Actor, **values: object) -> Visit:
    """The visit of that id. The household is held: visits that are stored follow it when it moves, one that came
    later would not. Raises Conflict ``id_taken``.
    """
    if by.id is None:
        raise Refused("no_account", _("Only a person can write a diary."))
    visit = Visit(id=id, household_id=household.id, area_id=household.area_id, account_id=by.id, **values)
    try:
        visit.save(force_insert=True)
    except IntegrityError as error:
        # of two submits at once one waited for the other before: this is one whose send is forgotten already
        taken = _("This form was already used. Open the household again and start a new diary.")
        raise Conflict("id_taken", taken) from error
    return visit


def words_of(matter: NewMatter, heard: str) -> str:
    """What the unit reads: what needs doing, then what was heard, so that nobody handles a title alone."""
    said = clean(matter.title) or clean(matter.text)
    if not matter.with_words or not heard or not said:
        return matter.text or matter.title
    with translation.override(settings.LANGUAGE_CODE):
        lead = str(_("Heard on the visit, in the words of who visited:"))
    return "\n\n".join(filter(None, [matter.text, f"{lead}\n{heard}"]))


def raise_matter(
    matter: NewMatter | None,
    visit: Visit,
    *,
    heard: str,
    point: Point | None,
    picture_ids: Sequence[UUID],
    by: Actor,
    at: datetime,
) -> UUID | None:
    if matter is None:
        return None
    raised = report_matter(
        id=matter.id,
        title=matter.title,
        text=words_of(matter, heard),
        area_id=visit.area_id,
        channel=Channel.VISIT,
        by=by,
        household_id=visit.household_id,
        category_code=matter.category_code,
        point=point,
        picture_ids=picture_ids if matter.with_photos else (),
        at=at,
    )
    return UUID(str(raised.id))


def hear(words: Sequence[DoorWord], visit: Visit, *, by: Actor, at: datetime) -> int:
    """Take what was said of answered matters; returns of how many. In the order of their ids, as others lock them."""
    taken = (
        hear_at_door(
            visit_id=visit.id, household_id=visit.household_id, word=word, visited_at=visit.visited_at, by=by, at=at
        )
        for word in sorted(words, key=lambda word: word.matter_id)
    )
    return sum(one is not None for one in taken)


def members_among(ids: Collection[UUID], household: HouseholdRef, by: Actor) -> list[Any]:
    """The household's residents of these ids; people of other households are refused."""
    if not ids:
        return []
    found = list(visible_residents(by).filter(household_id=household.id, id__in=set(ids)))
    if len(found) != len(set(ids)):
        raise Invalid("not_a_member", NOT_A_MEMBER)
    return found


def own_pictures(ids: Sequence[UUID], by: Actor) -> list[UUID]:
    """Each picture once; one that somebody else sent would show them what they may not see."""
    wanted = list(dict.fromkeys(ids))
    if wanted and pictures_sent_by(by, wanted).count() != len(wanted):
        raise Invalid("picture", _("A photo is missing. Choose the photos again."))
    return wanted


def require_valid(decision: Decision) -> None:
    if not decision:
        raise Invalid(decision.code, decision.reason)


def place_of(point: Point | None) -> dict[str, object]:
    if point is None:
        return {}
    return point._asdict()


def event_told(visit: Visit, counts: Mapping[str, int], *, matter: UUID | None) -> dict[str, Any]:
    skew = round((visit.sent_at - visit.recorded_at).total_seconds()) if visit.sent_at else None
    data: dict[str, Json] = {
        "household": str(visit.household_id),
        "area": visit.area_id,
        "met": str(visit.met),
        "matter": str(matter) if matter else None,
        **counts,
        "skew_seconds": skew,
    }
    return {"type": "visits.visit.recorded", "subject": f"visit:{visit.id}", "at": visit.recorded_at, "data": data}
